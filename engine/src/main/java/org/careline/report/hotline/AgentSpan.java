package org.careline.report.hotline;

import java.time.Duration;
import java.time.Instant;
import org.careline.call.CallId;

/**
 * A time an agent spent in one state. Immutable.
 *
 * @param id {@code state:<epoch>:<seq>}
 * @param presence key of the state, as in {@code agent_event}
 * @param work call or attempt he was busy with; empty = none of ours
 */
public record AgentSpan(
    String id,
    String agent,
    Instant from,
    Instant to,
    String presence,
    String reason,
    String work) {

  long ms() {
    return Math.max(0, Duration.between(from, to).toMillis());
  }

  /** Belongs to a site that is called back, not to the hotline. */
  boolean outbound() {
    return CallId.ofAttempt(work);
  }
}

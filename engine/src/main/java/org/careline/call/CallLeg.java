package org.careline.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * One offer of a call to an agent and what came of it: a row of {@code call_leg}. Immutable.
 *
 * @param n from 1 in the order of the call
 * @param offeredAt for one whom the switch chose alone: when he answered
 * @param answeredAt null = not answered
 * @param endedAt null = goes on
 * @param result answered, missed, rejected, browser, network, unreachable, engine or abandoned (the
 *     caller left while it rang); null = still rings
 * @param holdMs of his talk; null = not answered
 * @param endedBy caller, agent or system; null = goes on, or was not answered
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CallLeg(
    int n,
    String agent,
    Instant offeredAt,
    Instant answeredAt,
    Instant endedAt,
    String result,
    Long holdMs,
    String endedBy) {

  boolean open() {
    return endedAt == null;
  }
}

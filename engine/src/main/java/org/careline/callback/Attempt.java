package org.careline.callback;

import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * A row of {@code attempt}: committed before any order to the switch leaves.
 *
 * @param id the channel id of the site's leg
 * @param state the name kept in the row, see {@link AttemptState#name()}
 * @param call the hotline's call in which it is asked, because the site rang itself: nobody is
 *     dialled for it
 * @param placedAt when the order to ring the site was permitted; from then on it counts as dialled
 */
public record Attempt(
    CallId id,
    long roundSiteId,
    int seq,
    String e164,
    String extension,
    Optional<AgentNumber> agent,
    Campaign.Mode mode,
    String state,
    Optional<Disposition> disposition,
    Instant createdAt,
    Optional<Instant> placedAt,
    Optional<Instant> answeredAt,
    Optional<Instant> endedAt,
    Optional<Instant> settledAt,
    long epoch,
    Optional<CallId> call) {

  /** One that is rung by us. */
  Attempt(
      CallId id,
      long roundSiteId,
      int seq,
      String e164,
      String extension,
      Optional<AgentNumber> agent,
      Campaign.Mode mode,
      String state,
      Optional<Disposition> disposition,
      Instant createdAt,
      Optional<Instant> placedAt,
      Optional<Instant> answeredAt,
      Optional<Instant> endedAt,
      Optional<Instant> settledAt,
      long epoch) {
    this(
        id,
        roundSiteId,
        seq,
        e164,
        extension,
        agent,
        mode,
        state,
        disposition,
        createdAt,
        placedAt,
        answeredAt,
        endedAt,
        settledAt,
        epoch,
        Optional.empty());
  }
}

package org.careline.callback;

import java.time.Instant;
import java.util.Optional;

/** What a transition wants done; {@link Attempts} does it. Immutable. */
public sealed interface AttemptEffect {

  record RingAgent() implements AttemptEffect {}

  /** Ask the database for the permission to dial. */
  record CommitPlacing() implements AttemptEffect {}

  /** Ring the site; the time it may ring counts from the moment the order leaves. */
  record DialSite(String agentChannel) implements AttemptEffect {}

  /** Let the agent hear what is played before an answer, where he is to say what it was. */
  record Listen(String agentChannel) implements AttemptEffect {}

  record HangUpSite() implements AttemptEffect {}

  record HangUpAgent() implements AttemptEffect {}

  /** The row follows. */
  record Note(AttemptState state, Instant at, int cause, Optional<String> dialStatus)
      implements AttemptEffect {}

  /**
   * The end without a form.
   *
   * @param rang its phone rang, something was to be heard, or either may have been
   */
  record Settle(
      Disposition disposition, Instant at, int cause, Optional<String> dialStatus, boolean rang)
      implements AttemptEffect {}

  /** The end of one that was not on the wire; {@code proven} although permission was given. */
  record NotPlaced(Instant at, boolean proven) implements AttemptEffect {}

  record AgentTalks() implements AttemptEffect {}

  record AgentWrapsUp() implements AttemptEffect {}

  record AgentFree(AgentPool.How how) implements AttemptEffect {}

  record Arm(AttemptEvent.Timer timer) implements AttemptEffect {}
}

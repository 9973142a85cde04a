package org.careline.callback;

import java.time.Instant;
import java.util.Optional;
import org.careline.callback.Campaign.Mode;

/**
 * How far an attempt is. Each state's comment says what a restart of the engine does with it.
 *
 * <pre>
 *   Inserted --dial (preview), at once (progressive)--> AgentRinging --he answers--> Placing
 *      |  expired, closed                                   | missed                    | committed
 *      v                                                    v                           v
 *   Settled (not placed) <----------------------------------+---- refused --------- Dialling
 *                                                                                   |  |   ^
 *        busy, no answer, no such number, technical                                 |  |   | found
 *   Settled <--- he says what --- Heard <--- agent heard an announcement -----------+  |   v
 *   Settled <-----------------------------------------------------------------------+  |   v
 *      ^                                                                               | Unknown
 *      |  form, or its time is over                             answered               |
 *   Ended <----------------- either side hangs up ------------- Talking <--------------+
 * </pre>
 */
public sealed interface AttemptState {

  /** The row is there; in preview the agent looks at the site. Restart: not placed. */
  record Inserted(Mode mode) implements AttemptState {}

  /** The agent's own phone rings. Restart: not placed. */
  record AgentRinging() implements AttemptState {}

  /**
   * The permission to ring the site is being committed. Restart: by the row, see the others.
   *
   * @param abandoned the agent or his phone has given up meanwhile: nobody is dialled any more
   */
  record Placing(String agentChannel, boolean abandoned) implements AttemptState {}

  /**
   * The order may be on the wire. Restart: Unknown until there is evidence.
   *
   * @param agentChannel empty after a restart
   * @param dialStatus as soon as the switch has named one
   * @param aborted the agent or his phone gave up: what it is settled with
   * @param cause the site's leg is gone, with this hang-up cause
   * @param reason the originate has failed, for this reason; which of the two comes first is not
   *     said, and only both together tell busy from a ringing phone
   * @param rang the site's phone rang, or something was to be heard, or either may have been
   * @param earlyMedia something is to be heard, and nobody has answered
   * @param listening and the agent hears it
   */
  record Dialling(
      Optional<String> agentChannel,
      Optional<String> dialStatus,
      Optional<Disposition> aborted,
      Optional<Integer> cause,
      Optional<Integer> reason,
      boolean rang,
      boolean earlyMedia,
      boolean listening)
      implements AttemptState {
    static Dialling on(Optional<String> agentChannel) {
      return begun(agentChannel, false);
    }

    /** What happened before is not known: its phone may have rung. */
    static Dialling found() {
      return begun(Optional.empty(), true);
    }

    private static Dialling begun(Optional<String> agentChannel, boolean mayHaveRung) {
      return new Dialling(
          agentChannel,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          mayHaveRung,
          false,
          false);
    }

    Dialling status(String status) {
      return with(Optional.of(status), aborted, cause, reason);
    }

    Dialling aborted(Disposition disposition) {
      return with(dialStatus, Optional.of(aborted.orElse(disposition)), cause, reason);
    }

    Dialling gone(int hangupCause) {
      return with(dialStatus, aborted, Optional.of(hangupCause), reason);
    }

    Dialling failed(int originateReason) {
      return with(dialStatus, aborted, cause, Optional.of(originateReason));
    }

    private Dialling with(
        Optional<String> status,
        Optional<Disposition> givenUp,
        Optional<Integer> hangupCause,
        Optional<Integer> originateReason) {
      return new Dialling(
          agentChannel, status, givenUp, hangupCause, originateReason, rang, earlyMedia, listening);
    }

    Dialling heard(boolean byTheAgent) {
      return new Dialling(
          agentChannel, dialStatus, aborted, cause, reason, true, true, listening || byTheAgent);
    }

    Dialling rings() {
      return new Dialling(
          agentChannel, dialStatus, aborted, cause, reason, true, earlyMedia, listening);
    }

    Endings.Signs signs() {
      return new Endings.Signs(cause, dialStatus, reason, earlyMedia);
    }
  }

  /**
   * Nobody answered, and the agent has heard what was said instead: he says what it was. Restart:
   * Unknown, then what the switch says.
   *
   * @param otherwise what it came to when he says nothing
   */
  record Heard(Disposition otherwise, Instant endedAt, int cause, Optional<String> dialStatus)
      implements AttemptState {}

  /** A person, or a machine, answered. Restart: Unknown until there is evidence. */
  record Talking(Instant answeredAt) implements AttemptState {}

  /** Over; the agent's form decides. Restart: waits for the form again. */
  record Ended(Instant answeredAt) implements AttemptState {}

  /** Nobody knows; counts as dialled and is never settled by time. Restart: the same. */
  record Unknown() implements AttemptState {}

  /** The end. */
  record Settled() implements AttemptState {}

  /** The name in the row and in JSON. */
  default String key() {
    return switch (this) {
      case Inserted state -> "inserted";
      case AgentRinging state -> "agent_ringing";
      case Placing state -> "agent_ringing";
      case Dialling state -> "dialling";
      case Heard state -> "dialling";
      case Talking state -> "talking";
      case Ended state -> "ended";
      case Unknown state -> "unknown";
      case Settled state -> "settled";
    };
  }

  /** The same for the agent's screen, which also shows what he hears. */
  default String seen() {
    return switch (this) {
      case Dialling state -> state.listening() ? "listening" : key();
      case Heard state -> "heard";
      case Inserted state -> key();
      case AgentRinging state -> key();
      case Placing state -> key();
      case Talking state -> key();
      case Ended state -> key();
      case Unknown state -> key();
      case Settled state -> key();
    };
  }
}

package org.careline.agent;

import java.time.Instant;
import java.util.Optional;

/**
 * What an agent is doing. Not stored as a fact of its own: it follows from facts, so that none of
 * them can be forgotten. Immutable.
 *
 * <pre>
 *   LoggedOut <---- signed in, out ----> NotReady(reason)
 *                                          |    ^
 *            wish, phone and console there |    | wish, phone or console missing
 *                                          v    |
 *      .----------------------------------> Ready
 *      |                                     | set aside for work
 *      |  wrap-up over                       v
 *   AfterCallWork <---- talk over ---- OnCall <---- answered ---- Offered
 *      |                                                            |
 *      '--> NotReady, when he wished so meanwhile                   '--> Ready or NotReady(missed)
 * </pre>
 *
 * Recovery: the wish comes back from the journal, phone and channels from the switch, the console
 * by its next heartbeat; until all three are known he is not ready. Work comes back with the calls
 * and attempts that are found alive.
 */
public sealed interface Presence {

  record LoggedOut() implements Presence {}

  record NotReady(String reason) implements Presence {}

  record Ready() implements Presence {}

  /** His phone rings, or is about to. */
  record Offered(Work work) implements Presence {}

  /**
   * @param work empty = his phone is busy with something we did not give him
   */
  record OnCall(Optional<Work> work) implements Presence {}

  record AfterCallWork(Work work, Instant until) implements Presence {}

  /** The key in database, interface and feed. */
  default String key() {
    return switch (this) {
      case LoggedOut presence -> "logged_out";
      case NotReady presence -> "not_ready";
      case Ready presence -> "ready";
      case Offered presence -> "offered";
      case OnCall presence -> "on_call";
      case AfterCallWork presence -> "after_call_work";
    };
  }

  default String why() {
    return this instanceof NotReady notReady ? notReady.reason() : "";
  }

  /** What he works on, where it is ours. */
  default Optional<Work> doing() {
    return switch (this) {
      case LoggedOut presence -> Optional.empty();
      case NotReady presence -> Optional.empty();
      case Ready presence -> Optional.empty();
      case Offered presence -> Optional.of(presence.work());
      case OnCall presence -> presence.work();
      case AfterCallWork presence -> Optional.of(presence.work());
    };
  }

  /** How far he is with the work given to him. */
  sealed interface Step {
    record Idle() implements Step {}

    record Ringing(Work work) implements Step {}

    record Talking(Work work) implements Step {}

    record Wrapping(Work work, Instant until) implements Step {}
  }

  /**
   * @param phone his phone can be reached by the switch, and the switch by us
   * @param console its last heartbeat is young enough
   * @param busy his phone has a channel
   */
  record Facts(
      boolean signedIn, Wish wish, boolean phone, boolean console, boolean busy, Step step) {}

  /** Pure. Anything unknown must come in as false: it means not ready. */
  static Presence of(Facts facts) {
    return switch (facts.step()) {
      case Step.Ringing ringing -> new Offered(ringing.work());
      case Step.Talking talking -> new OnCall(Optional.of(talking.work()));
      case Step.Wrapping wrapping -> new AfterCallWork(wrapping.work(), wrapping.until());
      case Step.Idle idle -> {
        if (facts.busy()) {
          yield new OnCall(Optional.empty());
        }
        if (!facts.signedIn()) {
          yield new LoggedOut();
        }
        if (!facts.wish().ready()) {
          yield new NotReady(facts.wish().reason());
        }
        yield facts.phone() && facts.console() ? new Ready() : new NotReady(Reason.CONNECTION_LOST);
      }
    };
  }

  /**
   * Whether the switch may ring him by itself when no engine beats. Also during an offer or a talk:
   * the switch never rings a phone in use, and an engine that dies then cannot say so any more.
   */
  static boolean servesFallback(Facts facts) {
    return facts.signedIn()
        && facts.wish().ready()
        && facts.phone()
        && facts.console()
        && !(facts.step() instanceof Step.Wrapping);
  }

  /**
   * The same just after a start of the engine, when the consoles have not come back yet: he was
   * ready when he was last heard of, and his phone can be reached.
   */
  static boolean standsIn(Facts facts) {
    return facts.signedIn()
        && facts.wish().ready()
        && facts.phone()
        && !(facts.step() instanceof Step.Wrapping);
  }
}

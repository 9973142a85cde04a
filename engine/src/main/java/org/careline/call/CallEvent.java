package org.careline.call;

import java.time.Instant;
import org.careline.agent.AgentNumber;

/**
 * What happens to a hotline call. The living switch and recovery feed the same events; recovery's
 * are marked replayed in the call's history. Immutable.
 */
public sealed interface CallEvent {
  Instant at();

  /** What happens to a talk that goes on, or just after it. */
  sealed interface OfTalk extends CallEvent {}

  /** What comes of a number outside that is rung for him. */
  sealed interface OfOverflow extends CallEvent {}

  /** The dialogue before the queue has begun. */
  record Greeted(Instant at) implements CallEvent {}

  /**
   * He has to wait; his place counts from here.
   *
   * @param position among those who wait, 1 = next; 0 = not known
   */
  record Joined(Instant at, int position) implements CallEvent {
    public Joined(Instant at) {
      this(at, 0);
    }
  }

  /** The switch has him in the waitroom: from now on he can be pulled out. */
  record EnteredRoom(Instant at) implements CallEvent {}

  /**
   * An agent has been set aside for him and will ring.
   *
   * @param position he had in the queue; 0 = not known, or never waited
   */
  record OfferMade(Instant at, AgentNumber agent, int position) implements CallEvent {
    public OfferMade(Instant at, AgentNumber agent) {
      this(at, agent, 0);
    }
  }

  record OfferFailed(Instant at, AgentNumber agent, Miss miss) implements CallEvent {}

  record Answered(Instant at, AgentNumber agent) implements CallEvent {}

  /** The switch serves him alone. */
  record EnteredFallback(Instant at) implements CallEvent {}

  /**
   * The agent's phone is gone while the caller is still there.
   *
   * @param why what took it: the browser, the network, or unreachable where neither is known
   */
  record AgentLost(Instant at, AgentNumber agent, Miss why) implements CallEvent {
    public AgentLost(Instant at, AgentNumber agent) {
      this(at, agent, Miss.UNREACHABLE);
    }
  }

  /**
   * The caller's channel is gone.
   *
   * @param refused we had turned him away
   * @param position he had in the queue; 0 = not known, or not in it
   */
  record HungUp(Instant at, EndedBy by, boolean refused, int position) implements CallEvent {
    public HungUp(Instant at, EndedBy by, boolean refused) {
      this(at, by, refused, 0);
    }
  }

  /**
   * Decided how the call ends; he hears or does the rest.
   *
   * @param why a word of ours for the story: closed, voicemail, blocklist, flood, callback ...
   * @param position he had in the queue; 0 = not known, or not in it
   */
  record Turned(Instant at, Outcome outcome, String why, int position) implements CallEvent {
    public Turned(Instant at, Outcome outcome, String why) {
      this(at, outcome, why, 0);
    }
  }

  /** He pressed a key while waiting and is in a short dialogue. */
  record Asked(Instant at) implements CallEvent {}

  /** A number outside rings for him. */
  record OverflowMade(Instant at, String target) implements OfOverflow {}

  /** He talks with somebody outside. */
  record OverflowAnswered(Instant at) implements OfOverflow {}

  record OverflowFailed(Instant at) implements OfOverflow {}

  /** The agent's leg has ended, the caller is still there. */
  record AgentLeft(Instant at, AgentNumber agent) implements OfTalk {}

  record Held(Instant at) implements OfTalk {}

  record Resumed(Instant at) implements OfTalk {}

  /**
   * Handed over, blindly or after a word: {@code from} is out, the caller waits with his old place.
   *
   * @param target an agent's number, a line's or an external number
   */
  record Transferred(Instant at, AgentNumber from, String target) implements OfTalk {}

  /** He is asked for his opinion of the talk. */
  record SurveyOffered(Instant at) implements OfTalk {}

  /**
   * @param score see {@link CallState.Survey}
   */
  record SurveyAnswered(Instant at, int score) implements OfTalk {}

  /** Why an offer was not taken. Only the first two count for the agent. */
  enum Miss {
    /** Nobody took it in the ring time. */
    MISSED,
    /** The phone said busy or declined. */
    REJECTED,
    /** The phone could not be rung, and nothing says why. */
    UNREACHABLE,
    /** His browser has taken its phone away, or let its registration run out. */
    BROWSER,
    /** The phone is where it was and answers nothing any more. */
    NETWORK,
    /** Ours: the order failed, or the offer was taken back. */
    ENGINE
  }
}

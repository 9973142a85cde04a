package org.careline.call;

import java.time.Instant;
import org.careline.agent.AgentNumber;

/**
 * What happens to a hotline call. The living switch and recovery feed the same events; recovery's
 * are marked replayed in the call's history. Immutable.
 */
public sealed interface CallEvent {
  Instant at();

  /** He hears the greeting. */
  record Greeted(Instant at) implements CallEvent {}

  /** He has to wait; his place counts from here. */
  record Joined(Instant at) implements CallEvent {}

  /** The switch has him in the waitroom: from now on he can be pulled out. */
  record EnteredRoom(Instant at) implements CallEvent {}

  /** An agent has been set aside for him and will ring. */
  record OfferMade(Instant at, AgentNumber agent) implements CallEvent {}

  record OfferFailed(Instant at, AgentNumber agent, Miss miss) implements CallEvent {}

  record Answered(Instant at, AgentNumber agent) implements CallEvent {}

  /** The switch serves him alone. */
  record EnteredFallback(Instant at) implements CallEvent {}

  /** The agent's phone is gone while the caller is still there. */
  record AgentLost(Instant at, AgentNumber agent) implements CallEvent {}

  /** The caller's channel is gone. {@code refused} = we had turned him away. */
  record HungUp(Instant at, EndedBy by, boolean refused) implements CallEvent {}

  /** Why an offer was not taken. Only the first two count for the agent. */
  enum Miss {
    /** Nobody took it in the ring time. */
    MISSED,
    /** The phone said busy or declined. */
    REJECTED,
    /** The phone could not be rung. */
    UNREACHABLE,
    /** Ours: the caller left, or the order failed. */
    ENGINE
  }
}

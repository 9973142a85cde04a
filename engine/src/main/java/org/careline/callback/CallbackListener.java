package org.careline.callback;

import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/** Hears of changes, on the mailbox; must return at once. */
public interface CallbackListener {
  void workChanged(AgentNumber agent);

  /** Sites of the round moved on; MySQL may be a moment behind. */
  void roundChanged(long roundId);

  /** The attempt's talk is over, if there was one: its recording can be finished. */
  default void legsOver(CallId attempt) {}
}

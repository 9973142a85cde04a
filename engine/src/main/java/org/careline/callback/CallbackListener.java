package org.careline.callback;

import org.careline.agent.AgentNumber;

/** Hears of changes, on the mailbox; must return at once. */
public interface CallbackListener {
  void workChanged(AgentNumber agent);

  /** Sites of the round moved on; MySQL may be a moment behind. */
  void roundChanged(long roundId);
}

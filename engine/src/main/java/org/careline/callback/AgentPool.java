package org.careline.callback;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentNumber;

/**
 * The agents as callbacks see them; a test has its own. An agent is set aside before anything is
 * rung, so that never more is in the air than agents kept for it. Confined to the mailbox.
 */
public interface AgentPool {

  /** How a reservation ended. */
  enum How {
    NOT_NEEDED,
    /** His phone rang and he did not take it. */
    MISSED
  }

  /** Agents who could be given work now and have the grade, longest idle first. */
  List<AgentNumber> ready(int minGrade);

  /** The grades of all who could be given work now, one each. */
  List<Integer> readyGrades();

  /** Who takes the appointments of an agent who is away; empty = he is there, or nobody does. */
  default Optional<AgentNumber> standIn(AgentNumber agent) {
    return Optional.empty();
  }

  /** False when he is not ready any more. */
  boolean reserve(AgentNumber agent, String attemptId);

  void talks(AgentNumber agent, String attemptId);

  void wrapUp(AgentNumber agent, String attemptId, Duration atMost);

  void release(AgentNumber agent, String attemptId, How how);

  /** After a restart: his attempt is alive. */
  void restore(AgentNumber agent, String attemptId, boolean talking);
}

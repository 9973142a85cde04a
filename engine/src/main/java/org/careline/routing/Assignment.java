package org.careline.routing;

import java.time.Instant;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * This caller to this agent, and what was known when it was decided. Immutable.
 *
 * @param step by which he may have the agent
 * @param waiting callers on the line, this one included
 * @param ready agents who could take work, this one included
 */
public record Assignment(
    WaitingCaller caller,
    ReadyAgent to,
    Step step,
    Discipline discipline,
    Instant at,
    int waiting,
    int ready) {

  public CallId call() {
    return caller.id();
  }

  public AgentNumber agent() {
    return to.number();
  }

  /** Of the caller, at that moment. */
  public double score() {
    return caller.score(at);
  }
}

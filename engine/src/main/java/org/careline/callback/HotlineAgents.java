package org.careline.callback;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Work;

/** The agents of the hotline are those of the callbacks. Confined to the mailbox. */
public final class HotlineAgents implements AgentPool {
  private final Agents agents;
  private final Function<AgentNumber, Optional<AgentNumber>> standIn;

  public HotlineAgents(Agents agents) {
    this(agents, agent -> Optional.empty());
  }

  /**
   * @param standIn as {@link AgentPool#standIn}
   */
  public HotlineAgents(Agents agents, Function<AgentNumber, Optional<AgentNumber>> standIn) {
    this.agents = agents;
    this.standIn = standIn;
  }

  @Override
  public Optional<AgentNumber> standIn(AgentNumber agent) {
    return standIn.apply(agent);
  }

  @Override
  public List<AgentNumber> ready(int minGrade) {
    return agents.spare().stream()
        .filter(free -> free.grade() >= minGrade)
        .map(Agents.Free::number)
        .toList();
  }

  @Override
  public List<Integer> readyGrades() {
    return agents.ready().stream().map(Agents.Free::grade).toList();
  }

  @Override
  public boolean reserve(AgentNumber agent, String attemptId) {
    return agents.reserve(agent, Work.attempt(attemptId));
  }

  @Override
  public void talks(AgentNumber agent, String attemptId) {
    agents.talks(agent, Work.attempt(attemptId));
  }

  @Override
  public void wrapUp(AgentNumber agent, String attemptId, Duration atMost) {
    agents.wrapUp(agent, Work.attempt(attemptId), atMost);
  }

  @Override
  public void release(AgentNumber agent, String attemptId, How how) {
    agents.release(
        agent,
        Work.attempt(attemptId),
        switch (how) {
          case NOT_NEEDED -> Agents.Release.NOT_NEEDED;
          case MISSED -> Agents.Release.MISSED;
        });
  }

  @Override
  public void restore(AgentNumber agent, String attemptId, boolean talking) {
    agents.restore(agent, Work.attempt(attemptId), talking);
  }
}

package org.careline.routing;

import java.time.Duration;
import java.util.Set;
import org.careline.agent.AgentNumber;

/**
 * From some time of his wait on, a caller may have these agents too. Immutable.
 *
 * @param after time waited at which the step begins; zero = at once
 * @param why the policy's step behind it, for the record
 */
public record Step(Duration after, Who who, PolicyStep.Who why) {
  /** A step that no policy has named. */
  public Step(Duration after, Who who) {
    this(
        after, who, who instanceof Person ? PolicyStep.Who.ACCOUNT_MANAGER : PolicyStep.Who.GRADED);
  }

  public Step {
    if (after.isNegative()) {
      throw new IllegalArgumentException("a step begins at zero or later, not at " + after);
    }
  }

  /** Some agents. */
  public sealed interface Who {
    boolean has(ReadyAgent agent);
  }

  /**
   * One agent: the account manager, or who served last.
   *
   * @param minGrade he counts only from this grade on
   */
  public record Person(AgentNumber number, int minGrade) implements Who {
    public Person(AgentNumber number) {
      this(number, 1);
    }

    @Override
    public boolean has(ReadyAgent agent) {
      return agent.number().equals(number) && agent.grade() >= minGrade;
    }
  }

  /**
   * Named agents and those who have all of some skills.
   *
   * @param skills none = only the named ones
   */
  public record Members(Set<AgentNumber> agents, Set<String> skills, int minGrade) implements Who {
    public Members {
      agents = Set.copyOf(agents);
      skills = Set.copyOf(skills);
    }

    @Override
    public boolean has(ReadyAgent agent) {
      return agent.grade() >= minGrade
          && (agents.contains(agent.number())
              || !skills.isEmpty() && agent.skills().containsAll(skills));
    }
  }

  /**
   * All of a grade or better who have the skills.
   *
   * @param minGrade 1 junior .. 5 senior
   * @param skills all are needed; none = everybody
   */
  public record Group(int minGrade, Set<String> skills) implements Who {
    public Group {
      skills = Set.copyOf(skills);
    }

    @Override
    public boolean has(ReadyAgent agent) {
      return agent.grade() >= minGrade && agent.skills().containsAll(skills);
    }
  }
}

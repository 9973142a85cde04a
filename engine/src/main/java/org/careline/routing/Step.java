package org.careline.routing;

import java.time.Duration;
import java.util.Set;
import org.careline.agent.AgentNumber;

/**
 * From some time of his wait on, a caller may have these agents too. Immutable.
 *
 * @param after time waited at which the step begins; zero = at once
 */
public record Step(Duration after, Who who) {
  public Step {
    if (after.isNegative()) {
      throw new IllegalArgumentException("a step begins at zero or later, not at " + after);
    }
  }

  /** Some agents. */
  public sealed interface Who {
    boolean has(ReadyAgent agent);
  }

  /** One agent: the account manager, or who served last. */
  public record Person(AgentNumber number) implements Who {
    @Override
    public boolean has(ReadyAgent agent) {
      return agent.number().equals(number);
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

package org.careline.routing;

import java.util.List;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** Everything that is wrong with a policy, each with its place in the document. */
public final class InvalidPolicy extends Refusal {
  private static final long serialVersionUID = 1L;

  /**
   * @param at as {@code steps[2].after}; indexes count from 0
   */
  public record Problem(String at, Sentence what) {
    public Sentence sentence() {
      return Sentence.of("policy.at", at, what);
    }
  }

  private final transient List<Problem> problems;

  InvalidPolicy(List<Problem> problems) {
    super(Sentence.joined("; ", problems.stream().map(Problem::sentence).toList()));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}

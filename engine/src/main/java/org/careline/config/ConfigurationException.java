package org.careline.config;

import java.util.List;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/**
 * The configuration, or another YAML file, cannot be used. The message is for the person who wrote
 * it: one line per problem, {@code file:line: reason}. Trying again does not help.
 */
public final class ConfigurationException extends Refusal {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public ConfigurationException(List<Problem> problems) {
    super(Sentence.joined("\n", problems.stream().map(Problem::sentence).toList()));
    this.problems = List.copyOf(problems);
  }

  public ConfigurationException(String file, int line, Sentence reason) {
    this(List.of(new Problem(file, line, reason)));
  }

  public List<Problem> problems() {
    return problems;
  }
}

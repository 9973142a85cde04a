package org.careline.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration, or another YAML file, cannot be used. The message is for the person who wrote
 * it: one line per problem, {@code file:line: reason}. Trying again does not help.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public ConfigurationException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public ConfigurationException(String file, int line, String reason) {
    this(List.of(new Problem(file, line, reason)));
  }

  public List<Problem> problems() {
    return problems;
  }
}

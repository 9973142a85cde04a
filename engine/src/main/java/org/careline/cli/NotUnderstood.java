package org.careline.cli;

import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in the person's language; the library knows English only. */
final class NotUnderstood {
  private NotUnderstood() {}

  static String reason(ParameterException problem) {
    return switch (problem) {
      case UnmatchedArgumentException unknown ->
          Messages.text(
              "error.unknown",
              unknown.getUnmatched().stream()
                  .map(argument -> "'" + argument + "'")
                  .collect(Collectors.joining(", ")));
      case MissingParameterException missing ->
          Messages.text(
              "error.missing",
              missing.getMissing().stream()
                  .map(NotUnderstood::name)
                  .collect(Collectors.joining(", ")));
      case OverwrittenOptionException twice ->
          Messages.text("error.twice", name(twice.getOverwritten()));
      default -> other(problem);
    };
  }

  /** What was probably meant; empty where nothing is near. */
  static Optional<String> suggestion(ParameterException problem) {
    if (problem instanceof UnmatchedArgumentException unknown
        && !unknown.getSuggestions().isEmpty()) {
      String command =
          unknown.isUnknownOption()
              ? ""
              : unknown.getCommandLine().getCommandSpec().qualifiedName() + " ";
      return Optional.of(
          Messages.text(
              "error.suggestion",
              unknown.getSuggestions().stream()
                  .map(word -> command + word)
                  .collect(Collectors.joining(", "))));
    }
    return Optional.empty();
  }

  private static String other(ParameterException problem) {
    ArgSpec argument = problem.getArgSpec();
    if (argument == null || problem.getValue() == null) {
      return problem.getMessage();
    }
    return Messages.text("error.value", name(argument), problem.getValue());
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}

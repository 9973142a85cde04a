package org.careline.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.careline.local.ChildProcess;
import org.careline.local.Command;

/** SIPp, which plays callers, sites and phones. */
public final class Sipp {
  private static String program;

  private Sipp() {}

  /**
   * The program; as root it is installed when it is missing.
   *
   * @throws IllegalStateException naming the package when there is none
   */
  public static synchronized String program() {
    if (program == null) {
      program = find();
      if (program == null && System.getProperty("user.name").equals("root")) {
        System.err.println("careline: SIPp is missing, installing the package sip-tester");
        Map<String, String> quiet = Map.of("DEBIAN_FRONTEND", "noninteractive");
        Command.run(List.of("apt-get", "-qq", "update"), quiet, Duration.ofMinutes(3));
        Command.run(
            List.of("apt-get", "-qq", "-y", "install", "--no-install-recommends", "sip-tester"),
            quiet,
            Duration.ofMinutes(5));
        program = find();
      }
      if (program == null) {
        throw new IllegalStateException("SIPp is missing: install the package sip-tester");
      }
    }
    return program;
  }

  /**
   * Runs SIPp to its end, at most {@code deadline}; exit code 0 means all calls went as written.
   */
  public static Command run(Path scenario, Duration deadline, String... arguments) {
    List<String> command = command(scenario, arguments);
    return Command.run(command, Map.of("TERM", "dumb"), deadline);
  }

  /**
   * Starts SIPp and leaves it running, for example as a phone; its log is {@code folder}/sipp.log.
   */
  public static ChildProcess start(Path scenario, Path folder, String... arguments) {
    return ChildProcess.start(
        "SIPp",
        command(scenario, arguments),
        folder,
        Map.of("TERM", "dumb"),
        folder.resolve("sipp.log"));
  }

  private static List<String> command(Path scenario, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(program(), "-sf", scenario.toAbsolutePath().toString(), "-nostdin"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String find() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(folder -> Path.of(folder, "sipp"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElse(null);
  }
}

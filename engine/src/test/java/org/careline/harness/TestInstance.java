package org.careline.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.careline.local.ChildProcess;
import org.careline.local.Command;
import org.careline.local.Folders;
import org.careline.local.Ports;

/** A whole instance as a user runs it: {@code careline up} in a process of its own. */
public final class TestInstance implements AutoCloseable {
  private final Path home;
  private final FreePorts.Range range;
  private final Map<String, String> environment;
  private final ChildProcess supervisor;

  private TestInstance(
      Path home, FreePorts.Range range, Map<String, String> environment, ChildProcess supervisor) {
    this.home = home;
    this.range = range;
    this.environment = environment;
    this.supervisor = supervisor;
  }

  /** Starts it and returns when all parts run. */
  public static TestInstance up(String... arguments) {
    return up(TestFolders.create("instance"), FreePorts.range(), Map.of(), arguments);
  }

  /** In a given home, with further variables. The range is closed with it. */
  public static TestInstance up(
      Path home, FreePorts.Range range, Map<String, String> more, String... arguments) {
    TestInstance instance = begin(home, range, more, arguments);
    try {
      instance.awaitRunning(Duration.ofSeconds(120));
      return instance;
    } catch (RuntimeException e) {
      instance.close();
      throw e;
    }
  }

  /** Starts it and returns at once. */
  public static TestInstance begin(
      Path home, FreePorts.Range range, Map<String, String> more, String... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CARELINE_HOME", home.toString());
    environment.put("CARELINE_PORT_BASE", "" + range.base());
    environment.put("CARELINE_CONFIG", "");
    environment.putAll(more);
    List<String> command = java("up");
    command.addAll(List.of(arguments));
    ChildProcess supervisor =
        ChildProcess.start(
            "careline up",
            command,
            Path.of("").toAbsolutePath(),
            environment,
            home.resolve("up.log"));
    return new TestInstance(home, range, environment, supervisor);
  }

  /**
   * Waits until all parts run.
   *
   * @throws IllegalStateException with its log when it ends instead
   */
  public void awaitRunning(Duration atMost) {
    await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !supervisor.alive() || running());
    if (!supervisor.alive()) {
      throw new IllegalStateException("the instance ended: " + log());
    }
  }

  /** The command line of a command in a JVM of its own, as scripts/careline starts it. */
  public static List<String> java(String command) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            // the product's log, on standard error, not the tests' own
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "org.careline.Main",
            command));
  }

  /** Runs another command against this instance. */
  public Command careline(String command, String... arguments) {
    List<String> line = java(command);
    line.addAll(List.of(arguments));
    return Command.run(line, environment, Duration.ofSeconds(120));
  }

  public Path home() {
    return home;
  }

  public Ports ports() {
    return range.ports();
  }

  public ChildProcess supervisor() {
    return supervisor;
  }

  /** Part to its process id, of those that run. */
  public Map<String, Long> pids() {
    return pids(home);
  }

  /** As above, of the instance in a home. */
  public static Map<String, Long> pids(Path home) {
    Map<String, Long> pids = new HashMap<>();
    for (String line : read(home, "parts").lines().toList()) {
      String[] columns = line.split("\t");
      if (columns[1].equals("running")) {
        pids.put(columns[0], Long.valueOf(columns[2]));
      }
    }
    return pids;
  }

  public String log() {
    return read(home, "up.log");
  }

  private boolean running() {
    Map<String, Long> pids = pids();
    return pids.containsKey("engine")
        && read(home, "parts").lines().allMatch(line -> line.contains("\trunning\t"));
  }

  private static String read(Path home, String file) {
    try {
      return Files.exists(home.resolve(file)) ? Files.readString(home.resolve(file)) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it at once, however it is, and removes the database's files. */
  @Override
  public void close() {
    supervisor.kill();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> pids().values().stream().noneMatch(TestInstance::lives));
    range.close();
    try (Stream<Path> data = Files.list(home)) {
      for (Path mysql : data.filter(path -> path.endsWith("mysql")).toList()) {
        Folders.delete(mysql);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a process is there and not merely waiting to be collected. */
  public static boolean lives(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", "" + pid, "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }
}

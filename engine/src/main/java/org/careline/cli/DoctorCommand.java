package org.careline.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.careline.config.Configuration;
import org.careline.config.ConfigurationException;
import org.careline.database.Database;
import org.careline.database.DatabaseUnusable;
import org.careline.line.LineForm;
import org.careline.line.LineStore;
import org.careline.local.CannotStart;
import org.careline.local.Command;
import org.careline.local.Ports;
import org.careline.local.Prompts;

/**
 * Looks at everything the product needs and prints a line for each: ok, warn or fail, what was
 * looked at, what was found, separated by tabs. Exit code 1 when something fails. Changes nothing.
 */
@picocli.CommandLine.Command(name = "doctor")
final class DoctorCommand implements Callable<Integer> {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final long FAIL_BELOW_MEGABYTES = 500;
  private static final long WARN_BELOW_MEGABYTES = 3000;

  /** The trunk of dialplans/careline, which leads to the outside world's simulation. */
  private static final String SIMULATED_TRUNK = "trunk";

  private enum Verdict {
    ok,
    warn,
    fail
  }

  private record Finding(Verdict verdict, String subject, String found) {}

  private final List<Finding> findings = new ArrayList<>();

  @Override
  public Integer call() {
    system();
    java();
    tool("node", 20, "nodejs");
    tool("npm", 0, "npm");
    tool("mvn", 0, "maven");
    try {
      Instance instance = Instance.load();
      add(Verdict.ok, "configuration", instance.file().toString());
      boolean running = instance.running();
      disk("disk home", instance.home());
      packages(instance.configuration());
      if (running) {
        add(Verdict.ok, "instance", Messages.text("doctor.running", instance.home()));
      } else {
        ports(instance);
      }
      database(instance.configuration(), running);
      telephony(instance.configuration(), running);
      prompts(instance.configuration());
      lines(instance);
    } catch (ConfigurationException | CannotStart e) {
      e.in(Locale.getDefault()).lines().forEach(line -> add(Verdict.fail, "configuration", line));
    }
    for (Finding finding : findings) {
      System.out.println(finding.verdict() + "\t" + finding.subject() + "\t" + finding.found());
    }
    return findings.stream().anyMatch(finding -> finding.verdict() == Verdict.fail) ? 1 : 0;
  }

  private void system() {
    String name = System.getProperty("os.name");
    add(
        name.equals("Linux") ? Verdict.ok : Verdict.fail,
        "system",
        name.equals("Linux")
            ? name + " " + System.getProperty("os.arch")
            : Messages.text("doctor.system", name));
    for (String program : List.of("setsid", "setpriv", "flock")) {
      if (!onPath(program)) {
        add(Verdict.fail, program, Messages.text("doctor.install", "util-linux"));
      }
    }
  }

  private void java() {
    int feature = Runtime.version().feature();
    add(
        feature >= 21 ? Verdict.ok : Verdict.fail,
        "jdk",
        feature >= 21
            ? Runtime.version() + " " + System.getProperty("java.home")
            : Messages.text("doctor.install", "openjdk-21-jdk"));
  }

  private void tool(String program, int atLeast, String debianPackage) {
    if (!onPath(program)) {
      add(Verdict.warn, program, Messages.text("doctor.install.build", debianPackage));
      return;
    }
    Command run = Command.run(List.of(program, "--version"), Map.of(), ANSWER);
    String version = run.output().lines().findFirst().orElse("").strip();
    if (atLeast > 0 && number(version) < atLeast) {
      add(Verdict.warn, program, Messages.text("doctor.old", version, atLeast));
      return;
    }
    add(Verdict.ok, program, version.replaceAll("\\e\\[[0-9;]*m", ""));
  }

  private void disk(String subject, Path folder) {
    Path existing = folder;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    long megabytes = existing.toFile().getUsableSpace() / (1024 * 1024);
    Verdict verdict =
        megabytes < FAIL_BELOW_MEGABYTES
            ? Verdict.fail
            : megabytes < WARN_BELOW_MEGABYTES ? Verdict.warn : Verdict.ok;
    String key = verdict == Verdict.ok ? "doctor.disk" : "doctor.disk.low";
    add(verdict, subject, Messages.text(key, megabytes, existing));
  }

  private void packages(Configuration configuration) {
    if (!configuration.database().local() && !configuration.asterisk().local()) {
      return;
    }
    String named = System.getenv().getOrDefault("CARELINE_CACHE", "");
    Path cache =
        named.isBlank()
            ? Path.of(System.getenv().getOrDefault("HOME", "/"), ".cache/careline")
            : Path.of(named);
    if (Files.isRegularFile(cache.resolve("root/.complete"))) {
      add(Verdict.ok, "packages", cache.toString());
      return;
    }
    disk("disk cache", cache);
    boolean possible = onPath("apt-get") && onPath("dpkg-deb");
    add(
        possible ? Verdict.warn : Verdict.fail,
        "packages",
        Messages.text(possible ? "doctor.packages.first" : "doctor.packages.none", cache));
  }

  private void ports(Instance instance) {
    Ports ports = instance.ports();
    port("127.0.0.1", ports.http(), "HTTP");
    port("127.0.0.1", ports.agi(), "AGI");
    port("127.0.0.1", ports.ami(), "AMI");
    port("127.0.0.1", ports.sip(), "SIP");
    port("127.0.0.1", ports.sipWebSocket(), "SIP over WebSocket");
    port("127.0.0.1", ports.mysql(), "MySQL");
    port("127.0.0.2", ports.outsideSip(), "SIP (outside)");
    port("127.0.0.1", ports.outsideAmi(), "AMI (outside)");
  }

  private void port(String address, int port, String what) {
    boolean free = Ports.free(address, port);
    add(
        free ? Verdict.ok : Verdict.fail,
        "port " + port,
        free ? what : Messages.text("doctor.port", what));
  }

  private void database(Configuration configuration, boolean running) {
    Configuration.Database wanted = configuration.database();
    if (wanted.local()) {
      add(Verdict.ok, "database", Messages.text("doctor.local"));
      return;
    }
    try (Database database =
        new Database(wanted.url(), wanted.user(), wanted.password().reveal(), 2)) {
      String version =
          database
              .jdbi()
              .withHandle(
                  handle -> handle.createQuery("SELECT VERSION()").mapTo(String.class).one());
      add(Verdict.ok, "database", "MySQL " + version);
    } catch (RuntimeException e) {
      add(
          Verdict.fail,
          "database",
          Messages.text(
              "doctor.database",
              Configuration.Database.printable(wanted.url()),
              DatabaseUnusable.trouble(e).in(Locale.getDefault())));
    }
  }

  private void telephony(Configuration configuration, boolean running) {
    Configuration.Asterisk wanted = configuration.asterisk();
    if (wanted.local() && !running) {
      add(Verdict.ok, "switch", Messages.text("doctor.local"));
      return;
    }
    String host = wanted.local() ? "127.0.0.1" : wanted.host();
    String at = host + ":" + wanted.amiPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, wanted.amiPort()), 2000);
      socket.setSoTimeout(2000);
      byte[] greeting = socket.getInputStream().readNBytes(22);
      boolean asterisk =
          new String(greeting, StandardCharsets.US_ASCII).startsWith("Asterisk Call Manager");
      add(
          asterisk ? Verdict.ok : Verdict.fail,
          "switch",
          asterisk ? at : Messages.text("doctor.switch", at));
    } catch (IOException | RuntimeException e) {
      add(Verdict.fail, "switch", Messages.text("doctor.switch", at));
    }
  }

  /** Only callers of the simulation should hear a machine. */
  private void prompts(Configuration configuration) {
    Map<String, Set<String>> spoken;
    try {
      spoken = Prompts.synthetic(configuration.prompts());
    } catch (CannotStart unfit) {
      unfit
          .in(Locale.getDefault())
          .lines()
          .forEach(
              line -> add(Verdict.fail, "prompts", Messages.text("doctor.prompts.wrong", line)));
      return;
    }
    List<String> names =
        spoken.entrySet().stream()
            .flatMap(each -> each.getValue().stream().map(name -> each.getKey() + "/" + name))
            .toList();
    boolean real =
        !configuration.asterisk().local()
            || configuration.trunks().stream()
                .anyMatch(trunk -> !trunk.endpoint().equals(SIMULATED_TRUNK));
    if (names.isEmpty()) {
      add(Verdict.ok, "prompts", Messages.text("doctor.prompts"));
    } else if (real) {
      String some = String.join(", ", names.subList(0, Math.min(3, names.size()))) + ", ...";
      add(Verdict.warn, "prompts", Messages.text("doctor.prompts.spoken", names.size(), some));
    } else {
      add(Verdict.ok, "prompts", Messages.text("doctor.prompts.local"));
    }
  }

  /** A prompt a line names and the switch does not have is silence for its callers. */
  private void lines(Instance instance) {
    Configuration.Database wanted = instance.configuration().database();
    if (wanted.local()) {
      return;
    }
    Map<String, Set<String>> playable = Prompts.names(instance.configuration(), instance.home());
    if (playable.isEmpty()) {
      return;
    }
    try (Database database =
        new Database(wanted.url(), wanted.user(), wanted.password().reveal(), 2)) {
      List<LineForm> lines = database.jdbi().withHandle(new LineStore(() -> playable)::all);
      for (LineForm line : lines) {
        LineStore.missing(line, playable)
            .ifPresent(
                missing ->
                    add(
                        Verdict.fail,
                        "line " + line.code(),
                        missing.place() + ": " + missing.what().in(Locale.getDefault())));
      }
    } catch (RuntimeException e) {
      // said already, or not set up yet: the engine makes its tables at its first start
    }
  }

  private static int number(String version) {
    String digits = version.replaceFirst("^[^0-9]*([0-9]{1,6}).*$", "$1");
    return digits.matches("[0-9]+") ? Integer.parseInt(digits) : 0;
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private void add(Verdict verdict, String subject, String found) {
    findings.add(new Finding(verdict, subject, found.replaceAll("[\\t\\r\\n]+", " ")));
  }
}

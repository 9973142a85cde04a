package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.careline.config.Configuration;
import org.careline.config.ConfigurationLoader;
import org.careline.config.RuntimeFile;
import org.careline.language.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one instance: MySQL and Asterisk, unless the configuration names others, the outside world
 * when it is wanted, and the engine. Each is a child of this JVM and ends with it; each is started
 * again when it ends by itself, while the others go on. An engine that lives but answers nothing
 * any more is ended and started again as well.
 *
 * <p>In the home it keeps supervisor.pid, runtime.yaml (addresses and secrets for the engine and
 * for commands) and parts (what {@code status} prints). Thread-safe.
 */
public final class Supervisor implements AutoCloseable {
  /**
   * Of the engine's JVM. Decisions are short and must be quick from the first call on: the second
   * compiler would take a core for minutes after each start and gain nothing that a caller could
   * notice.
   */
  public static final String COMPILER = "-XX:TieredStopAtLevel=1";

  public static final String PID_FILE = "supervisor.pid";
  public static final String PARTS_FILE = "parts";
  public static final String ENGINE_STATE_FILE = "engine.state";
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration ENGINE_START = Duration.ofSeconds(90);

  /**
   * @param home CARELINE_HOME
   * @param configuration without what a former instance left in runtime.yaml
   * @param outside whether the outside world is wanted as well
   * @param engineLog where the engine's log goes; empty = our standard error
   * @param engineEnvironment variables for the engine beside ours
   * @param progress hears, line by line, what takes long
   */
  public record Plan(
      Path home,
      Ports ports,
      Configuration configuration,
      boolean outside,
      Optional<Path> engineLog,
      Map<String, String> engineEnvironment,
      Consumer<String> progress) {}

  private final Plan plan;
  private final InstanceLock lock;
  private final Wiring wiring;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final LogFiles logs;
  private volatile LocalAsterisk asterisk;
  private volatile LocalAsterisk outside;
  private boolean closed;

  private Supervisor(Plan plan, InstanceLock lock) {
    this.plan = plan;
    this.lock = lock;
    this.wiring =
        new Wiring(plan.home(), plan.ports(), plan.configuration(), Secrets.of(plan.home()));
    this.logs = LogFiles.of(plan.home());
  }

  /**
   * Starts everything and returns when the engine says it is ready.
   *
   * @throws CannotStart with the reason; nothing is left running then
   */
  public static Supervisor start(Plan plan) {
    Path home = plan.home();
    InstanceLock lock =
        InstanceLock.take(home).orElseThrow(() -> new CannotStart(runningAlready(home)));
    Supervisor supervisor = null;
    try {
      supervisor = new Supervisor(plan, lock);
      supervisor.startParts();
      return supervisor;
    } catch (RuntimeException e) {
      if (supervisor == null) {
        lock.close();
      } else {
        supervisor.close();
      }
      throw e;
    }
  }

  /** Our Asterisk; empty when the configuration names another one. */
  public Optional<LocalAsterisk> asterisk() {
    return Optional.ofNullable(asterisk);
  }

  /** The outside world's Asterisk, if it was wanted. */
  public Optional<LocalAsterisk> outside() {
    return Optional.ofNullable(outside);
  }

  /** Blocks until it is closed, usually by the shutdown hook. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Process id of a part (mysql, asterisk, outside, engine); 0 when it does not run. */
  public long pid(String part) {
    Part found = parts.get(part);
    return found == null ? 0 : found.snapshot().pid();
  }

  /** Ends the engine first, so that it can say goodbye to the others. Harmless twice. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (Part part : new ArrayList<>(parts.values()).reversed()) {
      part.stop();
    }
    for (String file :
        List.of(PID_FILE, PARTS_FILE, ENGINE_STATE_FILE, ConfigurationLoader.RUNTIME_FILE)) {
      try {
        Files.deleteIfExists(plan.home().resolve(file));
      } catch (IOException e) {
        log.warn("cannot delete {}", plan.home().resolve(file), e);
      }
    }
    logs.close();
    lock.close();
    ended.countDown();
  }

  private void startParts() {
    try {
      Files.deleteIfExists(plan.home().resolve(PARTS_FILE));
      Files.writeString(plan.home().resolve(PID_FILE), ProcessHandle.current().pid() + "\n");
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", plan.home(), FileTrouble.of(e)), e);
    }
    wiring.requirePorts(plan.outside());
    boolean ownParts =
        plan.configuration().database().local() || plan.configuration().asterisk().local();
    Packages packages = ownParts || plan.outside() ? Packages.ensure(plan.progress()) : null;
    if (plan.configuration().database().local()) {
      add("mysql", plan.ports().mysql(), Duration.ofSeconds(30), () -> startMySql(packages));
    }
    if (plan.configuration().asterisk().local()) {
      add("asterisk", plan.ports().sip(), Duration.ofSeconds(5), () -> startAsterisk(packages));
    }
    if (plan.outside()) {
      add(
          "outside",
          plan.ports().outsideSip(),
          Duration.ofSeconds(5),
          () -> startOutside(packages));
    }
    logs.start();
    parts.values().forEach(Part::start);
    // speaking takes its seconds while MySQL makes its data
    Prompts.prepare(wiring.prompts(), plan.configuration().prompts(), plan.progress());
    parts.values().forEach(Part::awaitStarted);
    try {
      RuntimeFile.write(plan.home(), wiring.runtime());
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", plan.home(), FileTrouble.of(e)), e);
    }
    Part engine =
        add(
            "engine",
            wiring.httpPort(),
            Duration.ofSeconds(20),
            this::startEngine,
            Optional.of(new EnginePulse(wiring.engineAddress())));
    engine.start();
    engine.awaitStarted();
  }

  private Part add(String name, int port, Duration grace, Supplier<ChildProcess> starter) {
    return add(name, port, grace, starter, Optional.empty());
  }

  private Part add(
      String name,
      int port,
      Duration grace,
      Supplier<ChildProcess> starter,
      Optional<Part.Pulse> pulse) {
    Part part = new Part(name, port, grace, starter, this::writeParts, pulse);
    synchronized (parts) {
      parts.put(name, part);
    }
    return part;
  }

  private ChildProcess startMySql(Packages packages) {
    return LocalMySql.start(
            packages,
            plan.home().resolve("mysql"),
            plan.ports().mysql(),
            wiring.secrets().mysql(),
            LocalMySql.Options.product())
        .process();
  }

  private ChildProcess startAsterisk(Packages packages) {
    asterisk =
        LocalAsterisk.start(
            "Asterisk",
            packages,
            plan.home().resolve("asterisk"),
            Checkout.folder().resolve("dialplans/careline"),
            wiring.switchPlaceholders());
    return asterisk.process();
  }

  private ChildProcess startOutside(Packages packages) {
    outside =
        LocalAsterisk.start(
            "Asterisk (outside)",
            packages,
            plan.home().resolve("outside"),
            Checkout.folder().resolve("dialplans/outside"),
            wiring.outsidePlaceholders());
    return outside.process();
  }

  private ChildProcess startEngine() {
    Path state = plan.home().resolve(ENGINE_STATE_FILE);
    try {
      Files.deleteIfExists(state);
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", plan.home(), FileTrouble.of(e)), e);
    }
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+ExitOnOutOfMemoryError",
            "-Xmx1g",
            COMPILER,
            "--enable-native-access=ALL-UNNAMED",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-Dcareline.checkout=" + Checkout.folder(),
            "-cp",
            System.getProperty("java.class.path"),
            "org.careline.Main",
            "engine");
    Map<String, String> environment = new HashMap<>(plan.engineEnvironment());
    environment.put("CARELINE_HOME", plan.home().toString());
    environment.put("CARELINE_PORT_BASE", "" + plan.ports().base());
    Path folder = Path.of("").toAbsolutePath();
    ChildProcess process =
        plan.engineLog()
            .map(file -> ChildProcess.start("engine", command, folder, environment, file))
            .orElseGet(() -> ChildProcess.startAloud("engine", command, folder, environment));
    try {
      awaitEngine(process, state);
    } catch (RuntimeException e) {
      process.kill();
      throw e;
    }
    return process;
  }

  private void awaitEngine(ChildProcess process, Path state) {
    long deadline = System.nanoTime() + ENGINE_START.toNanos();
    while (System.nanoTime() < deadline) {
      boolean over = process.awaitExit(Duration.ofMillis(50));
      EngineState said = EngineState.read(state);
      if (said.ready() && !over) {
        return;
      }
      if (over) {
        throw new CannotStart(
            said.reason()
                .orElseGet(() -> Sentence.of("start.engine-ended", process.exitCode().orElse(-1))));
      }
    }
    throw new CannotStart(Sentence.of("start.engine-late", ENGINE_START.toSeconds()));
  }

  private void writeParts() {
    StringBuilder text = new StringBuilder();
    synchronized (parts) {
      for (Part part : parts.values()) {
        Part.Snapshot now = part.snapshot();
        text.append(
            "%s\t%s\t%s\t%d%n"
                .formatted(now.name(), now.state(), now.pid() == 0 ? "-" : now.pid(), now.port()));
      }
      Path fresh = plan.home().resolve(PARTS_FILE + ".new");
      try {
        Files.writeString(fresh, text);
        Files.move(
            fresh,
            plan.home().resolve(PARTS_FILE),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        log.warn("cannot write {}", fresh, e);
      }
    }
  }

  private static Sentence runningAlready(Path home) {
    try {
      return Sentence.of(
          "start.running-process", home, Files.readString(home.resolve(PID_FILE)).strip());
    } catch (IOException e) {
      return Sentence.of("start.running", home);
    }
  }
}

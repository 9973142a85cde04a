package org.careline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.careline.demo.Demonstration;
import org.careline.demo.LiveTable;
import org.careline.demo.Summary;
import org.careline.local.Secrets;
import org.careline.local.Supervisor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A day in small on real parts; exit code 0 only when everything adds up. */
@Command(name = "demo")
final class DemoCommand implements Callable<Integer> {
  private static final Duration HEADLESS = Duration.ofMinutes(3);
  private static final Duration UNTIL_STOPPED = Duration.ofDays(1);

  @Option(names = "--headless")
  private boolean headless;

  @Option(names = "--minutes", paramLabel = "N")
  private Integer minutes;

  @Option(names = "--json", paramLabel = "FILE")
  private Path json;

  /** Everything has ended, all parts too. */
  private final CountDownLatch over = new CountDownLatch(1);

  @Override
  public Integer call() throws Exception {
    if (minutes != null && (minutes < 1 || minutes > 24 * 60)) {
      throw new CommandFailed(Messages.text("demo.minutes"));
    }
    if (json != null && !Files.isDirectory(json.toAbsolutePath().getParent())) {
      throw new CommandFailed(Messages.text("demo.json", json.toAbsolutePath().getParent()));
    }
    Instance instance = Instance.load();
    Path engineLog = instance.home().resolve("logs/engine.log");
    Files.createDirectories(engineLog.getParent());
    try (Supervisor supervisor =
        Supervisor.start(
            new Supervisor.Plan(
                instance.home(),
                instance.ports(),
                instance.configuration(),
                true,
                Optional.of(engineLog),
                instance.environment(),
                System.err::println))) {
      return stage(instance.reload(), supervisor);
    } finally {
      over.countDown();
    }
  }

  private int stage(Instance instance, Supervisor supervisor) throws Exception {
    URI console = URI.create("http://127.0.0.1:" + instance.configuration().http().port());
    Demonstration.Place place =
        new Demonstration.Place(
            console,
            supervisor.outside().orElseThrow().home(),
            instance.ports().outsideSip(),
            instance.ports().outsideAmi(),
            Secrets.of(instance.home()).amiEngine());
    String password = password();
    LiveTable table =
        new LiveTable(
            System.out, terminal() && !headless, key -> Messages.text("demo.table." + key));
    Duration length =
        minutes != null ? Duration.ofMinutes(minutes) : headless ? HEADLESS : UNTIL_STOPPED;
    try (Running running = Running.open(instance);
        Demonstration demonstration =
            new Demonstration(
                place,
                instance.configuration(),
                running.database(),
                password,
                line -> table.tell(line.in(Locale.getDefault())),
                InstantSource.system())) {
      Thread stop = new Thread(() -> finishEarly(demonstration), "demo-stop");
      Runtime.getRuntime().addShutdownHook(stop);
      demonstration.begin();
      table.head(
          Messages.text("demo.console", console + "/"),
          Messages.text("demo.logins", "you, supervisor, scheduler", password),
          minutes == null && !headless ? Messages.text("demo.stop") : "");
      demonstration.run(length, () -> table.show(demonstration));
      table.tell(Messages.text("demo.finishing"));
      Summary summary = demonstration.finish();
      table.summary(summary);
      if (json != null) {
        write(summary);
      }
      boolean alone = !stop.isAlive();
      if (alone) {
        Runtime.getRuntime().removeShutdownHook(stop);
      }
      return summary.reconciles() ? 0 : 1;
    }
  }

  /**
   * Ctrl-C: the demonstration ends in order and the JVM waits for it. Not for the thread that
   * drives it: that one waits for the JVM, once it has an exit code to give.
   */
  private void finishEarly(Demonstration demonstration) {
    demonstration.end();
    try {
      over.await(80, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From Java 22 on there is always a console; it then says itself whether it is a terminal. */
  private static boolean terminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private void write(Summary summary) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    Files.writeString(json, mapper.writeValueAsString(summary) + "\n");
  }

  private static String password() {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    return "demo-" + HexFormat.of().formatHex(random);
  }
}

package org.careline.recovery;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.careline.asterisk.OutsideCallers;
import org.careline.database.Database;
import org.careline.harness.FreePorts;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.harness.TestMySql;
import org.careline.harness.TestOutside;
import org.careline.local.ChildProcess;
import org.careline.local.Folders;
import org.careline.local.LocalMySql;
import org.careline.local.Packages;
import org.careline.report.hotline.CallRows;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.Identities;
import org.careline.report.hotline.QueueLog;
import org.careline.report.hotline.Target;

/**
 * A real Asterisk, a real MySQL, the outside world and an engine in a process of its own, which a
 * test kills. Confined to the test's thread.
 */
final class RecoveryStage implements AutoCloseable {
  static final String LINE = "4008001234";

  final Path home;
  private final FreePorts.Range mysqlPorts;
  LocalMySql mysql;
  final Database database;
  final TestAsterisk asterisk;
  final TestOutside outside;
  final OutsideCallers callers;
  ChildProcess engine;

  RecoveryStage() {
    home = TestFolders.create("rec");
    mysqlPorts = FreePorts.range();
    startMySql();
    database = new Database(mysql.url(), mysql.user(), mysql.password(), 4);
    database.migrate();
    asterisk = TestAsterisk.start();
    outside = TestOutside.start(asterisk.ports());
    callers =
        new OutsideCallers(
            asterisk.ports().outsideAmi(), TestAsterisk.ENGINE_SECRET, InstantSource.system());
    soon(20, callers::connected);
  }

  @Override
  public void close() {
    if (engine != null) {
      engine.kill();
    }
    callers.close();
    outside.close();
    asterisk.close();
    database.close();
    mysql.process().kill();
    mysqlPorts.close();
    try {
      Folders.delete(home.resolve("mysql"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void startMySql() {
    mysql =
        LocalMySql.start(
            Packages.ensure(),
            home.resolve("mysql"),
            mysqlPorts.ports().mysql(),
            "carelineTestPassword",
            TestMySql.options());
  }

  void seed(int agents) {
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "INSERT INTO line (code, number, name_en, name_zh, wrap_up_seconds)"
                      + " VALUES ('main', ?, 'Main', '主线', 1)",
                  LINE);
              for (int i = 1; i <= agents; i++) {
                handle.execute(
                    "INSERT INTO user_account (login, name, password_hash, roles, agent_number,"
                        + " desk_phone) VALUES (?, ?, 'x', 'agent', ?, ?)",
                    "agent" + i,
                    "Agent " + i,
                    Integer.toString(8000 + i),
                    "sip:%d@127.0.0.2:%d".formatted(8000 + i, asterisk.ports().outsideSip()));
              }
              handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
            });
  }

  void startEngine() {
    engine =
        ChildProcess.start(
            "engine",
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HotlineEngine.class.getName(),
                home.toString(),
                Integer.toString(asterisk.ports().base()),
                asterisk.home().toString(),
                mysql.url(),
                mysql.user(),
                mysql.password()),
            home,
            Map.of(),
            home.resolve("engine.log"));
  }

  /** Waits until the switch would serve callers with so many agents if the engine were gone. */
  void switchKnows(int agents) {
    soon(
        10,
        () ->
            asterisk
                    .cli("queue show fallback")
                    .lines()
                    .filter(line -> line.contains("PJSIP/a") && !line.contains("paused"))
                    .count()
                == agents);
  }

  static void soon(int seconds, Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(seconds))
        .until(condition);
  }

  boolean status(java.util.function.Predicate<HotlineEngine.Status> wanted) {
    return HotlineEngine.Status.read(home).filter(wanted).isPresent();
  }

  void call(int talkSeconds) {
    callers.call(LINE, "13800138000", Duration.ofSeconds(talkSeconds)).join();
  }

  /** Lines of the switch's list of living channels whose channel matches. */
  List<String> channels(String pattern) {
    return asterisk
        .cli("core show channels concise")
        .lines()
        .filter(line -> line.matches(pattern))
        .toList();
  }

  List<String> living() {
    return channels("PJSIP/trunk-.*").stream()
        .map(line -> line.substring(0, line.indexOf('!')))
        .sorted()
        .toList();
  }

  /** Callers' own ends of their calls: what we say of them does not count. */
  List<String> callersOutside() {
    return outside
        .cli("core show channels concise")
        .lines()
        .filter(line -> line.startsWith("PJSIP/line-"))
        .map(line -> line.substring(0, line.indexOf('!')))
        .sorted()
        .toList();
  }

  /** Callers who will not hang up within the next two seconds. */
  static List<String> stillPatient(Map<String, Instant> patience) {
    Instant soon = Instant.now().plusSeconds(2);
    return patience.keySet().stream().filter(name -> patience.get(name).isAfter(soon)).toList();
  }

  Map<String, Long> outcomes() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT outcome FROM call_record WHERE outcome IS NOT NULL")
                    .mapTo(String.class)
                    .list())
        .stream()
        .collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting()));
  }

  long outcomeEntriesPerCallAtMost() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) n FROM call_event WHERE"
                            + " kind = 'hung_up' GROUP BY call_id) x")
                    .mapTo(Long.class)
                    .one());
  }

  Reconciler.Result reconcile(Instant from) throws Exception {
    return new Reconciler(
            asterisk.home().resolve("log/cel-custom/Master.csv"),
            database.dataSource(),
            InstantSource.offset(InstantSource.system(), Duration.ofMinutes(1)))
        .run(from, Instant.now().plusSeconds(60));
  }

  /** The sums of the hotline's figures since then. */
  List<Identities.Identity> sums(Instant from) throws Exception {
    return new HotlineFigures(
            new CallRows(database.dataSource()),
            List::of,
            Target.Book.always(Target.DEFAULT),
            Duration.ofSeconds(5),
            java.time.ZoneOffset.UTC,
            InstantSource.system())
        .identities(from, Instant.now().plusSeconds(60));
  }

  /** The queue log since then. */
  List<String> queueLog(Instant from) throws Exception {
    StringBuilder text = new StringBuilder();
    new QueueLog(database.jdbi()).write(from, Instant.now().plusSeconds(60), text);
    return text.toString().lines().toList();
  }
}

package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real Asterisk, a real MySQL, and an engine that is killed in the middle of calls. */
class LiveRecoveryTest {
  private static final String LINE = "4008001234";

  private Path home;
  private FreePorts.Range mysqlPorts;
  private LocalMySql mysql;
  private Database database;
  private TestAsterisk asterisk;
  private TestOutside outside;
  private OutsideCallers callers;
  private ChildProcess engine;

  @BeforeEach
  void start() {
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

  @AfterEach
  void stop() throws Exception {
    if (engine != null) {
      engine.kill();
    }
    callers.close();
    outside.close();
    asterisk.close();
    database.close();
    mysql.process().kill();
    mysqlPorts.close();
    Folders.delete(home.resolve("mysql"));
  }

  private void startMySql() {
    mysql =
        LocalMySql.start(
            Packages.ensure(),
            home.resolve("mysql"),
            mysqlPorts.ports().mysql(),
            "carelineTestPassword",
            TestMySql.options());
  }

  private void seed(int agents) {
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

  private void startEngine() {
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

  private static void soon(int seconds, Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(seconds))
        .until(condition);
  }

  private boolean status(java.util.function.Predicate<HotlineEngine.Status> wanted) {
    return HotlineEngine.Status.read(home).filter(wanted).isPresent();
  }

  private void call(int talkSeconds) {
    callers.call(LINE, "13800138000", Duration.ofSeconds(talkSeconds)).join();
  }

  /** Lines of the switch's list of living channels whose channel matches. */
  private List<String> channels(String pattern) {
    return asterisk
        .cli("core show channels concise")
        .lines()
        .filter(line -> line.matches(pattern))
        .toList();
  }

  private List<String> living() {
    return channels("PJSIP/trunk-.*").stream()
        .map(line -> line.substring(0, line.indexOf('!')))
        .sorted()
        .toList();
  }

  /** Callers' own ends of their calls: what we say of them does not count. */
  private List<String> callersOutside() {
    return outside
        .cli("core show channels concise")
        .lines()
        .filter(line -> line.startsWith("PJSIP/line-"))
        .map(line -> line.substring(0, line.indexOf('!')))
        .sorted()
        .toList();
  }

  /** Callers who will not hang up within the next two seconds. */
  private static List<String> stillPatient(Map<String, Instant> patience) {
    Instant soon = Instant.now().plusSeconds(2);
    return patience.keySet().stream().filter(name -> patience.get(name).isAfter(soon)).toList();
  }

  private Map<String, Long> outcomes() {
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

  private long outcomeEntriesPerCallAtMost() {
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

  private Reconciler.Result reconcile(Instant from) throws Exception {
    return new Reconciler(
            asterisk.home().resolve("log/cel-custom/Master.csv"),
            database.dataSource(),
            InstantSource.offset(InstantSource.system(), Duration.ofMinutes(1)))
        .run(from, Instant.now().plusSeconds(60));
  }

  @Test
  void killedWithFiveWaitingAndTwoTalking() throws Exception {
    killed(5, 2);
  }

  @Test
  @Tag("long")
  void killedWithTwentyWaitingAndFiveTalking() throws Exception {
    killed(20, 5);
  }

  private void killed(int waiting, int talking) throws Exception {
    Instant began = Instant.now().minusSeconds(1);
    seed(talking);
    startEngine();
    soon(40, () -> status(s -> s.serving() && s.confirmed() && s.ready() == talking));
    int all = waiting + talking;
    Map<String, Instant> patience = new HashMap<>();
    for (int i = 0; i < all; i++) {
      // one agent is free before the restart, the others after it; who waits outlasts them all
      int talk = i == 0 ? 20 : i < talking ? 40 : 55;
      Instant placed = Instant.now();
      call(talk);
      int callers = i + 1;
      soon(10, () -> callersOutside().size() == callers);
      callersOutside().forEach(name -> patience.putIfAbsent(name, placed.plusSeconds(talk)));
      if (i < talking) {
        soon(10, () -> channels("PJSIP/a80.*").size() == callers);
      }
    }
    soon(
        20,
        () ->
            status(s -> s.live() == all)
                && channels("PJSIP/trunk-.*!Dial!.*|PJSIP/trunk-.*!Queue!.*").size() == all
                && channels("PJSIP/a80.*").size() == talking);
    List<String> before = living();
    assertThat(before).hasSize(all);

    engine.kill();
    await()
        .during(Duration.ofSeconds(6))
        .atMost(Duration.ofSeconds(8))
        .until(() -> living().equals(before));
    // a talk ends and the switch gives that agent to somebody who has come to the fallback queue
    soon(40, () -> channels("PJSIP/trunk-.*!fallback.*").size() > 0 || living().size() < all);

    // the status of the former one would do for the new one
    Files.deleteIfExists(home.resolve("status"));
    startEngine();
    soon(40, () -> status(s -> s.serving()));
    assertThat(stillPatient(patience))
        .as("callers who wait on")
        .hasSizeGreaterThanOrEqualTo(waiting);
    await()
        .pollInterval(Duration.ofMillis(200))
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(callersOutside()).containsAll(stillPatient(patience)));
    soon(90, () -> living().isEmpty());
    soon(20, () -> status(s -> s.live() == 0 && s.journal() == 0));

    Map<String, Long> outcomes = outcomes();
    System.out.println("outcomes after kill -9: " + outcomes);
    assertThat(outcomes.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(all);
    assertThat(outcomes.keySet())
        .isSubsetOf("answered", "fallback_answered", "abandoned", "short_abandoned");
    assertThat(
            outcomes.getOrDefault("answered", 0L) + outcomes.getOrDefault("fallback_answered", 0L))
        .as("each agent, once free, took somebody who waited: " + outcomes)
        .isEqualTo(2L * talking);
    assertThat(outcomeEntriesPerCallAtMost()).isEqualTo(1);
    Reconciler.Result result = reconcile(began);
    assertThat(result.differences()).isEmpty();
    assertThat(result.calls()).isEqualTo(all);
  }

  @Test
  void mySqlAwayForFifteenSecondsUnderTwoCallsPerSecond() throws Exception {
    mySqlAway(15);
  }

  @Test
  @Tag("long")
  void mySqlAwayForAMinuteUnderTwoCallsPerSecond() throws Exception {
    mySqlAway(60);
  }

  private void mySqlAway(int seconds) throws Exception {
    Instant began = Instant.now().minusSeconds(1);
    seed(4);
    startEngine();
    soon(40, () -> status(s -> s.serving() && s.confirmed() && s.ready() == 4));
    List<Integer> placed = new ArrayList<>();
    long start = System.nanoTime();
    int total = (seconds + 6) * 2;
    boolean away = false;
    boolean restarted = false;
    while (placed.size() < total) {
      long due = start + placed.size() * 500_000_000L;
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofSeconds(60))
          .until(() -> System.nanoTime() >= due);
      call(2);
      placed.add(placed.size());
      if (!away && placed.size() == 6) {
        mysql.process().kill();
        away = true;
      }
      if (!restarted && placed.size() == 6 + seconds / 2) {
        engine.kill();
        Files.deleteIfExists(home.resolve("status"));
        startEngine();
        restarted = true;
      }
    }
    assertThat(status(s -> s.serving() && !s.confirmed())).as("serves without MySQL").isTrue();
    startMySql();
    soon(60, () -> living().isEmpty());
    soon(30, () -> status(s -> s.confirmed() && s.live() == 0 && s.journal() == 0));
    Map<String, Long> outcomes = outcomes();
    System.out.println("outcomes with MySQL away: " + outcomes);
    assertThat(outcomes.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(total);
    assertThat(outcomeEntriesPerCallAtMost()).isEqualTo(1);
    Reconciler.Result result = reconcile(began);
    assertThat(result.differences()).isEmpty();
    assertThat(result.calls()).isEqualTo(total);
  }
}

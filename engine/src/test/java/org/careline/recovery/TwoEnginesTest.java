package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.careline.asterisk.OutsideCallers;
import org.careline.database.Database;
import org.careline.demo.SimulatedAgent;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestMySql;
import org.careline.harness.TestOutside;
import org.careline.local.ChildProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two whole engines on one switch and one MySQL: one leads, the other watches until it dies. */
class TwoEnginesTest {
  private static final String LINE = "4008001234";

  private final List<AutoCloseable> closing = new ArrayList<>();
  private TestAsterisk asterisk;
  private OutsideCallers callers;
  private Database database;
  private String schema;
  private EngineNode first;
  private EngineNode second;

  @BeforeEach
  void start() throws Exception {
    schema = TestMySql.shared().freshSchema();
    closing.add(() -> TestMySql.shared().drop(schema));
    database = closed(TestMySql.shared().database(schema));
    asterisk = closed(TestAsterisk.start());
    closed(TestOutside.start(asterisk.ports()));
    callers =
        closed(
            new OutsideCallers(
                asterisk.ports().outsideAmi(), TestAsterisk.ENGINE_SECRET, InstantSource.system()));
    soon(20, callers::connected);
    // The dialplan's files know the first engine's address only.
    first = node(asterisk.ports().agi());
    second = node(0);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : closing.reversed()) {
      part.close();
    }
  }

  @Test
  void theWatchingEngineTakesOverCallersAndNewCallsWhenTheLeaderIsKilled() throws Exception {
    Instant began = Instant.now().minusSeconds(1);
    String one = user("li", "8001");
    String two = user("wang", "8002");
    line();
    ChildProcess leader = closed(first.start());
    soon(40, () -> first.health() == 200);
    ChildProcess watcher = closed(second.start());
    soon(40, () -> second.health() == 503);
    assertThat(first.health()).isEqualTo(200);

    // One talks with the only agent, three wait; the second engine keeps its hands off.
    agent(first, "li", one);
    for (int i = 0; i < 4; i++) {
      callers.call(LINE, "1380013800" + i, Duration.ofSeconds(120)).join();
    }
    soon(20, () -> queued("waitroom") == 3 && channels("PJSIP/a8001-") == 1);
    List<String> living = living();
    assertThat(living).hasSize(4);

    leader.kill();
    soon(20, () -> second.health() == 200);
    assertThat(living()).as("nobody lost his call").isEqualTo(living);
    soon(20, () -> asterisk.cli("dialplan show globals").contains(":" + second.agiPort()));

    // Agents log in where it is led now. Who waited is served, and so is who calls now.
    agent(second, "wang", two);
    soon(60, () -> channels("PJSIP/a8002-") == 1);
    callers.call(LINE, "13800138009", Duration.ofSeconds(120)).join();
    soon(20, () -> queued("waitroom") + queued("fallback") == 3);
    assertThat(queued("fallback")).as("the new caller was asked about at once").isZero();

    // The first one comes back and watches; what its journal still holds changes nothing.
    ChildProcess again = closed(first.start());
    soon(40, () -> first.health() == 503);
    assertThat(second.health()).isEqualTo(200);
    assertThat(watcher.alive()).isTrue();

    for (int i = 0; i < 5; i++) {
      soon(60, () -> !talking().isEmpty());
      String leg = talking().getFirst();
      asterisk.cli("channel request hangup " + leg);
      soon(20, () -> !talking().contains(leg));
    }
    soon(20, () -> living().isEmpty());
    soon(30, () -> outcomes().size() == 5);
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(5))
        .until(() -> outcomes().equals(Collections.nCopies(5, "answered")));
    assertThat(withoutCaller()).as("what the dead engine knew of callers is kept").isZero();
    assertThat(doubleEndings()).isZero();
    assertThat(
            new Reconciler(
                    asterisk.home().resolve("log/cel-custom/Master.csv"),
                    database.dataSource(),
                    InstantSource.offset(InstantSource.system(), Duration.ofMinutes(1)))
                .run(began, Instant.now().plusSeconds(60))
                .differences())
        .isEmpty();
    assertThat(again.alive()).isTrue();
  }

  private EngineNode node(int agiPort) throws IOException {
    return closed(
        EngineNode.create(
            TestMySql.shared().server(),
            TestMySql.shared().server().url(schema),
            asterisk,
            asterisk.ports().ami(),
            agiPort));
  }

  private void line() throws IOException {
    Path file = first.home().resolve("lines.yaml");
    Files.writeString(
        file,
        """
        lines:
          - code: main
            number: "%s"
            nameEn: Main
            nameZh: 主线
        """
            .formatted(LINE));
    first.careline("apply", file.toString());
  }

  private String user(String login, String number) {
    return first.agent(login, number, asterisk.ports().outsideSip());
  }

  private void agent(EngineNode node, String login, String password) {
    SimulatedAgent agent =
        closed(
            new SimulatedAgent(
                node.address(""),
                login,
                password,
                new SimulatedAgent.Pace(Duration.ZERO, Duration.ZERO, Duration.ZERO),
                site -> null,
                line -> {}));
    agent.start();
  }

  private long queued(String queue) {
    return asterisk
        .cli("queue show " + queue)
        .lines()
        .filter(line -> line.contains("PJSIP/trunk-"))
        .count();
  }

  private List<String> channelsOf(String beginning) {
    return asterisk
        .cli("core show channels concise")
        .lines()
        .map(line -> line.split("!")[0])
        .filter(channel -> channel.startsWith(beginning))
        .sorted()
        .toList();
  }

  private int channels(String beginning) {
    return channelsOf(beginning).size();
  }

  /** Legs of agents who have answered. */
  private List<String> talking() {
    return asterisk
        .cli("core show channels concise")
        .lines()
        .map(line -> line.split("!"))
        .filter(columns -> columns[0].startsWith("PJSIP/a800") && columns[4].equals("Up"))
        .map(columns -> columns[0])
        .toList();
  }

  private List<String> living() {
    return channelsOf("PJSIP/trunk-");
  }

  private List<String> outcomes() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT outcome FROM call_record WHERE outcome IS NOT NULL")
                    .mapTo(String.class)
                    .list());
  }

  private long doubleEndings() {
    return count(
        "SELECT COUNT(*) FROM (SELECT call_id FROM call_event WHERE kind = 'hung_up'"
            + " GROUP BY call_id HAVING COUNT(*) > 1) doubled");
  }

  private long withoutCaller() {
    return count("SELECT COUNT(*) FROM call_record WHERE caller_e164 IS NULL");
  }

  private long count(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  private static void soon(int seconds, Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(seconds))
        .until(condition);
  }

  private <T extends AutoCloseable> T closed(T part) {
    closing.add(part);
    return part;
  }
}

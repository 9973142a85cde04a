package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.careline.callback.RoundCloser;
import org.careline.callback.RoundOpener;
import org.careline.callback.RoundPlanner;
import org.careline.callback.Seed;
import org.careline.database.Database;
import org.careline.demo.Destiny;
import org.careline.demo.SimulatedAgent;
import org.careline.harness.FreePorts;
import org.careline.harness.TcpGate;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.harness.TestMySql;
import org.careline.harness.TestOutside;
import org.careline.local.ChildProcess;
import org.careline.local.Folders;
import org.careline.local.LocalMySql;
import org.careline.local.Packages;

/**
 * Whole engines, a real Asterisk and a real MySQL, each behind a gate, and the outside world, which
 * counts what really rang. Confined to the test's thread.
 */
final class CallbackStage implements AutoCloseable {
  /** Most agents a test may set to work. */
  static final int AGENTS = 10;

  private static final Destiny CONTENT =
      new Destiny(Destiny.Contact.ANSWERS, false, true, false, 5);

  /** A site is rung once: whatever happens to that call, it is the only one. */
  private static final String RULES =
      """
      {"windows":{"default":{"mon-sun":["00:00-24:00"]}},"nightEvidence":"test",
       "officeDays":"all","tradeCalendar":{"default":[]},
       "caps":{"perDay":1,"perWeek":1,"perRound":1,"spacing":"0s","perNumberMinute":100,
        "perNumberHour":1000}}
      """;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Path home = TestFolders.create("faults");
  private final FreePorts.Range mysqlPorts = part(FreePorts.range());
  private final String password;
  private final List<SimulatedAgent> agents = new ArrayList<>();
  private LocalMySql mysql;
  final Database database;
  final TestAsterisk asterisk;
  final TestOutside outside;
  final TcpGate ami;
  final TcpGate sql;
  final EngineNode first;
  final EngineNode second;
  private final Map<EngineNode, ChildProcess> running = new HashMap<>();
  private int rounds;

  CallbackStage() throws Exception {
    startMySql();
    parts.push(() -> mysql.process().kill());
    database = part(new Database(mysql.url(), mysql.user(), mysql.password(), 4));
    database.migrate();
    asterisk = part(TestAsterisk.start());
    outside = part(TestOutside.start(asterisk.ports()));
    ami = part(new TcpGate(asterisk.ports().ami()));
    sql = part(new TcpGate(mysqlPorts.ports().mysql()));
    first = part(node(asterisk.ports().agi()));
    second = part(node(0));
    password = first.agent("agent1", "8001", asterisk.ports().outsideSip());
    for (int i = 2; i <= AGENTS; i++) {
      likeTheFirst(i);
    }
  }

  /** A command for each would take longer. */
  private void likeTheFirst(int i) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO user_account (login, name, password_hash, roles, agent_number,"
                        + " desk_phone) SELECT ?, ?, password_hash, roles, ?, ? FROM user_account"
                        + " WHERE login = 'agent1'",
                    "agent" + i,
                    "Agent " + i,
                    Integer.toString(8000 + i),
                    "sip:%d@127.0.0.2:%d".formatted(8000 + i, asterisk.ports().outsideSip())));
  }

  private EngineNode node(int agiPort) throws IOException {
    return EngineNode.create(
        mysql, LocalMySql.url(sql.port(), "careline"), asterisk, ami.port(), agiPort);
  }

  // --- what a test does to it

  void start(EngineNode node) {
    running.put(node, node.start());
  }

  /** Waits until it leads and serves. */
  void leads(EngineNode node) {
    soon(60, () -> node.health() == 200);
  }

  /** As kill -9 does. */
  void kill(EngineNode node) {
    running.remove(node).kill();
  }

  void killMySql() {
    mysql.process().kill();
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

  /** Two agents who do not talk long, anew: logged in where it is led now, with their phones. */
  void agentsAt(EngineNode node) {
    agentsAt(node, 2, Duration.ofMillis(100));
  }

  /**
   * So many agents.
   *
   * @param perAnswer how long each answer takes them; after some five they hang up
   */
  void agentsAt(EngineNode node, int count, Duration perAnswer) {
    agents.forEach(SimulatedAgent::close);
    agents.clear();
    for (int i = 1; i <= count; i++) {
      String login = "agent" + i;
      // the database may be back for a moment only
      agents.add(
          await()
              .ignoreExceptions()
              .atMost(Duration.ofSeconds(60))
              .until(() -> agent(node, login, perAnswer), agent -> true));
    }
  }

  private SimulatedAgent agent(EngineNode node, String login, Duration perAnswer) {
    SimulatedAgent agent =
        new SimulatedAgent(
            node.address(""),
            login,
            password,
            new SimulatedAgent.Pace(Duration.ZERO, perAnswer, Duration.ofSeconds(1)),
            site -> CONTENT,
            line -> {});
    try {
      agent.start();
      return agent;
    } catch (RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  /**
   * An open round of sites which ring a second and talk for some seconds. Gives its campaign's
   * code.
   */
  String open(int sites, int talkSeconds) {
    String code = "f" + ++rounds;
    database
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, code);
              Seed.campaign(handle, code, customer, "progressive", RULES);
              for (int i = 1; i <= sites; i++) {
                Seed.site(
                    handle,
                    customer,
                    null,
                    code + "-" + i,
                    "standard",
                    "+8621" + prefix(code) + "%02d1%02d".formatted(i, talkSeconds));
              }
            });
    long round = new RoundPlanner(database.jdbi()).plan(code, Instant.now()).id();
    new RoundOpener(database.jdbi(), Instant::now).open(round);
    return code;
  }

  // --- what became of it

  /** How many attempts of a round are in a state. */
  int inState(String campaign, String state) {
    return count(campaign, "AND a.state = '" + state + "'");
  }

  /** How many attempts of a round are in each state. */
  Map<String, Integer> states(String campaign) {
    Map<String, Integer> states = new TreeMap<>();
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createQuery("SELECT a.state" + ATTEMPTS)
                    .bind("campaign", campaign)
                    .mapTo(String.class)
                    .forEach(state -> states.merge(state, 1, Integer::sum)));
    return states;
  }

  /** How often a round has permitted an order to ring a site. */
  int placed(String campaign) {
    return count(campaign, "AND a.placed_at IS NOT NULL");
  }

  private int count(String campaign, String more) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT COUNT(*)" + ATTEMPTS + more)
                    .bind("campaign", campaign)
                    .mapTo(Integer.class)
                    .one());
  }

  private static final String ATTEMPTS =
      " FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id JOIN round r"
          + " ON r.id = rs.round_id JOIN campaign c ON c.id = r.campaign_id"
          + " WHERE c.code = :campaign ";

  /** Calls that reached the outside world, by the number's last eight digits. */
  Map<String, Integer> onTheWire() throws IOException {
    Map<String, Integer> calls = new TreeMap<>();
    Path cel = outside.asterisk().home().resolve("log/cel-custom/Master.csv");
    if (!Files.exists(cel)) {
      return calls;
    }
    for (String line : Files.readAllLines(cel)) {
      String[] columns = line.replace("\"", "").split(",");
      if (columns[0].equals("CHAN_START") && columns[6].matches("[+]?[0-9]{9,}")) {
        calls.merge(columns[6].substring(columns[6].length() - 8), 1, Integer::sum);
      }
    }
    return calls;
  }

  private Map<String, Integer> inTheDatabase(String campaign) {
    Map<String, Integer> calls = new TreeMap<>();
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT RIGHT(a.e164, 8)" + ATTEMPTS + "AND a.placed_at IS NOT NULL")
                    .bind("campaign", campaign)
                    .mapTo(String.class)
                    .forEach(number -> calls.merge(number, 1, Integer::sum)));
    return calls;
  }

  private Map<String, Integer> onTheWire(String campaign) throws IOException {
    Map<String, Integer> calls = onTheWire();
    calls.keySet().removeIf(number -> !number.startsWith(prefix(campaign)));
    return calls;
  }

  /** With what the numbers of a round's sites begin. */
  private static String prefix(String campaign) {
    return "%02d5".formatted(50 + Integer.parseInt(campaign.substring(1)));
  }

  /** How many of a round's sites have been rung, by the outside world's own record. */
  int rung(String campaign) throws IOException {
    return onTheWire(campaign).size();
  }

  /**
   * Closes the round and waits until nothing of it is open: then every call on the wire is an
   * attempt in the database and the other way round, no number was rung twice, and every site is in
   * a bin. Gives the bins.
   */
  Map<String, Integer> settled(String campaign, int sites) throws IOException {
    new RoundCloser(database.jdbi(), InstantSource.system()).close(roundOf(campaign));
    String open = "AND a.settled_at IS NULL";
    soon(90, () -> count(campaign, open) == 0);
    soon(20, () -> bins(campaign).values().stream().mapToInt(n -> n).sum() == sites);
    Map<String, Integer> wire = onTheWire(campaign);
    System.out.println(campaign + ": on the wire " + wire.size() + ", bins " + bins(campaign));
    assertThat(wire).as("rung outside and written down").isEqualTo(inTheDatabase(campaign));
    assertThat(wire.values()).as("times each was rung").allMatch(times -> times == 1);
    return bins(campaign);
  }

  private long roundOf(String campaign) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT r.id FROM round r JOIN campaign c ON c.id = r.campaign_id"
                            + " WHERE c.code = :campaign")
                    .bind("campaign", campaign)
                    .mapTo(Long.class)
                    .one());
  }

  private Map<String, Integer> bins(String campaign) {
    Map<String, Integer> bins = new TreeMap<>();
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT rs.bin FROM round_site rs JOIN round r ON r.id = rs.round_id JOIN"
                            + " campaign c ON c.id = r.campaign_id WHERE c.code = :campaign"
                            + " AND rs.bin IS NOT NULL")
                    .bind("campaign", campaign)
                    .mapTo(String.class)
                    .forEach(bin -> bins.merge(bin, 1, Integer::sum)));
    return bins;
  }

  static void soon(int seconds, Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(seconds))
        .until(condition);
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() throws Exception {
    agents.forEach(SimulatedAgent::close);
    running.values().forEach(ChildProcess::kill);
    for (AutoCloseable part : parts) {
      part.close();
    }
    try {
      Folders.delete(home.resolve("mysql"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

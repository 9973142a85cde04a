package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.careline.bench.Target.Bound;
import org.careline.callback.Campaign.Mode;
import org.careline.callback.RoundOpener;
import org.careline.callback.RoundPlanner;
import org.careline.callback.SimulatedDay;
import org.careline.config.Configuration;
import org.careline.customer.Apply;
import org.careline.database.Database;
import org.careline.demo.ConsoleClient;
import org.jdbi.v3.core.Handle;

/**
 * A round dialled as fast as its trunk permits, against one Asterisk, by agents who are played:
 * each call that is counted outside must be one attempt in the database with an outcome, and the
 * other way round. And what progressive dialling makes of the agents' day, beside preview and
 * dialling by hand. Loopback only.
 */
public final class DiallingBench implements AutoCloseable {
  /** Calls a second: the trunk's own limit holds them to it. */
  public static final int PER_SECOND = 20;

  private static final int AGENTS = 90;
  private static final int FIRST_AGENT = 9001;
  private static final String PASSWORD = "bench-password";
  private static final Duration SETTLE = Duration.ofSeconds(60);
  private static final Duration READY_AGAIN = Duration.ofSeconds(5);
  private static final Duration DAY = Duration.ofHours(5);
  private static final int SIMULATED_AGENTS = 30;
  private static final long SEED = 20261124;

  /** What the instance is configured with. */
  public static final String CONFIGURATION =
      """
      trunks:
        - channels: 400
          callsPerSecond: %d
      callback:
        claimEvery: 200ms
        claimBatch: 60
      """
          .formatted(PER_SECOND);

  private static final String RULES =
      """
      {"windows":{"default":{"mon-sun":["00:00-24:00"]}},"nightEvidence":"bench",
       "officeDays":"all","tradeCalendar":{"default":[]},
       "caps":{"perDay":100,"perWeek":100,"perRound":6,"spacing":"0s","perNumberMinute":100,
        "perNumberHour":1000},
       "retry":{"busy":{"delay":"1d"},"no_answer":{"delay":"1d"},"technical":{"delay":"1d"},
        "no_answer_unverified":{"delay":"1d"},"temporarily_unreachable":{"delay":"1d"}}}
      """;

  private final SipProbe phones;
  private final SitesProbe sites;
  private final Map<Integer, ConsoleClient> consoles = new HashMap<>();
  private final Database database;
  private final Consumer<String> progress;

  /**
   * @param seconds for which was dialled
   * @param wire calls counted outside
   * @param placed attempts that may have been on the wire, by the database
   * @param lost attempts without an outcome
   * @param differing numbers whose calls outside are not their attempts in the database
   * @param busiest most calls in a second, outside
   * @param lateness of calls with many pending
   * @param abandoned answered calls that found no agent on the line: of the round none can, and in
   *     the simulated day none did
   */
  public record Result(
      double seconds,
      int wire,
      int placed,
      int lost,
      int differing,
      int busiest,
      Map<String, Integer> outcomes,
      SimulatedDay.Habits habits,
      SimulatedDay.Share progressive,
      SimulatedDay.Share preview,
      SimulatedDay.Share byHand,
      int abandoned,
      Lateness lateness) {
    @JsonProperty
    public List<Target> targets() {
      return List.of(
          new Target("calls a second", Bound.AT_LEAST, 0.95 * PER_SECOND, wire / seconds),
          new Target("attempts without an outcome", Bound.AT_MOST, 0, lost),
          new Target("numbers that differ", Bound.AT_MOST, 0, differing),
          new Target("abandoned calls", Bound.AT_MOST, 0, abandoned),
          new Target("lateness p99, s", Bound.AT_MOST, 1, lateness.p99()),
          new Target(
              "talking, progressive / preview",
              Bound.AT_LEAST,
              1,
              progressive.talking() / preview.talking()),
          new Target(
              "talking, preview / by hand",
              Bound.AT_LEAST,
              1,
              preview.talking() / byHand.talking()));
    }
  }

  /**
   * From the instant a site was due to that of its attempt, with an agent free all the time.
   *
   * @param pending sites of the round that are due some other day
   * @param calls that were due one after the other
   * @param p50 seconds, as the others
   */
  public record Lateness(int pending, int calls, double p50, double p99, double longest) {}

  /**
   * @param sitesPort where the trunk of the instance leads
   * @param console address of the instance's HTTP interface
   */
  public DiallingBench(
      int sitesPort,
      URI console,
      Configuration configuration,
      Database database,
      Consumer<String> progress)
      throws Exception {
    this.database = database;
    this.progress = progress;
    phones = new SipProbe("127.0.0.7", 0);
    sites = new SitesProbe("127.0.0.2", sitesPort);
    new Apply(database, configuration)
        .run("bench.yaml", yaml(phones.port()).getBytes(StandardCharsets.UTF_8));
    var http = ConsoleClient.http();
    for (int i = 0; i < AGENTS; i++) {
      int number = FIRST_AGENT + i;
      ConsoleClient agent = new ConsoleClient(console, "bench" + number, http);
      consoles.put(number, agent);
      BenchStage.until(() -> agent.logIn(PASSWORD).has("login"), "agent " + number + " can log in");
      agent.post("/softphone", Map.of());
      Map<String, Boolean> done = new ConcurrentHashMap<>();
      agent.follow(message -> hear(agent, done, message));
    }
  }

  /** The site's talk is over: the agent writes down how it was. */
  private static void hear(ConsoleClient agent, Map<String, Boolean> done, JsonNode message) {
    JsonNode work =
        switch (message.path("type").asText()) {
          case "snapshot", "work" -> message.path("work");
          default -> message.path("none");
        };
    String id = work.path("attemptId").asText();
    if (work.path("state").asText().equals("ended") && done.putIfAbsent(id, true) == null) {
      agent.later(
          Duration.ZERO,
          () ->
              agent.post(
                  "/attempts/" + id + "/disposition",
                  Map.of("disposition", "refused_this_round", "note", "")));
    }
  }

  private static String yaml(int port) {
    return "agents:\n"
        + java.util.stream.IntStream.range(FIRST_AGENT, FIRST_AGENT + AGENTS)
            .mapToObj(
                number ->
                    "  - {login: bench%d, name: Bench %d, number: \"%d\", grade: 5, password: %s, deskPhone: \"sip:%d@127.0.0.7:%d\"}\n"
                        .formatted(number, number, number, PASSWORD, number, port))
            .collect(java.util.stream.Collectors.joining());
  }

  /**
   * Dials for a while; lateness and the simulated days take two minutes more.
   *
   * @param pending sites that are due another day while lateness is measured
   */
  public Result run(Duration time, int pending) throws Exception {
    int wanted = (int) (time.toSeconds() * PER_SECOND);
    long round = round(wanted + wanted / 5 + AGENTS);
    wish(true);
    long begin = System.nanoTime();
    long end = begin + time.toNanos();
    long again = begin;
    while (System.nanoTime() < end) {
      if (System.nanoTime() > again) {
        // whoever missed his own phone in the rush says again that he is ready
        wish(true);
        again = System.nanoTime() + READY_AGAIN.toNanos();
        progress.accept(
            "%d s\t%d calls"
                .formatted(
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
                    sites.instants().length));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
    wish(false);
    database.jdbi().useHandle(h -> h.execute("UPDATE round SET paused = TRUE WHERE id = ?", round));
    BenchStage.until(
        () -> count("attempt WHERE settled_at IS NULL") == 0,
        "all attempts have an outcome",
        (int) SETTLE.toSeconds());
    long[] instants = sites.instants();
    double seconds = instants.length < 2 ? 1 : (instants[instants.length - 1] - instants[0]) / 1e9;
    return compare(seconds, instants, pending);
  }

  /** Ten sites a second become due, for a minute, among many that are not. */
  private Lateness lateness(int pending) throws SQLException {
    progress.accept("lateness with " + pending + " pending");
    int calls = 600;
    int first = 1_000_000;
    // nobody opens it, or closes it because nothing is left, while it is filled
    BenchRows.round(database, 2, "closed");
    BenchRows.sites(database, 2, first, pending + calls);
    BenchRows.contacts(database, 2, first, pending + calls);
    BenchRows.fill(
        database,
        first,
        pending + calls,
        "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at) SELECT 2, "
            + BenchRows.N
            + ", (SELECT rank_no FROM tier WHERE code = 'standard'), 0, UTC_TIMESTAMP(3)"
            + " + INTERVAL IF(seq.n + @first > "
            + (first + pending)
            + ", (seq.n + @first - "
            + (first + pending)
            + ") * 100 + 10000, 2592000000) * 1000 MICROSECOND FROM seq");
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "UPDATE campaign SET rules = ?, mode = 'progressive' WHERE id = 2", RULES);
              handle.execute(
                  "UPDATE round SET status = 'open', opened_at = opens_at, rules = ?,"
                      + " questionnaire_code = 'bench', questionnaire_version = 1 WHERE id = 2",
                  RULES);
            });
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10 + calls / 10 + 5);
    while (System.nanoTime() < end) {
      wish(true);
      LockSupport.parkNanos(READY_AGAIN.toNanos());
    }
    wish(false);
    List<Double> late =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT TIMESTAMPDIFF(MICROSECOND, rs.next_call_at, a.created_at) / 1e6"
                                + " FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id"
                                + " WHERE rs.round_id = 2 AND a.seq = 1"
                                + " AND rs.next_call_at <= a.created_at")
                        .mapTo(Double.class)
                        .list());
    return new Lateness(
        pending,
        late.size(),
        Figures.quantile(late, 0.5),
        Figures.quantile(late, 0.99),
        Figures.quantile(late, 1));
  }

  private Result compare(double seconds, long[] instants, int pending) throws Exception {
    Map<String, Integer> placed = new HashMap<>();
    Map<String, Integer> outcomes = new HashMap<>();
    int[] lost = {0};
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT e164, COALESCE(disposition, 'none') AS disposition FROM attempt"
                            + " WHERE placed_at IS NOT NULL")
                    .map(
                        (row, context) ->
                            Map.entry(row.getString("e164"), row.getString("disposition")))
                    .forEach(
                        attempt -> {
                          placed.merge(attempt.getKey().replace("+86", ""), 1, Integer::sum);
                          outcomes.merge(attempt.getValue(), 1, Integer::sum);
                          lost[0] += attempt.getValue().equals("none") ? 1 : 0;
                        }));
    Map<String, Integer> wire = new HashMap<>();
    sites.calls().forEach((number, calls) -> wire.put(number.replaceFirst("^0", ""), calls));
    Map<String, Integer> all = new HashMap<>(placed);
    all.putAll(wire);
    int differing =
        (int)
            all.keySet().stream()
                .filter(
                    number -> !placed.getOrDefault(number, 0).equals(wire.getOrDefault(number, 0)))
                .count();
    SimulatedDay.Habits habits = SimulatedDay.Habits.USUAL;
    SimulatedDay.Share progressive = day(Mode.PROGRESSIVE, habits);
    SimulatedDay.Share preview = day(Mode.PREVIEW, habits);
    return new Result(
        seconds,
        instants.length,
        placed.values().stream().mapToInt(Integer::intValue).sum(),
        lost[0],
        differing,
        busiest(instants),
        outcomes,
        habits,
        progressive,
        preview,
        SimulatedDay.byHand(SIMULATED_AGENTS, DAY, habits, SEED),
        progressive.abandoned() + preview.abandoned(),
        lateness(pending));
  }

  private static SimulatedDay.Share day(Mode mode, SimulatedDay.Habits habits) throws IOException {
    Path folder = Files.createTempDirectory("careline-day");
    try {
      return SimulatedDay.of(
          mode, SIMULATED_AGENTS, DAY, habits, SEED, folder.resolve("journal.db"));
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(folder);
    }
  }

  private static int busiest(long[] instants) {
    int most = 0;
    for (int from = 0, to = 0; to < instants.length; to++) {
      while (instants[to] - instants[from] >= 1_000_000_000L) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  private int count(String from) {
    return database
        .jdbi()
        .withHandle(h -> h.select("SELECT COUNT(*) FROM " + from).mapTo(Integer.class).one());
  }

  private void wish(boolean ready) {
    consoles.values().parallelStream()
        .forEach(
            agent ->
                agent.put(
                    "/agents/me/presence",
                    Map.of("wish", ready ? "ready" : "not_ready", "reason", ready ? "" : "break")));
  }

  private long round(int count) {
    database.jdbi().useTransaction(handle -> sites(handle, count));
    long round = new RoundPlanner(database.jdbi()).plan("bench", Instant.now()).id();
    new RoundOpener(database.jdbi(), Instant::now).open(round);
    return round;
  }

  private static void sites(Handle handle, int count) {
    handle.execute(
        "INSERT INTO customer (id, code, name, consent_basis, consent_until)"
            + " VALUES (1, 'bench', 'Bench', 'contract', '2199-12-31')");
    handle.execute(
        "INSERT INTO questionnaire (code, version, definition) VALUES ('bench', 1, ?)",
        "{\"questions\":[{\"code\":\"fault\",\"type\":\"yes_no\",\"textEn\":\"Any fault?\",\"textZh\":\"有无故障?\"}]}");
    handle.execute(
        "INSERT INTO campaign (code, name, customer_id, questionnaire_code,"
            + " questionnaire_version, mode, shown_number, rules)"
            + " VALUES ('bench', 'Bench', 1, 'bench', 1, 'progressive', '', ?)",
        RULES);
    var site =
        handle.prepareBatch(
            "INSERT INTO site (id, customer_id, code, name, tier_code)"
                + " VALUES (?, 1, ?, ?, 'standard')");
    var contact =
        handle.prepareBatch("INSERT INTO contact (id, customer_id, name) VALUES (?, 1, 'Wang')");
    var answers =
        handle.prepareBatch(
            "INSERT INTO site_contact (site_id, contact_id, position) VALUES (?, ?, 1)");
    var phone =
        handle.prepareBatch("INSERT INTO phone (contact_id, e164, position) VALUES (?, ?, 1)");
    for (int i = 1; i <= count; i++) {
      site.add(i, "B" + i, "Site " + i);
      contact.add(i);
      answers.add(i, i);
      phone.add(i, "+86131%08d".formatted(i));
    }
    site.execute();
    contact.execute();
    answers.execute();
    phone.execute();
  }

  @Override
  public void close() {
    consoles.values().forEach(ConsoleClient::close);
    phones.close();
    sites.close();
  }
}

package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.careline.bench.Target.Bound;
import org.careline.config.Configuration;
import org.careline.customer.Apply;
import org.careline.database.Database;
import org.careline.demo.ConsoleClient;
import org.careline.local.LocalAsterisk;

/**
 * How long a caller's INVITE takes to become the agent's INVITE: through Careline, by a plain
 * {@code Dial} and by a {@code Queue} whose members are the same agents, on one Asterisk in one
 * run, in turns. And how long an assignment takes to become an INVITE for a caller who has waited.
 * Both ends are one process with one clock. Loopback only.
 */
public final class CallBench implements AutoCloseable {
  private static final String LINE = "4008009999";
  private static final String BASELINE_ADDRESS = "127.0.0.6";
  private static final int AGENTS = 30;
  private static final int FIRST_AGENT = 9001;
  private static final double PER_SECOND = 20;
  private static final Duration TALK = Duration.ofMillis(300);
  // The waitroom answers: a caller's patience counts from there.
  private static final Duration WAITS_AND_TALKS = Duration.ofSeconds(15);

  private final ConsoleClient[] consoles = new ConsoleClient[AGENTS];
  private final SipProbe agents;
  private final SipProbe callers;
  private final SipProbe baseline;
  private final InetSocketAddress asterisk;
  private final Consumer<String> progress;
  private final Database database;
  private int calls;

  /** One mode in one round, milliseconds. */
  public record Round(String mode, double p50, double p95, int measured, int lost) {}

  /**
   * The whole result, milliseconds.
   *
   * @param p50 per mode, median over the rounds
   * @param p95 per mode, median over the rounds
   * @param overDial p50 of Careline less p50 of Dial: median, smallest and largest of the rounds
   * @param ratioToDial p50 of Careline by p50 of Dial: median, smallest and largest of the rounds
   * @param ratioToQueue p50 of Careline by p50 of Queue, the same
   * @param fromAssignment p50 and p95 from assignment to the agent's INVITE, out of the waitroom
   */
  public record Result(
      Map<String, Double> p50,
      Map<String, Double> p95,
      double[] overDial,
      double[] ratioToDial,
      double[] ratioToQueue,
      double[] fromAssignment,
      List<Round> rounds) {
    @JsonProperty
    public List<Target> targets() {
      return List.of(
          new Target("overDial p50 ms", Bound.AT_MOST, 4, overDial[0]),
          new Target("fromAssignment p50 ms", Bound.AT_MOST, 30, fromAssignment[0]));
    }
  }

  /**
   * @param switchOfTheInstance the instance's Asterisk, to which the two baselines are added
   * @param sipPort its SIP port
   * @param console address of the instance's HTTP interface
   */
  public CallBench(
      LocalAsterisk switchOfTheInstance,
      int sipPort,
      URI console,
      Configuration configuration,
      Database database,
      Consumer<String> progress)
      throws Exception {
    this.progress = progress;
    this.database = database;
    asterisk = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), sipPort);
    agents = new SipProbe("127.0.0.7", 0);
    callers = new SipProbe("127.0.0.2", 0);
    baseline = new SipProbe(BASELINE_ADDRESS, 0);
    new Apply(database, configuration).run("bench.yaml", yaml().getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < AGENTS; i++) {
      int number = FIRST_AGENT + i;
      consoles[i] = new ConsoleClient(console, "bench" + number);
      ConsoleClient agent = consoles[i];
      until(() -> agent.logIn("bench-password").has("login"), "agent " + number + " can log in");
      agent.post("/softphone", Map.of());
      agent.follow(message -> {});
    }
    ready(true, AGENTS);
    addBaselines(switchOfTheInstance);
  }

  /**
   * A context of its own, reached from an address of its own, so that the engine takes no part in
   * it: a plain Dial of each agent, and a queue with all of them.
   */
  private static void addBaselines(LocalAsterisk asterisk) throws IOException {
    Path etc = asterisk.home().resolve("etc");
    append(
        etc.resolve("extensions.conf"),
        """

        [bench]
        exten => _9XXXX,1,Dial(PJSIP/a${EXTEN:1},15)
        exten => 9000,1,Queue(bench,r,,,30)
        """);
    append(
        etc.resolve("pjsip.conf"),
        """

        [bench]
        type = endpoint
        transport = udp
        context = bench
        disallow = all
        allow = ulaw
        direct_media = no
        [bench]
        type = identify
        endpoint = bench
        match = %s/32
        """
            .formatted(BASELINE_ADDRESS));
    StringBuilder queue =
        new StringBuilder(
            "\n[bench]\nstrategy = rrmemory\ntimeout = 15\nretry = 1\nringinuse = no\njoinempty = yes\n");
    for (int number = FIRST_AGENT; number < FIRST_AGENT + AGENTS; number++) {
      queue.append("member => PJSIP/a").append(number).append('\n');
    }
    append(etc.resolve("queues.conf"), queue.toString());
    asterisk.cli("dialplan reload");
    asterisk.cli("module reload res_pjsip.so");
    asterisk.cli("module reload res_pjsip_endpoint_identifier_ip.so");
    asterisk.cli("queue reload all");
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private String yaml() {
    StringBuilder yaml = new StringBuilder("lines:\n");
    yaml.append(
        "  - {code: bench, number: \""
            + LINE
            + "\", nameEn: Bench, nameZh: 测速, greeting: \"\", ringTimeout: 15s, wrapUp: 0s}\n");
    yaml.append("agents:\n");
    for (int number = FIRST_AGENT; number < FIRST_AGENT + AGENTS; number++) {
      yaml.append(
          "  - {login: bench%d, name: Bench %d, number: \"%d\", grade: 5, password: bench-password, deskPhone: \"sip:%d@127.0.0.7:%d\"}\n"
              .formatted(number, number, number, number, agents.port()));
    }
    return yaml.toString();
  }

  private void wish(boolean ready) {
    for (ConsoleClient agent : consoles) {
      agent.put(
          "/agents/me/presence",
          Map.of("wish", ready ? "ready" : "not_ready", "reason", ready ? "" : "break"));
    }
  }

  private void ready(boolean ready, int expected) throws Exception {
    wish(ready);
    until(
        () -> readyNow() == (ready ? expected : 0),
        "agents are " + (ready ? "ready" : "not ready"));
  }

  private int readyNow() {
    int count = 0;
    for (JsonNode agent : consoles[0].get("/agents")) {
      if (agent.path("presence").asText().equals("ready")) {
        count++;
      }
    }
    return count;
  }

  /**
   * Runs {@code rounds} rounds of {@code perMode} calls in each mode, after one that is thrown
   * away.
   */
  public Result run(int rounds, int perMode) throws Exception {
    List<Round> all = new ArrayList<>();
    List<String> modes = List.of("dial", "queue", "careline");
    for (int round = 0; round <= rounds; round++) {
      for (String mode : modes) {
        Round measured = round(mode, round == 0 ? Math.min(40, perMode) : perMode);
        if (round > 0) {
          all.add(measured);
          progress.accept(
              "%s\tp50 %.2f ms\tp95 %.2f ms".formatted(mode, measured.p50(), measured.p95()));
        }
      }
    }
    Map<String, Double> p50 = new TreeMap<>();
    Map<String, Double> p95 = new TreeMap<>();
    for (String mode : modes) {
      p50.put(mode, Figures.median(of(all, mode).stream().mapToDouble(Round::p50).toArray()));
      p95.put(mode, Figures.median(of(all, mode).stream().mapToDouble(Round::p95).toArray()));
    }
    double[] over = new double[rounds];
    double[] toDial = new double[rounds];
    double[] toQueue = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      double careline = of(all, "careline").get(i).p50();
      over[i] = careline - of(all, "dial").get(i).p50();
      toDial[i] = careline / of(all, "dial").get(i).p50();
      toQueue[i] = careline / of(all, "queue").get(i).p50();
    }
    double[] waitroom = fromAssignment(20);
    return new Result(p50, p95, spread(over), spread(toDial), spread(toQueue), waitroom, all);
  }

  private static List<Round> of(List<Round> all, String mode) {
    return all.stream().filter(round -> round.mode().equals(mode)).toList();
  }

  private static double[] spread(double[] values) {
    double least = Double.MAX_VALUE;
    double most = -Double.MAX_VALUE;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return new double[] {Figures.median(values), least, most};
  }

  private Round round(String mode, int count) throws Exception {
    List<String> numbers = new ArrayList<>();
    SipProbe from = mode.equals("careline") ? callers : baseline;
    int before = from.ended();
    long next = System.nanoTime();
    long gap = (long) (1e9 / PER_SECOND);
    for (int i = 0; i < count; i++) {
      String target =
          switch (mode) {
            case "dial" -> "9" + (FIRST_AGENT + i % AGENTS);
            case "queue" -> "9000";
            default -> LINE;
          };
      String number = "139%08d".formatted(++calls);
      numbers.add(number);
      from.call(asterisk, target, number, TALK);
      next += gap;
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
    try {
      until(() -> from.ended() - before >= count, mode + ": all calls end");
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + "; living: " + from.living(), e);
    }
    List<Double> waits = new ArrayList<>();
    for (String number : numbers) {
      Long received = agents.receivedAt(number);
      if (received != null) {
        waits.add((received - from.sentAt(number)) / 1e6);
      }
    }
    until(() -> readyNow() == AGENTS, "agents are ready again");
    return new Round(
        mode,
        Figures.quantile(waits, 0.5),
        Figures.quantile(waits, 0.95),
        waits.size(),
        count - waits.size());
  }

  /** Callers wait while nobody is ready; then agents become ready one by one. */
  private double[] fromAssignment(int count) throws Exception {
    ready(false, 0);
    int before = callers.ended();
    Instant since = Instant.now();
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String number = "137%08d".formatted(++calls);
      numbers.add(number);
      callers.call(asterisk, LINE, number, WAITS_AND_TALKS);
    }
    until(
        () -> consoles[0].get("/status").path("waiting").asInt() >= count, count + " callers wait");
    long wallAtZero = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
    wish(true);
    until(() -> callers.ended() - before >= count, "all waiting callers are served");
    until(() -> offers(since).size() >= count, "the journal is in MySQL");
    List<Double> waits = new ArrayList<>();
    for (Map.Entry<String, Instant> offer : offers(since).entrySet()) {
      Long received = agents.receivedAt(offer.getKey().replaceFirst("^\\+86", ""));
      if (received != null && numbers.contains(offer.getKey().replaceFirst("^\\+86", ""))) {
        long offered =
            offer.getValue().getEpochSecond() * 1_000_000_000 + offer.getValue().getNano();
        waits.add((received + wallAtZero - offered) / 1e6);
      }
    }
    return new double[] {Figures.quantile(waits, 0.5), Figures.quantile(waits, 0.95), waits.size()};
  }

  /** First offers by the caller's number. */
  private Map<String, Instant> offers(Instant since) {
    Map<String, Instant> offers = new TreeMap<>();
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT c.caller_e164 AS number, MIN(e.at) AS at FROM call_event e JOIN call_record c ON c.id = e.call_id"
                            + " WHERE e.kind = 'offer_made' AND c.arrived_at >= :since AND c.caller_e164 IS NOT NULL"
                            + " GROUP BY c.caller_e164")
                    .bind("since", LocalDateTime.ofInstant(since.minusSeconds(1), ZoneOffset.UTC))
                    .map(
                        (row, context) ->
                            Map.entry(
                                row.getString("number"),
                                row.getObject("at", LocalDateTime.class).toInstant(ZoneOffset.UTC)))
                    .forEach(entry -> offers.put(entry.getKey(), entry.getValue())));
    return offers;
  }

  @FunctionalInterface
  private interface Check {
    boolean holds() throws Exception;
  }

  private static void until(Check check, String what) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    CountDownLatch pause = new CountDownLatch(1);
    while (true) {
      try {
        if (check.holds()) {
          return;
        }
      } catch (ConsoleClient.Refused | IllegalStateException e) {
        // not yet
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not within 40 s: " + what);
      }
      pause.await(20, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    for (ConsoleClient console : consoles) {
      if (console != null) {
        console.close();
      }
    }
    agents.close();
    callers.close();
    baseline.close();
  }
}

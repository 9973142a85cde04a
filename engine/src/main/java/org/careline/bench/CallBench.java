package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.careline.bench.Target.Bound;
import org.careline.config.Configuration;
import org.careline.database.Database;
import org.careline.local.LocalAsterisk;

/**
 * How long a caller's INVITE takes to become the agent's INVITE: through Careline, by a plain
 * {@code Dial} and by a {@code Queue} whose members are the same agents, on one Asterisk in one
 * run, in turns. And how long an assignment takes to become an INVITE for a caller who has waited.
 * Both ends are one process with one clock. Loopback only.
 */
public final class CallBench implements AutoCloseable {
  private static final int AGENTS = 30;
  private static final double PER_SECOND = 20;
  private static final Duration TALK = Duration.ofMillis(300);
  // The waitroom answers: a caller's patience counts from there.
  private static final Duration WAITS_AND_TALKS = Duration.ofSeconds(15);

  private final BenchStage stage;
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
    stage = new BenchStage(switchOfTheInstance, sipPort, console, configuration, database, AGENTS);
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
    return new Result(
        p50,
        p95,
        Figures.spread(over),
        Figures.spread(toDial),
        Figures.spread(toQueue),
        waitroom,
        all);
  }

  private static List<Round> of(List<Round> all, String mode) {
    return all.stream().filter(round -> round.mode().equals(mode)).toList();
  }

  private Round round(String mode, int count) throws Exception {
    List<String> numbers = new ArrayList<>();
    SipProbe from = stage.from(mode);
    int before = from.ended();
    long next = System.nanoTime();
    long gap = (long) (1e9 / PER_SECOND);
    for (int i = 0; i < count; i++) {
      String number = "139%08d".formatted(++calls);
      numbers.add(number);
      stage.call(mode, i, number, TALK);
      next += gap;
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
    try {
      BenchStage.until(() -> from.ended() - before >= count, mode + ": all calls end");
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + "; living: " + from.living(), e);
    }
    List<Double> waits = new ArrayList<>();
    for (String number : numbers) {
      Long received = stage.agents.receivedAt(number);
      if (received != null) {
        waits.add((received - from.sentAt(number)) / 1e6);
      }
    }
    stage.allReady();
    return new Round(
        mode,
        Figures.quantile(waits, 0.5),
        Figures.quantile(waits, 0.95),
        waits.size(),
        count - waits.size());
  }

  /** Callers wait while nobody is ready; then agents become ready one by one. */
  private double[] fromAssignment(int count) throws Exception {
    stage.ready(false);
    int before = stage.callers.ended();
    Instant since = Instant.now();
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String number = "137%08d".formatted(++calls);
      numbers.add(number);
      stage.call("careline", i, number, WAITS_AND_TALKS);
    }
    BenchStage.until(
        () -> stage.get("/status").path("waiting").asInt() >= count, count + " callers wait");
    long wallAtZero = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
    stage.wish(true);
    BenchStage.until(
        () -> stage.callers.ended() - before >= count, "all waiting callers are served");
    BenchStage.until(() -> offers(since).size() >= count, "the journal is in MySQL");
    List<Double> waits = new ArrayList<>();
    for (Map.Entry<String, Instant> offer : offers(since).entrySet()) {
      Long received = stage.agents.receivedAt(offer.getKey().replaceFirst("^\\+86", ""));
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

  @Override
  public void close() {
    stage.close();
  }
}

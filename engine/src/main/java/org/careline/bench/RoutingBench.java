package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.careline.agent.AgentNumber;
import org.careline.bench.Target.Bound;
import org.careline.call.CallId;
import org.careline.routing.Assignment;
import org.careline.routing.Discipline;
import org.careline.routing.ReadyAgent;
import org.careline.routing.Router;
import org.careline.routing.Terms;
import org.careline.routing.WaitingCaller;

/**
 * Decisions of the {@link Router} on a crowded line, against the plain rule: sort all who wait,
 * take the first for whom there is an agent. A decision: an agent becomes ready, a caller is chosen
 * for him and leaves, another one joins.
 */
public final class RoutingBench {
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00Z");
  private static final String[] TIERS = {"platinum", "gold", "silver", "standard"};
  private static final int CROWD = 5000;

  /** n log n in all is log n for each: log 10,000 / log 100. */
  private static final double N_LOG_N = 2;

  /**
   * @param rounds pairs, interleaved
   * @param agents of five grades, half of them with a skill
   * @param decisions per measurement; the plain rule is measured on a hundredth
   */
  public record Settings(int rounds, int agents, int decisions) {
    public static final Settings USUAL = new Settings(7, 1000, 200_000);
  }

  /**
   * With so many waiting.
   *
   * @param perSecond decisions
   * @param p99 microseconds of one
   */
  public record Run(int waiting, double perSecond, double p99) {}

  /**
   * Medians of the rounds.
   *
   * @param crowd with 5,000 waiting
   * @param plain decisions per second of the plain rule, with as many
   * @param ratio router / plain: median, least, most
   * @param growth time of a decision with 10,000 waiting / with 100: median, least, most
   * @param megabytes heap of a line of 5,000 with its agents
   */
  public record Result(Run crowd, double plain, double[] ratio, double[] growth, double megabytes) {
    @JsonProperty
    public List<Target> targets() {
      return List.of(
          new Target("crowd decisions/s", Bound.AT_LEAST, 20_000, crowd.perSecond()),
          new Target("crowd p99 microseconds", Bound.BELOW, 1000, crowd.p99()),
          new Target("heap MB", Bound.BELOW, 64, megabytes),
          new Target("time of a decision, 10000 / 100 waiting", Bound.AT_MOST, N_LOG_N, growth[0]));
    }
  }

  private RoutingBench() {}

  /** Measures on this thread alone. */
  public static Result run(Settings settings, Consumer<String> say) {
    double megabytes = megabytes(settings.agents());
    List<Run> crowds = new ArrayList<>();
    double[] plains = new double[settings.rounds()];
    double[] ratios = new double[settings.rounds()];
    double[] growths = new double[settings.rounds()];
    router(CROWD, settings, 0);
    plain(CROWD, settings, 0);
    for (int i = 0; i < settings.rounds(); i++) {
      Run few = router(100, settings, i);
      plains[i] = plain(CROWD, settings, i);
      Run crowd = router(CROWD, settings, i);
      Run many = router(2 * CROWD, settings, i);
      crowds.add(crowd);
      ratios[i] = crowd.perSecond() / plains[i];
      growths[i] = few.perSecond() / many.perSecond();
      say.accept(
          "round %d: router %.0f/s, p99 %.1f us; plain %.0f/s; 100 waiting %.0f/s, 10000 %.0f/s"
              .formatted(
                  i + 1,
                  crowd.perSecond(),
                  crowd.p99(),
                  plains[i],
                  few.perSecond(),
                  many.perSecond()));
    }
    return new Result(
        new Run(
            CROWD,
            Figures.median(crowds.stream().mapToDouble(Run::perSecond).toArray()),
            Figures.median(crowds.stream().mapToDouble(Run::p99).toArray())),
        Figures.median(plains),
        spread(ratios),
        spread(growths),
        megabytes);
  }

  private static double[] spread(double[] values) {
    double[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    return new double[] {Figures.median(sorted), sorted[0], sorted[sorted.length - 1]};
  }

  private static Run router(int waiting, Settings settings, int seed) {
    Random random = new Random(seed);
    List<ReadyAgent> agents = agents(settings.agents(), random);
    Router router = new Router(Discipline.AGEING);
    for (int i = 0; i < waiting; i++) {
      router.join(caller(i, random));
    }
    Histogram histogram = new Histogram(3);
    int number = waiting;
    long began = System.nanoTime();
    for (int i = 0; i < settings.decisions(); i++) {
      ReadyAgent agent = agents.get(i % agents.size());
      Instant now = T0.plusMillis(600_000L + number * 100L);
      WaitingCaller next = caller(number++, random);
      long from = System.nanoTime();
      router.ready(agent);
      Assignment assignment = router.next(now).orElseThrow();
      router.leave(assignment.call());
      router.busy(assignment.agent());
      router.join(next);
      histogram.recordValue(System.nanoTime() - from);
    }
    double perSecond = settings.decisions() * 1e9 / (System.nanoTime() - began);
    return new Run(waiting, perSecond, histogram.getValueAtPercentile(99) / 1e3);
  }

  private static double plain(int waiting, Settings settings, int seed) {
    Random random = new Random(seed);
    List<ReadyAgent> agents = agents(settings.agents(), random);
    List<WaitingCaller> line = new ArrayList<>();
    for (int i = 0; i < waiting; i++) {
      line.add(caller(i, random));
    }
    int decisions = Math.max(1, settings.decisions() / 100);
    int number = waiting;
    long began = System.nanoTime();
    for (int i = 0; i < decisions; i++) {
      List<ReadyAgent> ready = List.of(agents.get(i % agents.size()));
      Instant now = T0.plusMillis(600_000L + number * 100L);
      WaitingCaller chosen =
          line.stream()
              .sorted(Discipline.AGEING.order(now))
              .filter(caller -> pick(caller, ready, now).isPresent())
              .findFirst()
              .orElseThrow();
      line.remove(chosen);
      line.add(caller(number++, random));
    }
    return decisions * 1e9 / (System.nanoTime() - began);
  }

  private static Optional<ReadyAgent> pick(
      WaitingCaller caller, List<ReadyAgent> ready, Instant now) {
    return ready.stream()
        .filter(agent -> caller.terms().admit(agent, caller.waited(now)))
        .min(Comparator.comparing(ReadyAgent::idleSince));
  }

  private static List<ReadyAgent> agents(int count, Random random) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new ReadyAgent(
                    new AgentNumber(Integer.toString(100_000 + i)),
                    1 + random.nextInt(5),
                    random.nextBoolean() ? Set.of("boiler") : Set.of(),
                    T0.minusSeconds(random.nextInt(600))))
        .toList();
  }

  /** One more each tenth of a second; one in ten needs the skill. */
  private static WaitingCaller caller(int number, Random random) {
    int tier = random.nextInt(TIERS.length);
    Terms terms =
        new Terms(
            TIERS[tier],
            tier + 1,
            8 >> tier,
            Terms.graded(
                Math.max(1, 3 - tier),
                random.nextInt(10) == 0 ? Optional.of("boiler") : Optional.empty(),
                Duration.ofSeconds(30)));
    return new WaitingCaller(
        new CallId(Integer.toString(number)), terms, T0.plusMillis(number * 100L));
  }

  private static double megabytes(int agents) {
    Random random = new Random(1);
    long before = heap();
    Router router = new Router(Discipline.AGEING);
    for (int i = 0; i < CROWD; i++) {
      router.join(caller(i, random));
    }
    agents(agents, random).forEach(router::ready);
    double megabytes = (heap() - before) / 1048576.0;
    // Read after the measurement, so that the line is still there.
    return router.waiting() == CROWD ? Math.max(0, megabytes) : -1;
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}

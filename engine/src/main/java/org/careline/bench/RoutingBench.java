package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.careline.agent.AgentNumber;
import org.careline.bench.Target.Bound;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.hotline.AssignmentReason;
import org.careline.hotline.Rules;
import org.careline.local.Command;
import org.careline.local.Supervisor;
import org.careline.routing.Assignment;
import org.careline.routing.Discipline;
import org.careline.routing.Promise;
import org.careline.routing.ReadyAgent;
import org.careline.routing.Router;
import org.careline.routing.Step;
import org.careline.routing.Terms;
import org.careline.routing.WaitingCaller;

/**
 * Decisions of the {@link Router} on a crowded line, put into words in both languages as the
 * hotline does, against the plain rule: sort all who wait, take the first for whom there is an
 * agent. All agents become ready and are given away one after the other, so that from all to one of
 * them are ready; a decision: a caller and an agent are chosen, the reason is written, both leave,
 * another caller joins.
 *
 * <p>{@link #main} is a process of its own with the engine's own compiler and one processor.
 */
public final class RoutingBench {
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00Z");
  private static final String[] TIERS = {"platinum", "gold", "silver", "standard"};
  private static final int CROWD = 5000;
  private static final Duration WIDEN = Duration.ofSeconds(30);
  private static final Duration MANAGER_FIRST = Duration.ofSeconds(20);
  private static final Terms.Keep RESERVE = new Terms.Keep(5, 3, Duration.ofMinutes(3));
  private static final ObjectMapper JSON = new ObjectMapper();

  /** n log n in all is log n for each: log 10,000 / log 100. */
  private static final double N_LOG_N = 2;

  /**
   * @param rounds pairs, interleaved
   * @param agents of five grades, half of them with a skill; each tenth caller waits for one in
   *     person
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
  @JsonIgnoreProperties(value = "targets", allowGetters = true)
  public record Result(Run crowd, double plain, double[] ratio, double[] growth, double megabytes) {
    @JsonProperty
    public List<Target> targets() {
      return List.of(
          new Target(
              "routing: decisions/s with 5000 waiting", Bound.AT_LEAST, 20_000, crowd.perSecond()),
          new Target("routing: p99 of a decision, microseconds", Bound.BELOW, 1000, crowd.p99()),
          new Target("routing: heap, MB", Bound.BELOW, 64, megabytes),
          new Target(
              "routing: time of a decision, 10000 / 100 waiting",
              Bound.AT_MOST,
              N_LOG_N,
              growth[0]));
    }
  }

  private RoutingBench() {}

  /**
   * In a process of its own, as the engine runs: its compiler, one processor for everything.
   *
   * @param say what it says meanwhile
   * @throws IllegalStateException with what it said when it fails
   */
  public static Result alone(Settings settings, Consumer<String> say) {
    Command command =
        Command.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Supervisor.COMPILER,
                "-XX:ActiveProcessorCount=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                RoutingBench.class.getName(),
                "" + settings.rounds(),
                "" + settings.agents(),
                "" + settings.decisions()),
            Map.of(),
            Duration.ofMinutes(10),
            say);
    try {
      if (command.exitCode() == 0) {
        return JSON.readValue(command.output(), Result.class);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(command.output(), e);
    }
    throw new IllegalStateException(command.errors());
  }

  /** Arguments: rounds, agents, decisions. Prints the result as JSON. */
  public static void main(String[] arguments) throws JsonProcessingException {
    Settings settings =
        new Settings(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]));
    System.out.println(JSON.writeValueAsString(run(settings, System.err::println)));
  }

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
      router.join(caller(i, settings.agents(), random));
    }
    AssignmentReason reasons = new AssignmentReason(Rules.plain(WIDEN));
    Histogram histogram = new Histogram(3);
    int number = waiting;
    long words = 0;
    int made = 0;
    long began = System.nanoTime();
    while (made < settings.decisions()) {
      agents.forEach(router::ready);
      for (int i = 0; i < agents.size(); i++) {
        Instant now = T0.plusMillis(number * 100L);
        WaitingCaller next = caller(number++, settings.agents(), random);
        long from = System.nanoTime();
        Optional<Assignment> assignment = router.next(now);
        if (assignment.isPresent()) {
          words += reason(reasons, router, assignment.get());
          router.leave(assignment.get().call());
          router.busy(assignment.get().agent());
          made++;
        }
        router.join(next);
        histogram.recordValue(System.nanoTime() - from);
      }
    }
    double perSecond = made * 1e9 / (System.nanoTime() - began);
    if (words < made) {
      throw new IllegalStateException("decisions without a reason");
    }
    return new Run(waiting, perSecond, histogram.getValueAtPercentile(99) / 1e3);
  }

  /** How long it is, so that it must have been written. */
  private static int reason(AssignmentReason reasons, Router router, Assignment assignment) {
    CallEntry.Reason reason = reasons.of(assignment, router.around(assignment), List.of());
    return Math.min(1, reason.en().length()) & Math.min(1, reason.zh().length());
  }

  private static double plain(int waiting, Settings settings, int seed) {
    Random random = new Random(seed);
    List<ReadyAgent> agents = agents(settings.agents(), random);
    List<WaitingCaller> line = new ArrayList<>();
    for (int i = 0; i < waiting; i++) {
      line.add(caller(i, settings.agents(), random));
    }
    int decisions = Math.max(1, settings.decisions() / 100);
    int number = waiting;
    List<ReadyAgent> ready = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < decisions; i++) {
      if (ready.isEmpty()) {
        ready.addAll(agents);
      }
      Instant now = T0.plusMillis(number * 100L);
      WaitingCaller chosen =
          line.stream()
              .sorted(Discipline.AGEING.order(now))
              .filter(caller -> pick(caller, ready, now).isPresent())
              .findFirst()
              .orElseThrow();
      ready.remove(pick(chosen, ready, now).orElseThrow());
      line.remove(chosen);
      line.add(caller(number++, settings.agents(), random));
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
                    number(i),
                    1 + random.nextInt(5),
                    random.nextBoolean() ? Set.of("boiler") : Set.of(),
                    T0.minusSeconds(random.nextInt(600))))
        .toList();
  }

  /**
   * One more each tenth of a second; one in ten needs the skill, one in ten has an account manager,
   * the two better tiers a promise, and the others leave them a reserve.
   */
  private static WaitingCaller caller(int number, int agents, Random random) {
    int tier = random.nextInt(TIERS.length);
    List<Step> steps = new ArrayList<>();
    boolean managed = random.nextInt(10) == 0;
    if (managed) {
      AgentNumber manager = number(random.nextInt(agents));
      steps.add(new Step(Duration.ZERO, new Step.Person(manager)));
    }
    Optional<String> skill = random.nextInt(10) == 0 ? Optional.of("boiler") : Optional.empty();
    for (Step step : Terms.graded(Math.max(1, 3 - tier), skill, WIDEN)) {
      steps.add(managed ? new Step(step.after().plus(MANAGER_FIRST), step.who()) : step);
    }
    Terms terms =
        new Terms(
            TIERS[tier],
            tier + 1,
            8 >> tier,
            tier < 2 ? Promise.of(80, Duration.ofSeconds(20)) : Promise.NONE,
            steps,
            List.of(),
            tier < 2 ? Optional.empty() : Optional.of(RESERVE),
            Optional.empty());
    return new WaitingCaller(
        new CallId(Integer.toString(number)), terms, T0.plusMillis(number * 100L));
  }

  private static AgentNumber number(int agent) {
    return new AgentNumber(Integer.toString(100_000 + agent));
  }

  private static double megabytes(int agents) {
    Random random = new Random(1);
    long before = heap();
    Router router = new Router(Discipline.AGEING);
    for (int i = 0; i < CROWD; i++) {
      router.join(caller(i, agents, random));
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

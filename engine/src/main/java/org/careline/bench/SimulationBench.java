package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.careline.agent.AgentNumber;
import org.careline.bench.Target.Bound;
import org.careline.call.CallId;
import org.careline.routing.Discipline;
import org.careline.routing.ReadyAgent;
import org.careline.routing.RecentService;
import org.careline.routing.Terms;
import org.careline.routing.WaitEstimate;
import org.careline.routing.WaitingCaller;
import org.careline.simulation.Answer;
import org.careline.simulation.Scenario;
import org.careline.simulation.WaitBacktest;
import org.careline.simulation.WhatIf;

/**
 * The what-if simulation at its full size, and wait estimates: their error against Asterisk's, and
 * what one look at a long line costs.
 */
public final class SimulationBench {
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00Z");

  /** Nights are quiet; mornings and afternoons are more than the agents can take. */
  private static final double[] DAY = {
    .1, .1, .1, .1, .1, .2, .4, .7, .95, 1, .95, .8, .7, .8, .95, 1, .9, .75, .6, .5, .4, .3, .2, .1
  };

  /**
   * @param calls of the what-if run
   * @param seconds it took: median of the rounds
   * @param overloadSeconds the same with half as much again as the agents can do, and nobody who
   *     loses patience: hundreds of thousands wait
   * @param theory mean wait by the formula, beside {@code meanWait}, with its standard error
   * @param ours mean squared error of wait estimates over simulated days, beside Asterisk's
   * @param estimateMillis one estimate for 200 and for 5,000 waiting callers
   */
  public record Result(
      int calls,
      double seconds,
      double overloadSeconds,
      double meanWait,
      double theory,
      double standardError,
      double ours,
      double asterisk,
      double[] estimateMillis) {
    @JsonProperty
    public List<Target> targets() {
      return List.of(
          new Target("simulation: seconds for the calls", Bound.BELOW, 20, seconds),
          new Target(
              "simulation: wait estimates, squared error / Asterisk's",
              Bound.AT_MOST,
              .5,
              ours / asterisk),
          new Target(
              "simulation: seconds for the calls, overload", Bound.BELOW, 20, overloadSeconds));
    }
  }

  private SimulationBench() {}

  /** On this thread. */
  public static Result run(int calls, int rounds, Consumer<String> say) {
    double[] seconds = new double[rounds];
    Answer answer = null;
    for (int i = 0; i < rounds; i++) {
      long from = System.nanoTime();
      answer = WhatIf.answer(scenario(calls, 220, Optional.empty()));
      seconds[i] = (System.nanoTime() - from) / 1e9;
      say.accept("round %d: %d calls in %.1f s".formatted(i + 1, calls, seconds[i]));
    }
    long began = System.nanoTime();
    WhatIf.answer(scenario(calls, 420, Optional.empty()));
    double overload = (System.nanoTime() - began) / 1e9;
    say.accept("overload: %d calls in %.1f s".formatted(calls, overload));
    WaitBacktest.Result test = WaitBacktest.run(scenario(25_000, 320, Optional.of(300.0)), DAY);
    return new Result(
        calls,
        Figures.median(seconds),
        overload,
        answer.overall().meanWaitSeconds(),
        answer.theory().orElseThrow().meanWaitSeconds(),
        answer.standardError().overall().meanWaitSeconds(),
        test.ours(),
        test.asterisk(),
        new double[] {estimate(200), estimate(5000)});
  }

  /** Median milliseconds of 20. */
  private static double estimate(int waiting) {
    WaitEstimate.Line line = line(waiting);
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      long began = System.nanoTime();
      WaitEstimate.of(line);
      if (i >= 5) {
        millis.add((System.nanoTime() - began) / 1e6);
      }
    }
    return Figures.median(millis.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static WaitEstimate.Line line(int waiting) {
    List<Terms> tiers =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    new Terms(
                        "tier-" + i,
                        i + 1,
                        8 >> i,
                        Terms.graded(1, Optional.empty(), Duration.ZERO)))
            .toList();
    return new WaitEstimate.Line(
        Discipline.AGEING,
        IntStream.range(0, waiting)
            .mapToObj(
                i ->
                    new WaitingCaller(
                        new CallId("c" + i), tiers.get(i % 4), T0.minusMillis(100L * i)))
            .toList(),
        IntStream.range(0, 1000)
            .mapToObj(i -> new ReadyAgent(new AgentNumber("" + (100_000 + i)), 1, Set.of(), T0))
            .toList(),
        Set.of(),
        new RecentService.Pace(
            OptionalDouble.of(180),
            1 / 600.0,
            tiers.stream().map(terms -> new RecentService.Arrivals(terms, 1)).toList()),
        T0);
  }

  private static Scenario scenario(int calls, double perHour, Optional<Double> patience) {
    return new Scenario(
        20260302,
        calls,
        20,
        new Scenario.Handling(180, Scenario.Distribution.EXPONENTIAL, 1),
        patience,
        List.of(
            tier("platinum", .1 * perHour, 8),
            tier("gold", .3 * perHour, 2),
            tier("standard", .6 * perHour, 1)),
        Collections.nCopies(14, new Scenario.Agent(5, Set.of())),
        Discipline.AGEING,
        Duration.ofSeconds(30));
  }

  private static Scenario.Tier tier(String name, double perHour, double weight) {
    return new Scenario.Tier(name, perHour, weight, 1, Optional.empty(), Optional.empty());
  }
}

package org.careline.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.careline.routing.Discipline;
import org.careline.routing.Erlang;

/** Answers a {@link Scenario} by running it. Pure: the same scenario gives the same answer. */
public final class WhatIf {
  private WhatIf() {}

  /**
   * @throws IllegalArgumentException when nobody can serve one of the tiers, see {@link
   *     Scenario#unserved}
   */
  public static Answer answer(Scenario scenario) {
    List<Tally> tiers =
        scenario.tiers().stream()
            .map(
                tier ->
                    new Tally(
                        scenario.targetSeconds(),
                        tier.promise().map(Scenario.Promise::seconds).orElse(0.0)))
            .toList();
    Tally all = new Tally(scenario.targetSeconds(), 0);
    double[] occupancy = new double[1];
    Simulation.run(
        scenario,
        new Simulation.Observer() {
          @Override
          public void ended(int tier, int number, double waited, boolean answered) {
            int batch = (int) ((long) number * Tally.BATCHES / scenario.calls());
            tiers.get(tier).add(batch, waited, answered);
            all.add(batch, waited, answered);
          }

          @Override
          public void finished(double share) {
            occupancy[0] = share;
          }
        });
    return new Answer(
        Optional.empty(),
        IntStream.range(0, tiers.size())
            .mapToObj(i -> tier(scenario.tiers().get(i), tiers.get(i)))
            .toList(),
        new Answer.Figures(
            all.offered(),
            all.offered() - all.abandoned(),
            all.abandoned(),
            all.meanWait(),
            all.p90(),
            all.serviceLevel()),
        occupancy[0],
        theory(scenario),
        errors(scenario, tiers, all));
  }

  private static Answer.Tier tier(Scenario.Tier tier, Tally tally) {
    return new Answer.Tier(
        tier.name(),
        tally.offered(),
        tally.offered() - tally.abandoned(),
        tally.abandoned(),
        tally.meanWait(),
        tally.p90(),
        tally.serviceLevel(),
        tier.promise().map(p -> new Answer.Promise(p.percent(), p.seconds(), tally.kept())));
  }

  private static Answer.StandardError errors(Scenario scenario, List<Tally> tiers, Tally all) {
    List<Answer.TierError> errors = new ArrayList<>();
    for (int i = 0; i < tiers.size(); i++) {
      Answer.Error error = tiers.get(i).error();
      errors.add(
          new Answer.TierError(
              scenario.tiers().get(i).name(),
              error.meanWaitSeconds(),
              error.serviceLevel(),
              error.abandonRate()));
    }
    return new Answer.StandardError(Tally.BATCHES, errors, all.error());
  }

  /**
   * What theory says of it: like agents, and either exponential handling, or one agent and endless
   * patience.
   */
  static Optional<Answer.Theory> theory(Scenario scenario) {
    if (!scenario.likeAgents()) {
      return Optional.empty();
    }
    if (scenario.handling().distribution() != Scenario.Distribution.EXPONENTIAL) {
      return oneAgent(scenario);
    }
    int agents = scenario.agents().size();
    double load = scenario.load();
    double handling = scenario.handling().meanSeconds();
    boolean oneClass = oneClass(scenario);
    if (scenario.patience().isPresent()) {
      // Whoever is first, as many wait and leave; tiers apart have no simple formula.
      Erlang.Impatient queue = Erlang.impatient(load, agents, handling, scenario.patience().get());
      return Optional.of(
          new Answer.Theory(
              "erlang_a",
              oneClass ? same(scenario, queue.meanWait()) : List.of(),
              queue.meanWait(),
              Optional.empty(),
              Optional.of(queue.abandoned())));
    }
    if (load >= agents) {
      return Optional.empty();
    }
    double wait = Erlang.meanWait(load, agents, handling);
    if (oneClass) {
      double level = Erlang.serviceLevel(load, agents, handling, scenario.targetSeconds());
      return Optional.of(
          new Answer.Theory(
              "erlang_c", same(scenario, wait), wait, Optional.of(level), Optional.empty()));
    }
    return Optional.of(
        new Answer.Theory(
            scenario.policy() == Discipline.STRICT ? "cobham" : "accumulating_priority",
            scenario.policy() == Discipline.STRICT ? strict(scenario) : ageing(scenario),
            wait,
            Optional.empty(),
            Optional.empty()));
  }

  /** Any handling time; whoever is first, the mean over all tiers is the same. */
  private static Optional<Answer.Theory> oneAgent(Scenario scenario) {
    if (scenario.agents().size() != 1 || scenario.patience().isPresent() || scenario.load() >= 1) {
      return Optional.empty();
    }
    double variation =
        switch (scenario.handling().distribution()) {
          case EXPONENTIAL -> 1;
          case LOGNORMAL -> scenario.handling().variation();
          case FIXED -> 0;
        };
    double wait = Erlang.oneAgent(scenario.load(), scenario.handling().meanSeconds(), variation);
    return Optional.of(
        new Answer.Theory(
            "pollaczek_khinchine",
            oneClass(scenario) ? same(scenario, wait) : List.of(),
            wait,
            Optional.empty(),
            Optional.empty()));
  }

  private static boolean oneClass(Scenario scenario) {
    return scenario.policy() == Discipline.FIFO
        || scenario.tiers().stream().mapToDouble(Scenario.Tier::weight).distinct().count() == 1;
  }

  private static List<Answer.TierWait> same(Scenario scenario, double wait) {
    return scenario.tiers().stream().map(tier -> new Answer.TierWait(tier.name(), wait)).toList();
  }

  /** Tiers of equal weight are one class. */
  private static List<Answer.TierWait> strict(Scenario scenario) {
    double[] weights =
        scenario.tiers().stream()
            .mapToDouble(Scenario.Tier::weight)
            .boxed()
            .distinct()
            .sorted(Comparator.reverseOrder())
            .mapToDouble(Double::doubleValue)
            .toArray();
    double[] loads = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      for (Scenario.Tier tier : scenario.tiers()) {
        if (tier.weight() == weights[i]) {
          loads[i] += load(scenario, tier);
        }
      }
    }
    double[] waits =
        Erlang.strictWaits(loads, scenario.agents().size(), scenario.handling().meanSeconds());
    return scenario.tiers().stream()
        .map(
            tier ->
                new Answer.TierWait(
                    tier.name(),
                    waits[
                        IntStream.range(0, weights.length)
                            .filter(i -> weights[i] == tier.weight())
                            .findFirst()
                            .orElseThrow()]))
        .toList();
  }

  private static List<Answer.TierWait> ageing(Scenario scenario) {
    double[] waits =
        Erlang.ageingWaits(
            scenario.tiers().stream().mapToDouble(tier -> load(scenario, tier)).toArray(),
            scenario.tiers().stream().mapToDouble(Scenario.Tier::weight).toArray(),
            scenario.agents().size(),
            scenario.handling().meanSeconds());
    return IntStream.range(0, waits.length)
        .mapToObj(i -> new Answer.TierWait(scenario.tiers().get(i).name(), waits[i]))
        .toList();
  }

  private static double load(Scenario scenario, Scenario.Tier tier) {
    return tier.perHour() / 3600 * scenario.handling().meanSeconds();
  }

  /**
   * The fewest agents with whom each tier's promise is kept in an hour like the scenario's, found
   * by running it: from the fewest who could keep up, in doubling steps, then by halves. Kinds of
   * agents stay in their shares; too few of them to serve every tier keep no promise.
   *
   * @return empty when not even {@code most} suffice
   */
  public static Optional<Staff> staff(Scenario scenario, int most) {
    double keepUp = scenario.patience().isPresent() ? 1 : Math.ceil(scenario.load() * 1.0001);
    if (keepUp > most) {
      return Optional.empty();
    }
    int enough = Math.max(1, (int) keepUp);
    int tooFew = enough - 1;
    int step = 1;
    while (!kept(scenario.withAgents(enough))) {
      if (enough >= most) {
        return Optional.empty();
      }
      tooFew = enough;
      enough = Math.min(most, enough + step);
      step *= 2;
    }
    while (enough - tooFew > 1) {
      int middle = (enough + tooFew) / 2;
      if (kept(scenario.withAgents(middle))) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return Optional.of(new Staff(enough, answer(scenario.withAgents(enough)).withAgents(enough)));
  }

  /**
   * @param agents the fewest who keep every promise
   */
  public record Staff(int agents, Answer answer) {}

  private static boolean kept(Scenario scenario) {
    return scenario.unserved().isEmpty() && kept(answer(scenario));
  }

  private static boolean kept(Answer answer) {
    return answer.tiers().stream()
        .flatMap(tier -> tier.promise().stream())
        .allMatch(promise -> promise.kept() * 100 >= promise.percent());
  }
}

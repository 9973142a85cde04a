package org.careline.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.routing.Discipline;

/**
 * The question: these arrivals, handling times, patience, agents and policy. Immutable.
 *
 * @param seed of all chance; the same seed gives the same callers under every policy
 * @param calls offered and measured; some more come before and after and are not counted
 * @param targetSeconds of the service level
 * @param patience mean seconds until a waiting caller leaves, exponential; empty = he never does
 * @param widenAfter after how long a caller may have agents below his tier's grade
 */
public record Scenario(
    long seed,
    int calls,
    double targetSeconds,
    Handling handling,
    Optional<Double> patience,
    List<Tier> tiers,
    List<Agent> agents,
    Discipline policy,
    Duration widenAfter) {

  public Scenario {
    tiers = List.copyOf(tiers);
    agents = List.copyOf(agents);
  }

  /** How long an agent is kept by a call, after-call work included. */
  public record Handling(double meanSeconds, Distribution distribution, double variation) {}

  /** Of handling times. */
  public enum Distribution {
    EXPONENTIAL,
    LOGNORMAL,
    FIXED
  }

  /**
   * Callers of one tier.
   *
   * @param perHour mean arrivals an hour, a Poisson process
   * @param weight strict: the larger is served first; ageing: times seconds waited
   */
  public record Tier(
      String name,
      double perHour,
      double weight,
      int minGrade,
      Optional<String> skill,
      Optional<Promise> promise) {}

  /**
   * @param percent of the calls answered
   * @param seconds within so long
   */
  public record Promise(double percent, double seconds) {}

  /**
   * @param grade 1 junior .. 5 senior
   */
  public record Agent(int grade, Set<String> skills) {
    public Agent {
      skills = Set.copyOf(skills);
    }
  }

  /** In erlangs. */
  public double load() {
    return tiers.stream().mapToDouble(Tier::perHour).sum() / 3600 * handling.meanSeconds();
  }

  /** All agents do the same and every caller may have each of them. */
  public boolean likeAgents() {
    return agents.stream().distinct().count() == 1
        && tiers.stream()
            .allMatch(
                tier ->
                    tier.minGrade() <= agents.getFirst().grade()
                        && tier.skill().map(agents.getFirst().skills()::contains).orElse(true));
  }

  /** The same, every tier promised so much within the target. */
  public Scenario withPromise(double percent) {
    return new Scenario(
        seed,
        calls,
        targetSeconds,
        handling,
        patience,
        tiers.stream()
            .map(
                tier ->
                    new Tier(
                        tier.name(),
                        tier.perHour(),
                        tier.weight(),
                        tier.minGrade(),
                        tier.skill(),
                        Optional.of(new Promise(percent, targetSeconds))))
            .toList(),
        agents,
        policy,
        widenAfter);
  }

  /** The same with so many agents, of the kinds there were, in turn. */
  public Scenario withAgents(int count) {
    List<Agent> staff = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      staff.add(agents.get(i % agents.size()));
    }
    return new Scenario(
        seed, calls, targetSeconds, handling, patience, tiers, staff, policy, widenAfter);
  }
}

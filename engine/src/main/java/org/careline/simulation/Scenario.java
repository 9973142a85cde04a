package org.careline.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** Every caller may have each of the agents at once, whatever else they can. */
  public boolean likeAgents() {
    return agents.stream()
        .distinct()
        .allMatch(
            agent ->
                tiers.stream()
                    .allMatch(tier -> tier.minGrade() <= agent.grade() && skilled(tier, agent)));
  }

  private static boolean skilled(Tier tier, Agent agent) {
    return tier.skill().map(agent.skills()::contains).orElse(true);
  }

  /** The first tier whom none of the agents may ever serve; a lower grade may after a while. */
  public Optional<Tier> unserved() {
    return tiers.stream()
        .filter(tier -> agents.stream().noneMatch(agent -> skilled(tier, agent)))
        .findFirst();
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

  /**
   * The same with so many agents, of the kinds there were and as near as can be in their shares.
   * More agents are always the fewer ones and some others.
   */
  public Scenario withAgents(int count) {
    Map<Agent, Integer> kinds = new LinkedHashMap<>();
    agents.forEach(agent -> kinds.merge(agent, 1, Integer::sum));
    Map<Agent, Integer> taken = new HashMap<>();
    List<Agent> staff = new ArrayList<>();
    while (staff.size() < count) {
      Agent next = null;
      double behind = 0;
      for (Map.Entry<Agent, Integer> kind : kinds.entrySet()) {
        double due = (taken.getOrDefault(kind.getKey(), 0) + .5) / kind.getValue();
        if (next == null || due < behind) {
          next = kind.getKey();
          behind = due;
        }
      }
      taken.merge(next, 1, Integer::sum);
      staff.add(next);
    }
    return new Scenario(
        seed, calls, targetSeconds, handling, patience, tiers, staff, policy, widenAfter);
  }
}

package org.careline.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;

/**
 * All that decides a caller's place and his agents, besides his age. Immutable.
 *
 * @param tier for the record
 * @param rank of the tier, 1 first
 * @param weight of the tier, above 0: score = weight x seconds waited
 * @param steps in the order of their beginning; what a step gave is never taken away by a later one
 * @param outside whom he is put through to outside, and when
 * @param keep the agents he must leave to better tiers
 * @param discipline of his line; empty = the router's own
 */
public record Terms(
    String tier,
    int rank,
    double weight,
    Promise promise,
    List<Step> steps,
    List<Outside> outside,
    Optional<Keep> keep,
    Optional<Discipline> discipline) {
  private static final AgentNumber ANYBODY = new AgentNumber("000");

  /**
   * Agents left to better tiers: while no more of them are ready, this caller has none of them.
   *
   * @param agents so many of those of at least {@code minGrade} stay ready
   * @param atMost after so long a wait he need not leave them any more
   */
  public record Keep(int agents, int minGrade, Duration atMost) {}

  /** Without promise, reserve and outside numbers, in the router's own discipline. */
  public Terms(String tier, int rank, double weight, List<Step> steps) {
    this(tier, rank, weight, Promise.NONE, steps, List.of(), Optional.empty(), Optional.empty());
  }

  public Terms {
    if (!(weight > 0)) {
      throw new IllegalArgumentException("a weight is above 0, not " + weight);
    }
    steps = List.copyOf(steps);
    outside = List.copyOf(outside);
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).after().compareTo(steps.get(i - 1).after()) < 0) {
        throw new IllegalArgumentException("steps are in the order of their beginning");
      }
    }
  }

  /**
   * Agents of sufficient grade first; after a while any grade will do: a junior now is better than
   * a senior never.
   */
  public static List<Step> graded(int minGrade, Optional<String> skill, Duration widenAfter) {
    Set<String> skills = skill.map(Set::of).orElse(Set.of());
    Step graded = new Step(Duration.ZERO, new Step.Group(minGrade, skills));
    return minGrade <= 1
        ? List.of(graded)
        : List.of(graded, new Step(widenAfter, new Step.Group(1, skills)));
  }

  /**
   * What he has in common with callers for whom other persons are meant: two of equal shared terms
   * may have the same groups of agents after the same wait.
   */
  Terms shared() {
    if (outside.isEmpty() && steps.stream().noneMatch(step -> step.who() instanceof Step.Person)) {
      return this;
    }
    return new Terms(
        tier,
        rank,
        weight,
        promise,
        steps.stream().filter(step -> !(step.who() instanceof Step.Person)).toList(),
        List.of(),
        keep,
        discipline);
  }

  /** The same without saying who the persons are: callers of a kind, ordered by age alone. */
  Terms whoever() {
    return new Terms(
        tier,
        rank,
        weight,
        promise,
        steps.stream()
            .map(
                step ->
                    step.who() instanceof Step.Person person
                        ? new Step(step.after(), new Step.Person(ANYBODY, person.minGrade()))
                        : step)
            .toList(),
        List.of(),
        keep,
        discipline);
  }

  /** Those meant for him in person. */
  List<AgentNumber> persons() {
    List<AgentNumber> persons = new ArrayList<>(0);
    for (Step step : steps) {
      if (step.who() instanceof Step.Person person && !persons.contains(person.number())) {
        persons.add(person.number());
      }
    }
    return persons;
  }

  /** Whether a step that is meant for this agent in person has begun. */
  boolean begun(ReadyAgent agent, double seconds) {
    for (Step step : steps) {
      if (step.after().toMillis() > seconds * 1000) {
        return false;
      }
      if (step.who() instanceof Step.Person person && person.has(agent)) {
        return true;
      }
    }
    return false;
  }

  /** May have this agent after having waited so long. */
  public boolean admit(ReadyAgent agent, Duration waited) {
    for (Step step : steps) {
      if (step.after().compareTo(waited) > 0) {
        return false;
      }
      if (step.who().has(agent)) {
        return true;
      }
    }
    return false;
  }
}

package org.careline.routing;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careline.agent.AgentNumber;

/**
 * Who can take work. Agents of like grade and skills stand in a row by idle time: longest idle
 * first costs nothing against other orders and is fair (arXiv 1305.6249). Confined to one thread.
 */
final class ReadyAgents {
  private static final int GRADES = 6;
  private static final int ANY_GRADE = Integer.MAX_VALUE;
  private static final Comparator<ReadyAgent> BY_IDLE =
      Comparator.comparing(ReadyAgent::idleSince).thenComparing(agent -> agent.number().value());

  private record Kind(int grade, Set<String> skills) {}

  /** An agent and the step by which he comes. */
  record Pick(ReadyAgent agent, Step step) {}

  private final Map<Kind, TreeSet<ReadyAgent>> rows = new HashMap<>();
  private final Map<AgentNumber, ReadyAgent> agents = new HashMap<>();
  private final int[] byGrade = new int[GRADES];

  /** Twice is harmless: the later one counts. */
  void add(ReadyAgent agent) {
    remove(agent.number());
    agents.put(agent.number(), agent);
    byGrade[grade(agent)]++;
    rows.computeIfAbsent(new Kind(agent.grade(), agent.skills()), kind -> new TreeSet<>(BY_IDLE))
        .add(agent);
  }

  /** Whether he was there. */
  boolean remove(AgentNumber number) {
    ReadyAgent agent = agents.remove(number);
    if (agent == null) {
      return false;
    }
    byGrade[grade(agent)]--;
    Kind kind = new Kind(agent.grade(), agent.skills());
    TreeSet<ReadyAgent> row = rows.get(kind);
    row.remove(agent);
    if (row.isEmpty()) {
      rows.remove(kind);
    }
    return true;
  }

  private static int grade(ReadyAgent agent) {
    return Math.max(0, Math.min(GRADES - 1, agent.grade()));
  }

  int size() {
    return agents.size();
  }

  ReadyAgent find(AgentNumber number) {
    return agents.get(number);
  }

  Iterable<AgentNumber> numbers() {
    return agents.keySet();
  }

  /** Whether the agent is one of the reserve that this caller must leave to better tiers now. */
  boolean kept(ReadyAgent agent, WaitingCaller caller, Instant now) {
    return agent.grade() >= below(caller, now);
  }

  /** The caller may have agents below this grade only: the others are in reserve. */
  private int below(WaitingCaller caller, Instant now) {
    if (caller.terms().keep().isEmpty()) {
      return ANY_GRADE;
    }
    Terms.Keep keep = caller.terms().keep().get();
    if (caller.seconds(now) * 1000 >= keep.atMost().toMillis()) {
      return ANY_GRADE;
    }
    int ready = 0;
    for (int grade = keep.minGrade(); grade < GRADES; grade++) {
      ready += byGrade[grade];
    }
    return ready > keep.agents() ? ANY_GRADE : keep.minGrade();
  }

  /**
   * Whom the caller gets: of the first step of his that has somebody the longest idle one. Empty
   * when nobody suits him now.
   */
  Optional<Pick> pick(WaitingCaller caller, Instant now) {
    return pick(caller, caller.terms(), now);
  }

  /**
   * As above, by these terms instead of his.
   *
   * @param terms the caller's own, or those he shares with others
   */
  Optional<Pick> pick(WaitingCaller caller, Terms terms, Instant now) {
    double waited = caller.seconds(now) * 1000;
    int below = below(caller, now);
    for (Step step : terms.steps()) {
      if (step.after().toMillis() > waited) {
        break;
      }
      ReadyAgent found =
          switch (step.who()) {
            case Step.Person person -> {
              ReadyAgent agent = agents.get(person.number());
              yield agent != null && person.has(agent) && agent.grade() < below ? agent : null;
            }
            case Step.Group group -> longestIdle(group, below);
            case Step.Members members -> longestIdle(members, below);
          };
      if (found != null) {
        return Optional.of(new Pick(found, step));
      }
    }
    return Optional.empty();
  }

  private ReadyAgent longestIdle(Step.Members members, int below) {
    ReadyAgent best =
        members.skills().isEmpty()
            ? null
            : longestIdle(new Step.Group(members.minGrade(), members.skills()), below);
    for (AgentNumber number : members.agents()) {
      ReadyAgent agent = agents.get(number);
      if (agent != null
          && agent.grade() >= members.minGrade()
          && agent.grade() < below
          && (best == null || BY_IDLE.compare(agent, best) < 0)) {
        best = agent;
      }
    }
    return best;
  }

  private ReadyAgent longestIdle(Step.Group group, int below) {
    ReadyAgent best = null;
    for (TreeSet<ReadyAgent> row : rows.values()) {
      ReadyAgent first = row.first();
      if (first.grade() < below
          && group.has(first)
          && (best == null || BY_IDLE.compare(first, best) < 0)) {
        best = first;
      }
    }
    return best;
  }
}

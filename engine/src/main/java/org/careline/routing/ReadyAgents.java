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
  private static final Comparator<ReadyAgent> BY_IDLE =
      Comparator.comparing(ReadyAgent::idleSince).thenComparing(agent -> agent.number().value());

  private record Kind(int grade, Set<String> skills) {}

  private final Map<Kind, TreeSet<ReadyAgent>> rows = new HashMap<>();
  private final Map<AgentNumber, ReadyAgent> agents = new HashMap<>();

  /** Twice is harmless: the later one counts. */
  void add(ReadyAgent agent) {
    remove(agent.number());
    agents.put(agent.number(), agent);
    rows.computeIfAbsent(new Kind(agent.grade(), agent.skills()), kind -> new TreeSet<>(BY_IDLE))
        .add(agent);
  }

  /** Whether he was there. */
  boolean remove(AgentNumber number) {
    ReadyAgent agent = agents.remove(number);
    if (agent == null) {
      return false;
    }
    Kind kind = new Kind(agent.grade(), agent.skills());
    TreeSet<ReadyAgent> row = rows.get(kind);
    row.remove(agent);
    if (row.isEmpty()) {
      rows.remove(kind);
    }
    return true;
  }

  int size() {
    return agents.size();
  }

  /**
   * Whom the caller gets: of the first step of his that has somebody the longest idle one. Empty
   * when nobody suits him now.
   */
  Optional<ReadyAgent> pick(WaitingCaller caller, Instant now) {
    double waited = caller.seconds(now);
    for (Step step : caller.terms().steps()) {
      if (step.after().toMillis() > waited * 1000) {
        break;
      }
      ReadyAgent found =
          switch (step.who()) {
            case Step.Person person -> {
              ReadyAgent agent = agents.get(person.number());
              yield agent != null && person.has(agent) ? agent : null;
            }
            case Step.Group group -> longestIdle(group);
            case Step.Members members -> longestIdle(members);
          };
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private ReadyAgent longestIdle(Step.Members members) {
    ReadyAgent best =
        members.skills().isEmpty()
            ? null
            : longestIdle(new Step.Group(members.minGrade(), members.skills()));
    for (AgentNumber number : members.agents()) {
      ReadyAgent agent = agents.get(number);
      if (agent != null
          && agent.grade() >= members.minGrade()
          && (best == null || BY_IDLE.compare(agent, best) < 0)) {
        best = agent;
      }
    }
    return best;
  }

  private ReadyAgent longestIdle(Step.Group group) {
    ReadyAgent best = null;
    for (TreeSet<ReadyAgent> row : rows.values()) {
      ReadyAgent first = row.first();
      if (group.has(first) && (best == null || BY_IDLE.compare(first, best) < 0)) {
        best = first;
      }
    }
    return best;
  }
}

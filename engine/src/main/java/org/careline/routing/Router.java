package org.careline.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * Decides which waiting caller goes to which ready agent. It knows who waits and who is ready, and
 * decides without side effects: whoever carries a decision out says {@link #leave} and {@link
 * #busy}. The same code serves the hotline and the simulation. Confined to one thread.
 */
public final class Router {
  private final Discipline discipline;
  private final WaitingLine line = new WaitingLine();
  private final ReadyAgents agents = new ReadyAgents();

  public Router(Discipline discipline) {
    this.discipline = discipline;
  }

  /** A caller waits. Twice is harmless: the later terms and age count. */
  public void join(WaitingCaller caller) {
    line.join(caller);
  }

  /** A caller waits no longer. Returns whether he did. */
  public boolean leave(CallId id) {
    return line.leave(id);
  }

  /** An agent can take work. Twice is harmless: the later one counts. */
  public void ready(ReadyAgent agent) {
    agents.add(agent);
  }

  /** An agent can take no more work. Returns whether he could. */
  public boolean busy(AgentNumber number) {
    return agents.remove(number);
  }

  public boolean waits(CallId id) {
    return line.find(id) != null;
  }

  public int waiting() {
    return line.size();
  }

  /**
   * The best caller for whom there is an agent, with the agent; empty when there is none. Takes
   * time proportional to the number of different terms among those who wait.
   */
  public Optional<Assignment> next(Instant now) {
    if (agents.size() == 0) {
      return Optional.empty();
    }
    WaitingCaller best = null;
    ReadyAgent chosen = null;
    for (List<WaitingCaller> row : line.rows()) {
      WaitingCaller first = row.getFirst();
      if (best == null || discipline.compare(first, best, now) < 0) {
        Optional<ReadyAgent> agent = agents.pick(first, now);
        if (agent.isPresent()) {
          best = first;
          chosen = agent.get();
        }
      }
    }
    return best == null
        ? Optional.empty()
        : Optional.of(new Assignment(best, chosen, discipline, now, line.size(), agents.size()));
  }

  /** Everything that can be assigned now, best caller first; nobody twice. Takes them out. */
  public List<Assignment> takeAll(Instant now) {
    List<Assignment> taken = new ArrayList<>();
    for (Optional<Assignment> next = next(now); next.isPresent(); next = next(now)) {
      leave(next.get().call());
      busy(next.get().agent());
      taken.add(next.get());
    }
    return taken;
  }

  /** His place, 1 = served next; empty when he does not wait. */
  public OptionalInt place(CallId id, Instant now) {
    WaitingCaller caller = line.find(id);
    return caller == null
        ? OptionalInt.empty()
        : OptionalInt.of(1 + line.ahead(caller, discipline, now));
  }

  /** All who wait, whoever is served first comes first. */
  public List<WaitingCaller> order(Instant now) {
    return line.all().sorted(discipline.order(now)).toList();
  }
}

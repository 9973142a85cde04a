package org.careline.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * Decides which waiting caller goes to which ready agent. It knows who waits and who is ready, and
 * decides without side effects: whoever carries a decision out says {@link #leave} and {@link
 * #busy}. The same code serves the hotline and the simulation. Confined to one thread.
 *
 * <p>Lines of different disciplines may share agents. Each discipline then has its own order, and
 * of their firsts the one with the highest score goes ahead.
 */
public final class Router {
  /** So many agents are looked at one by one. */
  private static final int FEW = 32;

  private final Discipline own;
  private final int few;
  private final WaitingLine line = new WaitingLine();
  private final ReadyAgents agents = new ReadyAgents();

  /**
   * @param own discipline of callers whose terms name none
   */
  public Router(Discipline own) {
    this(own, FEW);
  }

  /**
   * @param few up to so many agents are looked at one by one; the decisions are the same
   */
  Router(Discipline own, int few) {
    this.own = own;
    this.few = few;
  }

  /** A caller waits. Twice is harmless: the later terms and age count. */
  public void join(WaitingCaller caller) {
    line.join(caller);
  }

  /**
   * A caller is admitted to a place of his tier, 1 = its front; beyond the end = the end. From then
   * on he counts as old as that place makes him. Callers of other tiers are not touched: in strict
   * order a place never overtakes a better tier. (On the hotline whoever comes back, from an agent
   * who did not answer or a transfer that failed, keeps the age he had, and with it his place.)
   *
   * @return him as he waits now
   */
  public WaitingCaller join(WaitingCaller caller, int place) {
    line.leave(caller.id());
    List<WaitingCaller> tier =
        line.all()
            .filter(other -> other.terms().tier().equals(caller.terms().tier()))
            .sorted(Discipline.BY_AGE)
            .toList();
    if (place < 1 || place > tier.size()) {
      Instant last = tier.isEmpty() ? caller.joinedAt() : tier.getLast().joinedAt();
      WaitingCaller at =
          place > tier.size() && caller.joinedAt().isBefore(last)
              ? caller.countingFrom(last.plusNanos(1))
              : caller;
      line.join(at);
      return at;
    }
    Instant free = tier.get(place - 1).joinedAt().minusNanos(1);
    WaitingCaller placed = caller.countingFrom(free);
    // those before him who came in the same instant make room
    for (int i = place - 2; i >= 0 && !tier.get(i).joinedAt().isBefore(free); i--) {
      free = free.minusNanos(1);
      line.join(tier.get(i).countingFrom(free));
    }
    line.join(placed);
    return placed;
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

  /** Agents who can take work. */
  public int readyCount() {
    return agents.size();
  }

  /**
   * The best caller for whom there is an agent, with the agent; empty when there is none. Takes
   * time proportional to the number of different shared terms among those who wait.
   */
  public Optional<Assignment> next(Instant now) {
    if (agents.size() == 0 || line.size() == 0) {
      return Optional.empty();
    }
    Best best = new Best(now);
    for (WaitingLine.Row row : line.rows()) {
      WaitingCaller first = row.first();
      if (best.better(first) && agents.pick(first, row.terms(), now).isPresent()) {
        best.take(first);
      }
    }
    if (!line.wanted().isEmpty()) {
      persons(best);
    }
    WaitingCaller caller = best.caller();
    if (caller == null) {
      return Optional.empty();
    }
    ReadyAgents.Pick pick = agents.pick(caller, now).orElseThrow();
    return Optional.of(
        new Assignment(
            caller,
            pick.agent(),
            pick.step(),
            discipline(caller),
            now,
            line.size(),
            agents.size()));
  }

  /** Callers for whom a ready agent is meant in person. */
  private void persons(Best best) {
    if (Math.min(line.wanted().size(), agents.size()) > few) {
      kinds(best);
      return;
    }
    boolean byWanted = line.wanted().size() < agents.size();
    for (AgentNumber number : byWanted ? line.wanted() : agents.numbers()) {
      ReadyAgent agent = agents.find(number);
      if (agent == null) {
        continue;
      }
      for (WaitingLine.Row row : line.rowsFor(number)) {
        WaitingCaller first = row.first();
        if (best.better(first)
            && first.terms().begun(agent, first.seconds(best.now))
            && !agents.kept(agent, first, best.now)) {
          best.take(first);
        }
      }
    }
  }

  /**
   * As above where many are ready: of each kind of callers by age, until one has his agent or none
   * that follows can be better.
   */
  private void kinds(Best best) {
    for (WaitingLine.Row kind : line.personal()) {
      for (WaitingCaller caller : kind.callers()) {
        if (!best.better(caller)) {
          break;
        }
        if (hasHisAgent(caller, best.now)) {
          best.take(caller);
          break;
        }
      }
    }
  }

  private boolean hasHisAgent(WaitingCaller caller, Instant now) {
    for (AgentNumber number : caller.terms().persons()) {
      ReadyAgent agent = agents.find(number);
      if (agent != null
          && caller.terms().begun(agent, caller.seconds(now))
          && !agents.kept(agent, caller, now)) {
        return true;
      }
    }
    return false;
  }

  /** The best caller so far of each discipline. */
  private final class Best {
    final Instant now;
    private final WaitingCaller[] of = new WaitingCaller[Discipline.values().length];

    Best(Instant now) {
      this.now = now;
    }

    boolean better(WaitingCaller caller) {
      Discipline discipline = discipline(caller);
      WaitingCaller before = of[discipline.ordinal()];
      return before == null || discipline.compare(caller, before, now) < 0;
    }

    void take(WaitingCaller caller) {
      of[discipline(caller).ordinal()] = caller;
    }

    WaitingCaller caller() {
      WaitingCaller best = null;
      for (WaitingCaller each : of) {
        if (each != null && (best == null || Discipline.AGEING.compare(each, best, now) < 0)) {
          best = each;
        }
      }
      return best;
    }
  }

  private Discipline discipline(WaitingCaller caller) {
    return caller.terms().discipline().orElse(own);
  }

  /** Whether somebody who waits may have this agent now. */
  public boolean wants(ReadyAgent agent, Instant now) {
    for (WaitingLine.Row row : line.rows()) {
      if (row.terms().admit(agent, row.first().waited(now))) {
        return true;
      }
    }
    for (WaitingLine.Row row : line.rowsFor(agent.number())) {
      if (row.first().terms().begun(agent, row.first().seconds(now))) {
        return true;
      }
    }
    return false;
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

  /**
   * Who stood around a caller when he was chosen; ask before he leaves.
   *
   * @param ahead callers who would have been served before him, but nobody suits them now
   * @param passed the first few of them
   * @param behind the first of those whom he went before
   */
  public record Neighbours(int ahead, List<WaitingCaller> passed, Optional<WaitingCaller> behind) {
    public static final Neighbours NONE = new Neighbours(0, List.of(), Optional.empty());
  }

  /** See {@link Neighbours}. Takes time proportional to the number of different terms. */
  public Neighbours around(Assignment assignment) {
    WaitingCaller caller = assignment.caller();
    if (line.find(caller.id()) == null) {
      return Neighbours.NONE;
    }
    Discipline order = mixed() ? Discipline.AGEING : discipline(caller);
    List<WaitingCaller> passed = new ArrayList<>();
    WaitingCaller behind = null;
    for (WaitingLine.Row row : line.rows()) {
      for (WaitingCaller other : row.callers()) {
        if (other.id().equals(caller.id())) {
          continue;
        }
        if (order.compare(other, caller, assignment.at()) > 0) {
          if (behind == null || order.compare(other, behind, assignment.at()) < 0) {
            behind = other;
          }
          break;
        }
        if (passed.size() >= 100) {
          break;
        }
        passed.add(other);
      }
    }
    int ahead = line.ahead(caller, order, assignment.at());
    passed.sort(order.order(assignment.at()));
    return new Neighbours(
        ahead,
        List.copyOf(passed.subList(0, Math.min(3, passed.size()))),
        Optional.ofNullable(behind));
  }

  /** His place, 1 = served next; empty when he does not wait. */
  public OptionalInt place(CallId id, Instant now) {
    WaitingCaller caller = line.find(id);
    if (caller == null) {
      return OptionalInt.empty();
    }
    if (!mixed()) {
      return OptionalInt.of(1 + line.ahead(caller, discipline(caller), now));
    }
    return OptionalInt.of(1 + order(now).indexOf(caller));
  }

  private boolean mixed() {
    Discipline one = null;
    for (WaitingLine.Row row : line.rows()) {
      Discipline discipline = discipline(row.first());
      if (one != null && one != discipline) {
        return true;
      }
      one = discipline;
    }
    return false;
  }

  /** All who wait, whoever is served first comes first. */
  public List<WaitingCaller> order(Instant now) {
    Map<Discipline, List<WaitingCaller>> by = new EnumMap<>(Discipline.class);
    by.putAll(line.all().collect(Collectors.groupingBy(this::discipline)));
    by.forEach((discipline, callers) -> callers.sort(discipline.order(now)));
    if (by.size() == 1) {
      return List.copyOf(by.values().iterator().next());
    }
    List<WaitingCaller> order = new ArrayList<>();
    int[] at = new int[Discipline.values().length];
    while (order.size() < line.size()) {
      WaitingCaller best = null;
      for (Map.Entry<Discipline, List<WaitingCaller>> each : by.entrySet()) {
        int next = at[each.getKey().ordinal()];
        if (next < each.getValue().size()
            && (best == null
                || Discipline.AGEING.compare(each.getValue().get(next), best, now) < 0)) {
          best = each.getValue().get(next);
        }
      }
      at[discipline(best).ordinal()]++;
      order.add(best);
    }
    return order;
  }
}

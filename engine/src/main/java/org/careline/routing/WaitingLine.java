package org.careline.routing;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * Who waits. Callers of equal shared terms stand in a row by age, so that only the first of each
 * row has to be looked at: the order within a row never changes, and no group of agents is open to
 * somebody in it before it is open to the first. Who waits for a certain agent stands in a second
 * row beside it, which is looked at when that agent is ready. Confined to one thread.
 */
final class WaitingLine {
  /** Callers by age, under the terms they have in common. */
  record Row(Terms terms, AgeList callers) {
    WaitingCaller first() {
      return callers.get(0);
    }

    private boolean remove(WaitingCaller caller) {
      callers.take(caller);
      return callers.isEmpty();
    }
  }

  private final Map<Terms, Row> rows = new LinkedHashMap<>();
  private final Map<AgentNumber, Map<Terms, Row>> wanted = new HashMap<>();
  private final Map<Terms, Row> personal = new LinkedHashMap<>();
  private final Map<CallId, WaitingCaller> callers = new HashMap<>();

  /** Twice is harmless: the later terms and age count. */
  void join(WaitingCaller caller) {
    WaitingCaller before = callers.put(caller.id(), caller);
    if (caller.equals(before)) {
      return;
    }
    if (before != null) {
      takeOut(before);
    }
    add(rows, caller.terms().shared(), caller);
    List<AgentNumber> persons = caller.terms().persons();
    if (!persons.isEmpty()) {
      add(personal, caller.terms().whoever(), caller);
    }
    for (AgentNumber person : persons) {
      add(wanted.computeIfAbsent(person, none -> new LinkedHashMap<>()), caller.terms(), caller);
    }
  }

  private static void add(Map<Terms, Row> rows, Terms terms, WaitingCaller caller) {
    rows.computeIfAbsent(terms, key -> new Row(key, new AgeList())).callers().put(caller);
  }

  /** Whether he was there. */
  boolean leave(CallId id) {
    WaitingCaller caller = callers.remove(id);
    if (caller == null) {
      return false;
    }
    takeOut(caller);
    return true;
  }

  private void takeOut(WaitingCaller caller) {
    remove(rows, caller.terms().shared(), caller);
    if (!caller.terms().persons().isEmpty()) {
      remove(personal, caller.terms().whoever(), caller);
    }
    for (AgentNumber person : caller.terms().persons()) {
      Map<Terms, Row> his = wanted.get(person);
      remove(his, caller.terms(), caller);
      if (his.isEmpty()) {
        wanted.remove(person);
      }
    }
  }

  private static void remove(Map<Terms, Row> rows, Terms terms, WaitingCaller caller) {
    if (rows.get(terms).remove(caller)) {
      rows.remove(terms);
    }
  }

  int size() {
    return callers.size();
  }

  WaitingCaller find(CallId id) {
    return callers.get(id);
  }

  /** None is empty; each is ordered by age. */
  Collection<Row> rows() {
    return rows.values();
  }

  /** Agents for whom in person somebody waits. */
  Set<AgentNumber> wanted() {
    return wanted.keySet();
  }

  /** Those who may have this agent in person, by equal terms. */
  Collection<Row> rowsFor(AgentNumber person) {
    Map<Terms, Row> his = wanted.get(person);
    return his == null ? List.of() : his.values();
  }

  /** Who waits for some agent in person, by terms that are equal but for who that is. */
  Collection<Row> personal() {
    return personal.values();
  }

  Stream<WaitingCaller> all() {
    return callers.values().stream();
  }

  /** How many are served before him, if all are in his discipline. */
  int ahead(WaitingCaller caller, Discipline discipline, Instant now) {
    int ahead = 0;
    for (Row each : rows.values()) {
      List<WaitingCaller> row = each.callers();
      int low = 0;
      int high = row.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (discipline.compare(row.get(middle), caller, now) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      ahead += low;
    }
    return ahead;
  }
}

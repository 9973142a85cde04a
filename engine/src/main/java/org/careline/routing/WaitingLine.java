package org.careline.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.careline.call.CallId;

/**
 * Who waits. Callers of equal terms stand in a row by age, so that only the first of each row has
 * to be looked at: the order within a row never changes, and nobody in it may have an agent whom
 * the first may not have. Confined to one thread.
 */
final class WaitingLine {
  private final Map<Terms, List<WaitingCaller>> rows = new LinkedHashMap<>();
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
    List<WaitingCaller> row = rows.computeIfAbsent(caller.terms(), terms -> new ArrayList<>());
    if (row.isEmpty() || Discipline.BY_AGE.compare(row.getLast(), caller) < 0) {
      row.add(caller);
    } else {
      row.add(-1 - Collections.binarySearch(row, caller, Discipline.BY_AGE), caller);
    }
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
    List<WaitingCaller> row = rows.get(caller.terms());
    row.remove(Collections.binarySearch(row, caller, Discipline.BY_AGE));
    if (row.isEmpty()) {
      rows.remove(caller.terms());
    }
  }

  int size() {
    return callers.size();
  }

  WaitingCaller find(CallId id) {
    return callers.get(id);
  }

  /** None is empty; each is ordered by age. */
  Collection<List<WaitingCaller>> rows() {
    return rows.values();
  }

  Stream<WaitingCaller> all() {
    return callers.values().stream();
  }

  /** How many are served before him. */
  int ahead(WaitingCaller caller, Discipline discipline, Instant now) {
    int ahead = 0;
    for (List<WaitingCaller> row : rows.values()) {
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

package org.careline.report.hotline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What agents object to in a time, ready to be looked up while figures are counted. Immutable after
 * it has been made.
 */
public final class Objections {
  static final Objections NONE = new Objections(List.of());

  private record Key(String agent, String figure, String row) {}

  private final Map<Key, Contest> all = new HashMap<>();

  Objections(List<Contest> contests) {
    contests.forEach(
        each -> all.put(new Key(each.agentNumber(), each.figure(), each.rowId()), each));
  }

  Optional<Contest> of(String agent, AgentFigure figure, String row) {
    return Optional.ofNullable(all.get(new Key(agent, figure.id(), row)));
  }
}

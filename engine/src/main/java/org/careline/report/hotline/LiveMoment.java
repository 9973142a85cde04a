package org.careline.report.hotline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.careline.agent.AgentView;
import org.careline.call.CallState;
import org.careline.call.LiveCall;

/**
 * What goes on at this moment, from memory. Immutable.
 *
 * @param beforeQueue callers in greeting or menu
 * @param waiting callers in the queue, those an agent's phone rings for among them
 * @param longestWaitSeconds of those who wait; 0 = nobody waits
 * @param agents how many are in each state; states nobody is in are missing
 * @param places waiting and talking by line and tier
 */
public record LiveMoment(
    Instant at,
    int beforeQueue,
    int waiting,
    double longestWaitSeconds,
    int talking,
    Map<String, Integer> agents,
    List<Place> places) {

  /** Empty code = the call's line is not known. */
  public record Place(
      String line, String tier, int waiting, double longestWaitSeconds, int talking) {}

  private record Key(String line, String tier) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byLine = line.compareTo(other.line);
      return byLine != 0 ? byLine : tier.compareTo(other.tier);
    }
  }

  /** Pure. */
  public static LiveMoment of(Instant now, List<LiveCall> calls, List<AgentView> views) {
    Map<Key, List<LiveCall>> byPlace = new TreeMap<>();
    int before = 0;
    for (LiveCall call : calls) {
      if (call.state().place().isEmpty()) {
        before++;
      } else {
        String line = call.caller().lineCode() == null ? "" : call.caller().lineCode();
        byPlace
            .computeIfAbsent(new Key(line, call.caller().tierCode()), key -> new ArrayList<>())
            .add(call);
      }
    }
    List<Place> places = new ArrayList<>();
    byPlace.forEach((key, those) -> places.add(place(key, those, now)));
    Map<String, Integer> agents = new TreeMap<>();
    views.forEach(view -> agents.merge(view.presence().key(), 1, Integer::sum));
    return new LiveMoment(
        now,
        before,
        places.stream().mapToInt(Place::waiting).sum(),
        places.stream().mapToDouble(Place::longestWaitSeconds).max().orElse(0),
        places.stream().mapToInt(Place::talking).sum(),
        agents,
        places);
  }

  private static Place place(Key key, List<LiveCall> calls, Instant now) {
    int waiting = 0;
    int talking = 0;
    double longest = 0;
    for (LiveCall call : calls) {
      switch (call.state().kind()) {
        case "waiting", "offered", "in_fallback", "asking", "overflowing" -> {
          waiting++;
          Instant joined = call.state().place().map(CallState.Place::joinedAt).orElse(now);
          longest = Math.max(longest, Duration.between(joined, now).toMillis() / 1000.0);
        }
        case "talking", "fallback_talking" -> talking++;
        default -> {}
      }
    }
    return new Place(key.line(), key.tier(), waiting, longest, talking);
  }
}

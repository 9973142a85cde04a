package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.LiveCall;

/**
 * Bounds what one number can take of the hotline: so many living calls, and so many new ones in a
 * second. Callers without a number are many people and are not counted. Confined to the mailbox.
 */
final class Flood {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * @param living most living calls of one number
   * @param perSecond most new calls of one number in a second
   */
  record Limits(int living, int perSecond) {}

  private final Map<String, Set<CallId>> living = new HashMap<>();
  private final Map<String, Deque<Instant>> begun = new HashMap<>();
  private final Limits limits;

  /** Begins to watch calls. */
  Flood(Limits limits, Calls calls) {
    this.limits = limits;
    calls.watch(this::watch);
  }

  private void watch(LiveCall call) {
    String number = call.caller().e164();
    if (number == null) {
      return;
    }
    if (!(call.state() instanceof CallState.Ended)) {
      living.computeIfAbsent(number, key -> new HashSet<>()).add(call.id());
    } else {
      living.computeIfPresent(
          number, (key, calls) -> calls.remove(call.id()) && calls.isEmpty() ? null : calls);
    }
  }

  /**
   * Whether this new call is one too many.
   *
   * @param number null = withheld
   */
  boolean tooMany(String number, Instant now) {
    if (number == null) {
      return false;
    }
    begun.values().forEach(times -> forget(times, now));
    begun.values().removeIf(Deque::isEmpty);
    Deque<Instant> lately = begun.computeIfAbsent(number, key -> new ArrayDeque<>());
    if (lately.size() >= limits.perSecond()
        || living.getOrDefault(number, Set.of()).size() > limits.living()) {
      return true;
    }
    lately.add(now);
    return false;
  }

  private static void forget(Deque<Instant> times, Instant now) {
    while (!times.isEmpty() && !times.peekFirst().plus(SECOND).isAfter(now)) {
      times.removeFirst();
    }
  }
}

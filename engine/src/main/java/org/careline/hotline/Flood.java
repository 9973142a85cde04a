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
 * second. Callers without a number are many people, and may be one who hides: all of them together
 * get as many new calls in a second as one number, and {@link #WITHHELD_LIVING} times as many
 * living ones. Refused calls count as new ones: who goes on at that rate gets none through until he
 * is slower. The dialplan refuses most of a flood before it asks here. Thread-safe: it is asked
 * before the mailbox is, so that a flood need not wait there.
 */
final class Flood {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String WITHHELD = "";

  /** Callers without a number may have so many times the living calls of one number. */
  static final int WITHHELD_LIVING = 5;

  /**
   * @param living most living calls of one number
   * @param perSecond most new calls of one number in a second
   */
  record Limits(int living, int perSecond) {
    int living(String number) {
      return number.equals(WITHHELD) ? living * WITHHELD_LIVING : living;
    }
  }

  private final Map<String, Set<CallId>> living = new HashMap<>();

  /** Under which number a living call is counted: it may turn out to be another one. */
  private final Map<CallId, String> counted = new HashMap<>();

  private final Map<String, Deque<Instant>> begun = new HashMap<>();
  private final Limits limits;

  /** Begins to watch calls. */
  Flood(Limits limits, Calls calls) {
    this.limits = limits;
    calls.watch(this::watch);
  }

  private synchronized void watch(LiveCall call) {
    if (call.state() instanceof CallState.Ended) {
      forget(call.id(), counted.remove(call.id()));
      return;
    }
    if (call.state() instanceof CallState.Arrived && call.caller().e164() == null) {
      // not yet asked for: his number is not known yet
      return;
    }
    String number = key(call.caller().e164());
    String before = counted.put(call.id(), number);
    if (!number.equals(before)) {
      forget(call.id(), before);
      living.computeIfAbsent(number, key -> new HashSet<>()).add(call.id());
    }
  }

  private void forget(CallId id, String number) {
    if (number != null) {
      living.computeIfPresent(
          number, (key, calls) -> calls.remove(id) && calls.isEmpty() ? null : calls);
    }
  }

  /**
   * Whether this new call is one too many; it may be counted among the living already.
   *
   * @param number null = withheld, or none that can be read
   */
  synchronized boolean tooMany(CallId call, String number, Instant now) {
    String key = key(number);
    begun.values().forEach(times -> forget(times, now));
    begun.values().removeIf(Deque::isEmpty);
    Deque<Instant> lately = begun.computeIfAbsent(key, unknown -> new ArrayDeque<>());
    boolean many = lately.size() >= limits.perSecond();
    lately.addLast(now);
    if (many) {
      lately.removeFirst();
    }
    return many || others(call, living.getOrDefault(key, Set.of())) >= limits.living(key);
  }

  private static int others(CallId call, Set<CallId> calls) {
    return calls.size() - (calls.contains(call) ? 1 : 0);
  }

  private static String key(String number) {
    return number == null ? WITHHELD : number;
  }

  private static void forget(Deque<Instant> times, Instant now) {
    while (!times.isEmpty() && !times.peekFirst().plus(SECOND).isAfter(now)) {
      times.removeFirst();
    }
  }
}

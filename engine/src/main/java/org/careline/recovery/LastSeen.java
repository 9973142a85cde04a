package org.careline.recovery;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.careline.call.CallId;

/**
 * Until when the engine has seen each living call: what the switch's event file says about earlier
 * times is known already. Thread-safe.
 */
final class LastSeen {
  private final Map<CallId, Instant> times = new ConcurrentHashMap<>();

  void seen(CallId id, Instant at) {
    times.merge(id, at, (before, now) -> now.isAfter(before) ? now : before);
  }

  /** Recovery has told it what happened until then, whatever the clock says now. */
  void toldUntil(CallId id, Instant at) {
    times.put(id, at);
  }

  void forget(CallId id) {
    times.remove(id);
  }

  Optional<Instant> of(CallId id) {
    return Optional.ofNullable(times.get(id));
  }
}

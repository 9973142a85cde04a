package org.careline.task;

import java.time.Duration;
import java.util.Optional;

/**
 * The time within which a callback is promised: the wait that is expected, with room for finding an
 * agent, rounded up to a time people say. Pure.
 *
 * @param within from now on
 * @param told minutes as the caller hears them; empty = too long to be named
 */
public record PromisedTime(Duration within, Optional<Integer> told) {
  private static final int[] SAID = {5, 10, 15, 20, 30, 45, 60};
  private static final Duration ROOM = Duration.ofMinutes(2);

  /**
   * @param expected the wait that is expected for one in his place; empty = nobody can say
   * @param expiry afterwards nobody calls: no promise is longer
   */
  public static PromisedTime of(Optional<Duration> expected, Duration expiry) {
    Duration least = expected.map(wait -> wait.plus(ROOM)).orElse(Duration.ofMinutes(60));
    for (int minutes : SAID) {
      Duration said = Duration.ofMinutes(minutes);
      if (said.compareTo(least) >= 0) {
        return said.compareTo(expiry) > 0
            ? new PromisedTime(expiry, Optional.empty())
            : new PromisedTime(said, Optional.of(minutes));
      }
    }
    Duration hours = Duration.ofHours((least.toSeconds() + 3599) / 3600);
    return new PromisedTime(hours.compareTo(expiry) > 0 ? expiry : hours, Optional.empty());
  }
}

package org.careline.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.careline.line.LineHours;
import org.careline.line.LineSettings;

/**
 * The time within which a callback is promised: the wait that is expected, with room for finding an
 * agent, rounded up to a time people say. What does not fit before the line closes is promised for
 * its next opening. Pure.
 *
 * @param within from now on
 * @param told minutes as the caller hears them; empty = too long to be named
 * @param from he is called from then on, when the line opens; empty = from now on
 */
public record PromisedTime(Duration within, Optional<Integer> told, Optional<Instant> from) {
  private static final int[] SAID = {5, 10, 15, 20, 30, 45, 60};
  private static final Duration ROOM = Duration.ofMinutes(2);

  /** Where nobody can say how long it takes, less than this before closing is too little. */
  private static final int LEAST_UNKNOWN = 15;

  /**
   * How long the line is still open for a caller.
   *
   * @param closing empty = it does not close for him
   * @param opening the next one after it; empty = none is known
   */
  public record Open(Instant now, Optional<Instant> closing, Optional<Instant> opening) {
    /** For a caller of this tier. */
    public static Open of(LineSettings settings, String tier, Instant now) {
      LineHours hours = settings.hours();
      if (settings.openTiers().contains(tier) || hours.roundTheClock()) {
        return new Open(now, Optional.empty(), Optional.empty());
      }
      return hours.openAt(now)
          ? new Open(now, hours.closing(now), hours.closing(now).flatMap(hours::opening))
          : new Open(now, Optional.of(now), hours.opening(now));
    }

    private boolean fits(Duration within) {
      return closing.filter(end -> now.plus(within).isAfter(end)).isEmpty();
    }
  }

  /**
   * @param expected the wait that is expected for one in his place; empty = nobody can say
   * @param expiry afterwards nobody calls: no promise is longer
   */
  public static PromisedTime of(Optional<Duration> expected, Duration expiry, Open open) {
    PromisedTime usual = of(expected, expiry);
    if (open.fits(usual.within())) {
      return usual;
    }
    if (expected.isEmpty()) {
      for (int i = SAID.length - 1; SAID[i] >= LEAST_UNKNOWN; i--) {
        Duration said = Duration.ofMinutes(SAID[i]);
        if (open.fits(said) && said.compareTo(expiry) <= 0) {
          return new PromisedTime(said, Optional.of(SAID[i]), Optional.empty());
        }
      }
    }
    return open.opening()
        .map(
            at ->
                new PromisedTime(
                    Duration.between(open.now(), at), Optional.empty(), Optional.of(at)))
        .orElse(usual);
  }

  private static PromisedTime of(Optional<Duration> expected, Duration expiry) {
    Duration least = expected.map(wait -> wait.plus(ROOM)).orElse(Duration.ofMinutes(60));
    for (int minutes : SAID) {
      Duration said = Duration.ofMinutes(minutes);
      if (said.compareTo(least) >= 0) {
        return said.compareTo(expiry) > 0
            ? new PromisedTime(expiry, Optional.empty(), Optional.empty())
            : new PromisedTime(said, Optional.of(minutes), Optional.empty());
      }
    }
    Duration hours = Duration.ofHours((least.toSeconds() + 3599) / 3600);
    return new PromisedTime(
        hours.compareTo(expiry) > 0 ? expiry : hours, Optional.empty(), Optional.empty());
  }
}

package org.careline.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/**
 * Accumulating priority: the tier's weight times the seconds waited, the largest is served first.
 * So a better tier overtakes, but nobody is overtaken for ever (Kleinrock; Stanford, Taylor,
 * Ziedins 2014). Pure.
 */
public final class Score {
  private Score() {}

  /** A clock that ran backwards counts as no wait. */
  public static double of(WaitingCaller caller, Instant now) {
    return caller.weight() * seconds(caller, now);
  }

  static double seconds(WaitingCaller caller, Instant now) {
    Duration waited = Duration.between(caller.joinedAt(), now);
    return waited.isNegative() ? 0 : waited.toNanos() / 1e9;
  }

  /** Who is served first comes first; equal scores by rank, then by age, then by id. */
  public static Comparator<WaitingCaller> order(Instant now) {
    return Comparator.comparingDouble((WaitingCaller caller) -> -of(caller, now))
        .thenComparingInt(WaitingCaller::rank)
        .thenComparing(WaitingCaller::joinedAt)
        .thenComparing(caller -> caller.id().value());
  }
}

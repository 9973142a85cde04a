package org.careline.routing;

import java.time.Duration;
import java.time.Instant;
import org.careline.call.CallId;

/**
 * A caller who waits for an agent, as far as routing is concerned. Immutable.
 *
 * @param joinedAt his age counts from here, whatever happened since
 */
public record WaitingCaller(CallId id, Terms terms, Instant joinedAt) {
  /** Weight times seconds waited, and what the tier's {@link Promise} adds. */
  public double score(Instant now) {
    double seconds = seconds(now);
    return terms.weight() * (seconds + terms.promise().lead(seconds));
  }

  /** The same caller as if he had come then. */
  WaitingCaller countingFrom(Instant then) {
    return new WaitingCaller(id, terms, then);
  }

  /** A clock that ran backwards counts as no wait. */
  public double seconds(Instant now) {
    double seconds =
        (now.getEpochSecond() - joinedAt.getEpochSecond())
            + (now.getNano() - joinedAt.getNano()) * 1e-9;
    return Math.max(0, seconds);
  }

  public Duration waited(Instant now) {
    Duration waited = Duration.between(joinedAt, now);
    return waited.isNegative() ? Duration.ZERO : waited;
  }
}

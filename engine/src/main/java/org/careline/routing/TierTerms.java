package org.careline.routing;

import java.time.Duration;

/**
 * What a policy grants a tier. Immutable.
 *
 * @param rank 1 is served first in strict order and among equal scores
 * @param weight above 0: score = weight x seconds waited
 * @param promisePercent of the calls are to be answered within {@code promiseWithin}; 0 = no
 *     promise
 * @param announceEvery place and wait are announced so often; zero = never
 * @param callbackWhenAbandoned who gives up is called back
 * @param minGrade lowest grade of agent that may serve it, 1 to 5
 */
public record TierTerms(
    int rank,
    double weight,
    int promisePercent,
    Duration promiseWithin,
    Duration announceEvery,
    boolean callbackWhenAbandoned,
    int minGrade) {
  /** How often place and wait are announced where nobody has said otherwise. */
  public static final Duration USUAL_ANNOUNCEMENTS = Duration.ofSeconds(60);

  public TierTerms {
    if (rank < 1
        || !(weight > 0)
        || promisePercent < 0
        || promisePercent > 99
        || minGrade < 1
        || minGrade > 5) {
      throw new IllegalArgumentException("no such terms of a tier");
    }
  }

  /** Of a tier of which the policy says nothing: no promise, no callback. */
  public static TierTerms standard(int rank, double weight, int minGrade) {
    return new TierTerms(rank, weight, 0, Duration.ZERO, USUAL_ANNOUNCEMENTS, false, minGrade);
  }

  public boolean promised() {
    return promisePercent > 0;
  }
}

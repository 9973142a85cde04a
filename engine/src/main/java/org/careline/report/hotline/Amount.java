package org.careline.report.hotline;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a figure comes to. Immutable.
 *
 * @param value null where there is nothing to divide by
 * @param n numerator; null for a plain count
 * @param of denominator; null for a plain count
 * @param excluded rows taken out of it because a supervisor accepted the agent's objection; null
 *     where nobody can object
 * @param contested rows with an open objection, which still count; null as above
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Amount(
    @JsonInclude(JsonInclude.Include.ALWAYS) Double value,
    Double n,
    Long of,
    Long excluded,
    Long contested) {

  static Amount count(long n) {
    return new Amount((double) n, null, null, null, null);
  }

  static Amount count(double n) {
    return new Amount(n, null, null, null, null);
  }

  static Amount longest(long millis) {
    return new Amount(seconds(millis), null, null, null, null);
  }

  static Amount share(long n, long of) {
    return new Amount(of <= 0 ? null : n / (double) of, (double) n, Math.max(0, of), null, null);
  }

  /** Milliseconds over a count: a mean in seconds. */
  static Amount mean(long millis, long of) {
    double sum = seconds(millis);
    return new Amount(of <= 0 ? null : sum / of, sum, Math.max(0, of), null, null);
  }

  /** One time over another; the denominator is in whole seconds. */
  static Amount part(long millis, long ofMillis) {
    return new Amount(
        ofMillis <= 0 ? null : millis / (double) ofMillis,
        seconds(millis),
        Math.round(seconds(Math.max(0, ofMillis))),
        null,
        null);
  }

  Amount objected(long excludedRows, long contestedRows) {
    return new Amount(value, n, of, excludedRows, contestedRows);
  }

  private static double seconds(long millis) {
    return millis / 1000.0;
  }
}

package org.careline.report.hotline;

import java.time.Instant;

/**
 * What came after a call: a matter a call can settle, or a promised callback. Counted where its
 * first call belongs. Immutable.
 *
 * @param begunAt when the matter was opened, or until when the callback was promised
 * @param then the next contact about the matter, or when the callback was placed; null = none
 * @param kind of the matter; null = a callback
 * @param group kind of the first level it belongs to; null as above
 * @param customer code; null = not known
 */
record AfterFacts(
    String line,
    String tier,
    String skill,
    String agent,
    Instant enteredAt,
    Instant begunAt,
    Instant then,
    String kind,
    String group,
    String customer) {

  /** Nobody came back to it until then. */
  boolean settled(Instant deadline) {
    return then == null || !then.isBefore(deadline);
  }
}

package org.careline.report.hotline;

import java.time.Instant;

/**
 * What came after a call: a matter a call can settle, or a promised callback. Counted where its
 * first call belongs. Immutable.
 *
 * @param begunAt when the matter was opened, or until when the callback was promised
 * @param then the next contact about the matter, or when the callback was placed; null = none
 */
record AfterFacts(
    String line,
    String tier,
    String skill,
    String agent,
    Instant enteredAt,
    Instant begunAt,
    Instant then) {}

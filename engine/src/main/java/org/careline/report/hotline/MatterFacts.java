package org.careline.report.hotline;

import java.time.Instant;

/**
 * A matter as the figures count it. Immutable.
 *
 * @param group kind of the first level it belongs to
 * @param customer code; null = not known
 * @param agent number of who served it last; null = nobody of ours
 * @param result solved, dispatch or answer; null = not decided
 * @param dueAt until when; null = no time was said
 * @param doneAt null = not done
 */
record MatterFacts(
    String kind,
    String group,
    String customer,
    String agent,
    Instant openedAt,
    String result,
    Instant dueAt,
    Instant doneAt) {}

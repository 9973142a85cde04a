package org.careline.report.hotline;

import java.time.Instant;

/**
 * An agent's objection to a row behind one of his figures, and what was decided. Immutable; what is
 * not known yet is null.
 *
 * @param rowId {@code leg:<call>:<n>}, {@code state:<epoch>:<seq>} or {@code matter:<id>}
 * @param callId empty for a state or a promise
 * @param happenedAt when the row happened
 * @param decision {@link #ACCEPTED} or {@link #REFUSED}; null = open
 */
public record Contest(
    long id,
    String agentNumber,
    String figure,
    String rowId,
    String callId,
    Instant happenedAt,
    String text,
    String raisedBy,
    Instant raisedAt,
    String decision,
    String reason,
    String decidedBy,
    Instant decidedAt) {
  public static final String ACCEPTED = "accepted";
  public static final String REFUSED = "refused";

  boolean open() {
    return decision == null;
  }

  boolean accepted() {
    return ACCEPTED.equals(decision);
  }
}

package org.careline.callback;

import java.util.Map;

/**
 * A ceiling. Counts are per site and per person over all rounds except {@link #PER_ROUND}; a week
 * is 7 times 24 hours, a day the site's local date. {@link #SPACING} is in milliseconds.
 */
public enum Cap {
  PER_DAY("perDay"),
  PER_WEEK("perWeek"),
  PER_ROUND("perRound"),
  SPACING("spacing"),
  PER_NUMBER_MINUTE("perNumberMinute"),
  PER_NUMBER_HOUR("perNumberHour");

  private final String key;

  Cap(String key) {
    this.key = key;
  }

  /** As it stands in rules. */
  public String key() {
    return key;
  }

  /** Whether the first permits less than the second. */
  boolean stricter(long one, long other) {
    return this == SPACING ? one > other : one < other;
  }

  /** A ceiling and who has set it. */
  public record Limit(long value, RuleSource source) {}

  /** The stricter one; of two alike the one that was there. */
  Limit tighten(Limit before, Map<Cap, Long> by, RuleSource source) {
    Long wanted = by.get(this);
    return wanted != null && stricter(wanted, before.value()) ? new Limit(wanted, source) : before;
  }
}

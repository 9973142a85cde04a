package org.careline.routing;

import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;

/** In which order waiting callers are served. Callers of equal terms are always served by age. */
public enum Discipline {
  /** The better rank first, however long others wait: the lower tiers starve under load. */
  STRICT {
    @Override
    int compareFirst(WaitingCaller one, WaitingCaller other, Instant now) {
      return Integer.compare(one.terms().rank(), other.terms().rank());
    }
  },
  /**
   * Accumulating priority: the tier's weight times the seconds waited, the largest first. A better
   * tier overtakes, but nobody is overtaken for ever (Kleinrock 1964; Stanford, Taylor, Ziedins
   * 2014). Equal scores by rank.
   */
  AGEING {
    @Override
    int compareFirst(WaitingCaller one, WaitingCaller other, Instant now) {
      int byScore = Double.compare(other.score(now), one.score(now));
      return byScore != 0 ? byScore : Integer.compare(one.terms().rank(), other.terms().rank());
    }
  },
  /** First come, first served. */
  FIFO {
    @Override
    int compareFirst(WaitingCaller one, WaitingCaller other, Instant now) {
      return 0;
    }
  };

  abstract int compareFirst(WaitingCaller one, WaitingCaller other, Instant now);

  /** Negative when {@code one} is served before {@code other}. Total: ends with age and id. */
  public final int compare(WaitingCaller one, WaitingCaller other, Instant now) {
    int first = compareFirst(one, other, now);
    return first != 0 ? first : BY_AGE.compare(one, other);
  }

  /** Who is served first comes first. */
  public final Comparator<WaitingCaller> order(Instant now) {
    return (one, other) -> compare(one, other, now);
  }

  static final Comparator<WaitingCaller> BY_AGE =
      Comparator.comparing(WaitingCaller::joinedAt).thenComparing(caller -> caller.id().value());

  /** As written in files and records. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package org.careline.callback;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.OptionalInt;

/** When sites are rung again. Days and times of day are the office's. Immutable. */
public sealed interface Visits {
  /**
   * Round by round on days of the calendar, all sites in each.
   *
   * @param from the first round; a day the office does not work moves to the next one it does
   * @param gap days between two contacts of a site
   * @param closes days after which a round ends by itself; empty = with its last site
   */
  record ByCalendar(LocalDate from, Every every, int gap, LocalTime at, OptionalInt closes)
      implements Visits {}

  /**
   * Each site by itself, from its last completed visit; one that never had any is due at once.
   *
   * @param collect sites due within so many days share a round, and there is at most one such round
   *     in so many days
   */
  record FromLastVisit(Every every, int gap, LocalTime at, int collect, OptionalInt closes)
      implements Visits {}

  /** Not by itself: only by hand, after events and for a warranty. */
  record Never() implements Visits {}
}

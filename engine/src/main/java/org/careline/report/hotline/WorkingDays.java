package org.careline.report.hotline;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.careline.line.OfficeCalendar;
import org.careline.line.OfficeCalendar.Kind;

/** When a number of working days is over, by the calendar of a line. Thread-safe. */
@FunctionalInterface
public interface WorkingDays {
  /** How long a matter must stay without further contact, where nobody says otherwise. */
  int USUAL = 10;

  /**
   * End of the {@code days}th working day after the day of {@code opened}.
   *
   * @param line code; null = unknown
   */
  Instant after(String line, Instant opened, int days);

  /** Until when nobody may have come back to a matter; empty = a younger one says nothing yet. */
  default Optional<Instant> over(AfterFacts matter, Instant now) {
    return Optional.of(after(matter.line(), matter.begunAt(), USUAL))
        .filter(deadline -> !now.isBefore(deadline));
  }

  /** Pure. Make-up days count, holidays do not. */
  static Instant after(OfficeCalendar calendar, ZoneId zone, Instant opened, int days) {
    LocalDate day = LocalDate.ofInstant(opened, zone);
    for (int left = days; left > 0; ) {
      day = day.plusDays(1);
      Kind kind = calendar.on(day).kind();
      left -= kind == Kind.WORKDAY || kind == Kind.MAKE_UP_WORKDAY ? 1 : 0;
    }
    return day.plusDays(1).atStartOfDay(zone).toInstant();
  }

  /** Weekdays, without holidays. */
  static WorkingDays plain(ZoneId zone) {
    return (line, opened, days) -> after(OfficeCalendar.NONE, zone, opened, days);
  }
}

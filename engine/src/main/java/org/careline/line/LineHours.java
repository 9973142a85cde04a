package org.careline.line;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.careline.callback.CallingWindow.Span;

/**
 * When a line is staffed, by the wall clock of its zone. Of a span the first minute belongs to it,
 * the last does not: a line open until 18:00 is closed at 18:00 sharp. Immutable, pure.
 *
 * @param week all seven days, each with its spans in order; empty = round the clock, whatever the
 *     calendar says
 * @param holiday spans of holidays; usually none
 * @param makeUp spans of weekend days worked in exchange
 */
public record LineHours(
    ZoneId zone,
    Map<DayOfWeek, List<Span>> week,
    List<Span> holiday,
    List<Span> makeUp,
    OfficeCalendar calendar) {
  /** Looking further than this finds no opening that a caller could be told. */
  private static final int HORIZON_DAYS = 400;

  public LineHours {
    week = Map.copyOf(week);
    holiday = List.copyOf(holiday);
    makeUp = List.copyOf(makeUp);
  }

  /** Round the clock. */
  public static LineHours always(ZoneId zone) {
    return new LineHours(zone, Map.of(), List.of(), List.of(), OfficeCalendar.NONE);
  }

  public boolean roundTheClock() {
    return week.isEmpty();
  }

  public boolean openAt(Instant at) {
    if (roundTheClock()) {
      return true;
    }
    ZonedDateTime local = at.atZone(zone);
    int minute = local.getHour() * 60 + local.getMinute();
    return on(local.toLocalDate()).stream()
        .anyMatch(span -> minute >= span.from() && minute < span.to());
  }

  /**
   * The first instant at or after {@code from} at which the line is open; empty when none comes
   * within {@value #HORIZON_DAYS} days.
   */
  public Optional<Instant> opening(Instant from) {
    return openAt(from) ? Optional.of(from) : change(from, true);
  }

  /**
   * When the opening that holds at {@code at} ends: spans that touch, also over midnight, are one.
   * Empty when the line is closed then or does not close within {@value #HORIZON_DAYS} days.
   */
  public Optional<Instant> closing(Instant at) {
    return openAt(at) && !roundTheClock() ? change(at, false) : Optional.empty();
  }

  /** The spans of a day, with holidays and make-up days taken into account. */
  public List<Span> on(LocalDate date) {
    return switch (calendar.on(date).kind()) {
      case HOLIDAY -> holiday;
      case MAKE_UP_WORKDAY -> makeUp;
      case WORKDAY, WEEKEND -> week.getOrDefault(date.getDayOfWeek(), List.of());
    };
  }

  /** The first instant after {@code from} at which the line is open, or closed. */
  private Optional<Instant> change(Instant from, boolean open) {
    LocalDate first = from.atZone(zone).toLocalDate();
    for (int ahead = 0; ahead < HORIZON_DAYS; ahead++) {
      LocalDate date = first.plusDays(ahead);
      TreeSet<Instant> edges = new TreeSet<>();
      for (Span span : on(date)) {
        edges.addAll(instants(date, span.from()));
        edges.addAll(instants(date, span.to()));
      }
      // where clocks go forward a span can begin or end with the gap
      Instant midnight = date.atStartOfDay(zone).toInstant();
      ZoneOffsetTransition next = zone.getRules().nextTransition(midnight.minusMillis(1));
      if (next != null
          && next.getInstant().isBefore(date.plusDays(1).atStartOfDay(zone).toInstant())) {
        edges.add(next.getInstant());
      }
      for (Instant edge : edges.tailSet(from, false)) {
        if (openAt(edge) == open) {
          return Optional.of(edge);
        }
      }
    }
    return Optional.empty();
  }

  /** One, or two where the clocks go back and the time comes twice. */
  private List<Instant> instants(LocalDate date, int minute) {
    LocalDateTime local =
        minute == 1440
            ? date.plusDays(1).atStartOfDay()
            : date.atTime(LocalTime.of(minute / 60, minute % 60));
    return List.of(
        local.atZone(zone).withEarlierOffsetAtOverlap().toInstant(),
        local.atZone(zone).withLaterOffsetAtOverlap().toInstant());
  }
}

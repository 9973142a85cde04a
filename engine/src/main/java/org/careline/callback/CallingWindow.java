package org.careline.callback;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When a site may be rung, in its own local time. Computed here because MySQL has no zone tables by
 * default. A span ends before its last minute: 11:30 sharp is outside. Immutable, pure.
 */
public record CallingWindow(
    ZoneId zone, Map<DayOfWeek, List<Span>> spans, Set<LocalDate> blackouts) {
  /** Looking further than this finds nothing that a round could wait for. */
  private static final int HORIZON_DAYS = 400;

  /** Minutes of the local day, {@code from} included, {@code to} excluded; 24:00 is 1440. */
  public record Span(int from, int to) {
    public Span {
      if (from < 0 || to > 1440 || from >= to) {
        throw new IllegalArgumentException("not a span of a day: " + from + "-" + to);
      }
    }

    /** Reads {@code 09:30-11:30}. */
    public static Span of(String text) {
      if (!text.matches("[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]")) {
        throw new IllegalArgumentException("expected HH:MM-HH:MM: " + text);
      }
      return new Span(minutes(text.substring(0, 5)), minutes(text.substring(6)));
    }

    private static int minutes(String text) {
      return Integer.parseInt(text.substring(0, 2)) * 60 + Integer.parseInt(text.substring(3));
    }

    @Override
    public String toString() {
      return String.format("%02d:%02d-%02d:%02d", from / 60, from % 60, to / 60, to % 60);
    }
  }

  /** One opening: the n-th span of a local day. */
  public record Slot(LocalDate date, int index) {}

  public CallingWindow {
    spans = Map.copyOf(spans);
    blackouts = Set.copyOf(blackouts);
  }

  public boolean isOpen(Instant at) {
    return slotAt(at).isPresent();
  }

  public Optional<Slot> slotAt(Instant at) {
    ZonedDateTime local = at.atZone(zone);
    LocalDate date = local.toLocalDate();
    int minute = local.getHour() * 60 + local.getMinute();
    List<Span> day = on(date);
    for (int i = 0; i < day.size(); i++) {
      if (minute >= day.get(i).from() && minute < day.get(i).to()) {
        return Optional.of(new Slot(date, i));
      }
    }
    return Optional.empty();
  }

  /**
   * The first instant at or after {@code from} that lies in a window; empty when none comes within
   * {@value #HORIZON_DAYS} days.
   */
  public Optional<Instant> opening(Instant from) {
    return opening(from, Optional.empty());
  }

  /**
   * As {@link #opening(Instant)}, but never in the slot of the day that has the index of {@code
   * avoid}, where the day offers another one.
   */
  public Optional<Instant> opening(Instant from, Optional<Slot> avoid) {
    LocalDate first = from.atZone(zone).toLocalDate();
    for (int ahead = 0; ahead < HORIZON_DAYS; ahead++) {
      LocalDate date = first.plusDays(ahead);
      List<Span> day = on(date);
      for (int i = 0; i < day.size(); i++) {
        if (avoid.isPresent() && avoid.get().index() == i && day.size() > 1) {
          continue;
        }
        Instant start = instant(date, day.get(i).from());
        Instant end = instant(date, day.get(i).to());
        Instant candidate = from.isAfter(start) ? from : start;
        // a span can vanish or begin late where the clocks go forward
        if (candidate.isBefore(end) && isOpen(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /** Midnight that ends the local day of the instant. */
  public Instant nextDay(Instant at) {
    return at.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
  }

  public LocalDate dateOf(Instant at) {
    return at.atZone(zone).toLocalDate();
  }

  private List<Span> on(LocalDate date) {
    return blackouts.contains(date)
        ? List.of()
        : spans.getOrDefault(date.getDayOfWeek(), List.of());
  }

  private Instant instant(LocalDate date, int minute) {
    return minute == 1440
        ? date.plusDays(1).atStartOfDay(zone).toInstant()
        : date.atTime(LocalTime.of(minute / 60, minute % 60)).atZone(zone).toInstant();
  }
}

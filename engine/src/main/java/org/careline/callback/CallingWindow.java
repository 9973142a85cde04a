package org.careline.callback;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Hours of a week in which a site may be rung, by its own wall clock. Computed here because MySQL
 * has no zone tables by default. A span ends before its last minute: 11:30 sharp is outside. What
 * the wall clock says decides, also where clocks go back and an hour comes twice. Immutable, pure.
 */
public record CallingWindow(ZoneId zone, Map<DayOfWeek, List<Span>> spans) {
  /** A week has every weekday; the second one is for a day lost to a zone's change of date. */
  private static final int LOOKED_AT_DAYS = 14;

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

    boolean holds(int minute) {
      return minute >= from && minute < to;
    }

    @Override
    public String toString() {
      return String.format("%02d:%02d-%02d:%02d", from / 60, from % 60, to / 60, to % 60);
    }
  }

  public CallingWindow {
    spans = Map.copyOf(spans);
  }

  public boolean isOpen(Instant at) {
    ZonedDateTime local = at.atZone(zone);
    int minute = minute(local);
    return on(local.toLocalDate()).stream().anyMatch(span -> span.holds(minute));
  }

  /** The first instant at or after {@code from} that lies in a span; empty when there is none. */
  public Optional<Instant> opening(Instant from) {
    if (isOpen(from)) {
      return Optional.of(from);
    }
    LocalDate first = from.atZone(zone).toLocalDate();
    for (int ahead = 0; ahead <= LOOKED_AT_DAYS; ahead++) {
      LocalDate date = first.plusDays(ahead);
      for (Instant edge : edges(zone, date, on(date)).tailSet(from, false)) {
        if (isOpen(edge)) {
          return Optional.of(edge);
        }
      }
    }
    return Optional.empty();
  }

  /** In their order; empty = closed all day. */
  public List<Span> on(LocalDate date) {
    return spans.getOrDefault(date.getDayOfWeek(), List.of());
  }

  static int minute(ZonedDateTime local) {
    return local.getHour() * 60 + local.getMinute();
  }

  /**
   * Every instant of the local day at which being inside a span can change: its ends, twice where
   * the time comes twice, and the clock's own change.
   */
  static TreeSet<Instant> edges(ZoneId zone, LocalDate date, List<Span> spans) {
    TreeSet<Instant> edges = new TreeSet<>();
    if (spans.isEmpty()) {
      return edges;
    }
    for (Span span : spans) {
      add(edges, zone, date, span.from());
      add(edges, zone, date, span.to());
    }
    if (!zone.getRules().isFixedOffset()) {
      Instant before = date.atStartOfDay(zone).toInstant().minusSeconds(1);
      ZoneOffsetTransition next = zone.getRules().nextTransition(before);
      if (next != null
          && next.getInstant().isBefore(date.plusDays(1).atStartOfDay(zone).toInstant())) {
        edges.add(next.getInstant());
      }
    }
    return edges;
  }

  private static void add(TreeSet<Instant> edges, ZoneId zone, LocalDate date, int minute) {
    LocalDateTime local =
        minute == 1440
            ? date.plusDays(1).atStartOfDay()
            : date.atTime(LocalTime.of(minute / 60, minute % 60));
    ZonedDateTime earlier = local.atZone(zone).withEarlierOffsetAtOverlap();
    edges.add(earlier.toInstant());
    edges.add(earlier.withLaterOffsetAtOverlap().toInstant());
  }

  /** The times that lie in both, in their order. */
  static List<Span> both(List<Span> one, List<Span> other) {
    List<Span> both = new ArrayList<>();
    for (Span a : one) {
      for (Span b : other) {
        int from = Math.max(a.from(), b.from());
        int to = Math.min(a.to(), b.to());
        if (from < to) {
          both.add(new Span(from, to));
        }
      }
    }
    return List.copyOf(both);
  }
}

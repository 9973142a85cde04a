package org.careline.report.hotline;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * By what figures are taken apart: some of the dimensions, and perhaps an interval. Confined to one
 * thread, because it remembers the interval last asked for.
 */
public final class Grouping {

  /** What a call belongs to. */
  public enum Dimension {
    LINE,
    TIER,
    SKILL,
    AGENT;

    public String key() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Length of an interval of the office's clock. */
  public enum Interval {
    QUARTER("15m", 15),
    HALF("30m", 30),
    HOUR("60m", 60),
    DAY("day", 24 * 60);

    private final String key;
    private final int minutes;

    Interval(String key, int minutes) {
      this.key = key;
      this.minutes = minutes;
    }

    public String key() {
      return key;
    }

    public int minutes() {
      return minutes;
    }
  }

  /**
   * One group.
   *
   * @param values one for each dimension in their order; empty = the call has none
   * @param from begin of the interval; null when not taken apart by time
   */
  public record Key(List<String> values, Instant from) implements Comparable<Key> {
    private static final Comparator<Instant> TIME =
        Comparator.nullsFirst(Comparator.naturalOrder());

    @Override
    public int compareTo(Key other) {
      int byTime = TIME.compare(from, other.from);
      return byTime != 0
          ? byTime
          : Arrays.compare(values.toArray(String[]::new), other.values.toArray(String[]::new));
    }
  }

  private final List<Dimension> dimensions;
  private final Interval interval;
  private final ZoneId zone;
  private Instant from = Instant.MAX;
  private Instant to = Instant.MIN;

  /**
   * @param interval null = the whole time in one
   */
  public Grouping(Set<Dimension> dimensions, Interval interval, ZoneId zone) {
    this.dimensions = dimensions.stream().sorted().toList();
    this.interval = interval;
    this.zone = zone;
  }

  public List<Dimension> dimensions() {
    return dimensions;
  }

  public Interval interval() {
    return interval;
  }

  Key of(CallFacts call) {
    return key(call.line(), call.tier(), call.skill(), call.agent(), call.enteredAt());
  }

  /** An offer belongs to the agent it was made to, and otherwise where its call belongs. */
  Key of(LegFacts leg) {
    return key(leg.line(), leg.tier(), leg.skill(), leg.agent(), leg.enteredAt());
  }

  Key of(AfterFacts after) {
    return key(after.line(), after.tier(), after.skill(), after.agent(), after.enteredAt());
  }

  private Key key(String line, String tier, String skill, String agent, Instant at) {
    List<String> values = new ArrayList<>(dimensions.size());
    for (Dimension dimension : dimensions) {
      String value =
          switch (dimension) {
            case LINE -> line;
            case TIER -> tier;
            case SKILL -> skill;
            case AGENT -> agent;
          };
      values.add(value == null ? "" : value);
    }
    return new Key(List.copyOf(values), interval == null ? null : begin(at));
  }

  /** Begin of the interval an instant lies in; an hour that the clock repeats is one interval. */
  Instant begin(Instant at) {
    if (at.isBefore(from) || !at.isBefore(to)) {
      LocalDateTime local = LocalDateTime.ofInstant(at, zone);
      LocalDate day = local.toLocalDate();
      int minute = local.getHour() * 60 + local.getMinute();
      int first = minute - minute % interval.minutes();
      from = instant(day, first);
      to = instant(day, first + interval.minutes());
    }
    return from;
  }

  /** End of the interval an instant lies in. */
  Instant end(Instant at) {
    begin(at);
    return to;
  }

  private Instant instant(LocalDate day, int minute) {
    LocalDateTime local =
        minute == 24 * 60
            ? day.plusDays(1).atStartOfDay()
            : day.atTime(LocalTime.of(minute / 60, minute % 60));
    return local.atZone(zone).toInstant();
  }
}

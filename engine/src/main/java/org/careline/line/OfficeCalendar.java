package org.careline.line;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which days of the year are not what their weekday says: holidays, and weekend days worked in
 * exchange (调休). Immutable, pure, thread-safe.
 *
 * @param code name of the calendar; empty = none, every day is what its weekday says
 * @param days in order of date
 */
public record OfficeCalendar(String code, Map<LocalDate, Day> days) {
  /** No holidays at all. */
  public static final OfficeCalendar NONE = new OfficeCalendar("", Map.of());

  /** What a day is for an office; the word is what files and commands show. */
  public enum Kind {
    WORKDAY("workday"),
    WEEKEND("weekend"),
    HOLIDAY("holiday"),
    MAKE_UP_WORKDAY("make-up-workday");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /** A day with its reason; the names are empty on ordinary days. */
  public record Day(Kind kind, String nameEn, String nameZh) {}

  public OfficeCalendar {
    days = java.util.Collections.unmodifiableMap(new TreeMap<>(days));
  }

  /** Saturday and Sunday are the weekend unless the calendar says something else. */
  public Day on(LocalDate date) {
    Day day = days.get(date);
    if (day != null) {
      return day;
    }
    DayOfWeek weekday = date.getDayOfWeek();
    boolean weekend = weekday == DayOfWeek.SATURDAY || weekday == DayOfWeek.SUNDAY;
    return new Day(weekend ? Kind.WEEKEND : Kind.WORKDAY, "", "");
  }

  /** The years of which the calendar says anything; what it holds of others is weekdays only. */
  public SortedSet<Integer> years() {
    SortedSet<Integer> years = new TreeSet<>();
    days.keySet().forEach(date -> years.add(date.getYear()));
    return years;
  }
}

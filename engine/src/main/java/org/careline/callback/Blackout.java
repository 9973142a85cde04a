package org.careline.callback;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Days on which nobody is rung, by the site's local date. Written {@code 2026-10-01}, {@code
 * 2026-10-01..2026-10-03}, each year {@code 05-01} or {@code 12-24..01-02}, or {@code
 * spring-festival-7..+7}: so many days before and after its first day. Immutable, pure.
 */
public sealed interface Blackout {
  boolean covers(LocalDate date);

  /** As it is written in rules. */
  String text();

  /** Both days included. */
  record Dates(LocalDate from, LocalDate to) implements Blackout {
    /** Longer ones are taken for a mistake. */
    private static final int MOST_DAYS = 400;

    public Dates {
      if (to.isBefore(from) || from.plusDays(MOST_DAYS).isBefore(to)) {
        throw new IllegalArgumentException("no range of dates: " + from + ".." + to);
      }
    }

    @Override
    public boolean covers(LocalDate date) {
      return !date.isBefore(from) && !date.isAfter(to);
    }

    @Override
    public String text() {
      return from.equals(to) ? from.toString() : from + ".." + to;
    }
  }

  /** Each year; a range may go over the turn of the year. */
  record Yearly(MonthDay from, MonthDay to) implements Blackout {
    @Override
    public boolean covers(LocalDate date) {
      MonthDay day = MonthDay.from(date);
      boolean begun = !day.isBefore(from);
      boolean notOver = !day.isAfter(to);
      return from.isAfter(to) ? begun || notOver : begun && notOver;
    }

    @Override
    public String text() {
      String first = from.toString().substring(2);
      return from.equals(to) ? first : first + ".." + to.toString().substring(2);
    }
  }

  /** Days around the first day of the Chinese year. Years that are not known have none. */
  record SpringFestival(int before, int after) implements Blackout {
    /** The earliest first day is 21 January: further back would be the year before. */
    private static final int MOST_DAYS = 20;

    /**
     * Hong Kong Observatory's conversion tables. Not computed: the new moons of 2027 and 2030 fall
     * within minutes of midnight, and common libraries are a day off there.
     */
    private static final Map<Integer, LocalDate> FIRST_DAYS =
        Stream.of(
                "2025-01-29",
                "2026-02-17",
                "2027-02-06",
                "2028-01-26",
                "2029-02-13",
                "2030-02-03",
                "2031-01-23",
                "2032-02-11",
                "2033-01-31",
                "2034-02-19",
                "2035-02-08",
                "2036-01-28",
                "2037-02-15",
                "2038-02-04",
                "2039-01-24",
                "2040-02-12",
                "2041-02-01",
                "2042-01-22",
                "2043-02-10",
                "2044-01-30",
                "2045-02-17",
                "2046-02-06",
                "2047-01-26",
                "2048-02-14",
                "2049-02-02",
                "2050-01-23")
            .map(LocalDate::parse)
            .collect(Collectors.toUnmodifiableMap(LocalDate::getYear, Function.identity()));

    public SpringFestival {
      if (before < 0 || after < 0 || before > MOST_DAYS || after > MOST_DAYS) {
        throw new IllegalArgumentException("0 to " + MOST_DAYS + " days around Spring Festival");
      }
    }

    @Override
    public boolean covers(LocalDate date) {
      LocalDate first = FIRST_DAYS.get(date.getYear());
      return first != null
          && !date.isBefore(first.minusDays(before))
          && !date.isAfter(first.plusDays(after));
    }

    @Override
    public String text() {
      return "spring-festival-" + before + "..+" + after;
    }
  }

  /**
   * @throws IllegalArgumentException and {@link DateTimeException} when it is none
   */
  static Blackout of(String text) {
    Matcher festival =
        Pattern.compile("spring-festival(?:-([0-9]{1,2})\\.\\.\\+([0-9]{1,2}))?").matcher(text);
    if (festival.matches()) {
      return festival.group(1) == null
          ? new SpringFestival(0, 0)
          : new SpringFestival(
              Integer.parseInt(festival.group(1)), Integer.parseInt(festival.group(2)));
    }
    String[] ends = text.split("\\.\\.", -1);
    if (ends.length > 2) {
      throw new IllegalArgumentException("no range of dates: " + text);
    }
    String last = ends[ends.length - 1];
    if (ends[0].matches("[0-9]{2}-[0-9]{2}") && last.matches("[0-9]{2}-[0-9]{2}")) {
      return new Yearly(MonthDay.parse("--" + ends[0]), MonthDay.parse("--" + last));
    }
    return new Dates(LocalDate.parse(ends[0]), LocalDate.parse(last));
  }
}

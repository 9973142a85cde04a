package org.careline.line;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.careline.line.OfficeCalendar.Day;
import org.careline.line.OfficeCalendar.Kind;

/**
 * The calendars there are: those that come with the product, a file per year, with the days an
 * installation has added or taken away. Stateless.
 */
public final class OfficeCalendars {
  /** China's, as the State Council announces it each autumn for the year to come. */
  public static final String CHINA = "cn";

  private static final int FIRST_YEAR = 2025;
  private static final Map<LocalDate, Day> CHINA_DAYS = shipped(CHINA);

  private OfficeCalendars() {}

  /**
   * A day as an installation has it.
   *
   * @param kind holiday or make-up-workday; ordinary = what its weekday says
   */
  public record OwnDay(String calendar, LocalDate day, String kind, String nameEn, String nameZh) {}

  /** All calendars by code, own days over those that came with the product. */
  public static Map<String, OfficeCalendar> with(List<OwnDay> own) {
    Map<String, Map<LocalDate, Day>> days = new HashMap<>();
    days.put(CHINA, new TreeMap<>(CHINA_DAYS));
    for (OwnDay day : own) {
      Map<LocalDate, Day> calendar = days.computeIfAbsent(day.calendar(), code -> new TreeMap<>());
      if (day.kind().equals("ordinary")) {
        calendar.remove(day.day());
      } else {
        calendar.put(day.day(), new Day(kind(day.kind()), day.nameEn(), day.nameZh()));
      }
    }
    Map<String, OfficeCalendar> calendars = new TreeMap<>();
    days.forEach((code, each) -> calendars.put(code, new OfficeCalendar(code, each)));
    return calendars;
  }

  /** China's calendar as it comes with the product. */
  public static OfficeCalendar china() {
    return new OfficeCalendar(CHINA, CHINA_DAYS);
  }

  private static Kind kind(String word) {
    return word.equals(Kind.HOLIDAY.word()) ? Kind.HOLIDAY : Kind.MAKE_UP_WORKDAY;
  }

  private static Map<LocalDate, Day> shipped(String code) {
    Map<LocalDate, Day> days = new TreeMap<>();
    for (int year = FIRST_YEAR; ; year++) {
      String file = "calendar/" + code + "-" + year + ".tsv";
      try (InputStream in = OfficeCalendars.class.getResourceAsStream(file)) {
        if (in == null) {
          return days;
        }
        read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), days);
      } catch (IOException e) {
        throw new UncheckedIOException(file, e);
      }
    }
  }

  /** Lines of date, kind, English and Chinese name, separated by tabs; # begins a comment. */
  private static void read(BufferedReader in, Map<LocalDate, Day> days) {
    in.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .forEach(
            cells ->
                days.put(LocalDate.parse(cells[0]), new Day(kind(cells[1]), cells[2], cells[3])));
  }
}

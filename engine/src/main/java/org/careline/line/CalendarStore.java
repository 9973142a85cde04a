package org.careline.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.Year;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.careline.language.Sentence;
import org.careline.line.OfficeCalendar.Day;
import org.careline.line.OfficeCalendar.Kind;
import org.jdbi.v3.core.Handle;

/**
 * The calendars of this installation. A year is edited as a whole: what is written are all its days
 * that are not what their weekday says; what differs from the calendar that came with the product
 * is stored. Stateless.
 */
public final class CalendarStore {
  private static final String ORDINARY = "ordinary";
  private static final int MOST_DAYS = 366;

  private CalendarStore() {}

  /** One calendar's year in the form {@link #save} reads. */
  public static ObjectNode year(OfficeCalendar calendar, int year) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("code", calendar.code()).put("year", year);
    ArrayNode days = json.putArray("days");
    calendar
        .days()
        .forEach(
            (date, day) -> {
              if (date.getYear() == year) {
                days.addObject()
                    .put("date", date.toString())
                    .put("kind", day.kind().word())
                    .put("nameEn", day.nameEn())
                    .put("nameZh", day.nameZh());
              }
            });
    return json;
  }

  /**
   * Makes a year as the body says, in the caller's transaction; gives whether anything has changed.
   * The caller raises the revision then. A calendar of another code comes into being with its first
   * day.
   *
   * @throws InvalidSettings with the place of what is wrong
   */
  public static boolean save(Handle handle, String code, int year, JsonNode body) {
    if (!code.matches("[a-z0-9][a-z0-9_-]{0,31}")) {
      throw new InvalidSettings("code", Sentence.of("apply.code"));
    }
    if (year < 2000 || year > 2999) {
      throw new InvalidSettings("year", Sentence.of("web.number", "2000", "2999"));
    }
    Map<LocalDate, Day> wanted = days(year, body);
    Map<LocalDate, Day> shipped =
        code.equals(OfficeCalendars.CHINA) ? OfficeCalendars.china().days() : Map.of();
    Map<LocalDate, OfficeCalendars.OwnDay> own = new TreeMap<>();
    wanted.forEach(
        (date, day) -> {
          if (!day.equals(shipped.get(date))) {
            own.put(
                date,
                new OfficeCalendars.OwnDay(
                    code, date, day.kind().word(), day.nameEn(), day.nameZh()));
          }
        });
    shipped.forEach(
        (date, day) -> {
          if (date.getYear() == year && !wanted.containsKey(date)) {
            own.put(date, new OfficeCalendars.OwnDay(code, date, ORDINARY, "", ""));
          }
        });
    return replace(handle, code, year, own);
  }

  private static boolean replace(
      Handle handle, String code, int year, Map<LocalDate, OfficeCalendars.OwnDay> own) {
    Map<LocalDate, OfficeCalendars.OwnDay> before = new HashMap<>();
    handle
        .createQuery(
            "SELECT day, kind, name_en, name_zh FROM calendar_day WHERE calendar = :code AND day"
                + " BETWEEN :from AND :to FOR UPDATE")
        .bind("code", code)
        .bind("from", Year.of(year).atDay(1))
        .bind("to", Year.of(year).atMonth(12).atDay(31))
        .map(
            (row, context) ->
                new OfficeCalendars.OwnDay(
                    code,
                    row.getObject(1, LocalDate.class),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4)))
        .forEach(day -> before.put(day.day(), day));
    if (before.equals(new HashMap<>(own))) {
      return false;
    }
    for (LocalDate day : before.keySet()) {
      handle.execute("DELETE FROM calendar_day WHERE calendar = ? AND day = ?", code, day);
    }
    for (OfficeCalendars.OwnDay day : own.values()) {
      handle.execute(
          "INSERT INTO calendar_day (calendar, day, kind, name_en, name_zh) VALUES (?, ?, ?, ?, ?)",
          code,
          day.day(),
          day.kind(),
          day.nameEn(),
          day.nameZh());
    }
    return true;
  }

  private static Map<LocalDate, Day> days(int year, JsonNode body) {
    Reading all = Reading.of("calendar", body, Set.of("code", "year", "days"));
    Map<LocalDate, Day> days = new TreeMap<>();
    for (Reading each : all.at("days").items(MOST_DAYS)) {
      each.only(Set.of("date", "kind", "nameEn", "nameZh"));
      LocalDate date = date(each.at("date"));
      if (date.getYear() != year) {
        throw each.at("date").wrong(Sentence.of("calendar.year", date, String.valueOf(year)));
      }
      Kind kind = kind(each.at("kind"));
      boolean weekend = date.getDayOfWeek().getValue() > 5;
      if (kind == Kind.MAKE_UP_WORKDAY && !weekend) {
        throw each.at("kind").wrong(Sentence.of("calendar.weekday", date));
      }
      Day day = new Day(kind, name(each, "nameEn"), name(each, "nameZh"));
      if (days.putIfAbsent(date, day) != null) {
        throw each.at("date").wrong(Sentence.of("line.twice", date));
      }
    }
    return days;
  }

  private static LocalDate date(Reading at) {
    try {
      return LocalDate.parse(at.string());
    } catch (DateTimeParseException e) {
      throw at.wrong(Sentence.of("calendar.date", at.string()));
    }
  }

  private static Kind kind(Reading at) {
    Set<String> words = new TreeSet<>();
    for (Kind kind : List.of(Kind.HOLIDAY, Kind.MAKE_UP_WORKDAY)) {
      if (kind.word().equals(at.string())) {
        return kind;
      }
      words.add(kind.word());
    }
    throw at.wrong(Sentence.of("line.words", String.join(", ", words)));
  }

  private static String name(Reading day, String key) {
    String name = day.at(key).absent() ? "" : day.at(key).string();
    if (name.codePointCount(0, name.length()) > 64
        || name.chars().anyMatch(Character::isISOControl)) {
      throw day.at(key).wrong(Sentence.of("web.characters", 64));
    }
    return name;
  }

  /** The codes with the years of which each knows anything. */
  public static ArrayNode overview(Map<String, OfficeCalendar> calendars) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    new ArrayList<>(calendars.values())
        .forEach(
            calendar -> {
              ObjectNode json = all.addObject().put("code", calendar.code());
              ArrayNode years = json.putArray("years");
              calendar.years().forEach(years::add);
            });
    return all;
  }
}

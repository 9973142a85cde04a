package org.careline.line;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.callback.CallingWindow.Span;
import org.careline.language.Sentence;

/**
 * Reads the hours of a line: {@code null} is round the clock, otherwise all seven days, each with
 * its spans in order. A span neither goes over midnight nor overlaps another. Stateless.
 */
final class LineHoursParser {
  static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  private static final int MOST_SPANS = 8;

  private LineHoursParser() {}

  static LineHours parse(Reading hours, ZoneId zone, OfficeCalendar calendar) {
    if (hours.absent()) {
      return new LineHours(zone, Map.of(), List.of(), List.of(), calendar);
    }
    hours.object();
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    List<Span> holiday = List.of();
    Optional<List<Span>> makeUp = Optional.empty();
    for (Map.Entry<String, com.fasterxml.jackson.databind.JsonNode> entry :
        hours.node().properties()) {
      Reading at = hours.at(entry.getKey());
      List<Span> spans = spans(at);
      if (entry.getKey().equals("holiday")) {
        holiday = spans;
      } else if (entry.getKey().equals("makeUp")) {
        makeUp = Optional.of(spans);
      } else {
        for (DayOfWeek day : days(at, entry.getKey())) {
          if (week.put(day, spans) != null) {
            throw at.wrong(Sentence.of("line.day-twice", name(day)));
          }
        }
      }
    }
    for (DayOfWeek day : DayOfWeek.values()) {
      if (!week.containsKey(day)) {
        throw hours.wrong(Sentence.of("line.day-missing", name(day)));
      }
    }
    // a weekend day worked in exchange is, where nothing is said, a Monday
    return new LineHours(zone, week, holiday, makeUp.orElse(week.get(DayOfWeek.MONDAY)), calendar);
  }

  static String name(DayOfWeek day) {
    return DAYS.get(day.getValue() - 1);
  }

  private static List<DayOfWeek> days(Reading at, String text) {
    String[] ends = text.split("-", -1);
    int from = DAYS.indexOf(ends[0]);
    int to = DAYS.indexOf(ends[ends.length - 1]);
    if (ends.length > 2 || from < 0 || to < from) {
      throw at.wrong(Sentence.of("line.days", text));
    }
    List<DayOfWeek> days = new ArrayList<>();
    for (int day = from; day <= to; day++) {
      days.add(DayOfWeek.of(day + 1));
    }
    return days;
  }

  private static List<Span> spans(Reading list) {
    if (!list.node().isArray()) {
      throw list.wrong(Sentence.of("rules.spans"));
    }
    List<Span> spans = new ArrayList<>();
    for (Reading each : list.items(MOST_SPANS)) {
      Span span = span(each);
      Span before = spans.isEmpty() ? null : spans.getLast();
      if (before != null && span.to() <= before.from()) {
        throw each.wrong(Sentence.of("line.order", span, before));
      }
      if (before != null && span.from() < before.to()) {
        throw each.wrong(Sentence.of("line.overlap", span, before));
      }
      spans.add(span);
    }
    return List.copyOf(spans);
  }

  private static Span span(Reading at) {
    String text = at.string();
    if (!text.matches("([01][0-9]|2[0-4]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]")) {
      throw at.wrong(Sentence.of("line.span", text));
    }
    try {
      return Span.of(text);
    } catch (IllegalArgumentException reversed) {
      throw at.wrong(Sentence.of("line.reversed", text));
    }
  }
}

package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.careline.line.CalendarStore;
import org.careline.line.LineForm;
import org.careline.line.OfficeCalendars;

/** One line, round the clock, and the calendar that comes with the product. */
final class FakeLines implements Desks.LineDesk {
  static final String BODY =
      """
      {"code": "main", "number": "02150001111", "nameEn": "Main", "nameZh": "总机",
       "settings": {"hours": {"mon-fri": ["09:00-18:00"], "sat-sun": []}, "calendar": "cn"}}
      """;

  static final String CHANGE =
      BODY.replace("{\"code\"", "{\"version\": \"0123456789abcdef\", \"code\"");

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode view() {
    ObjectNode line = LineForm.of("main", json(BODY), code -> OfficeCalendars.china()).json();
    return line.put("version", "0123456789abcdef")
        .put("open", false)
        .putNull("changesAt")
        .put("calendarKnown", true);
  }

  @Override
  public JsonNode lines() {
    return Json.MAPPER.createArrayNode().add(view());
  }

  @Override
  public Optional<JsonNode> line(String code) {
    return code.equals("main") ? Optional.of(view()) : Optional.empty();
  }

  @Override
  public JsonNode create(String code, JsonNode body) {
    return view();
  }

  @Override
  public JsonNode change(String code, String version, JsonNode body) {
    return view();
  }

  @Override
  public JsonNode prompts() {
    return json("{\"zh\": [\"greeting\"], \"en\": []}");
  }

  @Override
  public JsonNode calendars() {
    return CalendarStore.overview(Map.of("cn", OfficeCalendars.china()));
  }

  @Override
  public JsonNode calendar(String code, int year) {
    return CalendarStore.year(OfficeCalendars.china(), year);
  }

  @Override
  public JsonNode saveCalendar(String code, int year, JsonNode body) {
    return calendar(code, year);
  }
}

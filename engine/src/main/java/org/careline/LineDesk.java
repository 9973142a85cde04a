package org.careline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.language.Sentence;
import org.careline.line.CalendarStore;
import org.careline.line.InvalidSettings;
import org.careline.line.LineForm;
import org.careline.line.LineHours;
import org.careline.line.LineStore;
import org.careline.line.OfficeCalendar;
import org.careline.web.Desks;
import org.careline.web.Refusal;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Brings lines, prompts and calendars to the HTTP side and back. Thread-safe. */
final class LineDesk implements Desks.LineDesk {
  private final Jdbi jdbi;
  private final Supplier<Map<String, Set<String>>> prompts;
  private final LineStore store;
  private final InstantSource clock;

  /**
   * @param prompts as {@link LineStore}
   */
  LineDesk(Jdbi jdbi, Supplier<Map<String, Set<String>>> prompts, InstantSource clock) {
    this.jdbi = jdbi;
    this.prompts = prompts;
    this.store = new LineStore(prompts);
    this.clock = clock;
  }

  @Override
  public JsonNode lines() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    jdbi.useHandle(handle -> store.all(handle).forEach(line -> all.add(view(line))));
    return all;
  }

  @Override
  public Optional<JsonNode> line(String code) {
    return jdbi.withHandle(handle -> store.find(handle, code).map(this::view));
  }

  @Override
  public JsonNode create(String code, JsonNode body) {
    return written(
        handle -> {
          if (store.find(handle, code).isPresent()) {
            throw Refusal.conflict("line_exists", Sentence.of("web.line-exists", code));
          }
          return save(handle, code, body);
        });
  }

  @Override
  public JsonNode change(String code, String version, JsonNode body) {
    return written(
        handle -> {
          // locked before it is read: of two who have read the same, the second is told
          handle.createQuery("SELECT code FROM line FOR UPDATE").mapTo(String.class).list();
          LineForm stored =
              store
                  .find(handle, code)
                  .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-line")));
          if (!version(stored).equals(version)) {
            throw Refusal.conflict("changed_meanwhile", Sentence.of("web.line-changed", code));
          }
          return save(handle, code, body);
        });
  }

  /** Changes with anything that is set, whoever sets it. */
  private static String version(LineForm line) {
    try {
      byte[] whole = line.json().toString().getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(whole);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private JsonNode save(Handle handle, String code, JsonNode body) {
    LineForm line = LineForm.of(code, body, store.calendars(handle)::get);
    if (store.save(handle, line) != LineStore.Change.UNCHANGED) {
      raise(handle);
    }
    return view(line);
  }

  @Override
  public JsonNode prompts() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    prompts
        .get()
        .forEach(
            (language, names) -> {
              ArrayNode list = all.putArray(language);
              new TreeSet<>(names).forEach(list::add);
            });
    return all;
  }

  @Override
  public JsonNode calendars() {
    return CalendarStore.overview(jdbi.withHandle(store::calendars));
  }

  @Override
  public JsonNode calendar(String code, int year) {
    OfficeCalendar calendar = jdbi.withHandle(store::calendars).get(code);
    if (calendar == null) {
      throw Refusal.notFound(Sentence.of("web.no-calendar"));
    }
    return CalendarStore.year(calendar, year);
  }

  @Override
  public JsonNode saveCalendar(String code, int year, JsonNode body) {
    return written(
        handle -> {
          if (CalendarStore.save(handle, code, year, body)) {
            // a calendar without days is none: a line must not be left with it
            Map<String, OfficeCalendar> left = store.calendars(handle);
            if (!left.containsKey(code)) {
              requireUnused(handle, code);
            }
            raise(handle);
          }
          return CalendarStore.year(
              store.calendars(handle).getOrDefault(code, new OfficeCalendar(code, Map.of())), year);
        });
  }

  private static void requireUnused(Handle handle, String calendar) {
    handle
        .createQuery("SELECT code FROM line WHERE settings->>'$.calendar' = :calendar LIMIT 1")
        .bind("calendar", calendar)
        .mapTo(String.class)
        .findOne()
        .ifPresent(
            line -> {
              throw Refusal.conflict(
                  "calendar_used", Sentence.of("web.calendar-used", calendar, line));
            });
  }

  private static void raise(Handle handle) {
    handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
  }

  private JsonNode written(Function<Handle, JsonNode> work) {
    try {
      return jdbi.inTransaction(work::apply);
    } catch (InvalidSettings invalid) {
      throw Refusal.invalid(invalid.place(), invalid.what());
    }
  }

  /** With what holds at this moment beside it. */
  private JsonNode view(LineForm line) {
    ObjectNode json = line.json();
    json.put("version", version(line));
    Instant now = clock.instant();
    LineHours hours = line.settings().hours();
    boolean open = hours.openAt(now);
    json.put("open", open);
    Optional<Instant> changes = open ? hours.closing(now) : hours.opening(now);
    json.put("changesAt", changes.map(Instant::toString).orElse(null));
    int year = now.atZone(hours.zone()).getYear();
    String calendar = hours.calendar().code();
    json.put("calendarKnown", calendar.isEmpty() || hours.calendar().years().contains(year));
    return json;
  }
}

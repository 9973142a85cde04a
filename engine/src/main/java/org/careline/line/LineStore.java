package org.careline.line;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.config.Nearest;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The lines in MySQL. Whatever saves one, file or interface, goes through {@link #save}, so that
 * the same things are refused for the same reasons. Thread-safe.
 */
public final class LineStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SELECT =
      "SELECT code, number, name_en, name_zh, language, greeting, ring_timeout_seconds,"
          + " wrap_up_seconds, settings FROM line";

  private final Supplier<Map<String, Set<String>>> prompts;

  /** How saving went. */
  public enum Change {
    ADDED,
    CHANGED,
    UNCHANGED;

    public String word() {
      return LineSettings.word(this);
    }
  }

  /**
   * @param prompts names of those the switch can play in each language, looked up at each save;
   *     empty = not known, then every name is taken
   */
  public LineStore(Supplier<Map<String, Set<String>>> prompts) {
    this.prompts = prompts;
  }

  /** In order of code. */
  public List<LineForm> all(Handle handle) {
    return lines(handle.createQuery(SELECT + " ORDER BY code"), calendars(handle));
  }

  public Optional<LineForm> find(Handle handle, String code) {
    Query query = handle.createQuery(SELECT + " WHERE code = :code").bind("code", code);
    return lines(query, calendars(handle)).stream().findFirst();
  }

  /** By code, with the days of this installation. */
  public Map<String, OfficeCalendar> calendars(Handle handle) {
    return OfficeCalendars.with(
        handle
            .createQuery("SELECT calendar, day, kind, name_en, name_zh FROM calendar_day")
            .map(
                (row, context) ->
                    new OfficeCalendars.OwnDay(
                        row.getString(1),
                        row.getObject(2, LocalDate.class),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5)))
            .list());
  }

  /**
   * Inserts or changes a line, in the caller's transaction. The caller raises the revision when
   * something has changed.
   *
   * @throws InvalidSettings when it does not go with the other lines, tiers, policies or prompts
   */
  public Change save(Handle handle, LineForm line) {
    return save(handle, line, Set.of());
  }

  /**
   * As above.
   *
   * @param coming policies that will be saved in the same transaction
   */
  public Change save(Handle handle, LineForm line, Set<String> coming) {
    // all lines are few: whoever saves one waits for whoever saves another
    List<LineForm> stored = lines(handle.createQuery(SELECT + " FOR UPDATE"), calendars(handle));
    check(handle, line, stored, coming);
    Optional<LineForm> before =
        stored.stream().filter(other -> other.code().equals(line.code())).findFirst();
    if (before.isPresent() && before.get().equals(line)) {
      return Change.UNCHANGED;
    }
    handle
        .createUpdate(
            """
            INSERT INTO line (code, number, name_en, name_zh, language, greeting,
              ring_timeout_seconds, wrap_up_seconds, settings)
            VALUES (:code, :number, :nameEn, :nameZh, :language, :greeting, :ring, :wrapUp, :settings)
            AS given ON DUPLICATE KEY UPDATE number = given.number, name_en = given.name_en,
              name_zh = given.name_zh, language = given.language, greeting = given.greeting,
              ring_timeout_seconds = given.ring_timeout_seconds,
              wrap_up_seconds = given.wrap_up_seconds, settings = given.settings
            """)
        .bind("code", line.code())
        .bind("number", line.number())
        .bind("nameEn", line.nameEn())
        .bind("nameZh", line.nameZh())
        .bind("language", line.language())
        .bind("greeting", line.greeting())
        .bind("ring", line.ringTimeout().toSeconds())
        .bind("wrapUp", line.wrapUp().toSeconds())
        .bind("settings", LineSettingsJson.of(line.settings()).toString())
        .execute();
    return before.isPresent() ? Change.CHANGED : Change.ADDED;
  }

  private void check(Handle handle, LineForm line, List<LineForm> stored, Set<String> coming) {
    for (LineForm other : stored) {
      if (other.code().equals(line.code())) {
        continue;
      }
      Set<String> taken = new HashSet<>(other.landingNumbers());
      if (taken.contains(line.number())) {
        throw new InvalidSettings(
            "number", Sentence.of("apply.line-number", line.number(), other.code()));
      }
      for (int i = 0; i < line.settings().landingNumbers().size(); i++) {
        String number = line.settings().landingNumbers().get(i);
        if (taken.contains(number)) {
          throw new InvalidSettings(
              "settings.landingNumbers[" + i + "]",
              Sentence.of("apply.line-number", number, other.code()));
        }
      }
    }
    // nobody has written the default: it gives way to a longer usual time
    Duration most = line.settings().wrapUp().max();
    if (most.compareTo(line.wrapUp()) < 0 && !most.equals(LineSettings.DEFAULT.wrapUp().max())) {
      throw new InvalidSettings(
          "settings.wrapUp.max", Sentence.of("line.wrap-up", Reading.written(line.wrapUp())));
    }
    Set<String> tiers =
        new TreeSet<>(handle.createQuery("SELECT code FROM tier").mapTo(String.class).list());
    for (String tier : new TreeSet<>(line.settings().openTiers())) {
      if (!tiers.contains(tier)) {
        throw new InvalidSettings(
            "settings.openTiers", Sentence.of("line.tier", tier, String.join(", ", tiers)));
      }
    }
    String policy = line.settings().policy();
    if (!policy.isEmpty()
        && !coming.contains(policy)
        && handle
            .createQuery("SELECT 1 FROM policy WHERE code = :code LIMIT 1")
            .bind("code", policy)
            .mapTo(Integer.class)
            .findOne()
            .isEmpty()) {
      throw new InvalidSettings("settings.policy", Sentence.of("line.policy", policy));
    }
    missing(line, prompts.get())
        .ifPresent(
            missing -> {
              throw missing;
            });
  }

  /**
   * The first prompt of the line that cannot be played, with its place and the nearest that can.
   *
   * @param known names in each language; without the line's language nothing is known
   */
  public static Optional<InvalidSettings> missing(LineForm line, Map<String, Set<String>> known) {
    Set<String> names = known.get(line.language());
    if (names == null) {
      return Optional.empty();
    }
    return line.prompts().stream()
        .filter(use -> !names.contains(use.prompt()))
        .findFirst()
        .map(
            use ->
                new InvalidSettings(
                    use.place(),
                    Nearest.of(use.prompt(), names)
                        .map(near -> Sentence.of("apply.prompt", use.prompt(), near))
                        .orElseGet(
                            () ->
                                Sentence.of(
                                    "apply.prompt-far", use.prompt(), Nearest.list(names)))));
  }

  private static List<LineForm> lines(Query query, Map<String, OfficeCalendar> calendars) {
    return query
        .map(
            (row, context) ->
                new LineForm(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    Duration.ofSeconds(row.getLong(7)),
                    Duration.ofSeconds(row.getLong(8)),
                    settings(row.getString(9), calendars::get)))
        .list();
  }

  private static LineSettings settings(String json, Function<String, OfficeCalendar> calendars) {
    try {
      return LineSettingsParser.parse(JSON.readTree(json), calendars);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("MySQL holds a JSON column that is none", e);
    }
  }
}

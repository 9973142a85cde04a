package org.careline.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.callback.RulesParser.InvalidRules;
import org.careline.language.Sentence;

/**
 * Reads a cadence. What is absent is as the wider owner has it. Example:
 *
 * <pre>{@code
 * {"campaign": "RJ-2026",
 *  "visits": {"by": "calendar", "from": "2026-01-05", "every": "3mo", "gap": "30d", "at": "09:00",
 *             "closes": "45d"},
 *  "events": [{"after": "hand_over", "in": "3h"}, {"after": "repair", "in": "1d", "gap": "1d"}],
 *  "warranty": {"visits": 2}, "answeredByRecord": "7d"}
 * }</pre>
 *
 * <p>Other visits: {@code {"by": "last-visit", "every": "90d", "gap": "30d", "collect": "7d"}} and
 * {@code {"by": "never"}}. Distances are {@code d, w} or {@code mo}. Stateless.
 */
public final class CadenceParser {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOP = "cadence";
  private static final int USUAL_GAP = 14;
  private static final int USUAL_COLLECT = 7;
  static final int MOST_DAYS = 1100;

  /** The longest that somebody counts as just served. */
  static final int MOST_SERVED = 90;

  private static final Pattern DELAY = Pattern.compile("(-?[0-9]{1,4})(h|d)");

  private CadenceParser() {}

  /** Throws {@link InvalidRules}. */
  public static Cadence parse(String json) {
    try {
      return parse(json == null || json.isBlank() ? JSON.createObjectNode() : JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw wrong(TOP, Sentence.of("rules.not-json", e.getOriginalMessage()));
    }
  }

  /** Throws {@link InvalidRules} with the place of what is wrong. */
  public static Cadence parse(JsonNode document) {
    keys(TOP, document, Set.of("campaign", "visits", "events", "warranty", "answeredByRecord"));
    return new Cadence(
        code(TOP + ".campaign", document.path("campaign")),
        document.has("visits")
            ? Optional.of(visits(TOP + ".visits", document.path("visits")))
            : Optional.empty(),
        document.has("events") ? Optional.of(events(document.path("events"))) : Optional.empty(),
        warranty(document.path("warranty")),
        document.has("answeredByRecord")
            ? OptionalInt.of(
                days(TOP + ".answeredByRecord", document.path("answeredByRecord"), 0, MOST_SERVED))
            : OptionalInt.empty());
  }

  private static Visits visits(String where, JsonNode given) {
    keys(where, given, Set.of("by", "from", "every", "gap", "at", "collect", "closes"));
    String by = given.path("by").asText("");
    return switch (by) {
      case "never" -> {
        keys(where, given, Set.of("by"));
        yield new Visits.Never();
      }
      case "calendar" -> {
        keys(where, given, Set.of("by", "from", "every", "gap", "at", "closes"));
        Every every = every(where + ".every", given.path("every"));
        yield new Visits.ByCalendar(
            date(where + ".from", given.path("from")),
            every,
            gap(where + ".gap", given.path("gap"), every),
            time(where + ".at", given.path("at")),
            closes(where, given));
      }
      case "last-visit" -> {
        keys(where, given, Set.of("by", "every", "gap", "at", "collect", "closes"));
        Every every = every(where + ".every", given.path("every"));
        yield new Visits.FromLastVisit(
            every,
            gap(where + ".gap", given.path("gap"), every),
            time(where + ".at", given.path("at")),
            collect(where + ".collect", given.path("collect"), every),
            closes(where, given));
      }
      default -> throw wrong(where + ".by", Sentence.of("cadence.by"));
    };
  }

  private static Every every(String where, JsonNode given) {
    Every every =
        Every.of(given.asText(""))
            .orElseThrow(() -> wrong(where, Sentence.of("cadence.distance", "90d, 4w, 3mo")));
    if (every.amount() < 1) {
      throw wrong(where, Sentence.of("cadence.zero", given.asText()));
    }
    if (every.longestDays() > MOST_DAYS) {
      throw wrong(where, Sentence.of("cadence.long", MOST_DAYS));
    }
    return every;
  }

  private static int gap(String where, JsonNode given, Every every) {
    if (given.isMissingNode()) {
      return Math.min(USUAL_GAP, every.shortestDays());
    }
    int gap = days(where, given, 1, MOST_DAYS);
    if (gap > every.shortestDays()) {
      throw wrong(where, Sentence.of("cadence.gap", gap, every, every.shortestDays()));
    }
    return gap;
  }

  private static int collect(String where, JsonNode given, Every every) {
    if (given.isMissingNode()) {
      return Math.min(USUAL_COLLECT, every.shortestDays());
    }
    int collect = days(where, given, 1, MOST_DAYS);
    if (collect > every.shortestDays()) {
      throw wrong(where, Sentence.of("cadence.collect", collect, every));
    }
    return collect;
  }

  private static OptionalInt closes(String where, JsonNode given) {
    return given.has("closes")
        ? OptionalInt.of(days(where + ".closes", given.path("closes"), 1, MOST_DAYS))
        : OptionalInt.empty();
  }

  /** Days or weeks as days. */
  private static int days(String where, JsonNode given, int least, int most) {
    Every days =
        Every.of(given.asText(""))
            .filter(each -> each.unit() != Every.Unit.MONTHS)
            .orElseThrow(() -> wrong(where, Sentence.of("cadence.distance", "7d, 4w")));
    if (days.amount() < least) {
      throw wrong(where, Sentence.of("cadence.zero", given.asText()));
    }
    if (days.shortestDays() > most) {
      throw wrong(where, Sentence.of("cadence.long", most));
    }
    return days.shortestDays();
  }

  private static List<EventRule> events(JsonNode given) {
    if (!given.isArray()) {
      throw wrong(TOP + ".events", Sentence.of("cadence.list"));
    }
    List<EventRule> rules = new ArrayList<>();
    for (JsonNode one : given) {
      String where = TOP + ".events[" + rules.size() + "]";
      keys(where, one, Set.of("after", "in", "campaign", "gap"));
      EventRule.Event after = null;
      for (EventRule.Event event : EventRule.Event.values()) {
        if (event.id().equals(one.path("after").asText())) {
          after = event;
        }
      }
      if (after == null) {
        throw wrong(where + ".after", Sentence.of("cadence.event"));
      }
      Matcher in = DELAY.matcher(one.path("in").asText(""));
      if (!in.matches()) {
        throw wrong(where + ".in", Sentence.of("cadence.delay"));
      }
      int amount = Integer.parseInt(in.group(1));
      if (amount < 1) {
        throw wrong(where + ".in", Sentence.of("cadence.zero", in.group()));
      }
      boolean hours = in.group(2).equals("h");
      if (amount > (hours ? 24 * 365 : 365)) {
        throw wrong(where + ".in", Sentence.of("cadence.long", 365));
      }
      rules.add(
          new EventRule(
              after,
              amount,
              hours,
              code(where + ".campaign", one.path("campaign")),
              one.has("gap") ? days(where + ".gap", one.path("gap"), 1, 365) : 1));
    }
    return rules;
  }

  private static OptionalInt warranty(JsonNode given) {
    if (given.isMissingNode()) {
      return OptionalInt.empty();
    }
    keys(TOP + ".warranty", given, Set.of("visits"));
    JsonNode visits = given.path("visits");
    if (!visits.canConvertToInt()
        || !visits.isIntegralNumber()
        || visits.asInt() < 0
        || visits.asInt() > 24) {
      throw wrong(TOP + ".warranty.visits", Sentence.of("web.number", 0, 24));
    }
    return OptionalInt.of(visits.asInt());
  }

  private static LocalDate date(String where, JsonNode given) {
    try {
      LocalDate date = LocalDate.parse(given.asText(""));
      if (date.getYear() >= 2000 && date.getYear() < 2200) {
        return date;
      }
    } catch (DateTimeException wrong) {
      // told below
    }
    throw wrong(where, Sentence.of("cadence.date"));
  }

  private static LocalTime time(String where, JsonNode given) {
    if (given.isMissingNode()) {
      return LocalTime.of(9, 0);
    }
    try {
      if (given.asText("").matches("[0-2][0-9]:[0-5][0-9]")) {
        return LocalTime.parse(given.asText());
      }
    } catch (DateTimeException wrong) {
      // told below
    }
    throw wrong(where, Sentence.of("cadence.time"));
  }

  private static Optional<String> code(String where, JsonNode given) {
    if (given.isMissingNode()) {
      return Optional.empty();
    }
    if (!given.isTextual() || !given.asText().matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
      throw wrong(where, Sentence.of("apply.campaign-code"));
    }
    return Optional.of(given.asText());
  }

  private static void keys(String where, JsonNode given, Set<String> known) {
    if (!given.isObject()) {
      throw wrong(where, Sentence.of("web.object"));
    }
    for (Iterator<String> names = given.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw wrong(
            where,
            Sentence.of(
                "cadence.key",
                name.replaceAll("[^A-Za-z0-9_-]", "?"),
                String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  static InvalidRules wrong(String where, Sentence what) {
    return new InvalidRules(Sentence.of("rules.at", where, what));
  }
}

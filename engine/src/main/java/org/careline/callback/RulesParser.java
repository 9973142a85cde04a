package org.careline.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careline.callback.CallingWindow.Span;
import org.careline.callback.CampaignRules.RetryRule;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/**
 * Reads a campaign's {@code rules}. What is absent keeps its default; what is unknown is refused
 * with its place. Durations are a number with {@code ms, s, m, h} or {@code d}. Example:
 *
 * <pre>{@code
 * {"windows": {"default": {"mon-fri": ["09:30-11:30", "14:00-17:00"], "sat": []}},
 *  "caps": {"spacing": "2h", "perDay": 2}, "retry": {"busy": {"delay": "30m", "maxTries": 3}},
 *  "preview": "2m", "ring": "45s", "zone": "Asia/Urumqi", "blackouts": ["2026-10-01..2026-10-03"],
 *  "tradeCalendar": {"default": ["spring-festival-7..+7", "05-01"]}, "officeDays": "workdays"}
 * }</pre>
 *
 * <p>The office calendar holds for every campaign, but one with windows of its own works on the
 * weekend days it names there, and one with {@code "officeDays": "all"} on holidays too. {@code
 * tradeCalendar} replaces the house's blackouts of a trade, {@code blackouts} are added to them;
 * see {@link Blackout} for how days are written.
 *
 * <p>Windows outside 09:00-21:00 need {@code nightEvidence}: who asked for it and where that is
 * kept. Stateless.
 */
public final class RulesParser {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private RulesParser() {}

  /** What is wrong with the rules, with its place in them. */
  public static final class InvalidRules extends Refusal {
    private static final long serialVersionUID = 1L;

    InvalidRules(Sentence reason) {
      super(reason);
    }
  }

  private static InvalidRules wrong(String where, Sentence what) {
    return new InvalidRules(Sentence.of("rules.at", where, what));
  }

  /** Throws {@link InvalidRules}. */
  public static CampaignRules parse(String json) {
    try {
      return parse(json == null || json.isBlank() ? JSON.createObjectNode() : JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw wrong("rules", Sentence.of("rules.not-json", e.getOriginalMessage()));
    }
  }

  public static CampaignRules parse(JsonNode rules) {
    keys(
        "rules",
        rules,
        Set.of(
            "windows",
            "zone",
            "blackouts",
            "caps",
            "differentSlots",
            "retry",
            "preview",
            "ring",
            "agentRing",
            "form",
            "nightEvidence",
            "tradeCalendar",
            "officeDays"));
    CampaignRules defaults = DefaultRules.RULES;
    Map<String, Map<DayOfWeek, List<Span>>> windows = new HashMap<>(defaults.windows());
    Map<String, Map<DayOfWeek, List<Span>>> set = windows(rules.path("windows"));
    if (set.containsKey("default")) {
      // an own default replaces the house rules of all trades, not only of those without one
      windows.clear();
    }
    windows.putAll(set);
    String evidence = evidence(rules);
    if (evidence.isEmpty()) {
      windows.forEach(RulesParser::onlyByDay);
    }
    Map<Cap, Long> caps = new EnumMap<>(defaults.caps());
    Map<String, Map<Cap, Long>> tradeCaps = new HashMap<>(caps(rules.path("caps")));
    caps.putAll(tradeCaps.getOrDefault("default", Map.of()));
    tradeCaps.remove("default");
    return new CampaignRules(
        windows,
        zone(rules.path("zone")),
        blackouts("rules.blackouts", rules.path("blackouts")),
        tradeCalendar(rules.path("tradeCalendar"), defaults.tradeCalendar()),
        everyDay(rules.path("officeDays")),
        caps,
        tradeCaps,
        flag("rules.differentSlots", rules.path("differentSlots"), defaults.differentSlots()),
        evidence,
        retry(rules.path("retry"), defaults.retry()),
        duration("rules.preview", rules.path("preview"), defaults.preview()),
        duration("rules.ring", rules.path("ring"), defaults.ring()),
        duration("rules.agentRing", rules.path("agentRing"), defaults.agentRing()),
        duration("rules.form", rules.path("form"), defaults.form()),
        own(rules));
  }

  /**
   * Reads what the house, a customer or a site wants beside the campaigns: {@code windows,
   * blackouts, caps, nightEvidence} as in a campaign's rules, of a site {@code zone} too. What is
   * absent adds nothing. Throws {@link InvalidRules}.
   */
  public static OwnRules own(RuleSource owner, JsonNode rules) {
    Set<String> known = new TreeSet<>(List.of("windows", "blackouts", "caps", "nightEvidence"));
    if (owner == RuleSource.SITE) {
      known.add("zone");
    }
    keys("rules", rules, known);
    Map<String, Map<DayOfWeek, List<Span>>> windows = windows(rules.path("windows"));
    String evidence = evidence(rules);
    if (evidence.isEmpty()) {
      windows.forEach(RulesParser::onlyByDay);
    }
    return new OwnRules(
        windows,
        blackouts("rules.blackouts", rules.path("blackouts")),
        caps(rules.path("caps")),
        zone(rules.path("zone")),
        evidence);
  }

  /** As stored; null and empty = nothing is wanted. */
  static OwnRules own(RuleSource owner, String json) {
    if (json == null || json.isBlank() || json.equals("{}")) {
      return OwnRules.NONE;
    }
    try {
      return own(owner, JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw wrong("rules", Sentence.of("rules.not-json", e.getOriginalMessage()));
    }
  }

  /** The keys a campaign has set where it is told whose rule something is. */
  private static Set<String> own(JsonNode rules) {
    Set<String> own = new HashSet<>();
    rules.path("windows").fieldNames().forEachRemaining(trade -> own.add("windows." + trade));
    rules.path("caps").fieldNames().forEachRemaining(cap -> own.add("caps." + cap));
    if (rules.has("tradeCalendar")) {
      own.add("tradeCalendar");
    }
    return own;
  }

  private static String evidence(JsonNode rules) {
    return rules.path("nightEvidence").asText("").strip();
  }

  /** {@code workdays}, as the office calendar says, or {@code all}. */
  private static boolean everyDay(JsonNode node) {
    String days = node.asText("workdays");
    if (!days.equals("workdays") && !days.equals("all")) {
      throw wrong("rules.officeDays", Sentence.of("rules.office-days", days));
    }
    return days.equals("all");
  }

  private static Map<String, List<Blackout>> tradeCalendar(
      JsonNode node, Map<String, List<Blackout>> defaults) {
    object("rules.tradeCalendar", node);
    Map<String, List<Blackout>> calendar = new HashMap<>(defaults);
    node.properties()
        .forEach(
            trade ->
                calendar.put(
                    trade.getKey(),
                    blackouts("rules.tradeCalendar." + trade.getKey(), trade.getValue())));
    return calendar;
  }

  private static void onlyByDay(String trade, Map<DayOfWeek, List<Span>> week) {
    week.values().stream()
        .flatMap(List::stream)
        .filter(span -> span.from() < 9 * 60 || span.to() > 21 * 60)
        .findFirst()
        .ifPresent(
            span -> {
              throw wrong("rules.windows." + trade, Sentence.of("rules.night", span));
            });
  }

  private static Map<String, Map<DayOfWeek, List<Span>>> windows(JsonNode node) {
    object("rules.windows", node);
    Map<String, Map<DayOfWeek, List<Span>>> windows = new HashMap<>();
    node.properties()
        .forEach(
            trade ->
                windows.put(
                    trade.getKey(), week("rules.windows." + trade.getKey(), trade.getValue())));
    return windows;
  }

  private static Map<DayOfWeek, List<Span>> week(String where, JsonNode node) {
    object(where, node);
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    node.properties()
        .forEach(
            days -> {
              List<Span> spans = spans(where + "." + days.getKey(), days.getValue());
              for (DayOfWeek day : days(where, days.getKey())) {
                week.put(day, spans);
              }
            });
    return week;
  }

  private static List<DayOfWeek> days(String where, String text) {
    String[] ends = text.split("-", -1);
    int from = DAYS.indexOf(ends[0]);
    int to = DAYS.indexOf(ends[ends.length - 1]);
    if (ends.length > 2 || from < 0 || to < from) {
      throw wrong(where, Sentence.of("rules.days", text));
    }
    List<DayOfWeek> days = new ArrayList<>();
    for (int day = from; day <= to; day++) {
      days.add(DayOfWeek.of(day + 1));
    }
    return days;
  }

  private static List<Span> spans(String where, JsonNode node) {
    if (!node.isArray()) {
      throw wrong(where, Sentence.of("rules.spans"));
    }
    List<Span> spans = new ArrayList<>();
    for (JsonNode each : node) {
      try {
        spans.add(Span.of(each.asText()));
      } catch (IllegalArgumentException e) {
        throw wrong(where, Sentence.of("rules.span", each.asText()));
      }
    }
    for (int i = 1; i < spans.size(); i++) {
      if (spans.get(i).from() < spans.get(i - 1).to()) {
        throw wrong(where, Sentence.of("rules.overlap"));
      }
    }
    return List.copyOf(spans);
  }

  private static Optional<ZoneId> zone(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ZoneId.of(node.asText()));
    } catch (DateTimeException e) {
      throw wrong("rules.zone", Sentence.of("rules.zone", node.asText()));
    }
  }

  private static List<Blackout> blackouts(String where, JsonNode node) {
    if (!node.isMissingNode() && !node.isArray()) {
      throw wrong(where, Sentence.of("rules.blackout-list"));
    }
    List<Blackout> blackouts = new ArrayList<>();
    for (JsonNode each : node) {
      try {
        blackouts.add(Blackout.of(each.asText()));
      } catch (DateTimeException e) {
        throw wrong(where, Sentence.of("rules.date", each.asText()));
      } catch (IllegalArgumentException e) {
        throw wrong(where, Sentence.of("rules.dates", each.asText()));
      }
    }
    return blackouts;
  }

  /** By trade; what stands outside {@code trades} is the default's. */
  private static Map<String, Map<Cap, Long>> caps(JsonNode node) {
    Map<String, Map<Cap, Long>> caps = new HashMap<>();
    Set<String> known = new TreeSet<>();
    for (Cap cap : Cap.values()) {
      known.add(cap.key());
    }
    Set<String> outside = new TreeSet<>(known);
    outside.add("trades");
    keys("rules.caps", node, outside);
    Map<Cap, Long> all = caps("rules.caps", node);
    if (!all.isEmpty()) {
      caps.put("default", all);
    }
    object("rules.caps.trades", node.path("trades"));
    node.path("trades")
        .properties()
        .forEach(
            trade -> {
              String where = "rules.caps.trades." + trade.getKey();
              keys(where, trade.getValue(), known);
              Map<Cap, Long> own = new EnumMap<>(Cap.class);
              own.putAll(all);
              own.putAll(caps(where, trade.getValue()));
              caps.put(trade.getKey(), own);
            });
    return caps;
  }

  private static Map<Cap, Long> caps(String where, JsonNode node) {
    Map<Cap, Long> caps = new EnumMap<>(Cap.class);
    for (Cap cap : Cap.values()) {
      JsonNode set = node.path(cap.key());
      if (set.isMissingNode()) {
        continue;
      }
      String at = where + "." + cap.key();
      caps.put(
          cap,
          cap == Cap.SPACING
              ? duration(at, set, Duration.ZERO).toMillis()
              : (long) count(at, set, 1));
    }
    return caps;
  }

  private static Map<Disposition, RetryRule> retry(
      JsonNode node, Map<Disposition, RetryRule> defaults) {
    object("rules.retry", node);
    Map<Disposition, RetryRule> retry = new EnumMap<>(defaults);
    node.properties()
        .forEach(
            entry -> {
              String where = "rules.retry." + entry.getKey();
              Disposition disposition =
                  Disposition.of(entry.getKey())
                      .orElseThrow(() -> wrong(where, Sentence.of("rules.disposition")));
              retry.put(disposition, rule(where, entry.getValue(), retry.get(disposition)));
            });
    return retry;
  }

  private static RetryRule rule(String where, JsonNode node, RetryRule defaults) {
    keys(where, node, Set.of("terminal", "bin", "delay", "maxTries", "nextNumber", "noteRequired"));
    Bin bin = defaults.bin();
    if (node.has("bin")) {
      try {
        bin = Bin.of(node.path("bin").asText());
      } catch (IllegalArgumentException e) {
        throw wrong(where + ".bin", Sentence.of("rules.bin", node.path("bin").asText()));
      }
    }
    return new RetryRule(
        flag(where + ".terminal", node.path("terminal"), defaults.terminal()),
        bin,
        duration(where + ".delay", node.path("delay"), defaults.delay()),
        count(where + ".maxTries", node.path("maxTries"), defaults.maxTries()),
        flag(where + ".nextNumber", node.path("nextNumber"), defaults.nextNumber()),
        flag(where + ".noteRequired", node.path("noteRequired"), defaults.noteRequired()));
  }

  private static int count(String where, JsonNode node, int otherwise) {
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isInt() || node.asInt() < 1) {
      throw wrong(where, Sentence.of("rules.count"));
    }
    return node.asInt();
  }

  private static boolean flag(String where, JsonNode node, boolean otherwise) {
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw wrong(where, Sentence.of("rules.flag"));
    }
    return node.asBoolean();
  }

  private static Duration duration(String where, JsonNode node, Duration otherwise) {
    if (node.isMissingNode()) {
      return otherwise;
    }
    String text = node.asText();
    if (!text.matches("[0-9]{1,9} ?(ms|s|m|h|d)")) {
      throw wrong(where, Sentence.of("rules.duration", text));
    }
    String unit = text.replaceAll("[0-9 ]", "");
    long value = Long.parseLong(text.replaceAll("[^0-9]", ""));
    return switch (unit) {
      case "ms" -> Duration.ofMillis(value);
      case "s" -> Duration.ofSeconds(value);
      case "m" -> Duration.ofMinutes(value);
      case "h" -> Duration.ofHours(value);
      case "d" -> Duration.ofDays(value);
      default -> throw wrong(where, Sentence.of("rules.duration", text));
    };
  }

  private static void object(String where, JsonNode node) {
    if (!node.isMissingNode() && !node.isObject()) {
      throw wrong(where, Sentence.of("rules.object"));
    }
  }

  private static void keys(String where, JsonNode node, Set<String> known) {
    object(where, node);
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw wrong(where, Sentence.of("rules.key", key));
              }
            });
  }
}

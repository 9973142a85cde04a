package org.careline.line;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careline.language.Sentence;
import org.careline.line.LineSettings.AfterHours;
import org.careline.line.LineSettings.Callback;
import org.careline.line.LineSettings.Choice;
import org.careline.line.LineSettings.MenuEntry;
import org.careline.line.LineSettings.WrapUp;

/**
 * Reads a line's {@code settings}. What is absent keeps its default; what is unknown or impossible
 * is refused with its place. Durations are a number with {@code s, m, h} or {@code d}. {@link
 * LineSettingsJson} writes the same form. Example:
 *
 * <pre>{@code
 * {"landingNumbers": ["02150001111"], "publicNumber": "4008001234", "notice": "recording-notice",
 *  "askCode": true, "zone": "Asia/Shanghai", "calendar": "cn",
 *  "hours": {"mon-fri": ["08:30-12:00", "13:00-18:00"], "sat": ["09:00-12:00"], "sun": [],
 *            "holiday": [], "makeUp": ["09:00-17:00"]},
 *  "openTiers": ["vip"], "menu": [{"key": 1, "choice": "install", "skill": "install"}],
 *  "afterHours": {"action": "emergency", "prompt": "after-hours", "emergencySkill": "night"},
 *  "closing": "promise", "announceAgent": true, "survey": "four", "policy": "default",
 *  "callback": {"offer": true, "expiry": "4h", "tries": 3, "spacing": "10m"},
 *  "disposition": "forced", "wrapUp": {"max": "5m", "extension": "1m"}}
 * }</pre>
 *
 * <p>Hours name all seven days: a day that is not there may be forgotten or meant as closed, which
 * is written {@code []}. Stateless.
 */
public final class LineSettingsParser {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CODE = "[a-z0-9][a-z0-9_-]{0,31}";

  /** What a prompt may be called. */
  public static final String PROMPT = "[a-z0-9][a-z0-9_-]{0,63}";

  private static final Set<String> KEYS =
      Set.of(
          "publicNumber",
          "landingNumbers",
          "notice",
          "askCode",
          "zone",
          "hours",
          "calendar",
          "openTiers",
          "menu",
          "afterHours",
          "closing",
          "announceAgent",
          "survey",
          "policy",
          "callback",
          "disposition",
          "wrapUp");

  private LineSettingsParser() {}

  /** Throws {@link InvalidSettings}. */
  public static LineSettings parse(String json, Function<String, OfficeCalendar> calendars) {
    try {
      return parse(JSON.readTree(json), calendars);
    } catch (JsonProcessingException e) {
      throw new InvalidSettings("settings", Sentence.of("rules.not-json", e.getOriginalMessage()));
    }
  }

  /**
   * Throws {@link InvalidSettings}.
   *
   * @param calendars by code; null for one that is not known
   */
  public static LineSettings parse(JsonNode given, Function<String, OfficeCalendar> calendars) {
    LineSettings defaults = LineSettings.DEFAULT;
    Reading all = Reading.of("settings", given, KEYS);
    return new LineSettings(
        all.text("publicNumber", defaults.publicNumber(), "([0-9]{3,16})?", "line.digits"),
        landingNumbers(all.at("landingNumbers")),
        all.text("notice", defaults.notice(), "(" + PROMPT + ")?", "line.prompt-name"),
        all.flag("askCode", defaults.askCode()),
        hours(all, calendars),
        tiers(all.at("openTiers")),
        menu(all.at("menu")),
        afterHours(all.at("afterHours"), defaults.afterHours()),
        all.word("closing", LineSettings.Closing.values(), defaults.closing()),
        all.flag("announceAgent", defaults.announceAgent()),
        all.word("survey", LineSettings.Survey.values(), defaults.survey()),
        all.text("policy", defaults.policy(), "(" + CODE + ")?", "apply.code"),
        callback(all.at("callback"), defaults.callback()),
        all.word("disposition", LineSettings.Disposition.values(), defaults.disposition()),
        wrapUp(all.at("wrapUp"), defaults.wrapUp()));
  }

  private static LineHours hours(Reading all, Function<String, OfficeCalendar> calendars) {
    ZoneId zone = LineSettings.DEFAULT.hours().zone();
    Reading written = all.at("zone");
    if (!written.absent()) {
      zone = zone(written);
    }
    String code = all.text("calendar", "", "(" + CODE + ")?", "apply.code");
    OfficeCalendar calendar = code.isEmpty() ? OfficeCalendar.NONE : calendars.apply(code);
    if (calendar == null) {
      throw all.at("calendar").wrong(Sentence.of("line.calendar", code));
    }
    return LineHoursParser.parse(all.at("hours"), zone, calendar);
  }

  private static ZoneId zone(Reading at) {
    try {
      return ZoneId.of(at.string());
    } catch (DateTimeException e) {
      throw at.wrong(Sentence.of("rules.zone", at.string()));
    }
  }

  private static List<String> landingNumbers(Reading list) {
    Set<String> numbers = new HashSet<>();
    for (Reading each : list.items(100)) {
      if (!each.string().matches("[0-9]{3,16}")) {
        throw each.wrong(Sentence.of("line.digits"));
      }
      if (!numbers.add(each.string())) {
        throw each.wrong(Sentence.of("line.twice", each.string()));
      }
    }
    return list.items(100).stream().map(Reading::string).toList();
  }

  private static Set<String> tiers(Reading list) {
    Set<String> tiers = new TreeSet<>();
    for (Reading each : list.items(100)) {
      if (!each.string().matches(CODE)) {
        throw each.wrong(Sentence.of("apply.code"));
      }
      if (!tiers.add(each.string())) {
        throw each.wrong(Sentence.of("line.twice", each.string()));
      }
    }
    return tiers;
  }

  private static List<MenuEntry> menu(Reading list) {
    List<MenuEntry> menu = new ArrayList<>();
    for (Reading each : list.items(9)) {
      each.only(Set.of("key", "choice", "skill"));
      int key = each.number("key", 0, 1, 9);
      Choice choice =
          LineSettings.named(Choice.values(), each.at("choice").string())
              .orElseThrow(
                  () -> each.at("choice").wrong(Sentence.of("line.words", words(Choice.values()))));
      if (menu.stream().anyMatch(other -> other.key() == key)) {
        throw each.at("key").wrong(Sentence.of("line.twice", key));
      }
      menu.add(
          new MenuEntry(key, choice, each.text("skill", "", "([a-z0-9_-]{1,32})?", "agent.skill")));
    }
    menu.sort(Comparator.comparingInt(MenuEntry::key));
    return menu;
  }

  private static AfterHours afterHours(Reading at, AfterHours defaults) {
    if (at.absent()) {
      return defaults;
    }
    at.only(Set.of("action", "prompt", "emergencySkill"));
    AfterHours.Action action = at.word("action", AfterHours.Action.values(), defaults.action());
    String prompt = at.text("prompt", defaults.prompt(), "(" + PROMPT + ")?", "line.prompt-name");
    String skill = at.text("emergencySkill", "", "([a-z0-9_-]{1,32})?", "agent.skill");
    if (action == AfterHours.Action.EMERGENCY && skill.isEmpty()) {
      throw at.at("emergencySkill").wrong(Sentence.of("line.emergency-skill"));
    }
    if (action == AfterHours.Action.MESSAGE && prompt.isEmpty()) {
      throw at.at("prompt").wrong(Sentence.of("line.silent-message"));
    }
    return new AfterHours(action, prompt, skill);
  }

  private static Callback callback(Reading at, Callback defaults) {
    if (at.absent()) {
      return defaults;
    }
    at.only(Set.of("offer", "expiry", "tries", "spacing"));
    Duration day = Duration.ofDays(7);
    return new Callback(
        at.flag("offer", defaults.offer()),
        at.duration("expiry", defaults.expiry(), Duration.ofMinutes(1), day),
        at.number("tries", defaults.tries(), 1, 10),
        at.duration("spacing", defaults.spacing(), Duration.ofSeconds(10), day));
  }

  private static WrapUp wrapUp(Reading at, WrapUp defaults) {
    if (at.absent()) {
      return defaults;
    }
    at.only(Set.of("max", "extension"));
    Duration hour = Duration.ofHours(1);
    return new WrapUp(
        at.duration("max", defaults.max(), Duration.ZERO, hour),
        at.duration("extension", defaults.extension(), Duration.ZERO, hour));
  }

  static String words(Enum<?>[] values) {
    return Arrays.stream(values).map(LineSettings::word).collect(Collectors.joining(", "));
  }
}

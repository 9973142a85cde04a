package org.careline.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.careline.language.Sentence;

/**
 * A line as it is written and stored. What can be said of one line alone is checked here; what
 * needs the others, tiers or prompts by {@link LineStore}. Immutable.
 *
 * @param number the first of its landing numbers, digits as the trunk delivers them
 * @param language zh or en: of its prompts
 * @param greeting prompt; empty = none
 * @param ringTimeout how long an agent's phone rings, 1 to 120 s
 * @param wrapUp usual time after a call, at most an hour
 */
public record LineForm(
    String code,
    String number,
    String nameEn,
    String nameZh,
    String language,
    String greeting,
    Duration ringTimeout,
    Duration wrapUp,
    LineSettings settings) {
  private static final Set<String> KEYS =
      Set.of(
          "code",
          "number",
          "nameEn",
          "nameZh",
          "language",
          "greeting",
          "ringTimeout",
          "wrapUp",
          "settings");

  /** Throws {@link InvalidSettings}. */
  public LineForm {
    require(code.matches("[a-z0-9][a-z0-9_-]{0,31}"), "code", Sentence.of("apply.code"));
    require(number.matches("[0-9]{3,16}"), "number", Sentence.of("apply.line-digits"));
    requireText("nameEn", nameEn);
    requireText("nameZh", nameZh);
    require(language.matches("en|zh"), "language", Sentence.of("agent.language"));
    require(
        greeting.matches("(" + LineSettingsParser.PROMPT + ")?"),
        "greeting",
        Sentence.of("apply.greeting"));
    requireSeconds("ringTimeout", ringTimeout, 1, 120);
    requireSeconds("wrapUp", wrapUp, 0, 3600);
    require(
        !settings.landingNumbers().contains(number),
        "settings.landingNumbers",
        Sentence.of("line.twice", number));
  }

  /**
   * Reads what {@link #json} writes; what is absent has its default. Throws {@link
   * InvalidSettings}.
   *
   * @param code what the line is called; a body may say it too, then the same
   */
  public static LineForm of(
      String code, JsonNode body, Function<String, OfficeCalendar> calendars) {
    Reading all = Reading.of("line", body, KEYS);
    if (!all.at("code").absent() && !all.at("code").string().equals(code)) {
      throw new InvalidSettings("code", Sentence.of("line.other-code", code));
    }
    return new LineForm(
        code,
        text(all, "number", ""),
        text(all, "nameEn", ""),
        text(all, "nameZh", ""),
        text(all, "language", "zh"),
        text(all, "greeting", ""),
        all.duration("ringTimeout", Duration.ofSeconds(15), Duration.ZERO, Duration.ofDays(1)),
        all.duration("wrapUp", Duration.ofSeconds(30), Duration.ZERO, Duration.ofDays(1)),
        LineSettingsParser.parse(all.at("settings").node(), calendars));
  }

  /** With every key. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("code", code);
    json.put("number", number);
    json.put("nameEn", nameEn);
    json.put("nameZh", nameZh);
    json.put("language", language);
    json.put("greeting", greeting);
    json.put("ringTimeout", Reading.written(ringTimeout));
    json.put("wrapUp", Reading.written(wrapUp));
    json.set("settings", LineSettingsJson.of(settings));
    return json;
  }

  /** All numbers at which its calls arrive. */
  public List<String> landingNumbers() {
    List<String> all = new ArrayList<>(List.of(number));
    all.addAll(settings.landingNumbers());
    return all;
  }

  /** A prompt that the line plays, and where it is named. */
  public record Use(String place, String prompt) {}

  /** Of the prompts that a line may choose; those every line needs are the product's own. */
  public List<Use> prompts() {
    List<Use> uses = new ArrayList<>();
    uses.add(new Use("greeting", greeting));
    uses.add(new Use("settings.notice", settings.notice()));
    if (!settings.hours().roundTheClock()) {
      uses.add(new Use("settings.afterHours.prompt", settings.afterHours().prompt()));
    }
    uses.removeIf(use -> use.prompt().isEmpty());
    return uses;
  }

  private static String text(Reading all, String key, String otherwise) {
    return all.at(key).absent() ? otherwise : all.at(key).string();
  }

  private static void requireText(String key, String text) {
    require(
        !text.isBlank()
            && text.codePointCount(0, text.length()) <= 128
            && text.chars().noneMatch(Character::isISOControl),
        key,
        Sentence.of("apply.name", 128));
  }

  private static void requireSeconds(String key, Duration duration, long least, long most) {
    require(
        duration.toMillis() % 1000 == 0
            && duration.toSeconds() >= least
            && duration.toSeconds() <= most,
        key,
        Sentence.of("apply.seconds", key, least, most));
  }

  private static void require(boolean condition, String place, Sentence otherwise) {
    if (!condition) {
      throw new InvalidSettings(place, otherwise);
    }
  }
}

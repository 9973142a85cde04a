package org.careline.line;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DayOfWeek;
import java.util.List;
import java.util.TreeSet;
import org.careline.callback.CallingWindow.Span;

/** Writes settings with every key in the form {@link LineSettingsParser} reads. Stateless. */
public final class LineSettingsJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private LineSettingsJson() {}

  public static ObjectNode of(LineSettings settings) {
    ObjectNode all = JSON.objectNode();
    all.put("publicNumber", settings.publicNumber());
    ArrayNode landing = all.putArray("landingNumbers");
    settings.landingNumbers().forEach(landing::add);
    all.put("notice", settings.notice());
    all.put("askCode", settings.askCode());
    all.put("zone", settings.hours().zone().getId());
    all.set("hours", hours(settings.hours()));
    all.put("calendar", settings.hours().calendar().code());
    ArrayNode tiers = all.putArray("openTiers");
    new TreeSet<>(settings.openTiers()).forEach(tiers::add);
    ArrayNode menu = all.putArray("menu");
    for (LineSettings.MenuEntry entry : settings.menu()) {
      menu.addObject()
          .put("key", entry.key())
          .put("choice", entry.choice().word())
          .put("skill", entry.skill());
    }
    all.putObject("afterHours")
        .put("action", LineSettings.word(settings.afterHours().action()))
        .put("prompt", settings.afterHours().prompt())
        .put("emergencySkill", settings.afterHours().emergencySkill());
    all.put("closing", LineSettings.word(settings.closing()));
    all.put("announceAgent", settings.announceAgent());
    all.put("survey", LineSettings.word(settings.survey()));
    all.put("policy", settings.policy());
    all.putObject("callback")
        .put("offer", settings.callback().offer())
        .put("expiry", Reading.written(settings.callback().expiry()))
        .put("tries", settings.callback().tries())
        .put("spacing", Reading.written(settings.callback().spacing()));
    all.put("disposition", LineSettings.word(settings.disposition()));
    all.putObject("wrapUp")
        .put("max", Reading.written(settings.wrapUp().max()))
        .put("extension", Reading.written(settings.wrapUp().extension()));
    return all;
  }

  private static com.fasterxml.jackson.databind.JsonNode hours(LineHours hours) {
    if (hours.roundTheClock()) {
      return JSON.nullNode();
    }
    ObjectNode week = JSON.objectNode();
    for (DayOfWeek day : DayOfWeek.values()) {
      week.set(LineHoursParser.name(day), spans(hours.week().get(day)));
    }
    week.set("holiday", spans(hours.holiday()));
    week.set("makeUp", spans(hours.makeUp()));
    return week;
  }

  private static ArrayNode spans(List<Span> spans) {
    ArrayNode array = JSON.arrayNode();
    spans.forEach(span -> array.add(span.toString()));
    return array;
  }
}

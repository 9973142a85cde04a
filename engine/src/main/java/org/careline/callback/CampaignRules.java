package org.careline.callback;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.callback.CallingWindow.Span;

/**
 * How a campaign may ring its sites. Everything has a default (house rules, {@link DefaultRules})
 * and can be overridden in the campaign; {@link RulesParser} reads it. A round keeps the copy it
 * was opened with. Immutable.
 *
 * @param windows by trade, then weekday; the trade {@code default} serves all others
 * @param zone overrides the zone found from the site's province
 * @param tradeCalendar blackouts by trade; the trade {@code default} serves all others
 * @param everyDay our own people work for this campaign whatever the office calendar says
 * @param caps all of them; {@link Cap#SPACING} in milliseconds
 * @param tradeCaps those that differ, by trade
 * @param differentSlots no slot of the day twice running after a failed attempt in it
 * @param nightEvidence who asked to be rung at night and where that is kept; empty = nobody
 * @param preview an agent who neither dials nor passes within this time loses the site
 * @param ring the site's phone rings at most so long
 * @param agentRing a progressive attempt rings the agent's own phone at most so long
 * @param form after the talk, the form is settled by the engine when it is not filled in
 * @param own keys the campaign itself has set, such as {@code windows.hotel} or {@code
 *     caps.perDay}: the others are house rules
 */
public record CampaignRules(
    Map<String, Map<DayOfWeek, List<Span>>> windows,
    Optional<ZoneId> zone,
    List<Blackout> blackouts,
    Map<String, List<Blackout>> tradeCalendar,
    boolean everyDay,
    Map<Cap, Long> caps,
    Map<String, Map<Cap, Long>> tradeCaps,
    boolean differentSlots,
    String nightEvidence,
    Map<Disposition, RetryRule> retry,
    Duration preview,
    Duration ring,
    Duration agentRing,
    Duration form,
    Set<String> own) {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final ZoneId XINJIANG = ZoneId.of("Asia/Urumqi");

  /**
   * What follows a disposition.
   *
   * @param terminal the site is done at once and goes to {@code bin}
   * @param bin where it goes when terminal or when nothing is left to try
   * @param delay until the next attempt, before windows and caps are looked at
   * @param maxTries attempts on one number that may end so
   * @param nextNumber after the last try the site's next number is tried
   */
  public record RetryRule(
      boolean terminal,
      Bin bin,
      Duration delay,
      int maxTries,
      boolean nextNumber,
      boolean noteRequired) {
    public RetryRule {
      if (maxTries < 1 || delay.isNegative()) {
        throw new IllegalArgumentException("at least 1 try and a delay of at least 0 expected");
      }
    }
  }

  public CampaignRules {
    windows = Map.copyOf(windows);
    blackouts = List.copyOf(blackouts);
    tradeCalendar = Map.copyOf(tradeCalendar);
    caps = Map.copyOf(caps);
    tradeCaps = Map.copyOf(tradeCaps);
    retry = Map.copyOf(retry);
    own = Set.copyOf(own);
    if (!windows.containsKey("default")) {
      throw new IllegalArgumentException("windows: default is missing");
    }
    for (Cap cap : Cap.values()) {
      if (!caps.containsKey(cap)) {
        throw new IllegalArgumentException("caps: " + cap.key() + " is missing");
      }
    }
    for (Disposition disposition : Disposition.values()) {
      if (!retry.containsKey(disposition)) {
        throw new IllegalArgumentException("retry: " + disposition.id() + " is missing");
      }
    }
  }

  public RetryRule retry(Disposition disposition) {
    return retry.get(disposition);
  }

  /** Xinjiang keeps its own time. */
  ZoneId zone(String province) {
    return zone.orElse(
        province.contains("新疆") || province.toLowerCase(Locale.ROOT).contains("xinjiang")
            ? XINJIANG
            : CHINA);
  }

  Map<DayOfWeek, List<Span>> windows(String trade) {
    return windows.getOrDefault(trade, windows.get("default"));
  }

  /** Whether the hours of the trade are the campaign's, not the house's. */
  boolean hasOwnWindows(String trade) {
    return own.contains("windows." + trade) || own.contains("windows.default");
  }

  List<Blackout> tradeCalendar(String trade) {
    return tradeCalendar.getOrDefault(trade, tradeCalendar.getOrDefault("default", List.of()));
  }

  Map<Cap, Cap.Limit> limits(String trade) {
    Map<Cap, Cap.Limit> limits = new EnumMap<>(Cap.class);
    Map<Cap, Long> ofTrade = tradeCaps.getOrDefault(trade, Map.of());
    for (Cap cap : Cap.values()) {
      Long set = ofTrade.get(cap);
      RuleSource source =
          set != null || own.contains("caps." + cap.key()) ? RuleSource.CAMPAIGN : RuleSource.HOUSE;
      limits.put(cap, new Cap.Limit(set == null ? caps.get(cap) : set, source));
    }
    return limits;
  }
}

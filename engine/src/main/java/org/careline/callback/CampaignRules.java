package org.careline.callback;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
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
 * @param differentSlots no slot of the day twice running after a failed attempt in it
 * @param preview an agent who neither dials nor passes within this time loses the site
 * @param ring the site's phone rings at most so long
 * @param agentRing a progressive attempt rings the agent's own phone at most so long
 * @param form after the talk, the form is settled by the engine when it is not filled in
 */
public record CampaignRules(
    Map<String, Map<DayOfWeek, List<Span>>> windows,
    Optional<ZoneId> zone,
    Set<LocalDate> blackouts,
    Caps caps,
    boolean differentSlots,
    Map<Disposition, RetryRule> retry,
    Duration preview,
    Duration ring,
    Duration agentRing,
    Duration form) {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final ZoneId XINJIANG = ZoneId.of("Asia/Urumqi");

  /**
   * Ceilings. Per site counted over all rounds except {@code perRound}; a week is 7 times 24 hours,
   * a day the site's local date.
   */
  public record Caps(
      int perDay,
      int perWeek,
      int perRound,
      Duration spacing,
      int perNumberMinute,
      int perNumberHour) {
    public Caps {
      if (perDay < 1 || perWeek < 1 || perRound < 1 || perNumberMinute < 1 || perNumberHour < 1) {
        throw new IllegalArgumentException("a cap is at least 1");
      }
      if (spacing.isNegative()) {
        throw new IllegalArgumentException("spacing is not negative");
      }
    }
  }

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
    blackouts = Set.copyOf(blackouts);
    retry = Map.copyOf(retry);
    if (!windows.containsKey("default")) {
      throw new IllegalArgumentException("windows: default is missing");
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

  /** The window of a site. Xinjiang keeps its own time. */
  public CallingWindow window(String trade, String province) {
    ZoneId where =
        zone.orElse(
            province.contains("新疆")
                    || province.toLowerCase(java.util.Locale.ROOT).contains("xinjiang")
                ? XINJIANG
                : CHINA);
    return new CallingWindow(where, windows.getOrDefault(trade, windows.get("default")), blackouts);
  }
}

package org.careline.callback;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.callback.CallingWindow.Span;

/**
 * What the house, a customer or a site wants beside the campaign's rules. They only make calls
 * rarer: windows are cut with the campaign's, blackouts are added, the lower cap holds. {@link
 * RulesParser#own} reads them. Immutable.
 *
 * @param windows by trade, then weekday; a trade that is not there, nor {@code default}, is free
 * @param caps by trade; {@code default} serves all others
 * @param zone of a site's wall clock, before the campaign's and the province's
 * @param nightEvidence who asked to be rung at night and where that is kept; empty = nobody
 */
public record OwnRules(
    Map<String, Map<DayOfWeek, List<Span>>> windows,
    List<Blackout> blackouts,
    Map<String, Map<Cap, Long>> caps,
    Optional<ZoneId> zone,
    String nightEvidence) {
  public static final OwnRules NONE =
      new OwnRules(Map.of(), List.of(), Map.of(), Optional.empty(), "");

  public OwnRules {
    windows = Map.copyOf(windows);
    blackouts = List.copyOf(blackouts);
    caps = Map.copyOf(caps);
  }

  Optional<Map<DayOfWeek, List<Span>>> windows(String trade) {
    return Optional.ofNullable(windows.getOrDefault(trade, windows.get("default")));
  }

  /**
   * @param id of the zone these rules have when they name none, such as {@code Asia/Urumqi}; empty
   *     = none
   */
  OwnRules orZone(String id) {
    return zone.isPresent() || id.isEmpty()
        ? this
        : new OwnRules(windows, blackouts, caps, Optional.of(ZoneId.of(id)), nightEvidence);
  }

  /** With these days taken out besides. */
  OwnRules closedOn(List<Blackout> days) {
    if (days.isEmpty()) {
      return this;
    }
    List<Blackout> all = new ArrayList<>(blackouts);
    all.addAll(days);
    return new OwnRules(windows, all, caps, zone, nightEvidence);
  }

  Map<Cap, Long> caps(String trade) {
    return caps.getOrDefault(trade, caps.getOrDefault("default", Map.of()));
  }
}

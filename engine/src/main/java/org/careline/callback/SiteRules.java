package org.careline.callback;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.careline.callback.CallingWindow.Span;
import org.careline.line.OfficeCalendar;

/**
 * All rules that hold for one site, each with who has made it, so that {@link CallingRules} can
 * decide without asking anybody. Immutable.
 *
 * @param zone the site's wall clock
 * @param windows all of them must be open
 * @param closed none of them may cover the day
 * @param night nobody has asked to be rung at night
 * @param asked a time at which somebody at the site wants to be rung all the same
 * @param differentSlots no slot of the day twice running after a failed attempt in it, nor twice a
 *     day
 */
public record SiteRules(
    ZoneId zone,
    List<Window> windows,
    List<Closed> closed,
    Office office,
    Map<Cap, Cap.Limit> limits,
    boolean night,
    boolean differentSlots,
    boolean doNotCall,
    Optional<Asked> asked) {
  /** Where our agents and service units sit. */
  public static final ZoneId OFFICE = ZoneId.of("Asia/Shanghai");

  /** From 9:00 to 21:00, every day. */
  private static final Map<DayOfWeek, List<Span>> DAYTIME = daytime();

  /** Hours somebody has set. */
  public record Window(RuleSource source, CallingWindow hours) {}

  /** Days somebody has taken out. */
  public record Closed(RuleSource source, List<Blackout> blackouts) {
    public Closed {
      blackouts = List.copyOf(blackouts);
    }

    Optional<Blackout> on(LocalDate date) {
      return blackouts.stream().filter(blackout -> blackout.covers(date)).findFirst();
    }
  }

  /**
   * Days on which our own people work.
   *
   * @param everyDay the campaign works whatever the calendar says
   * @param weekend weekdays the campaign has named in windows of its own: it works on them, though
   *     not on holidays
   */
  public record Office(OfficeCalendar calendar, boolean everyDay, Set<DayOfWeek> weekend) {
    public Office {
      weekend = Set.copyOf(weekend);
    }

    boolean works(LocalDate date) {
      return everyDay
          || switch (calendar.on(date).kind()) {
            case WORKDAY, MAKE_UP_WORKDAY -> true;
            case HOLIDAY -> false;
            case WEEKEND -> weekend.contains(date.getDayOfWeek());
          };
    }
  }

  /**
   * What is known of a site and those above it.
   *
   * @param house of the whole installation
   */
  public record Owners(OwnRules house, OwnRules customer, OwnRules site) {
    public static final Owners NONE = new Owners(OwnRules.NONE, OwnRules.NONE, OwnRules.NONE);
  }

  public SiteRules {
    windows = List.copyOf(windows);
    closed = List.copyOf(closed);
    limits = Map.copyOf(limits);
  }

  /** Of a site that has asked for nothing. */
  public SiteRules(
      ZoneId zone,
      List<Window> windows,
      List<Closed> closed,
      Office office,
      Map<Cap, Cap.Limit> limits,
      boolean night,
      boolean differentSlots,
      boolean doNotCall) {
    this(zone, windows, closed, office, limits, night, differentSlots, doNotCall, Optional.empty());
  }

  /** The same with a time somebody has asked for. */
  SiteRules asking(Optional<Asked> wish) {
    return new SiteRules(
        zone, windows, closed, office, limits, night, differentSlots, doNotCall, wish);
  }

  /** The campaign's rules, or the house's where it says nothing, with those of the owners. */
  public static SiteRules of(
      CampaignRules campaign,
      String trade,
      String province,
      Owners owners,
      OfficeCalendar calendar,
      boolean doNotCall) {
    ZoneId zone = owners.site().zone().orElseGet(() -> campaign.zone(province));
    Map<DayOfWeek, List<Span>> week = campaign.windows(trade);
    boolean ownWeek = campaign.hasOwnWindows(trade);
    List<Window> windows = new ArrayList<>();
    windows.add(
        new Window(
            ownWeek ? RuleSource.CAMPAIGN : RuleSource.HOUSE, new CallingWindow(zone, week)));
    List<Closed> closed = new ArrayList<>();
    closed.add(
        new Closed(
            campaign.own().contains("tradeCalendar") ? RuleSource.CAMPAIGN : RuleSource.HOUSE,
            campaign.tradeCalendar(trade)));
    closed.add(new Closed(RuleSource.CAMPAIGN, campaign.blackouts()));
    Map<Cap, Cap.Limit> limits = new EnumMap<>(campaign.limits(trade));
    boolean night = campaign.nightEvidence().isEmpty();
    Map<RuleSource, OwnRules> all = new EnumMap<>(RuleSource.class);
    all.put(RuleSource.HOUSE, owners.house());
    all.put(RuleSource.CUSTOMER, owners.customer());
    all.put(RuleSource.SITE, owners.site());
    for (Map.Entry<RuleSource, OwnRules> owner : all.entrySet()) {
      OwnRules own = owner.getValue();
      own.windows(trade)
          .ifPresent(
              hours -> windows.add(new Window(owner.getKey(), new CallingWindow(zone, hours))));
      if (!own.blackouts().isEmpty()) {
        closed.add(new Closed(owner.getKey(), own.blackouts()));
      }
      limits.replaceAll((cap, limit) -> cap.tighten(limit, own.caps(trade), owner.getKey()));
      night &= own.nightEvidence().isEmpty();
    }
    Set<DayOfWeek> weekend = EnumSet.noneOf(DayOfWeek.class);
    if (ownWeek) {
      week.forEach(
          (day, spans) -> {
            if (!spans.isEmpty()) {
              weekend.add(day);
            }
          });
    }
    return new SiteRules(
        zone,
        windows,
        closed,
        new Office(calendar, campaign.everyDay(), weekend),
        limits,
        night,
        campaign.differentSlots(),
        doNotCall);
  }

  private static Map<DayOfWeek, List<Span>> daytime() {
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, List.of(new Span(9 * 60, 21 * 60)));
    }
    return week;
  }

  /** As if it might be called: for when, not whether. */
  SiteRules callable() {
    return doNotCall
        ? new SiteRules(zone, windows, closed, office, limits, night, differentSlots, false, asked)
        : this;
  }

  CallingWindow daytimeHere() {
    return new CallingWindow(zone, DAYTIME);
  }

  Cap.Limit limit(Cap cap) {
    return limits.get(cap);
  }

  LocalDate dateOf(Instant at) {
    return at.atZone(zone).toLocalDate();
  }

  /** What is left of a day when all windows are cut with each other, whatever the calendars say. */
  List<Span> slots(LocalDate date) {
    List<Span> slots = night ? daytimeHere().on(date) : List.of(new Span(0, 1440));
    for (Window window : windows) {
      slots = CallingWindow.both(slots, window.hours().on(date));
    }
    return slots;
  }

  /** The place of the slot the instant lies in among those of its day, from 0. */
  OptionalInt slot(Instant at) {
    ZonedDateTime local = at.atZone(zone);
    int minute = CallingWindow.minute(local);
    List<Span> slots = slots(local.toLocalDate());
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).holds(minute)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}

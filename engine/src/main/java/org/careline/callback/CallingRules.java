package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.careline.callback.CallingWindow.Span;
import org.careline.line.OfficeCalendar;

/**
 * Decides when a site may be rung: claim, settlement, opening of a round and the question "why not
 * now" all ask here. Every rule that refuses names the first instant it alone would permit again,
 * and refuses everything before it; going on from there until nobody refuses therefore finds the
 * earliest permitted instant. Pure, stateless.
 */
public final class CallingRules {
  /** Looking further than this finds nothing that a round could wait for. */
  static final Duration HORIZON = Duration.ofDays(400);

  /** So long without finding anything: perhaps there is nothing. */
  private static final Duration DOUBTFUL = Duration.ofDays(10);

  private static final Duration WEEK = Duration.ofDays(7);

  private CallingRules() {}

  /** Every rule with what it says about the instant, in the order of {@link CallingRule}. */
  public static List<Verdict> verdicts(SiteRules site, Instant at, History history) {
    List<Verdict> verdicts = new ArrayList<>();
    all(site, at, history, verdicts::add);
    return verdicts;
  }

  /** Whether nobody refuses. */
  public static boolean permits(SiteRules site, Instant at, History history) {
    return all(site, at, history, Verdict::permitted);
  }

  /** As above, but for the hours and days alone: caps, spacing and slots are not looked at. */
  public static boolean open(SiteRules site, Instant at) {
    return times(site, at, Verdict::permitted);
  }

  /**
   * The earliest permitted instant at or after {@code from}; empty when none is left: the site must
   * not be called, the round's cap is reached, or nothing opens within 400 days.
   */
  public static Optional<Instant> nextPermitted(SiteRules site, Instant from, History history) {
    Refusal first = new Refusal();
    Instant last = from.plus(HORIZON);
    Instant doubtful = from.plus(DOUBTFUL);
    boolean sure = false;
    for (Instant at = from; !at.isAfter(last); at = first.verdict.until().get()) {
      if (all(site, at, history, first)) {
        return Optional.of(at);
      }
      if (first.verdict.until().isEmpty()) {
        return Optional.empty();
      }
      if (!sure && at.isAfter(doubtful)) {
        sure = everOpen(site) || site.asked().isPresent();
        if (!sure) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** Takes verdicts until one refuses, and keeps that one. */
  private static final class Refusal implements Predicate<Verdict> {
    private Verdict verdict;

    @Override
    public boolean test(Verdict each) {
      verdict = each;
      return each.permitted();
    }
  }

  /** Whether a weekday is left when all windows are cut with each other. */
  static boolean everOpen(SiteRules site) {
    LocalDate monday = LocalDate.of(2026, 11, 30);
    return monday.datesUntil(monday.plusDays(7)).anyMatch(date -> !site.slots(date).isEmpty());
  }

  /** Hands verdicts on while they are wanted; gives whether all were. */
  private static boolean all(
      SiteRules site, Instant at, History history, Predicate<Verdict> wanted) {
    return wanted.test(doNotCall(site))
        && times(site, at, wanted)
        && attempts(site, at, history, wanted);
  }

  // --- hours and days

  private static boolean times(SiteRules site, Instant at, Predicate<Verdict> wanted) {
    if (!wanted.test(heed(site, at, night(site, at)))
        || !wanted.test(heed(site, at, office(site, at)))) {
      return false;
    }
    LocalDate date = site.dateOf(at);
    for (SiteRules.Closed closed : site.closed()) {
      if (!wanted.test(heed(site, at, closed(site, closed, date)))) {
        return false;
      }
    }
    for (SiteRules.Window window : site.windows()) {
      if (!wanted.test(heed(site, at, window(window, at)))) {
        return false;
      }
    }
    return true;
  }

  private static Verdict heed(SiteRules site, Instant at, Verdict verdict) {
    return Asked.heed(site.asked(), at, verdict);
  }

  private static Verdict doNotCall(SiteRules site) {
    return site.doNotCall()
        ? Verdict.refused(
            CallingRule.DO_NOT_CALL, RuleSource.SITE, Optional.empty(), "calling.do-not-call")
        : Verdict.permitted(CallingRule.DO_NOT_CALL, RuleSource.SITE, "calling.may-call");
  }

  private static Verdict night(SiteRules site, Instant at) {
    if (!site.night()) {
      return Verdict.permitted(CallingRule.NIGHT, RuleSource.HOUSE, "calling.night-asked");
    }
    CallingWindow day = site.daytimeHere();
    return day.isOpen(at)
        ? Verdict.permitted(CallingRule.NIGHT, RuleSource.HOUSE, "calling.day")
        : Verdict.refused(CallingRule.NIGHT, RuleSource.HOUSE, day.opening(at), "calling.night");
  }

  private static Verdict office(SiteRules site, Instant at) {
    SiteRules.Office office = site.office();
    LocalDate date = at.atZone(SiteRules.OFFICE).toLocalDate();
    OfficeCalendar.Day day = office.calendar().on(date);
    RuleSource source =
        office.everyDay() || day.kind() == OfficeCalendar.Kind.WEEKEND && office.works(date)
            ? RuleSource.CAMPAIGN
            : RuleSource.HOUSE;
    boolean named = !day.nameEn().isEmpty();
    if (office.works(date)) {
      return office.everyDay()
          ? Verdict.permitted(CallingRule.OFFICE_CALENDAR, source, "calling.office-every-day")
          : Verdict.permitted(
              CallingRule.OFFICE_CALENDAR,
              source,
              named ? "calling.office-named" : "calling.office",
              date,
              day);
    }
    Optional<Instant> opens =
        firstDay(date, next -> office.works(next))
            .map(next -> next.atStartOfDay(SiteRules.OFFICE).toInstant());
    return Verdict.refused(
        CallingRule.OFFICE_CALENDAR,
        source,
        opens,
        named ? "calling.office-closed-named" : "calling.office-closed",
        date,
        day);
  }

  private static Verdict closed(SiteRules site, SiteRules.Closed closed, LocalDate date) {
    Optional<Blackout> covering = closed.on(date);
    if (covering.isEmpty()) {
      return Verdict.permitted(
          CallingRule.TRADE_CALENDAR, closed.source(), "calling.no-blackout", date);
    }
    Optional<Instant> opens =
        firstDay(date, next -> closed.on(next).isEmpty())
            .map(next -> next.atStartOfDay(site.zone()).toInstant());
    return Verdict.refused(
        CallingRule.TRADE_CALENDAR,
        closed.source(),
        opens,
        "calling.blackout",
        date,
        covering.get());
  }

  private static Optional<LocalDate> firstDay(LocalDate after, Predicate<LocalDate> good) {
    return Stream.iterate(after.plusDays(1), date -> date.plusDays(1))
        .limit(HORIZON.toDays())
        .filter(good)
        .findFirst();
  }

  private static Verdict window(SiteRules.Window window, Instant at) {
    CallingWindow hours = window.hours();
    LocalDate date = at.atZone(hours.zone()).toLocalDate();
    List<Span> spans = hours.on(date);
    return hours.isOpen(at)
        ? Verdict.permitted(
            CallingRule.WINDOW, window.source(), "calling.window", spans, hours.zone())
        : Verdict.refused(
            CallingRule.WINDOW,
            window.source(),
            hours.opening(at),
            "calling.window-closed",
            spans,
            hours.zone());
  }

  // --- attempts

  private static boolean attempts(
      SiteRules site, Instant at, History history, Predicate<Verdict> wanted) {
    Who ofSite = new Who(false, history.site());
    Who ofPerson = new Who(true, history.person());
    Who since = new Who(false, since(history));
    Verdict spacing = strictest(spacing(site, at, since), spacing(site, at, ofPerson));
    return wanted.test(heed(site, at, slot(site, at, history)))
        && wanted.test(heed(site, at, spacing))
        && wanted.test(strictest(perDay(site, at, ofSite), perDay(site, at, ofPerson)))
        && wanted.test(strictest(perWeek(site, at, ofSite), perWeek(site, at, ofPerson)))
        && wanted.test(strictest(perRound(site, ofSite), perRound(site, ofPerson)))
        && wanted.test(perNumber(site, at, history, false))
        && wanted.test(perNumber(site, at, history, true));
  }

  /** The calls to the site that keep it from being rung so soon. */
  private static List<Past> since(History history) {
    return history.referredAt().isEmpty()
        ? history.site()
        : history.site().stream()
            .filter(past -> past.at().isAfter(history.referredAt().get()))
            .toList();
  }

  /** Whose attempts are counted. */
  private record Who(boolean person, List<Past> attempts) {
    String of(String site, String ofPerson) {
      return person ? ofPerson : site;
    }
  }

  /** The one that holds longer; of two alike the site's. */
  private static Verdict strictest(Verdict site, Verdict person) {
    if (person.permitted() || !site.permitted() && site.until().isEmpty()) {
      return site;
    }
    if (site.permitted() || person.until().isEmpty()) {
      return person;
    }
    return person.until().get().isAfter(site.until().get()) ? person : site;
  }

  private static Verdict slot(SiteRules site, Instant at, History history) {
    RuleSource source = RuleSource.HOUSE;
    if (!site.differentSlots()) {
      return Verdict.permitted(CallingRule.SLOT, RuleSource.CAMPAIGN, "calling.slot-any");
    }
    LocalDate date = site.dateOf(at);
    OptionalInt here = site.slot(at);
    if (here.isEmpty() || site.slots(date).size() < 2) {
      return Verdict.permitted(CallingRule.SLOT, source, "calling.slot-only");
    }
    boolean used =
        used(site, history.site(), date, here) || used(site, history.person(), date, here);
    if (!used) {
      return Verdict.permitted(CallingRule.SLOT, source, "calling.slot");
    }
    Optional<Instant> ends =
        CallingWindow.edges(site.zone(), date, site.slots(date)).tailSet(at, false).stream()
            .filter(edge -> !site.dateOf(edge).equals(date) || !site.slot(edge).equals(here))
            .findFirst()
            .or(() -> Optional.of(midnight(site, date)));
    return Verdict.refused(
        CallingRule.SLOT, source, ends, "calling.slot-used", site.slots(date).get(here.getAsInt()));
  }

  /** The last attempt failed in this slot of its day, or one of today did. */
  private static boolean used(
      SiteRules site, List<Past> attempts, LocalDate today, OptionalInt slot) {
    Optional<Past> last = attempts.stream().max(java.util.Comparator.comparing(Past::at));
    return last.isPresent()
        && attempts.stream()
            .filter(Past::failed)
            .filter(past -> past.equals(last.get()) || site.dateOf(past.at()).equals(today))
            .anyMatch(past -> site.slot(past.at()).equals(slot));
  }

  private static Instant midnight(SiteRules site, LocalDate date) {
    return date.plusDays(1).atStartOfDay(site.zone()).toInstant();
  }

  private static Verdict spacing(SiteRules site, Instant at, Who who) {
    Cap.Limit limit = site.limit(Cap.SPACING);
    Duration spacing = Duration.ofMillis(limit.value());
    Optional<Instant> free =
        who.attempts().stream().map(past -> past.at().plus(spacing)).max(Instant::compareTo);
    return free.isPresent() && free.get().isAfter(at)
        ? Verdict.refused(
            CallingRule.SPACING,
            limit.source(),
            free,
            who.of("calling.spacing-site", "calling.spacing-person"),
            spacing,
            free.get().minus(spacing).atZone(site.zone()))
        : Verdict.permitted(CallingRule.SPACING, limit.source(), "calling.spacing", spacing);
  }

  private static Verdict perDay(SiteRules site, Instant at, Who who) {
    Cap.Limit limit = site.limit(Cap.PER_DAY);
    LocalDate date = site.dateOf(at);
    long count =
        who.attempts().stream().filter(past -> site.dateOf(past.at()).equals(date)).count();
    String full = who.of("calling.per-day-site", "calling.per-day-person");
    return count < limit.value()
        ? capped(CallingRule.PER_DAY, limit, count, "calling.per-day")
        : full(CallingRule.PER_DAY, limit, count, Optional.of(midnight(site, date)), full);
  }

  private static Verdict perWeek(SiteRules site, Instant at, Who who) {
    Cap.Limit limit = site.limit(Cap.PER_WEEK);
    List<Instant> counted = within(who.attempts().stream().map(Past::at), WEEK, at);
    String full = who.of("calling.per-week-site", "calling.per-week-person");
    return counted.size() < limit.value()
        ? capped(CallingRule.PER_WEEK, limit, counted.size(), "calling.per-week")
        : full(CallingRule.PER_WEEK, limit, counted.size(), free(counted, limit, WEEK), full);
  }

  private static Verdict perRound(SiteRules site, Who who) {
    Cap.Limit limit = site.limit(Cap.PER_ROUND);
    long count = who.attempts().stream().filter(Past::thisRound).count();
    String full = who.of("calling.per-round-site", "calling.per-round-person");
    return count < limit.value()
        ? capped(CallingRule.PER_ROUND, limit, count, "calling.per-round")
        : full(CallingRule.PER_ROUND, limit, count, Optional.empty(), full);
  }

  private static Verdict perNumber(SiteRules site, Instant at, History history, boolean hour) {
    CallingRule rule = hour ? CallingRule.NUMBER_HOUR : CallingRule.NUMBER_MINUTE;
    Cap.Limit limit = site.limit(hour ? Cap.PER_NUMBER_HOUR : Cap.PER_NUMBER_MINUTE);
    Duration span = hour ? Duration.ofHours(1) : Duration.ofMinutes(1);
    List<Instant> counted = within(history.number().stream(), span, at);
    String reason = hour ? "calling.number-hour" : "calling.number-minute";
    return counted.size() < limit.value()
        ? capped(rule, limit, counted.size(), reason)
        : full(rule, limit, counted.size(), free(counted, limit, span), reason);
  }

  private static Verdict capped(CallingRule rule, Cap.Limit limit, long count, String reason) {
    return Verdict.permitted(rule, limit.source(), reason, count, limit.value());
  }

  private static Verdict full(
      CallingRule rule, Cap.Limit limit, long count, Optional<Instant> free, String reason) {
    return Verdict.refused(rule, limit.source(), free, reason, count, limit.value());
  }

  /** Those that still count at the instant, in order: an attempt counts for exactly the span. */
  private static List<Instant> within(Stream<Instant> past, Duration span, Instant at) {
    return past.filter(each -> each.plus(span).isAfter(at)).sorted().toList();
  }

  /** When fewer than the limit count, if no other is added. */
  private static Optional<Instant> free(List<Instant> counted, Cap.Limit limit, Duration span) {
    return Optional.of(counted.get(counted.size() - (int) limit.value()).plus(span));
  }
}

package org.careline.callback;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.careline.language.Sentence;
import org.careline.line.OfficeCalendar;

/**
 * The coming 12 months: which rounds the cadences will open, how many calls that makes each week,
 * and whether the agents suffice. Sites are counted by the day on which they are due, not one by
 * one, so that the work does not grow with them. Pure.
 *
 * <p>Calls = sites x attempts per completed site, spread evenly over the days of the round on which
 * its campaign may ring anybody: until its end, without one over {@value #SPREAD} such days. Agent
 * hours = calls x handling time. Agents suffice in a week when the hours of its shifts on working
 * days, less what the hotline takes, are at least the agent hours.
 */
public final class Preview {
  /** Days of ringing over which a round's calls are spread that has no end. */
  public static final int SPREAD = 10;

  /** Weeks looked at; the first one is the present. */
  public static final int WEEKS = 53;

  /** Hours a day of an agent in weeks for which there is no roster. */
  public static final int USUAL_HOURS = 8;

  /** Attempts per completed site as long as there are none to be counted. */
  public static final double USUAL_ATTEMPTS = 3;

  /** From the order to dial until the end of the after-call work, as long as none is measured. */
  public static final Duration USUAL_HANDLING = Duration.ofMinutes(4);

  private Preview() {}

  /** Sites of a campaign that are rung alike. */
  public sealed interface Group {
    String campaign();

    /** The days on which its rules permit to ring anybody, by the office's date. */
    NavigableSet<LocalDate> days();

    /**
     * Round by round.
     *
     * @param from no round before this day
     */
    record Calendar(
        String campaign,
        NavigableSet<LocalDate> days,
        Visits.ByCalendar visits,
        LocalDate from,
        int sites)
        implements Group {}

    /**
     * Each by itself.
     *
     * @param due sites by the day on which they are due
     * @param last the day of the last round of such sites
     */
    record Rolling(
        String campaign,
        NavigableSet<LocalDate> days,
        Visits.FromLastVisit visits,
        Map<LocalDate, Integer> due,
        Optional<LocalDate> last)
        implements Group {}

    /**
     * After events, as often as they happened lately.
     *
     * @param perWeek sites
     */
    record Events(String campaign, NavigableSet<LocalDate> days, double perWeek) implements Group {}

    /**
     * Within warranties, each for itself.
     *
     * @param due visits by the day on which they are due
     */
    record Warranties(String campaign, NavigableSet<LocalDate> days, Map<LocalDate, Integer> due)
        implements Group {}
  }

  /**
   * What was measured, or is assumed.
   *
   * @param completed sites it was measured with; 0 = assumed
   * @param calls calls whose handling time was measured; 0 = assumed
   * @param hotlinePerWeek hours the hotline took lately
   */
  public record Measured(
      double attemptsPerCompleted,
      int completed,
      Duration handling,
      int calls,
      double hotlinePerWeek) {}

  /**
   * Who is there.
   *
   * @param minutes of the shifts of each day
   * @param until last day the roster says anything about; after it every agent counts {@value
   *     #USUAL_HOURS} h on working days
   */
  public record Staff(Map<LocalDate, Integer> minutes, Optional<LocalDate> until, int agents) {}

  /** A round to come. */
  public record PlannedRound(
      String campaign, Round.Origin origin, LocalDate day, LocalDate until, double sites) {}

  /**
   * One week.
   *
   * @param monday its first day
   * @param workingDays of the office, from today on
   * @param sites that are rung
   * @param needed agent hours
   * @param present hours of the shifts on working days
   * @param roster false = assumed for at least one day: the roster does not reach so far
   * @param hotline hours the hotline takes of them
   */
  public record Week(
      LocalDate monday,
      int workingDays,
      double sites,
      double calls,
      double needed,
      double present,
      boolean roster,
      double hotline) {
    public double free() {
      return Math.max(0, present - hotline);
    }

    /** Hours that are missing; 0 = the agents suffice. */
    public double missing() {
      return Math.max(0, needed - free());
    }

    public boolean suffices() {
      return missing() < 0.05;
    }
  }

  /** The whole. */
  public record Months(List<Week> weeks, List<PlannedRound> rounds, Measured measured) {
    /** How the figures are made, and of what. */
    public Sentence formula() {
      return Sentence.joined(
          " ",
          List.of(
              Sentence.of("preview.formula", SPREAD, USUAL_HOURS),
              measured.completed() == 0
                  ? Sentence.of("preview.attempts-assumed", number(measured.attemptsPerCompleted()))
                  : Sentence.of(
                      "preview.attempts-measured",
                      number(measured.attemptsPerCompleted()),
                      measured.completed()),
              measured.calls() == 0
                  ? Sentence.of("preview.handling-assumed", measured.handling().toSeconds())
                  : Sentence.of(
                      "preview.handling-measured",
                      measured.handling().toSeconds(),
                      measured.calls()),
              Sentence.of("preview.hotline", number(measured.hotlinePerWeek()))));
    }

    private static String number(double value) {
      return String.format(java.util.Locale.ROOT, "%.1f", value);
    }
  }

  /**
   * @param now the present week is counted from today on
   */
  public static Months of(
      List<Group> groups, Measured measured, Staff staff, OfficeCalendar office, Instant now) {
    LocalDate today = CadencePlan.officeDate(now);
    LocalDate monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    LocalDate end = monday.plusWeeks(WEEKS);
    List<PlannedRound> rounds = new ArrayList<>();
    Map<LocalDate, Double> sites = new TreeMap<>();
    for (Group group : groups) {
      switch (group) {
        case Group.Calendar calendar -> calendar(calendar, today, end, office, rounds, sites);
        case Group.Rolling rolling -> rolling(rolling, today, end, office, rounds, sites);
        case Group.Events events -> events(events, today, end, sites);
        case Group.Warranties warranties ->
            warranties
                .due()
                .forEach((day, n) -> add(later(day, today), n, warranties.days(), sites));
      }
    }
    Set<LocalDate> ringing = new HashSet<>();
    groups.forEach(group -> ringing.addAll(group.days()));
    rounds.sort(
        java.util.Comparator.comparing(PlannedRound::day).thenComparing(PlannedRound::campaign));
    return new Months(
        weeks(
            sites, measured, staff, day -> CadencePlan.works(day, office), ringing, today, monday),
        List.copyOf(rounds),
        measured);
  }

  private static void calendar(
      Group.Calendar group,
      LocalDate today,
      LocalDate end,
      OfficeCalendar office,
      List<PlannedRound> rounds,
      Map<LocalDate, Double> sites) {
    LocalDate from = group.from().isAfter(today) ? group.from() : today;
    CadencePlan.openings(group.visits(), from, office)
        .takeWhile(day -> day.isBefore(end))
        .forEach(
            day -> {
              LocalDate until =
                  spread(day, group.visits().closes(), group.sites(), group.days(), sites);
              rounds.add(
                  new PlannedRound(
                      group.campaign(), Round.Origin.CALENDAR, day, until, group.sites()));
            });
  }

  /** As the planner does it: a round when one is due, with all that are due before the next. */
  private static void rolling(
      Group.Rolling group,
      LocalDate today,
      LocalDate end,
      OfficeCalendar office,
      List<PlannedRound> rounds,
      Map<LocalDate, Double> sites) {
    TreeMap<LocalDate, Double> due = new TreeMap<>();
    group
        .due()
        .forEach((day, n) -> due.merge(day.isBefore(today) ? today : day, (double) n, Double::sum));
    Visits.FromLastVisit visits = group.visits();
    LocalDate earliest =
        group.last().map(day -> day.plusDays(visits.collect())).orElse(LocalDate.MIN);
    while (!due.isEmpty()) {
      LocalDate first = due.firstKey();
      LocalDate day = CadencePlan.officeDay(first.isBefore(earliest) ? earliest : first, office);
      if (!day.isBefore(end)) {
        return;
      }
      Map<LocalDate, Double> joining = due.headMap(day.plusDays(visits.collect()), true);
      double joined = joining.values().stream().mapToDouble(Double::doubleValue).sum();
      joining.clear();
      LocalDate until = spread(day, visits.closes(), joined, group.days(), sites);
      rounds.add(new PlannedRound(group.campaign(), Round.Origin.DUE, day, until, joined));
      // half are done before the middle of the round, half after it
      LocalDate middle = day.plusDays((until.toEpochDay() - day.toEpochDay()) / 2);
      LocalDate again = visits.every().after(middle, 1);
      due.merge(again, joined, Double::sum);
      earliest = day.plusDays(visits.collect());
    }
  }

  private static void events(
      Group.Events group, LocalDate today, LocalDate end, Map<LocalDate, Double> sites) {
    for (LocalDate day = today; day.isBefore(end); day = day.plusDays(1)) {
      add(day, group.perWeek() / 7, group.days(), sites);
    }
  }

  private static LocalDate later(LocalDate one, LocalDate other) {
    return one.isAfter(other) ? one : other;
  }

  /** On the day itself or the next one on which somebody may be rung. */
  private static void add(
      LocalDate day, double count, NavigableSet<LocalDate> days, Map<LocalDate, Double> sites) {
    LocalDate rung = days.ceiling(day);
    if (rung != null) {
      sites.merge(rung, count, Double::sum);
    }
  }

  /** Gives the last day. */
  private static LocalDate spread(
      LocalDate day,
      OptionalInt closes,
      double count,
      NavigableSet<LocalDate> days,
      Map<LocalDate, Double> sites) {
    List<LocalDate> rung =
        days.tailSet(day, true).stream()
            .takeWhile(each -> closes.isEmpty() || each.isBefore(day.plusDays(closes.getAsInt())))
            .limit(closes.isPresent() ? Long.MAX_VALUE : SPREAD)
            .toList();
    rung.forEach(each -> sites.merge(each, count / rung.size(), Double::sum));
    return rung.isEmpty() ? day : rung.getLast();
  }

  private static List<Week> weeks(
      Map<LocalDate, Double> sites,
      Measured measured,
      Staff staff,
      Predicate<LocalDate> works,
      Set<LocalDate> ringing,
      LocalDate today,
      LocalDate monday) {
    Map<LocalDate, Double> ofWeeks = new HashMap<>();
    sites.forEach(
        (day, n) ->
            ofWeeks.merge(
                day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)), n, Double::sum));
    double hoursPerCall = measured.handling().toMillis() / 3_600_000.0;
    List<Week> weeks = new ArrayList<>();
    for (int i = 0; i < WEEKS; i++) {
      LocalDate begin = monday.plusWeeks(i);
      int working = 0;
      long minutes = 0;
      boolean roster = true;
      for (int d = 0; d < 7; d++) {
        LocalDate day = begin.plusDays(d);
        boolean worked = works.test(day);
        if (day.isBefore(today) || !worked && !ringing.contains(day)) {
          continue;
        }
        working += worked ? 1 : 0;
        boolean known = staff.until().filter(until -> !day.isAfter(until)).isPresent();
        roster &= known;
        minutes +=
            known
                ? staff.minutes().getOrDefault(day, 0)
                : worked ? (long) staff.agents() * USUAL_HOURS * 60 : 0;
      }
      double rung = ofWeeks.getOrDefault(begin, 0.0);
      double calls = rung * measured.attemptsPerCompleted();
      weeks.add(
          new Week(
              begin,
              working,
              rung,
              calls,
              calls * hoursPerCall,
              minutes / 60.0,
              roster,
              measured.hotlinePerWeek() * Math.min(5, working) / 5));
    }
    return weeks;
  }
}

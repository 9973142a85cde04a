package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.careline.line.OfficeCalendar;

/**
 * Decides when sites are due and when rounds are opened for them, from cadence and history. Days
 * and times of opening are the office's, days of a site are those of its own zone; a gap is so many
 * times 24 hours, whatever the clocks do. Pure, stateless.
 */
public final class CadencePlan {
  /** The longest run of days off that is looked through. */
  private static final int DAYS_OFF = 60;

  private CadencePlan() {}

  /** The day itself, or the next one on which the office works. */
  static LocalDate officeDay(LocalDate day, OfficeCalendar office) {
    return Stream.iterate(day, each -> each.plusDays(1))
        .limit(DAYS_OFF)
        .filter(each -> works(each, office))
        .findFirst()
        .orElse(day);
  }

  static boolean works(LocalDate day, OfficeCalendar office) {
    return switch (office.on(day).kind()) {
      case WORKDAY, MAKE_UP_WORKDAY -> true;
      case WEEKEND, HOLIDAY -> false;
    };
  }

  static Instant opening(LocalDate day, LocalTime at) {
    return day.atTime(at).atZone(SiteRules.OFFICE).toInstant();
  }

  static LocalDate officeDate(Instant at) {
    return at.atZone(SiteRules.OFFICE).toLocalDate();
  }

  // --- by calendar

  /** The days of opening from a day on, one after the other, without end. */
  public static Stream<LocalDate> openings(
      Visits.ByCalendar visits, LocalDate from, OfficeCalendar office) {
    long passed = Math.max(0, from.toEpochDay() - visits.from().toEpochDay() - DAYS_OFF);
    return LongStream.iterate(passed / visits.every().longestDays(), n -> n + 1)
        .mapToObj(n -> officeDay(visits.every().after(visits.from(), n), office))
        .filter(day -> !day.isBefore(from))
        .distinct();
  }

  /**
   * The round that should be open or have been: of the last day of opening.
   *
   * @param since no round for an earlier day
   */
  public static Optional<LocalDate> opened(
      Visits.ByCalendar visits, LocalDate since, OfficeCalendar office, Instant now) {
    LocalDate today = officeDate(now);
    if (today.isBefore(since)) {
      return Optional.empty();
    }
    // back from today by the longest distance: more than one day of opening is never needed
    LocalDate first = today.minusDays(visits.every().longestDays() + DAYS_OFF);
    return openings(visits, first.isBefore(since) ? since : first, office)
        .takeWhile(day -> !opening(day, visits.at()).isAfter(now))
        .reduce((earlier, later) -> later);
  }

  // --- site by site

  /**
   * What is known of a site.
   *
   * @param zone its wall clock
   * @param completed its last completed visit
   * @param last its last contact, or the opening of the last round that had it on its list
   */
  public record Seen(ZoneId zone, Optional<Instant> completed, Optional<Instant> last) {
    /** Before it nobody calls again. */
    Instant free(int gap) {
      return last.map(at -> at.plus(Duration.ofDays(gap))).orElse(Instant.EPOCH);
    }
  }

  /** When a site is due again, counted from its last completed visit; at once without one. */
  public static Instant due(Visits.FromLastVisit visits, Seen seen) {
    Instant byVisit =
        seen.completed()
            .map(
                at ->
                    visits
                        .every()
                        .after(at.atZone(seen.zone()).toLocalDate(), 1)
                        .atStartOfDay(seen.zone())
                        .toInstant())
            .orElse(Instant.EPOCH);
    return later(byVisit, seen.free(visits.gap()));
  }

  /** A device's warranty: both days included. */
  public record Warranty(LocalDate from, LocalDate until) {}

  /**
   * When the next of at least {@code wanted} visits within a warranty is due: what is left of it is
   * shared evenly by the visits that are left. Empty = there have been enough, or it is over.
   *
   * @param done visits completed within it
   */
  public static Optional<Instant> warrantyDue(
      Warranty warranty, int wanted, int done, Seen seen, int gap) {
    if (done >= wanted || warranty.until().isBefore(warranty.from())) {
      return Optional.empty();
    }
    LocalDate last =
        done == 0
            ? warranty.from()
            : seen.completed()
                .map(at -> at.atZone(seen.zone()).toLocalDate())
                .filter(day -> day.isAfter(warranty.from()))
                .orElse(warranty.from());
    long left = warranty.until().toEpochDay() - last.toEpochDay();
    LocalDate day = last.plusDays(Math.max(0, left) / (wanted - done + 1));
    return Optional.of(later(day.atStartOfDay(seen.zone()).toInstant(), seen.free(gap)));
  }

  /** When a visit after an event is due: hours run, days are counted by the site's wall clock. */
  public static Instant eventDue(EventRule rule, Instant happened, Seen seen) {
    Instant due =
        rule.hours()
            ? happened.plus(Duration.ofHours(rule.amount()))
            : happened.atZone(seen.zone()).plusDays(rule.amount()).toInstant();
    return later(due, seen.free(rule.gap()));
  }

  /** Whether nobody has been asked since it was to be, and it is not too late to ask. */
  static boolean eventOpen(EventRule rule, Instant happened, Seen seen, Instant now) {
    Instant wanted =
        eventDue(rule, happened, new Seen(seen.zone(), seen.completed(), Optional.empty()));
    boolean asked =
        seen.last().filter(at -> !at.isBefore(wanted)).isPresent()
            || seen.completed().filter(at -> !at.isBefore(wanted)).isPresent();
    return !asked
        && !now.isAfter(wanted.plus(EventRule.REMEMBERED).plus(Duration.ofDays(rule.gap())));
  }

  // --- rounds of sites that are due

  /**
   * A site that is due by itself.
   *
   * @param notBefore its gap is over then: it may join a round before it is due, not before this
   */
  public record Wish(
      long site, Instant due, Instant notBefore, LocalTime at, int collect, OptionalInt closes) {}

  /**
   * A round for sites that are due.
   *
   * @param closes days after which it ends by itself
   */
  public record Gathered(List<Long> sites, OptionalInt closes) {}

  /**
   * The round to be opened now, if there is one: on a day the office works, from its time of day
   * on, when a site is due whose last such round was long enough ago. Sites that will be due before
   * the next such round join it.
   *
   * @param last the day of the last such round
   */
  public static Optional<Gathered> gather(
      Collection<Wish> wishes, Optional<LocalDate> last, OfficeCalendar office, Instant now) {
    LocalDate today = officeDate(now);
    if (!works(today, office)) {
      return Optional.empty();
    }
    boolean wanted =
        wishes.stream()
            .filter(wish -> !wish.due().isAfter(now))
            .filter(wish -> !opening(today, wish.at()).isAfter(now))
            .anyMatch(
                wish -> last.isEmpty() || !last.get().plusDays(wish.collect()).isAfter(today));
    if (!wanted) {
      return Optional.empty();
    }
    List<Wish> joining =
        wishes.stream()
            .filter(wish -> !wish.notBefore().isAfter(now))
            .filter(wish -> !wish.due().isAfter(now.plus(Duration.ofDays(wish.collect()))))
            .sorted(Comparator.comparing(Wish::due).thenComparing(Wish::site))
            .toList();
    OptionalInt closes =
        joining.stream().allMatch(wish -> wish.closes().isPresent())
            ? joining.stream().mapToInt(wish -> wish.closes().getAsInt()).max()
            : OptionalInt.empty();
    return Optional.of(new Gathered(joining.stream().map(Wish::site).toList(), closes));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}

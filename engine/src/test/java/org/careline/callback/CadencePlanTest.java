package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.careline.callback.CadencePlan.Seen;
import org.careline.callback.CadencePlan.Warranty;
import org.careline.callback.CadencePlan.Wish;
import org.careline.line.OfficeCalendar;
import org.careline.line.OfficeCalendars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When sites are due and rounds open: tables, and any cadence over any year. */
class CadencePlanTest {
  private static final OfficeCalendar CHINA = OfficeCalendars.china();
  private static final LocalTime NINE = LocalTime.of(9, 0);
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final List<String> ZONES =
      List.of("Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York", "Asia/Tehran");

  private static Visits.ByCalendar calendar(String from, String every) {
    return new Visits.ByCalendar(
        LocalDate.parse(from), Every.of(every).orElseThrow(), 7, NINE, OptionalInt.empty());
  }

  @ParameterizedTest
  @CsvSource({
    // a day off moves, also to a Sunday that is worked; 28 February and 10 October are worked
    "2026-01-01, 1mo, 2026-01-04 2026-02-02 2026-03-02",
    "2025-12-31, 1mo, 2026-02-02 2026-02-28 2026-03-31",
    "2026-10-01, 1w, 2026-10-08 2026-10-15 2026-10-22",
    "2026-10-10, 4w, 2026-10-10 2026-11-09 2026-12-07",
    // daily: three days of a weekend become one round
    "2026-03-06, 1d, 2026-03-06 2026-03-09 2026-03-10",
  })
  void roundsOfTheCalendarOpenOnWorkingDays(String from, String every, String days) {
    LocalDate first = LocalDate.parse(days.split(" ")[0]);
    assertThat(CadencePlan.openings(calendar(from, every), first, CHINA).limit(3))
        .extracting(LocalDate::toString)
        .containsExactly(days.split(" "));
  }

  @Test
  void theLastOpeningCountsAndNoneBeforeTheCadenceWas() {
    Visits.ByCalendar quarterly = calendar("2026-01-05", "3mo");
    LocalDate early = LocalDate.parse("2025-06-01");
    assertThat(CadencePlan.opened(quarterly, early, CHINA, at("2026-01-05T08:59"))).isEmpty();
    assertThat(CadencePlan.opened(quarterly, early, CHINA, at("2026-01-05T09:00")))
        .contains(LocalDate.parse("2026-01-05"));
    // an engine that was away for half a year opens one round, not three
    assertThat(CadencePlan.opened(quarterly, early, CHINA, at("2026-08-01T12:00")))
        .contains(LocalDate.parse("2026-07-06"));
    assertThat(
            CadencePlan.opened(
                quarterly, LocalDate.parse("2026-07-07"), CHINA, at("2026-08-01T12:00")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // last completed in UTC, every, gap, last contact, due in the site's own zone
    "Asia/Shanghai,    2026-03-01T15:00:00Z, 90d, 14, ,                     2026-05-30T00:00+08:00",
    "Asia/Shanghai,    2026-03-01T17:00:00Z, 90d, 14, ,                     2026-05-31T00:00+08:00",
    "Asia/Urumqi,      2026-03-01T17:00:00Z, 90d, 14, ,                     2026-05-30T00:00+06:00",
    "America/New_York, 2026-02-27T12:00:00Z, 2w,  14, ,                     2026-03-13T00:00-04:00",
    "Europe/Berlin,    2026-09-30T12:00:00Z, 1mo, 14, ,                     2026-10-30T00:00+01:00",
    // spoken to in between: the gap is so many times 24 hours, also over a change of clocks
    "Europe/Berlin,    2026-09-01T12:00:00Z, 4w,  14, 2026-10-20T10:00:00Z, 2026-11-03T11:00+01:00",
    "Asia/Shanghai,    ,                     90d, 14, ,                     1970-01-01T08:00+08:00",
    "Asia/Shanghai,    ,                     90d, 14, 2026-05-01T01:00:00Z, 2026-05-15T09:00+08:00",
  })
  void aSiteIsDueAfterItsLastCompletedVisit(
      String zone, Instant completed, String every, int gap, Instant last, String due) {
    Visits.FromLastVisit visits =
        new Visits.FromLastVisit(Every.of(every).orElseThrow(), gap, NINE, 7, OptionalInt.empty());
    Seen seen =
        new Seen(ZoneId.of(zone), Optional.ofNullable(completed), Optional.ofNullable(last));
    assertThat(CadencePlan.due(visits, seen).atZone(ZoneId.of(zone)).toOffsetDateTime())
        .hasToString(due);
  }

  @Test
  void eventsCountHoursAsTheyPassAndDaysByTheSitesClock() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Instant evening = LocalDateTime.parse("2026-03-28T20:00").atZone(berlin).toInstant();
    Seen never = new Seen(berlin, Optional.empty(), Optional.empty());
    EventRule hours = rule(24, true);
    EventRule day = rule(1, false);
    // an hour is lost in that night
    assertThat(CadencePlan.eventDue(hours, evening, never).atZone(berlin).toLocalTime())
        .hasToString("21:00");
    assertThat(CadencePlan.eventDue(day, evening, never).atZone(berlin).toLocalTime())
        .hasToString("20:00");
    Instant due = CadencePlan.eventDue(hours, evening, never);
    assertThat(CadencePlan.eventOpen(hours, evening, never, due)).isTrue();
    Seen asked = new Seen(berlin, Optional.empty(), Optional.of(due.plusSeconds(1)));
    assertThat(CadencePlan.eventOpen(hours, evening, asked, due.plusSeconds(2))).isFalse();
    Seen justBefore = new Seen(berlin, Optional.empty(), Optional.of(due.minusSeconds(60)));
    assertThat(CadencePlan.eventOpen(hours, evening, justBefore, due))
        .as("a contact before it does not count as asking")
        .isTrue();
    assertThat(CadencePlan.eventDue(hours, evening, justBefore))
        .isEqualTo(due.minusSeconds(60).plus(Duration.ofDays(1)));
    assertThat(CadencePlan.eventOpen(hours, evening, never, due.plus(Duration.ofDays(16))))
        .as("too late to ask")
        .isFalse();
  }

  private static EventRule rule(int amount, boolean hours) {
    return new EventRule(EventRule.Event.REPAIR, amount, hours, Optional.empty(), 1);
  }

  @Test
  void visitsOfAWarrantyAreSharedOutOverWhatIsLeftOfIt() {
    Warranty year = new Warranty(LocalDate.parse("2026-01-01"), LocalDate.parse("2026-12-31"));
    Seen never = new Seen(SHANGHAI, Optional.empty(), Optional.empty());
    assertThat(CadencePlan.warrantyDue(year, 2, 0, never, 14)).contains(day("2026-05-02"));
    Seen late = new Seen(SHANGHAI, Optional.of(at("2026-11-01T10:00")), Optional.empty());
    assertThat(CadencePlan.warrantyDue(year, 2, 1, late, 14)).contains(day("2026-12-01"));
    Seen spoken =
        new Seen(
            SHANGHAI, Optional.of(at("2026-11-01T10:00")), Optional.of(at("2026-11-25T10:00")));
    assertThat(CadencePlan.warrantyDue(year, 2, 1, spoken, 14)).contains(at("2026-12-09T10:00"));
    assertThat(CadencePlan.warrantyDue(year, 2, 2, late, 14)).isEmpty();
  }

  @Test
  void theMostExactSettingWinsEachForItself() {
    Cadence tier =
        CadenceParser.parse(
            "{\"visits\":{\"by\":\"last-visit\",\"every\":\"30d\"},\"answeredByRecord\":\"7d\","
                + "\"events\":[{\"after\":\"repair\",\"in\":\"1d\"}]}");
    Cadence customer =
        CadenceParser.parse("{\"campaign\":\"C\",\"events\":[],\"warranty\":{\"visits\":2}}");
    Cadence site = CadenceParser.parse("{\"visits\":{\"by\":\"never\"}}");
    Cadence all = site.over(customer).over(tier);
    assertThat(all.visits()).contains(new Visits.Never());
    assertThat(all.events()).contains(List.of());
    assertThat(all.served()).hasValue(7);
    assertThat(all.warranty()).hasValue(2);
    assertThat(customer.over(tier).visits().orElseThrow())
        .isInstanceOfSatisfying(
            Visits.FromLastVisit.class, visits -> assertThat(visits.gap()).isEqualTo(14));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"visits":{"by":"last-visit","every":"0d"}} | cadence.visits.every: 0d: a cadence goes forward | cadence.visits.every：0d：回访周期必须向前
          {"visits":{"by":"last-visit","every":"-3d"}} | cadence.visits.every: -3d | -3d
          {"visits":{"by":"last-visit","every":"2w","gap":"15d"}} | cadence.visits.gap: a gap of 15 days is longer than the cadence 2w | 最小间隔 15 天长于回访周期 2w
          {"visits":{"by":"calendar","from":"2026-01-01","every":"1mo","gap":"29d"}} | (28 days at the shortest) | 最短 28 天
          {"visits":{"by":"last-visit","every":"2w","gap":"0d"}} | cadence.visits.gap: 0d | 0d
          {"visits":{"by":"last-visit","every":"2w","collect":"3w"}} | cadence.visits.collect: 21 days | 21 天长于
          {"visits":{"by":"calendar","every":"2w"}} | cadence.visits.from: a day such as | 日期
          {"visits":{"by":"calendar","from":"2026-02-30","every":"2w"}} | cadence.visits.from | 日期
          {"visits":{"by":"last-visit","every":"2w","from":"2026-01-01"}} | unknown key from; there are: at, by, closes, collect, every, gap | 未知的键 from
          {"visits":{"by":"monthly"}} | cadence.visits.by: calendar, last-visit or never | 应为 calendar
          {"events":[{"after":"repair","in":"0h"}]} | cadence.events[0].in: 0h | 0h
          {"events":[{"after":"lunch","in":"1h"}]} | cadence.events[0].after: hand_over | 应为 hand_over
          {"warranty":{"visits":-1}} | cadence.warranty.visits | cadence.warranty.visits
          {"answeredByRecord":"-7d"} | cadence.answeredByRecord: -7d | -7d
          {"every":"1d"} | unknown key every | 未知的键 every
          """)
  void whatCouldNotWorkIsRefusedWithItsPlace(String document, String english, String chinese) {
    assertThatThrownBy(() -> CadenceParser.parse(document))
        .isInstanceOfSatisfying(
            RulesParser.InvalidRules.class,
            refused -> {
              assertThat(refused.in(Locale.ENGLISH)).contains(english);
              assertThat(refused.in(Locale.SIMPLIFIED_CHINESE)).contains(chinese);
            });
  }

  /** Any cadence, any sites, any answers: nobody twice within the gap, nobody forgotten. */
  @Property(tries = 120)
  void noSiteIsRungTwiceWithinTheGapAndNoneIsForgotten(
      @ForAll @IntRange(min = 1, max = 60) int every,
      @ForAll @IntRange(min = 1, max = 60) int gapUpTo,
      @ForAll @IntRange(min = 1, max = 30) int collectUpTo,
      @ForAll long seed) {
    Random random = new Random(seed);
    int gap = Math.min(gapUpTo, every);
    int collect = Math.min(collectUpTo, every);
    Visits.FromLastVisit visits =
        new Visits.FromLastVisit(
            new Every(every, Every.Unit.DAYS), gap, NINE, collect, OptionalInt.empty());
    Map<Long, Seen> sites = new HashMap<>();
    for (long id = 1; id <= 6; id++) {
      sites.put(
          id,
          new Seen(
              ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))),
              Optional.empty(),
              Optional.empty()));
    }
    Map<Long, Instant> dueSince = new HashMap<>();
    Optional<LocalDate> last = Optional.empty();
    LocalDate begin = LocalDate.of(2026, 1, 1).plusDays(random.nextInt(200));
    // the longest run of days off, and the round before
    Duration patience = Duration.ofDays(collect + 12L);
    for (int hour = 0; hour < 24 * 150; hour += 5) {
      Instant now = begin.atStartOfDay(SHANGHAI).toInstant().plus(Duration.ofHours(hour));
      List<Wish> wishes = new ArrayList<>();
      for (Map.Entry<Long, Seen> site : sites.entrySet()) {
        Wish wish =
            CadencePlanner.wish(
                    site.getKey(),
                    new Cadence(
                        Optional.empty(),
                        Optional.of(visits),
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty()),
                    site.getValue(),
                    List.of())
                .orElseThrow();
        wishes.add(wish);
        if (!wish.due().isAfter(now)) {
          Instant since = dueSince.computeIfAbsent(site.getKey(), id -> now);
          assertThat(Duration.between(since, now)).as("site %s", site).isLessThan(patience);
        }
      }
      Optional<CadencePlan.Gathered> round = CadencePlan.gather(wishes, last, CHINA, now);
      if (round.isEmpty()) {
        continue;
      }
      last = Optional.of(CadencePlan.officeDate(now));
      for (long id : round.get().sites()) {
        Seen before = sites.get(id);
        before
            .last()
            .ifPresent(
                at ->
                    assertThat(Duration.between(at, now))
                        .as("site %s", id)
                        .isGreaterThanOrEqualTo(Duration.ofDays(gap)));
        dueSince.remove(id);
        boolean completed = random.nextInt(3) > 0;
        sites.put(
            id,
            new Seen(
                before.zone(),
                completed ? Optional.of(now) : before.completed(),
                Optional.of(now)));
      }
    }
  }

  /** Whatever the distance: each opening is found exactly once, and none is far from its day. */
  @Property(tries = 100)
  void everyOpeningOfTheCalendarIsFoundOnce(
      @ForAll @IntRange(min = 1, max = 120) int every, @ForAll long seed) {
    Random random = new Random(seed);
    LocalDate from = LocalDate.of(2025, 1, 1).plusDays(random.nextInt(300));
    Visits.ByCalendar visits =
        new Visits.ByCalendar(
            from, new Every(every, Every.Unit.DAYS), 1, NINE, OptionalInt.empty());
    List<LocalDate> found = new ArrayList<>();
    for (int hour = 0; hour < 24 * 400; hour += 1 + random.nextInt(20)) {
      Instant now = from.atStartOfDay(SHANGHAI).toInstant().plus(Duration.ofHours(hour));
      CadencePlan.opened(visits, from, CHINA, now)
          .filter(day -> found.isEmpty() || !found.getLast().equals(day))
          .ifPresent(found::add);
    }
    assertThat(found).isSorted().doesNotHaveDuplicates();
    assertThat(found)
        .containsExactlyElementsOf(
            CadencePlan.openings(visits, from, CHINA).limit(found.size()).toList());
    for (int i = 1; i < found.size(); i++) {
      assertThat(found.get(i).toEpochDay() - found.get(i - 1).toEpochDay())
          .isBetween(1L, every + 12L);
    }
  }

  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(SHANGHAI).toInstant();
  }

  private static Instant day(String date) {
    return LocalDate.parse(date).atStartOfDay(SHANGHAI).toInstant();
  }
}

package org.careline.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a line is open: boundaries, zones, holidays, and the hours that clocks skip or repeat. */
class LineHoursTest {
  private static final Map<String, OfficeCalendar> CALENDARS =
      Map.of("cn", OfficeCalendars.china());

  private static LineSettings settings(String json) {
    return LineSettingsParser.parse(json, CALENDARS::get);
  }

  private static final LineHours SHANGHAI =
      settings(
              """
              {"calendar": "cn", "hours": {"mon-fri": ["08:30-12:00", "13:00-18:00"],
                "sat": ["09:00-12:00"], "sun": [], "holiday": ["10:00-11:00"],
                "makeUp": ["09:00-17:00"]}}
              """)
          .hours();

  private static LineHours daily(String zone, String span) {
    return settings("{\"zone\": \"%s\", \"hours\": {\"mon-sun\": [\"%s\"]}}".formatted(zone, span))
        .hours();
  }

  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
  }

  @ParameterizedTest
  @CsvSource({
    // a Monday: the first instant of a span belongs to it, the last does not
    "2026-11-23T08:29:59.999, false",
    "2026-11-23T08:30, true",
    "2026-11-23T11:59:59.999, true",
    "2026-11-23T12:00, false",
    "2026-11-23T12:59:59, false",
    "2026-11-23T13:00, true",
    "2026-11-23T17:59:59.999, true",
    "2026-11-23T18:00, false",
    // Saturday and Sunday
    "2026-11-28T09:00, true",
    "2026-11-28T13:30, false",
    "2026-11-29T10:00, false",
    // holidays, on a weekday and on a Sunday
    "2026-10-01T09:00, false",
    "2026-10-01T10:00, true",
    "2026-10-04T10:59, true",
    "2026-10-04T11:00, false",
    // weekend days worked in exchange: a Sunday and a Saturday
    "2026-09-20T08:59, false",
    "2026-09-20T09:00, true",
    "2026-10-10T16:59, true",
    "2026-10-10T17:00, false"
  })
  void isOpenByWeekdayHolidayAndMakeUpDay(String local, boolean open) {
    assertThat(SHANGHAI.openAt(at(local))).isEqualTo(open);
  }

  @Test
  void sameInstantOtherZone() {
    Instant instant = Instant.parse("2026-11-23T01:15:00Z");
    assertThat(daily("Asia/Shanghai", "09:00-10:00").openAt(instant)).isTrue();
    assertThat(daily("Asia/Urumqi", "09:00-10:00").openAt(instant)).isFalse();
    assertThat(daily("Asia/Urumqi", "07:00-08:00").openAt(instant)).isTrue();
    // half-hour and quarter-hour zones
    assertThat(daily("Asia/Kolkata", "06:45-06:46").openAt(instant)).isTrue();
    assertThat(daily("Asia/Kathmandu", "07:00-07:01").openAt(instant)).isTrue();
  }

  /** Berlin, 2026-03-29: 02:00 becomes 03:00. */
  @Test
  void anHourThatTheClocksSkip() {
    LineHours within = daily("Europe/Berlin", "02:15-02:45");
    Instant gap = Instant.parse("2026-03-29T01:00:00Z");
    for (int minute = -60; minute <= 60; minute++) {
      assertThat(within.openAt(gap.plusSeconds(60L * minute))).as("minute " + minute).isFalse();
    }
    // next day it is there again
    assertThat(within.opening(gap)).contains(Instant.parse("2026-03-30T00:15:00Z"));
    LineHours across = daily("Europe/Berlin", "02:30-04:00");
    assertThat(across.openAt(gap.minusMillis(1))).isFalse();
    assertThat(across.openAt(gap)).isTrue();
    assertThat(across.closing(gap)).contains(Instant.parse("2026-03-29T02:00:00Z"));
    LineHours until = daily("Europe/Berlin", "01:00-02:30");
    assertThat(until.openAt(gap.minusMillis(1))).isTrue();
    assertThat(until.openAt(gap)).isFalse();
  }

  /** Berlin, 2026-10-25: 02:00 to 03:00 comes twice; both are open. */
  @Test
  void anHourThatComesTwice() {
    LineHours twice = daily("Europe/Berlin", "02:15-02:45");
    Instant first = Instant.parse("2026-10-25T00:15:00Z");
    assertThat(twice.openAt(first)).isTrue();
    assertThat(twice.openAt(first.plusSeconds(1800))).isFalse();
    assertThat(twice.openAt(first.plusSeconds(3600))).isTrue();
    assertThat(twice.openAt(first.plusSeconds(5400))).isFalse();
  }

  /** Shanghai had summer time once; New York's clocks change on other days than Berlin's. */
  @Test
  void otherZonesChangeOnOtherDays() {
    LineHours newYork = daily("America/New_York", "09:00-17:00");
    assertThat(newYork.openAt(Instant.parse("2026-03-06T14:00:00Z"))).isTrue();
    assertThat(newYork.openAt(Instant.parse("2026-03-06T13:30:00Z"))).isFalse();
    assertThat(newYork.openAt(Instant.parse("2026-03-09T13:30:00Z"))).isTrue();
  }

  @Test
  void saysWhenItOpensAndCloses() {
    assertThat(SHANGHAI.opening(at("2026-11-23T12:30"))).contains(at("2026-11-23T13:00"));
    assertThat(SHANGHAI.opening(at("2026-11-23T13:30"))).contains(at("2026-11-23T13:30"));
    assertThat(SHANGHAI.opening(at("2026-11-28T12:00"))).contains(at("2026-11-30T08:30"));
    // over the holiday, with its own short hours
    assertThat(SHANGHAI.opening(at("2026-09-30T18:00"))).contains(at("2026-10-01T10:00"));
    assertThat(SHANGHAI.closing(at("2026-11-23T08:30"))).contains(at("2026-11-23T12:00"));
    assertThat(SHANGHAI.closing(at("2026-11-23T12:00"))).isEmpty();
    // touching spans and midnight are no closing
    LineHours night =
        settings(
                """
                {"hours": {"mon": ["20:00-24:00"], "tue": ["00:00-02:00", "02:00-06:00"],
                  "wed-sun": []}}
                """)
            .hours();
    assertThat(night.closing(at("2026-11-23T21:00"))).contains(at("2026-11-24T06:00"));
    assertThat(night.openAt(at("2026-11-24T00:00"))).isTrue();
    LineHours never = settings("{\"hours\": {\"mon-sun\": []}}").hours();
    assertThat(never.opening(at("2026-11-23T21:00"))).isEqualTo(Optional.empty());
    LineHours always = LineSettings.DEFAULT.hours();
    assertThat(always.openAt(at("2026-10-01T03:00"))).isTrue();
    assertThat(always.closing(at("2026-10-01T03:00"))).isEmpty();
    LineHours fullDays = daily("Asia/Shanghai", "00:00-24:00");
    assertThat(fullDays.openAt(at("2026-10-01T23:59:59.999"))).isTrue();
    assertThat(fullDays.closing(at("2026-10-01T03:00"))).isEmpty();
  }

  /**
   * What opening and closing promise holds at every minute of a year with changes of the clocks.
   */
  @Test
  void openingAndClosingAgreeWithOpenAtAllThroughAYear() {
    LineHours berlin =
        settings(
                """
                {"zone": "Europe/Berlin", "hours": {"mon-fri": ["00:00-02:30", "08:00-24:00"],
                  "sat": ["02:15-03:15"], "sun": ["02:15-02:45", "22:00-24:00"]}}
                """)
            .hours();
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    Instant end = at.plus(Duration.ofDays(366));
    int changes = 0;
    while (at.isBefore(end)) {
      boolean open = berlin.openAt(at);
      Instant next = (open ? berlin.closing(at) : berlin.opening(at)).orElseThrow();
      assertThat(next).isAfter(at);
      assertThat(berlin.openAt(next)).as(next.toString()).isEqualTo(!open);
      for (Instant between = at; between.isBefore(next); between = between.plusSeconds(300)) {
        assertThat(berlin.openAt(between)).as(between.toString()).isEqualTo(open);
      }
      at = next;
      changes++;
    }
    assertThat(changes).isGreaterThan(800);
  }

  @Test
  void aChosenTierIsServedRoundTheClock() {
    LineSettings settings =
        settings("{\"openTiers\": [\"platinum\"], \"hours\": {\"mon-sun\": [\"09:00-17:00\"]}}");
    assertThat(settings.openFor("platinum", at("2026-11-23T03:00"))).isTrue();
    assertThat(settings.openFor("gold", at("2026-11-23T03:00"))).isFalse();
    assertThat(settings.openFor("gold", at("2026-11-23T09:00"))).isTrue();
  }
}

package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the rules say on days one can look up. */
class CallingRulesTest {
  private static final SiteRules HOTEL = site("{}", "{}", "{}");

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource({
    "a Saturday, 2026-11-28T10:00, 2026-11-30T10:00",
    "National Day and the days off around it, 2026-09-30T17:00, 2026-10-08T09:30",
    "a Sunday worked in exchange, 2026-09-19T10:00, 2026-09-20T09:30",
    "1 May, 2026-04-30T17:00, 2026-05-06T09:30",
    "seven days before and after Spring Festival, 2026-02-09T17:00, 2026-02-25T09:30",
    "Spring Festival of 2027, 2027-01-29T17:00, 2027-02-15T10:00",
    "a Spring Festival far ahead, 2030-01-25T17:00, 2030-02-11T10:00"
  })
  void bothCalendarsMustPermit(String why, String from, String opens) {
    assertThat(CallingRules.nextPermitted(HOTEL, shanghai(from), History.NONE))
        .as(why)
        .contains(shanghai(opens));
  }

  @Test
  void aCampaignWorksOnTheWeekendDaysItNamesAndOnHolidaysWhenItSaysSo() {
    String sunday =
        "{\"windows\":{\"default\":{\"mon-fri\":[\"10:00-11:00\"],\"sun\":[\"10:00-11:00\"]}}";
    Instant saturday = shanghai("2026-10-03T09:00");
    assertThat(CallingRules.nextPermitted(site(sunday + "}", "{}", "{}"), saturday, History.NONE))
        .as("the 4th is a Sunday, but a holiday")
        .contains(shanghai("2026-10-08T10:00"));
    assertThat(
            CallingRules.nextPermitted(
                site(sunday + ",\"officeDays\":\"all\"}", "{}", "{}"), saturday, History.NONE))
        .contains(shanghai("2026-10-04T10:00"));
    assertThat(
            CallingRules.nextPermitted(
                site(sunday + "}", "{}", "{}"), shanghai("2026-11-28T10:00"), History.NONE))
        .contains(shanghai("2026-11-29T10:00"));
  }

  @Test
  void theStrictestWinsAndSaysWhoItIs() {
    SiteRules site =
        site(
            "{\"caps\":{\"perWeek\":3}}",
            "{\"windows\":{\"default\":{\"mon-fri\":[\"15:00-18:00\"]}},\"caps\":{\"perDay\":1}}",
            "{\"blackouts\":[\"2026-12-01\"],\"caps\":{\"perWeek\":9,\"spacing\":\"3h\"}}");
    Instant at = shanghai("2026-12-01T10:00");
    assertThat(CallingRules.verdicts(site, at, History.NONE).stream().filter(v -> !v.permitted()))
        .extracting(v -> v.rule().id() + " " + v.source().word())
        .containsExactly("trade-calendar site", "window customer");
    assertThat(CallingRules.nextPermitted(site, at, History.NONE))
        .as("cut with the house's hours")
        .contains(shanghai("2026-12-02T15:00"));
    assertThat(CallingRules.verdicts(site, at, History.NONE))
        .filteredOn(v -> v.rule().ordinal() >= CallingRule.SPACING.ordinal())
        .extracting(v -> v.rule().id() + " " + v.source().word())
        .containsExactly(
            "spacing site",
            "per-day customer",
            "per-week campaign",
            "per-round house rule",
            "number-minute house rule",
            "number-hour house rule");
  }

  @Test
  void aPersonIsRungNoMoreOftenForManySitesThanForOne() {
    Instant ten = shanghai("2026-12-01T10:00");
    Past elsewhere = new Past(ten, "+8613800138000", Optional.of(Disposition.COMPLETED), true);
    History person = new History(List.of(), List.of(elsewhere), List.of());
    Instant soon = ten.plus(Duration.ofMinutes(30));
    assertThat(CallingRules.nextPermitted(HOTEL, soon, person))
        .as("two hours, which is after the morning")
        .contains(shanghai("2026-12-01T14:30"));
    Verdict spacing = verdict(HOTEL, soon, person, CallingRule.SPACING);
    assertThat(spacing.sentence().in(Locale.ENGLISH)).contains("same person", "2026-12-01 10:00");
    assertThat(spacing.until()).contains(shanghai("2026-12-01T12:00"));
  }

  @Test
  void noSlotTwiceRunningAfterAFailureInIt() {
    Past morning = past("2026-12-01T10:00", Disposition.NO_ANSWER);
    History failed = History.of(List.of(morning));
    assertThat(CallingRules.nextPermitted(HOTEL, shanghai("2026-12-02T09:00"), failed))
        .as("the morning of the next day is the same slot")
        .contains(shanghai("2026-12-02T14:30"));
    History spokenTo =
        History.of(List.of(past("2026-12-01T10:00", Disposition.RESPONSIBLE_PERSON_ABSENT)));
    assertThat(CallingRules.nextPermitted(HOTEL, shanghai("2026-12-02T09:00"), spokenTo))
        .contains(shanghai("2026-12-02T09:30"));
    SiteRules any = site("{\"differentSlots\":false}", "{}", "{}");
    assertThat(CallingRules.nextPermitted(any, shanghai("2026-12-02T09:00"), failed))
        .contains(shanghai("2026-12-02T09:30"));
  }

  @ParameterizedTest(name = "{0} in {1}")
  @CsvSource({
    "the clocks go forward, America/New_York, 2026-03-07T22:30:00Z, 2026-03-09T14:00:00Z",
    "the clocks go back, America/New_York, 2026-10-30T21:30:00Z, 2026-11-02T15:00:00Z",
    "half an hour in Australia, Australia/Lord_Howe, 2026-04-03T06:00:00Z, 2026-04-05T23:30:00Z"
  })
  void otherZonesKeepTheirOwnClock(String why, String zone, Instant from, Instant opens) {
    SiteRules site =
        site(
            "{\"officeDays\":\"all\",\"windows\":{\"default\":{\"mon-fri\":[\"10:00-11:00\"]}}}",
            "{}",
            "{\"zone\":\"" + zone + "\"}");
    assertThat(CallingRules.nextPermitted(site, from, History.NONE)).as(why).contains(opens);
  }

  @Test
  void whoMustNotBeCalledNeverIs() {
    SiteRules site =
        RuleBook.shipped()
            .site(RulesParser.parse("{}"), "hotel", "", true, OwnRules.NONE, OwnRules.NONE);
    assertThat(CallingRules.nextPermitted(site, Instant.now(), History.NONE)).isEmpty();
    assertThat(CallingRules.nextPermitted(site.callable(), Instant.now(), History.NONE))
        .isPresent();
  }

  private static Verdict verdict(SiteRules site, Instant at, History history, CallingRule rule) {
    return CallingRules.verdicts(site, at, history).stream()
        .filter(each -> each.rule() == rule)
        .findFirst()
        .orElseThrow();
  }

  private static Past past(String local, Disposition disposition) {
    return new Past(shanghai(local), "+8613800138000", Optional.of(disposition), true);
  }

  static SiteRules site(String campaign, String customer, String site) {
    return RuleBook.shipped()
        .site(
            RulesParser.parse(campaign),
            "hotel",
            "",
            false,
            RulesParser.own(RuleSource.CUSTOMER, customer),
            RulesParser.own(RuleSource.SITE, site));
  }

  private static Instant shanghai(String local) {
    return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
  }
}

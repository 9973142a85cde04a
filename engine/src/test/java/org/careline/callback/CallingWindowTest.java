package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallingWindowTest {
  private static final CampaignRules RULES = RulesParser.parse("{}");

  @ParameterizedTest
  @CsvSource({
    "hotel, 四川, 2026-11-24T09:29, 2026-11-24T09:30",
    "hotel, 四川, 2026-11-24T11:29, 2026-11-24T11:29",
    "hotel, 四川, 2026-11-24T11:30, 2026-11-24T14:30",
    "hotel, 四川, 2026-11-24T17:00, 2026-11-25T09:30",
    "restaurant, '', 2026-11-24T10:45, 2026-11-24T14:00",
    "gym, '', 2026-11-24T09:00, 2026-11-24T10:30",
    "shop, '', 2026-11-23T09:40, 2026-11-23T10:00",
    "shop, '', 2026-11-24T09:40, 2026-11-24T09:40",
    "shop, 新疆维吾尔自治区, 2026-11-24T10:00, 2026-11-24T11:30",
    "shop, Xinjiang, 2026-11-24T18:59, 2026-11-24T18:59"
  })
  void opensInTheSitesOwnTime(String trade, String province, String from, String opens) {
    assertThat(opening(site(RULES, trade, province), shanghai(from))).contains(shanghai(opens));
  }

  @Test
  void aBlackoutIsSkipped() {
    CampaignRules rules = RulesParser.parse("{\"blackouts\":[\"2026-11-24..2026-11-26\"]}");
    assertThat(opening(site(rules, "shop", ""), shanghai("2026-11-24T10:00")))
        .contains(shanghai("2026-11-27T09:30"));
  }

  @Test
  void neverOpensWithoutASpan() {
    CampaignRules rules = RulesParser.parse("{\"windows\":{\"default\":{}}}");
    assertThat(opening(site(rules, "shop", ""), Instant.now())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"windows":{"default":{"mon":["08:00-10:00"]}}}  | leaves 09:00-21:00
          {"windows":{"default":{"mon":["10:00"]}}}        | expected HH:MM-HH:MM
          {"windows":{"default":{"fri-mon":[]}}}           | no day or range of days
          {"windows":{"default":{"mon":["10:00-12:00","11:00-13:00"]}}} | not overlap
          {"caps":{"perDay":0}}                            | rules.caps.perDay
          {"caps":{"spacing":"2 hours"}}                   | rules.caps.spacing
          {"retry":{"bussy":{}}}                           | rules.retry.bussy
          {"retry":{"busy":{"bin":"lost"}}}                | no bin: lost
          {"zone":"Asia/Nowhere"}                          | no time zone
          {"blackouts":["soon"]}                           | rules.blackouts
          {"blackouts":["02-30"]}                          | rules.blackouts
          {"blackouts":["spring-festival-7..+99"]}         | no range of days
          {"tradeCalendar":{"hotel":"05-01"}}              | a list of days
          {"caps":{"trades":{"gym":{"perDay":0}}}}         | rules.caps.trades.gym.perDay
          {"officeDays":"sometimes"}                       | workdays or all
          {"window":{}}                                    | unknown key window
          [1]                                              | an object expected
          """)
  void rulesAreRefusedWithTheirPlace(String json, String message) {
    assertThatThrownBy(() -> RulesParser.parse(json)).hasMessageContaining(message);
  }

  @Test
  void whatIsWrongWithRulesIsSaidInChineseToo() {
    assertThatThrownBy(() -> RulesParser.parse("{\"caps\":{\"perDay\":0}}"))
        .hasMessage("rules.caps.perDay: a whole number of at least 1 expected")
        .isInstanceOfSatisfying(
            RulesParser.InvalidRules.class,
            invalid ->
                assertThat(invalid.in(Locale.SIMPLIFIED_CHINESE))
                    .isEqualTo("rules.caps.perDay：应为不小于 1 的整数"));
  }

  private static SiteRules site(CampaignRules rules, String trade, String province) {
    return RuleBook.shipped().site(rules, trade, province, false, OwnRules.NONE, OwnRules.NONE);
  }

  private static Optional<Instant> opening(SiteRules site, Instant from) {
    return CallingRules.nextPermitted(site, from, History.NONE);
  }

  private static Instant shanghai(String local) {
    return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
  }
}

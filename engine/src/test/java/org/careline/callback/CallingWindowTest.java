package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.careline.callback.CallingWindow.Slot;
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
    assertThat(RULES.window(trade, province).opening(shanghai(from))).contains(shanghai(opens));
  }

  @Test
  void avoidsTheSlotOfTheLastFailure() {
    CallingWindow window = RULES.window("shop", "");
    Instant morning = shanghai("2026-11-24T10:00");
    Optional<Slot> slot = window.slotAt(morning);
    assertThat(window.opening(morning, slot)).contains(shanghai("2026-11-24T14:00"));
    assertThat(window.opening(shanghai("2026-11-24T17:30"), slot))
        .contains(shanghai("2026-11-25T14:00"));
  }

  @Test
  void aBlackoutIsSkipped() {
    CampaignRules rules = RulesParser.parse("{\"blackouts\":[\"2026-11-24..2026-11-26\"]}");
    assertThat(rules.window("shop", "").opening(shanghai("2026-11-24T10:00")))
        .contains(shanghai("2026-11-27T09:30"));
  }

  @Test
  void neverOpensWithoutASpan() {
    CampaignRules rules = RulesParser.parse("{\"windows\":{\"default\":{}}}");
    assertThat(rules.window("shop", "").opening(Instant.now())).isEmpty();
  }

  @Test
  void everyOpeningLiesInAWindowAndIsTheFirst() {
    Random random = new Random(7);
    for (String zone : new String[] {"Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin"}) {
      CallingWindow window = RulesParser.parse("{\"zone\":\"" + zone + "\"}").window("hotel", "");
      for (int i = 0; i < 2000; i++) {
        Instant from =
            Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextInt(366 * 86400));
        Instant opening = window.opening(from).orElseThrow();
        assertThat(window.isOpen(opening)).isTrue();
        assertThat(opening).isAfterOrEqualTo(from);
        if (opening.isAfter(from)) {
          assertThat(window.isOpen(opening.minusMillis(1))).isFalse();
          assertThat(window.isOpen(from)).isFalse();
        }
      }
    }
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

  private static Instant shanghai(String local) {
    return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
  }
}

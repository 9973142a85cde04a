package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HourRatesTest {
  /** 9:30-11:30 and 14:30-17:00 in Shanghai. */
  private static final SiteRules HOTEL = CallingRulesTest.site("{}", "{}", "{}");

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a later hour is far better, 100, 20, 100, 60, 16:00",
    "it is no better, 100, 60, 100, 60, 14:30",
    "better by chance, 100, 55, 60, 36, 14:30",
    "too few attempts at the better one, 100, 20, 49, 49, 14:30",
    "too few attempts now: nobody knows, 49, 0, 100, 90, 14:30"
  })
  void waitsForABetterHourOnlyWithEnoughExperience(
      String why,
      int attempts,
      int contacts,
      int laterAttempts,
      int laterContacts,
      String expected) {
    HourRates rates = rates(14, attempts, contacts, 16, laterAttempts, laterContacts);
    assertThat(rates.prefer(HOTEL, at("14:30"), History.NONE)).as(why).isEqualTo(at(expected));
  }

  @Test
  void neverLeavesThePartOfTheDayNorAnyRule() {
    HourRates afternoon = rates(10, 100, 1, 15, 100, 99);
    assertThat(afternoon.prefer(HOTEL, at("10:00"), History.NONE))
        .as("the afternoon is another slot")
        .isEqualTo(at("10:00"));
    assertThat(rates(16, 100, 1, 17, 100, 99).prefer(HOTEL, at("16:20"), History.NONE))
        .as("five o'clock is outside")
        .isEqualTo(at("16:20"));
    SiteRules once =
        CallingRulesTest.site(
            "{}", "{}", "{\"windows\":{\"default\":{\"tue\":[\"14:30-15:30\"]}}}");
    assertThat(rates(14, 100, 1, 16, 100, 99).prefer(once, at("14:40"), History.NONE))
        .isEqualTo(at("14:40"));
    Past ahead = new Past(at("14:10"), "+861", Optional.of(Disposition.COMPLETED), true);
    SiteRules spaced = CallingRulesTest.site("{\"caps\":{\"spacing\":\"2h\"}}", "{}", "{}");
    assertThat(
            rates(14, 100, 1, 16, 100, 99).prefer(spaced, at("14:30"), History.of(List.of(ahead))))
        .as("16:00 is not yet permitted")
        .isEqualTo(at("14:30"));
  }

  @Test
  void theBestHourIsTheOneThatIsSure() {
    HourRates rates = rates(10, 50, 40, 16, 5000, 3900);
    assertThat(rates.best())
        .map(Map.Entry::getKey)
        .as("78 % of 5000 before 80 % of 50")
        .contains(16);
    assertThat(rates(10, 49, 49, 16, 10, 10).best()).isEmpty();
  }

  private static HourRates rates(
      int hour, int attempts, int contacts, int other, int more, int of) {
    Map<Integer, HourRates.Rate> hours = new HashMap<>();
    hours.put(hour, new HourRates.Rate(attempts, contacts));
    hours.put(other, new HourRates.Rate(more, of));
    return new HourRates(hours);
  }

  private static Instant at(String time) {
    return LocalDateTime.parse("2026-12-01T" + time).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
  }
}

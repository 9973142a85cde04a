package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.careline.config.Configuration.CallerHeader;
import org.careline.config.Configuration.DialForm;
import org.careline.config.Configuration.ShownNumber;
import org.careline.config.Configuration.Trunk;
import org.careline.config.InvalidValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown outside is on the trunk's list, whatever is wanted. */
class ShownNumbersTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-30T16:30:00Z")); // 1 December in China

  private static Trunk trunk(String endpoint, String... shown) {
    return trunk(
        endpoint,
        List.of(shown).stream()
            .map(
                number ->
                    new ShownNumber(number, Optional.empty(), Optional.empty(), Optional.empty()))
            .toList());
  }

  private static ShownNumber until(String number, String day) {
    return new ShownNumber(
        number, Optional.of("XH Ltd"), Optional.of("folder 12"), Optional.of(LocalDate.parse(day)));
  }

  private static Trunk trunk(String endpoint, List<ShownNumber> shown) {
    return new Trunk(
        endpoint,
        endpoint,
        "021",
        List.of(CallerHeader.FROM),
        List.of(),
        List.of(),
        List.of("02166660000"),
        shown,
        DialForm.national,
        10,
        40,
        10);
  }

  private final ShownNumbers rule =
      new ShownNumbers(List.of(trunk("one", "02155550000", "02155550001"), trunk("none")));

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "one,   '',            02155550000",
        "one,   02155550001,   02155550001",
        "one,   862155550001,  02155550001",
        "one,   2155550001,    02155550001",
        "one,   4008123456,    02155550000",
        "one,   13800138000,   02155550000",
        "one,   x,             02155550000",
        "other, 02155550001,   02155550001",
        "none,  02155550001,   ''",
      })
  void onlyWhatTheTrunkMayShow(String endpoint, String wanted, String shown) {
    assertThat(rule.on(endpoint, wanted)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4008123456", "8008123456", "864008123456", "00864008123456"})
  void numbersThatOnlyReceiveAreRefusedInTheConfiguration(String number) {
    assertThatThrownBy(() -> trunk("one", "02155550000", number))
        .isInstanceOf(InvalidValue.class)
        .hasMessageContaining(number);
  }

  /** The last day counts, by the clock of the place; a promised number has no stand-in. */
  @Test
  void onAnExpiredNumberNobodyIsDialled() {
    Trunk trunk =
        trunk(
            "one", List.of(until("02155550000", "2026-11-30"), until("02155550001", "2026-12-01")));
    ShownNumbers numbers = new ShownNumbers(List.of(trunk), CLOCK, ZoneId.of("Asia/Shanghai"));
    assertThat(numbers.leaving("one", "02155550001", true))
        .isEqualTo(new ShownNumbers.Leaving.Shown("02155550001"));
    assertThat(numbers.leaving("one", "", true))
        .as("no wish: the first that is valid")
        .isEqualTo(new ShownNumbers.Leaving.Shown("02155550001"));
    assertThat(numbers.leaving("one", "02155550000", false))
        .as("a wish, no promise")
        .isEqualTo(new ShownNumbers.Leaving.Shown("02155550001"));
    assertThat(refusal(numbers.leaving("one", "02155550000", true)))
        .contains("2026-11-30", "02155550000");
    assertThat(refusal(numbers.leaving("one", "02199990000", true))).contains("not on the list");
    ShownNumbers allOver =
        new ShownNumbers(
            List.of(trunk("one", List.of(until("02155550000", "2026-11-30")))),
            CLOCK,
            ZoneId.of("Asia/Shanghai"));
    assertThat(refusal(allOver.leaving("one", "", false))).contains("2026-11-30");
    assertThat(allOver.on("one", "")).as("and never the endpoint's own instead").isEmpty();
  }

  private static String refusal(ShownNumbers.Leaving leaving) {
    return ((ShownNumbers.Leaving.Refused) leaving).why().toString();
  }

  @Test
  void localAndMobileNumbersMayBeShown() {
    assertThat(trunk("one", "13800138000", "40012345").shownNumbers()).hasSize(2);
  }
}

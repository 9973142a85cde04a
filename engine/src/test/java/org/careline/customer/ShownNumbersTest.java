package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.careline.config.Configuration.CallerHeader;
import org.careline.config.Configuration.DialForm;
import org.careline.config.Configuration.Trunk;
import org.careline.config.InvalidValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown outside is on the trunk's list, whatever is wanted. */
class ShownNumbersTest {
  private static Trunk trunk(String endpoint, String... shown) {
    return new Trunk(
        endpoint,
        endpoint,
        "021",
        List.of(CallerHeader.FROM),
        List.of(),
        List.of(),
        List.of("02166660000"),
        List.of(shown),
        DialForm.national,
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

  @Test
  void localAndMobileNumbersMayBeShown() {
    assertThat(trunk("one", "13800138000", "40012345").shownNumbers()).hasSize(2);
  }
}

package org.careline.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.careline.customer.AllowedDestinations;
import org.careline.task.CallbackNumbers.Why;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallbackNumbersTest {
  private final CallbackNumbers numbers =
      new CallbackNumbers(
          new CallbackNumbers.Taken(
              () -> Set.of("4001", "4008123456", "02158880000", "862158880001"),
              () -> Set.of("8023", "13900000023"),
              e164 -> e164.equals("+8613700000000")),
          new AllowedDestinations(List.of("+86")),
          "021");

  /** What callers type; no reason = it is called. */
  @ParameterizedTest(name = "{0} -> {1}{2}")
  @CsvSource({
    "13800138000,   +8613800138000,",
    "013800138000,  +8613800138000,",
    "02158881234,   +862158881234,",
    "58881234,      +862158881234,",
    "16612345678,   +8616612345678,",
    "110,           , SHORT",
    "95588,         , SHORT",
    "96110,         , SHORT",
    "02196110,      , SHORT",
    "118114,        , SHORT",
    "11811400,      , PREMIUM",
    "16812345,      , PREMIUM",
    "02116812345,   , PREMIUM",
    "16800001111,   , PREMIUM",
    "16012345678,   , PREMIUM",
    "4006123456,    , PREMIUM",
    "8008101234,    , PREMIUM",
    "95012345678,   , PREMIUM",
    "0085221234567, , FOREIGN",
    "0019005551234, , INVALID",
    "0012125550123, , FOREIGN",
    "4001,          , OWN",
    "4008123456,    , OWN",
    "02158880000,   , OWN",
    "58880000,      , OWN",
    "02158880001,   , OWN",
    "8023,          , AGENT",
    "13900000023,   , AGENT",
    "13700000000,   , BLOCKED",
    "1380013800,    , INVALID",
    "138001380001,  , INVALID",
    "000000000,     , INVALID",
    "12,            , INVALID"
  })
  void onlyNumbersThatMayBeCalledAreTaken(String typed, String e164, Why why) {
    CallbackNumbers.Checked checked = numbers.typed(typed);
    assertThat(checked.why()).isEqualTo(java.util.Optional.ofNullable(why));
    assertThat(checked.number().map(number -> number.e164()))
        .isEqualTo(java.util.Optional.ofNullable(e164));
    for (Why each : Why.values()) {
      assertThat(numbers.refused(each)).as(each.name()).isEqualTo(each == why ? 1 : 0);
    }
  }

  @Test
  void theNumberHeCallsFromIsJudgedLikewise() {
    assertThat(numbers.shown("+8613800138000").number()).isPresent();
    assertThat(numbers.shown("+85221234567").why()).contains(Why.FOREIGN);
    assertThat(numbers.shown("+862158880000").why()).contains(Why.OWN);
    assertThat(numbers.shown("+8613700000000").why()).contains(Why.BLOCKED);
  }
}

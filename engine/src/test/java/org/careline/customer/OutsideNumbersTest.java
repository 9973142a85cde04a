package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.config.ConfigurationLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers that policies and account managers name. */
class OutsideNumbersTest {
  private final OutsideNumbers numbers =
      new OutsideNumbers(
          ConfigurationLoader.defaults(),
          new OwnNumbers(
              List.of(),
              () ->
                  new OwnNumbers.Ours(
                      Set.of("02150001111"),
                      List.of(
                          new ReferenceData.Agent(
                              new AgentNumber("8023"),
                              "wang",
                              "Wang",
                              "zh",
                              1,
                              Set.of(),
                              Optional.of("sip:13900000023@127.0.0.1"))),
                      List.of())));

  /** The same are refused as for callbacks and transfers; no sentence = it is rung. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "13800138000,",
    "02158881234,",
    "95588,         short number",
    "16812345,      premium",
    "02116812345,   premium",
    "4006123456,    premium",
    "0085221234567, allowedPrefixes",
    "02150001111,   our own",
    "13900000023,   our own"
  })
  void onlyPeopleOutsideWhoMayBeCalled(String number, String words) {
    if (words == null) {
      assertThat(numbers.refusal(number)).isEmpty();
      assertThat(numbers.dialled(number)).contains(number);
    } else {
      assertThat(numbers.refusal(number).orElseThrow().in(java.util.Locale.ENGLISH))
          .contains(words);
      assertThat(numbers.dialled(number)).isEmpty();
    }
  }
}

package org.careline.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErlangTest {
  @ParameterizedTest
  @CsvSource({
    "10, 11, .6821, 122.78, .3896, 180, 20",
    "10, 14, .1741, 7.836, .8884, 180, 20",
    "10, 16, .0573, 1.720, .9706, 180, 20",
    "48, 55, .2387, 8.18, .8459, 240, 15"
  })
  void workedNumbers(
      double load,
      int agents,
      double c,
      double wait,
      double level,
      double handling,
      double target) {
    assertThat(Erlang.c(load, agents)).isCloseTo(c, within(5e-5));
    assertThat(Erlang.meanWait(load, agents, handling)).isCloseTo(wait, within(5e-3));
    assertThat(Erlang.serviceLevel(load, agents, handling, target)).isCloseTo(level, within(5e-5));
  }

  @Test
  void blockedCalls() {
    assertThat(Erlang.b(10, 16)).isCloseTo(.02230, within(5e-6));
    assertThat(Erlang.b(10, 17)).isCloseTo(.01295, within(5e-6));
    assertThat(Erlang.b(1000, 1000)).isBetween(.02, .03);
  }

  @Test
  void strictTiers() {
    double[] waits = Erlang.strictWaits(new double[] {3, 7}, 14, 180);
    assertThat(waits[0]).isCloseTo(2.849, within(5e-4));
    assertThat(waits[1]).isCloseTo(9.973, within(5e-4));
    assertThat(.3 * waits[0] + .7 * waits[1])
        .as("conservation")
        .isCloseTo(Erlang.meanWait(10, 14, 180), within(1e-9));
  }

  @Test
  void ageingTiers() {
    double[] waits = Erlang.ageingWaits(new double[] {3, 7}, new double[] {2, 1}, 14, 180);
    assertThat(waits[0]).isCloseTo(5.642, within(5e-4));
    assertThat(waits[1]).isCloseTo(8.776, within(5e-4));
    assertThat(.3 * waits[0] + .7 * waits[1]).isCloseTo(7.836, within(5e-4));
  }

  @Test
  void equalWeightsAreFirstComeAndFarApartOnesAreStrict() {
    double[] equal = Erlang.ageingWaits(new double[] {3, 7}, new double[] {2, 2}, 14, 180);
    assertThat(equal).containsExactly(equal[0], equal[0]);
    assertThat(equal[0]).isCloseTo(Erlang.meanWait(10, 14, 180), within(1e-9));
    double[] apart = Erlang.ageingWaits(new double[] {3, 7}, new double[] {1e9, 1}, 14, 180);
    double[] strict = Erlang.strictWaits(new double[] {3, 7}, 14, 180);
    assertThat(apart[0]).isCloseTo(strict[0], within(1e-5));
    assertThat(apart[1]).isCloseTo(strict[1], within(1e-5));
  }

  /** With endless patience Erlang A is Erlang C; M/M/1+M has a closed form to compare with. */
  @Test
  void impatientCallers() {
    Erlang.Impatient endless = Erlang.impatient(10, 14, 180, 1e12);
    assertThat(endless.meanWait()).isCloseTo(7.836, within(5e-3));
    assertThat(endless.waiting()).isCloseTo(.1741, within(5e-5));
    assertThat(endless.abandoned()).isLessThan(1e-9);
    // patience as long as handling: every caller in the system leaves at the same rate (M/M/inf)
    Erlang.Impatient like = Erlang.impatient(5, 3, 100, 100);
    double queue = 0;
    double poisson = Math.exp(-5);
    for (int k = 1; k < 200; k++) {
      poisson *= 5.0 / k;
      queue += Math.max(0, k - 3) * poisson;
    }
    assertThat(like.meanWait()).isCloseTo(queue / .05, within(1e-9));
    assertThat(like.abandoned()).isCloseTo(queue / .05 / 100, within(1e-11));
  }

  @Test
  void tooFewAgents() {
    assertThat(Erlang.c(10, 10)).isEqualTo(1);
    assertThat(Erlang.meanWait(10, 10, 180)).isInfinite();
  }
}

package org.careline.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.routing.Discipline;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimates against the waits that came of them; seeds are fixed. */
class WaitBacktestTest {
  /** Nights are quiet; mornings and afternoons are more than fourteen agents can take. */
  private static final double[] DAY = {
    .1, .1, .1, .1, .1, .2, .4, .7, .95, 1, .95, .8, .7, .8, .95, 1, .9, .75, .6, .5, .4, .3, .2, .1
  };

  @ParameterizedTest
  @CsvSource({
    "ageing patient, AGEING, , true, 290, .5",
    "ageing impatient, AGEING, 300, true, 320, .5",
    "strict impatient, STRICT, 300, true, 320, .5",
    "first come impatient, FIFO, 300, true, 320, .5",
    "steady ageing, AGEING, , false, 262, .5",
    // One class, first come first served, for comparison: against the mean in seconds no estimate
    // can be much better than half there, because the last wait has only twice the error of the
    // queue's length (Ibrahim and Whitt 2009) and Asterisk's figure is a mean of last waits.
    "first come patient, FIFO, , true, 290, .6",
    "steady first come, FIFO, , false, 262, .6",
  })
  void errorIsAtMostHalfOfAsterisks(
      String name, Discipline policy, Double patience, boolean days, double perHour, double most) {
    Scenario scenario =
        new Scenario(
            20260302,
            25_000,
            20,
            new Scenario.Handling(180, Scenario.Distribution.LOGNORMAL, 1),
            Optional.ofNullable(patience),
            List.of(
                tier("platinum", .1 * perHour, 8),
                tier("gold", .3 * perHour, 2),
                tier("standard", .6 * perHour, 1)),
            Collections.nCopies(14, new Scenario.Agent(5, Set.of())),
            policy,
            Duration.ofSeconds(30));
    WaitBacktest.Result result = WaitBacktest.run(scenario, days ? DAY : new double[0]);
    System.out.printf(
        "wait estimates, %s, seed %d: mean squared error ours %.0f s2, Asterisk's %.0f s2,"
            + " ratio %.2f (%.2f to what Asterisk says of it), %d moments; told at %.0f %% of them with an error of %.0f s%n",
        name,
        scenario.seed(),
        result.ours(),
        result.asterisk(),
        result.ratio(),
        result.ratioToSpoken(),
        result.moments(),
        100 * result.told(),
        result.toldError());
    assertThat(result.moments()).isGreaterThan(3000);
    assertThat(result.ratio()).isLessThanOrEqualTo(most);
    assertThat(result.ratioToSpoken()).isLessThanOrEqualTo(most);
    assertThat(result.grew()).isZero();
  }

  private static Scenario.Tier tier(String name, double perHour, double weight) {
    return new Scenario.Tier(name, perHour, weight, 1, Optional.empty(), Optional.empty());
  }
}

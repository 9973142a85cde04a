package org.careline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoutingBenchTest {
  @Test
  void theRouterBeatsThePlainRuleOnACrowdedLine() {
    RoutingBench.Result result =
        RoutingBench.run(new RoutingBench.Settings(3, 100, 2000), System.out::println);
    assertThat(result.ratio()[0]).isGreaterThan(1);
    assertThat(result.crowd().waiting()).isEqualTo(5000);
    assertThat(result.megabytes()).isBetween(0.0, 64.0);
  }
}

package org.careline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutingBenchTest {
  @Test
  void theRouterBeatsThePlainRuleOnACrowdedLine() {
    RoutingBench.Result result =
        RoutingBench.alone(new RoutingBench.Settings(1, 100, 2000), System.out::println);
    assertThat(result.ratio()[0]).isGreaterThan(1);
    assertThat(result.targets()).hasSize(4);
    assertThat(result.crowd().waiting()).isEqualTo(5000);
    assertThat(result.megabytes()).isBetween(0.0, 64.0);
    JsonNode targets = new ObjectMapper().valueToTree(result).path("targets");
    assertThat(targets).hasSize(4);
    assertThat(targets.get(3).path("target").asDouble()).isEqualTo(2);
    assertThat(targets.get(2).path("target").asDouble()).isEqualTo(64);
    assertThat(targets.get(2).path("met").asBoolean()).isTrue();
  }

  @Test
  void theSimulationIsMeasuredBesideItsTheory() {
    SimulationBench.Result result = SimulationBench.run(20_000, 1, System.out::println);
    assertThat(result.meanWait())
        .isBetween(
            result.theory() - 4 * result.standardError(),
            result.theory() + 4 * result.standardError());
    assertThat(result.targets()).allMatch(Target::met);
    assertThat(result.estimateMillis()[0]).isLessThan(1000);
  }

  @Test
  void theJsonOfCallsAndClaimsSaysWhatWasToBeReachedAndWhetherItWas() {
    double[] slow = {4.1, 4, 5};
    double[] edge = {30, 20, 40};
    CallBench.Result calls =
        new CallBench.Result(Map.of(), Map.of(), slow, slow, slow, edge, List.of());
    assertThat(new ObjectMapper().valueToTree(calls).path("targets"))
        .extracting(each -> each.path("target").asDouble(), each -> each.path("met").asText())
        .containsExactly(tuple(4.0, "false"), tuple(30.0, "true"));
    ClaimBench.Result claim =
        new ClaimBench.Result(
            List.of(
                new ClaimBench.Crowd(
                    new ClaimBench.Run(4, 1, 1, 1, 1), null, new double[] {1.4, 1, 2}, List.of())));
    assertThat(new ObjectMapper().valueToTree(claim).path("targets"))
        .extracting(each -> each.path("target").asDouble(), each -> each.path("met").asText())
        .containsExactly(tuple(1.3, "false"));
  }
}

package org.careline.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.careline.config.ConfigurationException;
import org.careline.config.YamlFile;
import org.careline.routing.Discipline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFileTest {
  private static final String LEAST =
      """
      handling: {meanSeconds: 180}
      tiers:
        - {name: all, perHour: 200}
      agents: {count: 14}
      """;

  @Test
  void leavesOutWhatIsUsual() {
    Scenario scenario = ScenarioFile.scenario(YamlFile.parse("x.yaml", LEAST));
    assertThat(scenario.policy()).isEqualTo(Discipline.AGEING);
    assertThat(scenario.patience()).isEmpty();
    assertThat(scenario.agents()).hasSize(14);
    assertThat(scenario.load()).isEqualTo(10);
    assertThat(scenario.likeAgents()).isTrue();
  }

  @Test
  void anySeedAProgramMayHave() {
    for (long seed : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 1_000_000_000_000_000_000L, -1}) {
      assertThat(ScenarioFile.scenario(YamlFile.parse("x", "seed: " + seed + "\n" + LEAST)).seed())
          .isEqualTo(seed);
    }
    assertThatThrownBy(
            () ->
                ScenarioFile.scenario(
                    YamlFile.parse("x.yaml", "seed: 9223372036854775808\n" + LEAST)))
        .hasMessageContaining("x.yaml:1")
        .hasMessageContaining("seed");
  }

  @Test
  void theExampleIsRead() {
    Scenario example = ScenarioFile.read(Path.of("../config/examples/simulation.yaml"));
    assertThat(example.patience()).hasValue(240.0);
    assertThat(example.tiers().getFirst().promise()).hasValue(new Scenario.Promise(90, 10));
  }

  @Test
  void agentsOfSeveralKinds() {
    Scenario scenario =
        ScenarioFile.scenario(
            YamlFile.parse(
                "x.yaml",
                LEAST.replace(
                    "{count: 14}", "[{grade: 3, skills: [boiler], count: 2}, {grade: 1}]")));
    assertThat(scenario.agents()).hasSize(3);
    assertThat(scenario.likeAgents()).as("nobody asks for a skill or a grade").isTrue();
    for (String wish : java.util.List.of("skill: boiler", "minGrade: 2")) {
      Scenario choosy =
          ScenarioFile.scenario(
              YamlFile.parse(
                  "x.yaml",
                  LEAST
                      .replace("perHour: 200", "perHour: 200, " + wish)
                      .replace("{count: 14}", "[{grade: 3, skills: [boiler]}, {grade: 1}]")));
      assertThat(choosy.likeAgents()).as(wish).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "perHour: 200  | perHour: 0              | x.yaml:3: perHour is above 0",
        "perHour: 200  | perHour: 200, weight: 0 | x.yaml:3: weight is above 0",
        "count: 14     | count: 0                | x.yaml:4: there are 1 to 10000 agents",
        "{count: 14}   | 14                      | x.yaml:4: agents is {count: N}",
        "{count: 14}   | [{grade: 9}]            | x.yaml:4: grade is 1 to 5",
        "180           | 180000                  | x.yaml:1: handling.meanSeconds is above 0, at most 86400",
        "meanSeconds   | meanSecond              | nearest valid key: handling.meanSeconds",
        "perHour: 200} | perHour: 200, skill: x} | no agent has the skill of the tier all",
        "handling:     | 'policy: fair\nhandling:' | policy is strict, ageing, fifo",
        "handling:     | 'patience: short\nhandling:' | patience is none or {meanSeconds: N}",
        "handling:     | 'calls: 5\nhandling:'   | calls is 1000 to 20000000",
        "200}          | '200}\n  - {name: all, perHour: 1}' | a tier stands twice",
      })
  void whatIsWrongIsNamed(String instead, String written, String reason) {
    assertThatThrownBy(
            () -> ScenarioFile.scenario(YamlFile.parse("x.yaml", LEAST.replace(instead, written))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(reason);
  }
}

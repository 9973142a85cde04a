package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.careline.config.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SimulateCommandTest {
  private static final String USUAL =
      """
      seed: 20261124001
      calls: 40000
      targetSeconds: 20
      handling: {meanSeconds: 180, distribution: exponential}
      patience: none
      tiers:
        - {name: high, perHour: 60.12345678901234, weight: 2}
        - {name: low, perHour: 139.87654321098766, weight: 1}
      agents: {count: 14}
      policy: strict
      """;

  @TempDir private Path folder;

  @Test
  void jsonHasTheseKeysAndNoOthers() throws IOException {
    JsonNode answer = answer(USUAL);
    assertThat(keys(answer))
        .containsExactly("tiers", "overall", "occupancy", "theory", "standardError");
    assertThat(keys(answer.path("tiers").get(0)))
        .containsExactly(
            "name",
            "offered",
            "answered",
            "abandoned",
            "meanWaitSeconds",
            "p90WaitSeconds",
            "serviceLevel");
    JsonNode all = answer.path("overall");
    assertThat(keys(all))
        .containsExactly(
            "offered",
            "answered",
            "abandoned",
            "meanWaitSeconds",
            "p90WaitSeconds",
            "serviceLevel");
    assertThat(all.path("offered").isInt()).isTrue();
    assertThat(all.path("offered").asInt()).isEqualTo(40_000);
    assertThat(all.path("answered").asInt() + all.path("abandoned").asInt()).isEqualTo(40_000);
    assertThat(all.path("serviceLevel").asDouble()).isBetween(.7, 1.0);
    assertThat(answer.path("occupancy").asDouble()).isBetween(.65, .8);
    assertThat(answer.path("standardError").path("batches").asInt()).isGreaterThanOrEqualTo(30);
    assertThat(answer.path("theory").path("formula").asText()).isEqualTo("cobham");
    assertThat(answer.path("theory").path("tiers").get(1).path("meanWaitSeconds").asDouble())
        .isBetween(9.9, 10.1);
  }

  /** The worked example: 100 calls in 30 minutes, 180 s each: 14 agents for 80 % within 20 s. */
  @Test
  void withoutAPromiseEightyPercentWithinTheTargetIsStaffedFor() throws IOException {
    String one =
        USUAL
            .replaceAll("(?m)^  - .name: high.*\n", "")
            .replace("139.87654321098766", "200")
            .replace("calls: 40000", "calls: 100000");
    JsonNode answer = answer(one, "--staff");
    assertThat(answer.path("agents").asInt()).isEqualTo(14);
    assertThat(answer.path("tiers").get(0).path("promise").path("kept").asDouble())
        .isBetween(.8, 1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "null", "~", "''", "{meanSeconds: 240}"})
  void patience(String written) throws IOException {
    JsonNode answer = answer(USUAL.replace("patience: none", "patience: " + written));
    assertThat(answer.path("overall").path("abandoned").asInt() > 0)
        .isEqualTo(written.startsWith("{"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "meanSeconds: 180 | meanSeconds: -180    | handling.meanSeconds",
        "meanSeconds: 180 | meanSeconds: .nan    | handling.meanSeconds",
        "exponential}     | normal}              | distribution",
        "patience: none   | patience: {mean: 3}  | patience",
        "policy: strict   | policy: fair         | policy",
        "policy: strict   | polcy: strict        | policy",
        "calls: 40000     | calls: many          | calls",
        "targetSeconds: 20| targetSeconds: -1    | targetSeconds",
        "{count: 14}      | {count: -1}          | agents",
        "{count: 14}      | {}                   | count",
        "weight: 2        | weight: 0            | weight",
        "weight: 2        | weight: [1]          | weight",
        "name: high       | nam: high            | name",
        "seed: 20261124001| seed: x              | seed",
      })
  void badInputIsNamedByFileAndKey(String instead, String written, String key) throws IOException {
    Path file = folder.resolve("bad.yaml");
    String bad = USUAL.replace(instead, written);
    assertThat(bad).isNotEqualTo(USUAL);
    Files.writeString(file, bad);
    SimulateCommand command = new SimulateCommand();
    new CommandLine(command).parseArgs(file.toString());
    assertThatThrownBy(command::call)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("bad.yaml:")
        .hasMessageContaining(key);
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidBeforeTheRun() throws IOException {
    Path file = folder.resolve("x.yaml");
    Files.writeString(file, "not: a scenario");
    for (Path json : List.of(folder.resolve("missing/x.json"), folder)) {
      SimulateCommand command = new SimulateCommand();
      new CommandLine(command).parseArgs(file.toString(), "--json", json.toString());
      assertThatThrownBy(command::call).isInstanceOf(CommandFailed.class);
    }
  }

  private JsonNode answer(String yaml, String... options) throws IOException {
    Path file = folder.resolve("x.yaml");
    Path json = folder.resolve("x.json");
    Files.writeString(file, yaml);
    List<String> arguments = new ArrayList<>(List.of(file.toString(), "--json", json.toString()));
    arguments.addAll(List.of(options));
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      assertThat(new CommandLine(new SimulateCommand()).execute(arguments.toArray(String[]::new)))
          .isZero();
    } finally {
      System.setOut(before);
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("overall\t");
    return new ObjectMapper().readTree(Files.readString(json));
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}

package org.careline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.careline.harness.FreePorts;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.local.Command;
import org.junit.jupiter.api.Test;

/** The demonstration as a user runs it, for a minute: real calls both ways, and it adds up. */
class DemoCommandTest {
  private static final int SITES = 200;

  @Test
  void aMinuteOfItAddsUp() throws Exception {
    Path home = TestFolders.create("demo");
    Path json = home.resolve("summary.json");
    try (FreePorts.Range range = FreePorts.range()) {
      List<String> line = TestInstance.java("demo");
      line.addAll(List.of("--headless", "--minutes", "1", "--json", json.toString()));
      Command demo =
          Command.run(
              line,
              Map.of(
                  "CARELINE_HOME",
                  home.toString(),
                  "CARELINE_PORT_BASE",
                  "" + range.base(),
                  "CARELINE_CONFIG",
                  ""),
              Duration.ofMinutes(4));
      assertThat(demo.exitCode()).as(demo.output() + demo.errors()).isZero();
      assertThat(demo.output()).contains("Console: http://127.0.0.1:" + range.base() + "/");

      JsonNode summary = new ObjectMapper().readTree(json.toFile());
      List<String> keys = new ArrayList<>();
      summary.fieldNames().forEachRemaining(keys::add);
      assertThat(keys)
          .containsExactly(
              "callersIn",
              "outcomes",
              "sitesLoaded",
              "bins",
              "attempts",
              "attemptsFailedBeforeWire",
              "callsAtOutsideWorld",
              "reconciles");
      assertThat(summary.path("reconciles").asBoolean()).isTrue();
      assertThat(summary.path("callersIn").asInt()).isGreaterThan(5);
      assertThat(sum(summary.path("outcomes"))).isEqualTo(summary.path("callersIn").asInt());
      assertThat(summary.path("outcomes").path("answered").asInt()).isPositive();
      assertThat(summary.path("sitesLoaded").asInt()).isEqualTo(SITES);
      assertThat(sum(summary.path("bins"))).isEqualTo(SITES);
      assertThat(summary.path("bins").path("completed").asInt()).isPositive();
      assertThat(summary.path("callsAtOutsideWorld").asInt())
          .isEqualTo(
              summary.path("attempts").asInt() - summary.path("attemptsFailedBeforeWire").asInt())
          .isPositive();
    }
  }

  private static int sum(JsonNode counts) {
    int sum = 0;
    for (JsonNode count : counts) {
      sum += count.asInt();
    }
    return sum;
  }
}

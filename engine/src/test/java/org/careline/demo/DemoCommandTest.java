package org.careline.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.careline.harness.FreePorts;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.local.ChildProcess;
import org.careline.local.Command;
import org.junit.jupiter.api.Tag;
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
      line.addAll(
          List.of("--headless", "--minutes", "1", "--lang", "zh", "--json", json.toString()));
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
      assertThat(demo.output())
          .as("sentences in Chinese, kinds and keys as they are")
          .contains("控制台：http://127.0.0.1:" + range.base() + "/")
          .containsPattern("(?m)^seeded\t[0-9]+ 家门店$")
          .contains("round\tRJ\t1\t108 家门店\n")
          .containsPattern("(?m)^progress\t来电 [0-9]+\t已结束 [0-9]+\t门店 .*completed [0-9]+")
          .contains("\nreconciles\ttrue\n");

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
      assertThat(reconciled(home, range))
          .as("the switch's own records, with nothing running")
          .contains("calls\t" + summary.path("callersIn").asInt() + "\n")
          .contains("attempts\t" + summary.path("callsAtOutsideWorld").asInt() + "\n")
          .contains("differences\t0\n");
    }
  }

  private static String reconciled(Path home, FreePorts.Range range) {
    Command command =
        Command.run(
            TestInstance.java("reconcile"),
            Map.of(
                "CARELINE_HOME",
                home.toString(),
                "CARELINE_PORT_BASE",
                "" + range.base(),
                "CARELINE_CONFIG",
                ""),
            Duration.ofMinutes(1));
    assertThat(command.exitCode()).as(command.output() + command.errors()).isZero();
    return command.output();
  }

  /** Ctrl-C, or a machine that goes down: it still adds up, says so, and leaves nothing behind. */
  @Test
  @Tag("long")
  void endedBySigtermItStillAddsUpAndLeavesNoProcess() throws Exception {
    Path home = TestFolders.create("demo");
    Path json = home.resolve("summary.json");
    Path log = home.resolve("demo.log");
    List<String> line = TestInstance.java("demo");
    line.addAll(List.of("--lang", "en", "--json", json.toString()));
    try (FreePorts.Range range = FreePorts.range();
        ChildProcess demo =
            ChildProcess.start(
                "careline demo",
                line,
                Path.of("").toAbsolutePath(),
                Map.of(
                    "CARELINE_HOME",
                    home.toString(),
                    "CARELINE_PORT_BASE",
                    "" + range.base(),
                    "CARELINE_CONFIG",
                    ""),
                log)) {
      await()
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> !demo.alive() || lines(log, "caller\t") >= 5 && lines(log, "site\t") >= 1);
      assertThat(demo.alive()).as(Files.readString(log)).isTrue();
      Map<String, Long> parts = TestInstance.pids(home);
      assertThat(parts).containsKeys("mysql", "asterisk", "outside", "engine");
      List<Long> processes =
          ProcessHandle.of(demo.pid()).orElseThrow().descendants().map(ProcessHandle::pid).toList();
      assertThat(processes).containsAll(parts.values());

      ProcessHandle.of(demo.pid()).orElseThrow().destroy();
      assertThat(demo.awaitExit(Duration.ofSeconds(75))).as(Files.readString(log)).isTrue();
      assertThat(demo.exitCode()).as("ended by a signal").hasValue(143);
      assertThat(processes).noneMatch(TestInstance::lives);
      assertThat(home.resolve("runtime.yaml")).doesNotExist();
    }
    assertThat(Files.readString(log)).contains("reconciles\ttrue");
    JsonNode summary = new ObjectMapper().readTree(json.toFile());
    assertThat(summary.path("reconciles").asBoolean()).isTrue();
    assertThat(sum(summary.path("outcomes")))
        .isEqualTo(summary.path("callersIn").asInt())
        .isGreaterThanOrEqualTo(5);
    assertThat(sum(summary.path("bins"))).isEqualTo(SITES);
  }

  private static long lines(Path log, String beginning) throws IOException {
    if (!Files.exists(log)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(each -> each.startsWith(beginning)).count();
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

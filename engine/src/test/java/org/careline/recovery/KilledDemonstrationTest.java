package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.call.Journal;
import org.careline.harness.FreePorts;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.local.ChildProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The whole product with callers and a round: the engine is killed twice in the middle. What the
 * outside world has counted is what the engine has accounted for, and nobody was dialled twice.
 */
@Tag("long")
class KilledDemonstrationTest {

  @Test
  void reconcilesAlthoughTheEngineWasKilledTwice() throws Exception {
    Path home = TestFolders.create("killed");
    Path json = home.resolve("result.json");
    try (FreePorts.Range range = FreePorts.range()) {
      List<String> command = TestInstance.java("demo");
      command.addAll(List.of("--headless", "--minutes", "2", "--json", json.toString()));
      try (ChildProcess demo =
          ChildProcess.start(
              "careline demo",
              command,
              Path.of("").toAbsolutePath(),
              Map.of(
                  "CARELINE_HOME",
                  home.resolve("home").toString(),
                  "CARELINE_PORT_BASE",
                  "" + range.base(),
                  "CARELINE_CONFIG",
                  ""),
              home.resolve("demo.log"))) {
        long first = running(home, 0);
        seen(home, "progress", 3);
        kill(first);
        long second = running(home, first);
        seen(home, "progress", 7);
        kill(second);
        running(home, second);
        assertThat(demo.awaitExit(Duration.ofMinutes(5))).isTrue();
        assertThat(demo.exitCode()).hasValue(0);
      }
      JsonNode result = Journal.JSON.readTree(json.toFile());
      System.out.println("after two kills: " + result);
      assertThat(result.path("reconciles").asBoolean()).isTrue();
      assertThat(result.path("callersIn").asInt()).isPositive();
      assertThat(result.path("attempts").asInt())
          .isPositive()
          .isEqualTo(
              result.path("callsAtOutsideWorld").asInt()
                  + result.path("attemptsFailedBeforeWire").asInt());
    }
  }

  private static void kill(long engine) {
    ProcessHandle.of(engine).orElseThrow().destroyForcibly();
  }

  /** The engine's process, another one than before. */
  private static long running(Path home, long before) {
    return await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> engine(home.resolve("home/parts")),
            pid -> pid.filter(p -> p != before).isPresent())
        .orElseThrow();
  }

  private static Optional<Long> engine(Path parts) throws IOException {
    if (!Files.exists(parts)) {
      return Optional.empty();
    }
    return Files.readAllLines(parts).stream()
        .map(line -> line.split("\t"))
        .filter(columns -> columns[0].equals("engine") && columns[1].equals("running"))
        .map(columns -> Long.valueOf(columns[2]))
        .findFirst();
  }

  private static void seen(Path home, String word, int times) {
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                Files.readAllLines(home.resolve("demo.log")).stream()
                        .filter(line -> line.contains(word))
                        .count()
                    >= times);
  }
}

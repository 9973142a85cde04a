package org.careline.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.careline.local.ChildProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at any moment loses nothing that was acknowledged. */
class JournalKillTest {
  @TempDir Path folder;

  @Test
  void killedFourTimes() throws Exception {
    killed(4);
  }

  @Test
  @Tag("long")
  void killedSixtyTimes() throws Exception {
    killed(60);
  }

  private void killed(int times) throws Exception {
    Path file = folder.resolve("journal.sqlite");
    Path notes = folder.resolve("acknowledged");
    Random random = new Random(11);
    long before = 0;
    for (int round = 0; round < times; round++) {
      try (ChildProcess child =
          ChildProcess.start(
              "journal child",
              List.of(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  JournalChild.class.getName(),
                  file.toString(),
                  notes.toString()),
              folder,
              Map.of(),
              folder.resolve("child.log"))) {
        long size = before;
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> Files.exists(notes) && Files.size(notes) > size);
        long more = Files.size(notes) + random.nextInt(20_000);
        await()
            .pollInterval(Duration.ofMillis(1))
            .atMost(Duration.ofSeconds(20))
            .until(() -> Files.size(notes) >= more);
        child.kill();
      }
      before = Files.size(notes);
      Map<Long, String> kept = new HashMap<>();
      try (Journal journal = new Journal(file, InstantSource.system())) {
        journal.replay(
            0,
            entry -> {
              assertThat(kept.put(entry.seq(), entry.key())).isNull();
              assertThat(entry.json()).contains(entry.key().repeat(20));
            });
      }
      List<String> lines = Files.readAllLines(notes);
      assertThat(lines).isNotEmpty();
      for (String line : lines) {
        String[] parts = line.split(" ");
        assertThat(kept).containsEntry(Long.parseLong(parts[0]), parts[1]);
      }
      assertThat(kept.keySet().stream().mapToLong(Long::longValue).max().orElse(0))
          .as("no holes")
          .isEqualTo(kept.size());
    }
  }
}

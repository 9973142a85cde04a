package org.careline.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T10:00:00.123Z"));

  @TempDir Path folder;

  record Payload(String text, Instant at, Optional<String> agent) {}

  private Journal open() {
    return new Journal(folder.resolve("journal.sqlite"), CLOCK);
  }

  private static List<Journal.Entry> all(Journal journal) {
    List<Journal.Entry> entries = new ArrayList<>();
    journal.replay(0, entries::add);
    return entries;
  }

  @Test
  void givesBackWhatWasWrittenInOrder() throws Exception {
    Payload payload =
        new Payload("引号 \" , 😀", Instant.parse("2026-11-23T09:59:59.001Z"), Optional.empty());
    try (Journal journal = open()) {
      journal.epoch(7);
      journal.append("call", "c1", payload);
      assertThat(journal.appendDurably("outcome", "c1", Map.of("a", 1)).get(5, TimeUnit.SECONDS))
          .isEqualTo(2);
    }
    try (Journal journal = open()) {
      assertThat(journal.epoch()).isEqualTo(7);
      List<Journal.Entry> entries = all(journal);
      assertThat(entries).extracting(Journal.Entry::seq).containsExactly(1L, 2L);
      assertThat(entries.getFirst().as(Payload.class)).isEqualTo(payload);
      assertThat(entries.getFirst().at()).isEqualTo(CLOCK.instant());
      assertThat(entries.getLast().epoch()).isEqualTo(7);
      assertThat(journal.append("call", "c2", payload)).isEqualTo(3);
    }
  }

  @Test
  void onlyItsOwnerReadsItAlsoWhenAnOlderOneWasOpenToAll() throws Exception {
    for (int round = 0; round < 2; round++) {
      try (Journal journal = open()) {
        journal.appendDurably("call", "c1", "x").get(5, TimeUnit.SECONDS);
        for (String suffix : List.of("", "-wal", "-shm")) {
          Path file = folder.resolve("journal.sqlite" + suffix);
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .isEqualTo("rw-------");
        }
      }
      Files.setPosixFilePermissions(
          folder.resolve("journal.sqlite"), PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  @Test
  void numbersAreNeverGivenTwiceAlsoWhenAllIsPruned() throws Exception {
    try (Journal journal = open()) {
      journal.append("call", "c1", "x");
      journal.append("outcome", "c1", "x");
      journal.flush().get(5, TimeUnit.SECONDS);
      journal.delivered(List.of(1L, 2L)).get(5, TimeUnit.SECONDS);
      journal.prune(CLOCK.instant().plusSeconds(1)).get(5, TimeUnit.SECONDS);
      assertThat(all(journal)).isEmpty();
    }
    try (Journal journal = open()) {
      assertThat(journal.append("call", "c2", "x")).isEqualTo(3);
    }
  }

  @Test
  void pruneKeepsLivingCallsWishesAndWhatIsNotDelivered() throws Exception {
    try (Journal journal = open()) {
      journal.append("call", "ended", "x"); // 1
      journal.append("outcome", "ended", "x"); // 2
      journal.append("call", "living", "x"); // 3
      journal.append("agent", "8001", "old"); // 4
      journal.append("agent", "8001", "new"); // 5
      journal.append("call", "waiting", "x"); // 6
      journal.flush().get(5, TimeUnit.SECONDS);
      journal.delivered(List.of(1L, 2L, 3L, 4L, 5L)).get(5, TimeUnit.SECONDS);
      journal.prune(CLOCK.instant()).get(5, TimeUnit.SECONDS);
      assertThat(all(journal)).extracting(Journal.Entry::seq).containsExactly(2L, 3L, 4L, 5L, 6L);
      journal.prune(CLOCK.instant().plusSeconds(1)).get(5, TimeUnit.SECONDS);
      assertThat(all(journal)).extracting(Journal.Entry::seq).containsExactly(5L, 6L);
      assertThat(journal.undelivered(10)).extracting(Journal.Entry::seq).containsExactly(6L);
    }
  }

  @Test
  void oneProcessAtATime() {
    try (Journal first = open()) {
      assertThat(first.instance()).isNotBlank();
      assertThatThrownBy(this::open)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another engine");
    }
    open().close();
  }

  @Test
  void aFullDiskRaisesAnAlarmKeepsWhatItHasAndGoesOnWhenThereIsRoom() throws Exception {
    Journal.Options small =
        new Journal.Options(1000, Duration.ofMillis(50), Duration.ofMillis(1), 40 * 4096);
    try (Journal journal = new Journal(folder.resolve("j.sqlite"), CLOCK, small)) {
      String text = "x".repeat(1000);
      List<CompletableFuture<Long>> written = new ArrayList<>();
      int sent = 0;
      while (journal.health().alarm().isEmpty() && sent < 500) {
        CompletableFuture<Long> done = journal.appendDurably("call", "c" + sent, text);
        written.add(done);
        sent++;
        await()
            .pollInterval(Duration.ofMillis(2))
            .atMost(Duration.ofSeconds(5))
            .until(done::isDone);
      }
      assertThat(journal.health().alarm()).get().asString().contains("cannot be written");
      assertThatThrownBy(() -> written.getLast().get(1, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(JournalException.class);
      long before = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        journal.append("call", "late" + i, "y");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));

      List<Long> seqs = journal.undelivered(1000).stream().map(Journal.Entry::seq).toList();
      journal.delivered(seqs).get(5, TimeUnit.SECONDS);
      journal.prune(CLOCK.instant().plusSeconds(1)).get(5, TimeUnit.SECONDS);
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> journal.health().alarm().isEmpty() && journal.health().waiting() == 0);
      assertThat(journal.health().lost()).isZero();
      assertThat(journal.undelivered(1000)).hasSize(21);
    }
  }

  @Test
  void aFullQueueLosesWithCountAndNeverBlocksForLong() {
    Journal.Options tiny =
        new Journal.Options(10, Duration.ofMillis(20), Duration.ofMillis(1), 16 * 4096);
    try (Journal journal = new Journal(folder.resolve("j.sqlite"), CLOCK, tiny)) {
      String text = "x".repeat(4000);
      long began = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        journal.append("call", "c" + i, text);
      }
      assertThat(journal.health().lost()).isPositive();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      CompletableFuture<Long> done = journal.appendDurably("call", "last", text);
      assertThat(done).isCompletedExceptionally();
    }
  }

  /** A torn or garbled end of the log costs the end, never the beginning and never the start. */
  @Test
  void tornWritesLeaveABeginningWithoutHoles() throws Exception {
    Path original = folder.resolve("journal.sqlite");
    Random random = new Random(5);
    try (Journal journal = open()) {
      for (int i = 1; i <= 300; i++) {
        CompletableFuture<Long> done = journal.appendDurably("call", "c" + i, "v" + i);
        if (i % 10 == 0) {
          done.get(5, TimeUnit.SECONDS);
        }
      }
      journal.flush().get(5, TimeUnit.SECONDS);
      for (int round = 0; round < 20; round++) {
        Path copy = folder.resolve("copy" + round + ".sqlite");
        Files.copy(original, copy);
        Path wal = folder.resolve("copy" + round + ".sqlite-wal");
        Files.copy(folder.resolve("journal.sqlite-wal"), wal, StandardCopyOption.REPLACE_EXISTING);
        tear(wal, random, round % 2 == 0);
        try (Journal torn = new Journal(copy, CLOCK)) {
          List<Journal.Entry> entries = all(torn);
          for (int i = 0; i < entries.size(); i++) {
            assertThat(entries.get(i).seq()).isEqualTo(i + 1);
            assertThat(entries.get(i).as(String.class)).isEqualTo("v" + (i + 1));
          }
          assertThat(torn.appendDurably("call", "new", "x").get(5, TimeUnit.SECONDS))
              .isEqualTo(entries.size() + 1);
        }
      }
    }
  }

  private static void tear(Path wal, Random random, boolean cut) throws IOException {
    try (FileChannel channel = FileChannel.open(wal, StandardOpenOption.WRITE)) {
      long at = (long) (random.nextDouble() * channel.size());
      if (cut) {
        channel.truncate(at);
      } else {
        byte[] noise = new byte[512];
        random.nextBytes(noise);
        channel.write(java.nio.ByteBuffer.wrap(noise), Math.max(32, at - 512));
      }
    }
  }

  @Test
  void anUnreadableFileIsPutAsideAndANewOneBegins() throws Exception {
    Path path = folder.resolve("journal.sqlite");
    Files.writeString(path, "this is no database".repeat(500));
    try (Journal journal = open()) {
      assertThat(journal.appendDurably("call", "c", "x").get(5, TimeUnit.SECONDS)).isEqualTo(1);
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("journal.sqlite.damaged-"));
    }
  }
}

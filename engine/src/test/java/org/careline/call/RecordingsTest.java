package org.careline.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {
  @TempDir Path folder;

  @Test
  void placeFollowsFromTheId() {
    assertThat(Recordings.pathOf(new CallId("shop-1-1767000001.17")))
        .contains("2025/12/29/shop-1-1767000001.17.wav");
    assertThat(Recordings.pathOf(new CallId("1767000001.17")))
        .contains("2025/12/29/1767000001.17.wav");
    assertThat(Recordings.pathOf(new CallId("01JGAV7M80ABCDEFGHJKMNPQRS")).orElseThrow())
        .matches("20[0-9]{2}/[0-9]{2}/[0-9]{2}/01JGAV7M80ABCDEFGHJKMNPQRS\\.wav");
    assertThat(Recordings.pathOf(new CallId("..-.."))).isEmpty();
  }

  @Test
  void rawBecomesStereoWithTheCallerLeft() throws Exception {
    CallId id = new CallId("m-1767000001.1");
    // the switch writes what the caller hears (2) before what he says (1); a torn frame at the end
    byte[] raw = new byte[40_003];
    for (int i = 0; i + 3 < raw.length; i += 4) {
      raw[i] = 2;
      raw[i + 2] = 1;
    }
    Files.write(folder.resolve(id + ".raw"), raw);
    Files.write(folder.resolve("m-1767000001.2.raw"), new byte[0]);
    try (Recordings recordings = new Recordings(folder, InstantSource.system())) {
      recordings.finish(id);
      recordings.finish(new CallId("m-1767000001.2"));
      recordings.finish(new CallId("m-1767000001.3"));
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  recordings.find(id).isPresent()
                      && Files.notExists(folder.resolve(id + ".raw"))
                      && Files.notExists(folder.resolve("m-1767000001.2.raw")));
      byte[] wav = Files.readAllBytes(recordings.find(id).orElseThrow());
      assertThat(wav).hasSize(44 + 40_000);
      assertThat(wav[44]).isEqualTo((byte) 1);
      assertThat(wav[46]).isEqualTo((byte) 2);
      assertThat(recordings.find(new CallId("m-1767000001.2"))).isEmpty();
    }
  }

  @Test
  void leftoversAreFinishedUnlessTheirCallsLive() throws Exception {
    for (String name : new String[] {"m-1767000001.1", "m-1767000001.2"}) {
      Path raw = folder.resolve(name + ".raw");
      Files.write(raw, new byte[400]);
      Files.setLastModifiedTime(
          raw, java.nio.file.attribute.FileTime.from(java.time.Instant.now().minusSeconds(60)));
    }
    try (Recordings recordings = new Recordings(folder, InstantSource.system())) {
      recordings.finishLeftovers(id -> id.value().endsWith(".2"));
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> recordings.find(new CallId("m-1767000001.1")).isPresent());
      assertThat(folder.resolve("m-1767000001.2.raw")).exists();
    }
  }
}

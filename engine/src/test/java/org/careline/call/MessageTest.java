package org.careline.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as a message: more than silence, a hum or a click. */
class MessageTest {
  @TempDir Path folder;

  private boolean heard(int samples, IntUnaryOperator sound) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(samples * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < samples; i++) {
      bytes.putShort((short) sound.applyAsInt(i));
    }
    Path file = folder.resolve("a.voicemail.sln");
    Files.write(file, bytes.array());
    return Message.heardIn(file);
  }

  private static int tone(int i, int strength) {
    return (int) (strength * Math.sin(2 * Math.PI * 440 * i / 8000));
  }

  @Test
  void aWordIsAMessageAndSilenceIsNone() throws IOException {
    assertThat(Message.heardIn(folder.resolve("nowhere.sln"))).isFalse();
    assertThat(heard(0, i -> 0)).isFalse();
    assertThat(heard(40_000, i -> 0)).as("silence").isFalse();
    assertThat(heard(40_000, i -> tone(i, 150))).as("hum").isFalse();
    assertThat(heard(40_000, i -> i / 400 == 20 ? tone(i, 9000) : 0)).as("50 ms").isFalse();
    assertThat(heard(40_000, i -> i > 20_000 && i < 23_000 ? tone(i, 3000) : 0))
        .as("a word of 0.4 s behind a pause")
        .isTrue();
  }
}

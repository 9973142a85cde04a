package org.careline.call;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Whether a message is to be heard in a raw file of the switch (16 bit, 8 kHz, one channel). The
 * measure is the switch's own for silence, which ends a recording after 5 s of it: so a file
 * without sound is short, and one with sound is read only as far as its first word. Stateless.
 */
final class Message {
  /** Bytes of 20 ms. */
  private static final int FRAME = 320;

  /** Mean of the samples' sizes from which on the switch calls 20 ms not silent. */
  private static final int LOUD = 256;

  /** So many of them, not in a row, are more than a click: 200 ms. */
  private static final int ENOUGH = 10;

  private Message() {}

  /**
   * False also when there is no such file.
   *
   * @throws IOException when it cannot be read
   */
  static boolean heardIn(Path raw) throws IOException {
    byte[] frame = new byte[FRAME];
    int loud = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(raw))) {
      while (loud < ENOUGH && in.readNBytes(frame, 0, FRAME) == FRAME) {
        loud += mean(frame) >= LOUD ? 1 : 0;
      }
    } catch (NoSuchFileException none) {
      return false;
    }
    return loud == ENOUGH;
  }

  private static int mean(byte[] frame) {
    int sum = 0;
    for (int i = 0; i < FRAME; i += 2) {
      sum += Math.abs((short) (frame[i] & 0xff | frame[i + 1] << 8));
    }
    return sum / (FRAME / 2);
  }
}

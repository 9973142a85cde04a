package org.careline.call;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Puts a RIFF/WAVE head before the raw sound of the switch's recorder, which with its option D
 * writes 16 bit samples, 8000 a second, of both sides in turn (app_mixmonitor.c).
 */
final class StereoWav {
  static final int SAMPLES_PER_SECOND = 8000;
  private static final int CHANNELS = 2;
  private static final int BYTES_PER_SAMPLE = 2;
  private static final int HEAD = 44;

  private StereoWav() {}

  /** The target is there whole or not at all. Folders are made. */
  static void write(Path raw, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Path half = target.resolveSibling(target.getFileName() + ".part");
    try (FileChannel in = FileChannel.open(raw, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                half,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      int frame = CHANNELS * BYTES_PER_SAMPLE;
      long size = in.size() - in.size() % frame;
      out.write(head(size));
      long done = 0;
      while (done < size) {
        long moved = in.transferTo(done, size - done, out);
        if (moved <= 0) {
          throw new IOException("the raw file became shorter");
        }
        done += moved;
      }
      out.force(true);
    }
    Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static ByteBuffer head(long size) {
    int bytesPerSecond = SAMPLES_PER_SECOND * CHANNELS * BYTES_PER_SAMPLE;
    return ByteBuffer.allocate(HEAD)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ascii("RIFF"))
        .putInt((int) (size + HEAD - 8))
        .put(ascii("WAVEfmt "))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) CHANNELS)
        .putInt(SAMPLES_PER_SECOND)
        .putInt(bytesPerSecond)
        .putShort((short) (CHANNELS * BYTES_PER_SAMPLE))
        .putShort((short) (BYTES_PER_SAMPLE * 8))
        .put(ascii("data"))
        .putInt((int) size)
        .flip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

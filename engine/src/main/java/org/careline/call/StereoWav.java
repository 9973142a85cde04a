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
 * Makes a WAV file of what the switch has recorded: 16 bit samples, 8000 a second. Of a talk its
 * recorder writes with option D both sides in turn: first what the channel hears, then what it says
 * (app_mixmonitor.c). The file has them the other way round: left who was recorded, that is the
 * outside, right who spoke to him, the agent. A message has one side.
 */
final class StereoWav {
  static final int SAMPLES_PER_SECOND = 8000;
  private static final int SIDES = 2;
  private static final int BYTES_PER_SAMPLE = 2;
  private static final int HEAD = 44;
  private static final int FRAME = SIDES * BYTES_PER_SAMPLE;
  private static final int FRAMES_AT_ONCE = 16_384;

  private StereoWav() {}

  /** Of a talk. The target is there whole or not at all. Folders are made. */
  static void write(Path raw, Path target) throws IOException {
    write(raw, target, SIDES);
  }

  /** Of a message, likewise. */
  static void writeMessage(Path raw, Path target) throws IOException {
    write(raw, target, 1);
  }

  private static void write(Path raw, Path target, int sides) throws IOException {
    int frame = sides * BYTES_PER_SAMPLE;
    Files.createDirectories(target.getParent());
    Path half = target.resolveSibling(target.getFileName() + ".part");
    try (FileChannel in = FileChannel.open(raw, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                half,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      long size = in.size() - in.size() % frame;
      out.write(head(size, sides));
      ByteBuffer buffer = ByteBuffer.allocate(FRAMES_AT_ONCE * FRAME);
      for (long done = 0; done < size; done += buffer.capacity()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), size - done));
        while (buffer.hasRemaining()) {
          if (in.read(buffer) < 0) {
            throw new IOException("the raw file became shorter");
          }
        }
        buffer.flip();
        if (sides == SIDES) {
          swapSides(buffer);
        }
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
      }
      out.force(true);
    }
    Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void swapSides(ByteBuffer frames) {
    for (int at = 0; at < frames.limit(); at += FRAME) {
      short first = frames.getShort(at);
      frames.putShort(at, frames.getShort(at + BYTES_PER_SAMPLE));
      frames.putShort(at + BYTES_PER_SAMPLE, first);
    }
  }

  private static ByteBuffer head(long size, int sides) {
    int bytesPerSecond = SAMPLES_PER_SECOND * sides * BYTES_PER_SAMPLE;
    return ByteBuffer.allocate(HEAD)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ascii("RIFF"))
        .putInt((int) (size + HEAD - 8))
        .put(ascii("WAVEfmt "))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) sides)
        .putInt(SAMPLES_PER_SECOND)
        .putInt(bytesPerSecond)
        .putShort((short) (sides * BYTES_PER_SAMPLE))
        .putShort((short) (BYTES_PER_SAMPLE * 8))
        .put(ascii("data"))
        .putInt((int) size)
        .flip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

package org.careline.hotline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/** Strength of tones (Goertzel) in the middle of a stereo WAV file, 0 to 32767. */
public final class Sound {
  private final float rate;
  private final double[][] sides;

  private Sound(float rate, double[][] sides) {
    this.rate = rate;
    this.sides = sides;
  }

  /** Read by the JDK, so that the head is judged by others too. */
  public static Sound of(Path wav) throws IOException, UnsupportedAudioFileException {
    try (AudioInputStream in = AudioSystem.getAudioInputStream(wav.toFile())) {
      AudioFormat format = in.getFormat();
      if (format.getChannels() != 2 || format.getSampleSizeInBits() != 16) {
        throw new AssertionError("not stereo with 16 bits: " + format);
      }
      ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      double[][] sides = new double[2][bytes.remaining() / 4];
      for (int i = 0; i < sides[0].length; i++) {
        sides[0][i] = bytes.getShort();
        sides[1][i] = bytes.getShort();
      }
      return new Sound(format.getSampleRate(), sides);
    }
  }

  /**
   * The file as a person hears it: lengths in seconds of sound (positive) and of silence on both
   * sides (negative), in turn. What is shorter than 0.4 s belongs to what is around it.
   */
  List<Double> pattern() {
    int block = (int) (rate / 10);
    List<Double> runs = new ArrayList<>();
    for (int from = 0; from + block <= sides[0].length; from += block) {
      double length = loud(from, block) ? 0.1 : -0.1;
      if (!runs.isEmpty() && runs.getLast() > 0 == length > 0) {
        runs.set(runs.size() - 1, runs.getLast() + length);
      } else {
        if (!runs.isEmpty() && Math.abs(runs.getLast()) < 0.4) {
          length -= runs.removeLast();
          length += runs.isEmpty() ? 0 : runs.removeLast();
        }
        runs.add(length);
      }
    }
    if (runs.size() > 1 && Math.abs(runs.getLast()) < 0.4) {
      runs.removeLast();
    }
    return runs;
  }

  private boolean loud(int from, int block) {
    double sum = 0;
    for (double[] side : sides) {
      for (int i = from; i < from + block; i++) {
        sum += side[i] * side[i];
      }
    }
    return Math.sqrt(sum / block) > 100;
  }

  /** Strength of a tone in the whole of a file of 16 bit samples, 8000 a second, one side. */
  public static double strength(Path raw, int hertz) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN);
    double[] samples = new double[bytes.remaining() / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = bytes.getShort();
    }
    Sound sound = new Sound(8000, new double[][] {samples, samples});
    return sound.strength(samples, hertz, 0, samples.length);
  }

  double seconds() {
    return sides[0].length / rate;
  }

  public double left(int hertz) {
    return strength(sides[0], hertz);
  }

  public double right(int hertz) {
    return strength(sides[1], hertz);
  }

  /** Second at which a tone is first to be heard on the left; infinite when it never is. */
  public double leftFrom(int hertz) {
    return onset(sides[0], hertz);
  }

  public double rightFrom(int hertz) {
    return onset(sides[1], hertz);
  }

  /** Strength of a tone on the left in the last second. */
  public double leftAtTheEnd(int hertz) {
    int from = Math.max(0, sides[0].length - (int) rate);
    return strength(sides[0], hertz, from, sides[0].length);
  }

  private double onset(double[] samples, int hertz) {
    int block = (int) (rate / 50);
    for (int from = 0; from + block <= samples.length; from += block / 2) {
      if (strength(samples, hertz, from, from + block) > 500) {
        return from / rate;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private double strength(double[] samples, int hertz) {
    return strength(samples, hertz, samples.length / 3, samples.length * 2 / 3);
  }

  private double strength(double[] samples, int hertz, int from, int to) {
    double factor = 2 * Math.cos(2 * Math.PI * hertz / rate);
    double before = 0;
    double last = 0;
    for (int i = from; i < to; i++) {
      double next = samples[i] + factor * last - before;
      before = last;
      last = next;
    }
    double power = last * last + before * before - factor * last * before;
    return 2 * Math.sqrt(Math.max(0, power)) / Math.max(1, to - from);
  }
}

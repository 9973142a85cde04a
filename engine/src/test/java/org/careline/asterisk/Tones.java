package org.careline.asterisk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Judges a stereo recording by the strength of tones, 0 to 32767. */
final class Tones {
  private static final int RATE = 8000;
  private final double[] left;
  private final double[] right;

  private Tones(double[] left, double[] right) {
    this.left = left;
    this.right = right;
  }

  static Tones of(Path raw) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN);
    int frames = bytes.remaining() / 4;
    double[] left = new double[frames];
    double[] right = new double[frames];
    for (int i = 0; i < frames; i++) {
      left[i] = bytes.getShort();
      right[i] = bytes.getShort();
    }
    return new Tones(left, right);
  }

  double seconds() {
    return left.length / (double) RATE;
  }

  /** Strength in the left channel's last full second but one. */
  double left(int hertz) {
    return strength(left, hertz);
  }

  double right(int hertz) {
    return strength(right, hertz);
  }

  static double strength(double[] samples, int hertz) {
    int from = Math.max(0, samples.length - 2 * RATE);
    int to = Math.max(from, samples.length - RATE / 2);
    double coefficient = 2 * Math.cos(2 * Math.PI * hertz / RATE);
    double before = 0;
    double last = 0;
    for (int i = from; i < to; i++) {
      double next = samples[i] + coefficient * last - before;
      before = last;
      last = next;
    }
    double power = last * last + before * before - coefficient * last * before;
    return 2 * Math.sqrt(Math.max(0, power)) / Math.max(1, to - from);
  }
}

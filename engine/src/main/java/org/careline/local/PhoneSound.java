package org.careline.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.language.Sentence;

/**
 * Sound as a telephone takes it: WAV, 8000 Hz, one channel, 16 bit. Checks files of others and
 * makes such a file of speech at another rate. Stateless.
 */
final class PhoneSound {
  static final int RATE = 8000;
  private static final int HEADER = 44;

  /** Of -3 dB below the loudest a sample can be. */
  private static final double PEAK = 32767 * 0.708;

  /** Below 0.5 % of the loudest is silence; what stands around the speech is cut to this. */
  private static final double SILENCE = 0.005;

  private static final int PAUSE_BEFORE = RATE / 20;
  private static final int PAUSE_AFTER = RATE / 8;

  /** Samples of the source on each side of one that is made: a lowpass at 3600 Hz. */
  private static final int REACH = 32;

  private static final double CUT_OFF_HERTZ = 3600;

  private PhoneSound() {}

  /** What of a WAV file is not as Asterisk needs it to play it; empty = nothing. */
  static Optional<Sentence> flaw(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      return Optional.of(FileTrouble.of(e));
    }
    try {
      Pcm pcm = Pcm.of(bytes);
      if (pcm.rate() != RATE || pcm.channels() != 1 || pcm.bits() != 16 || pcm.format() != 1) {
        return Optional.of(
            Sentence.of("prompts.format", pcm.rate(), pcm.channels(), pcm.bits(), pcm.format()));
      }
      return pcm.length() == 0 ? Optional.of(Sentence.of("prompts.empty")) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(Sentence.of("prompts.no-wav"));
    }
  }

  /**
   * Speech of any rate as a file for the telephone: resampled, as loud as can be, silence around it
   * cut.
   *
   * @throws IllegalArgumentException when it is no WAV of one channel with 16 bit, or silent
   */
  static byte[] of(byte[] wav) {
    Pcm pcm = Pcm.of(wav);
    if (pcm.channels() != 1 || pcm.bits() != 16 || pcm.format() != 1) {
      throw new IllegalArgumentException("not one channel of 16 bit");
    }
    double[] samples = resample(pcm.samples(), pcm.rate());
    double loudest = 0;
    for (double sample : samples) {
      loudest = Math.max(loudest, Math.abs(sample));
    }
    if (loudest == 0) {
      throw new IllegalArgumentException("silence");
    }
    int from = 0;
    while (Math.abs(samples[from]) < SILENCE * loudest) {
      from++;
    }
    int to = samples.length;
    while (Math.abs(samples[to - 1]) < SILENCE * loudest) {
      to--;
    }
    int length = PAUSE_BEFORE + (to - from) + PAUSE_AFTER;
    ByteBuffer out = header(length);
    for (int i = 0; i < length; i++) {
      int at = from + i - PAUSE_BEFORE;
      double sample = at < from || at >= to ? 0 : samples[at] / loudest * PEAK;
      out.putShort((short) Math.round(sample));
    }
    return out.array();
  }

  /**
   * Several sounds one after the other.
   *
   * @throws IOException when one is missing
   * @throws IllegalArgumentException when one is no sound for the telephone
   */
  static byte[] join(List<Path> files) throws IOException {
    List<short[]> parts = new ArrayList<>();
    int length = 0;
    for (Path file : files) {
      Pcm pcm = Pcm.of(Files.readAllBytes(file));
      if (pcm.rate() != RATE || pcm.channels() != 1 || pcm.bits() != 16 || pcm.format() != 1) {
        throw new IllegalArgumentException("not for a telephone: " + file);
      }
      short[] samples = pcm.samples();
      parts.add(samples);
      length += samples.length;
    }
    ByteBuffer out = header(length);
    for (short[] part : parts) {
      for (short sample : part) {
        out.putShort(sample);
      }
    }
    return out.array();
  }

  private static ByteBuffer header(int samples) {
    ByteBuffer out = ByteBuffer.allocate(HEADER + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(HEADER - 8 + 2 * samples);
    out.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    out.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
    out.putShort((short) 2).putShort((short) 16);
    return out.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples);
  }

  /** Windowed sinc (Hann); enough for speech, whose upper bands a telephone drops anyway. */
  private static double[] resample(short[] source, int rate) {
    double step = (double) rate / RATE;
    double cut = 2 * Math.min(CUT_OFF_HERTZ, rate / 2.0) / rate;
    double[] out = new double[(int) (source.length / step)];
    for (int i = 0; i < out.length; i++) {
      double centre = i * step;
      int first = (int) Math.ceil(centre) - REACH;
      double sum = 0;
      for (int k = Math.max(0, first); k < Math.min(source.length, first + 2 * REACH); k++) {
        double distance = k - centre;
        double x = Math.PI * cut * distance;
        double sinc = x == 0 ? 1 : Math.sin(x) / x;
        double window = 0.5 + 0.5 * Math.cos(Math.PI * distance / REACH);
        sum += source[k] * cut * sinc * window;
      }
      out[i] = sum;
    }
    return out;
  }

  /** A WAV file, taken apart. {@code format} 1 is plain samples; {@code length} is in bytes. */
  private record Pcm(
      int format, int channels, int rate, int bits, byte[] bytes, int at, int length) {
    static Pcm of(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (bytes.length < HEADER
          || !word(bytes, 0).equals("RIFF")
          || !word(bytes, 8).equals("WAVE")) {
        throw new IllegalArgumentException("no WAV");
      }
      int format = 0;
      int channels = 0;
      int rate = 0;
      int bits = 0;
      for (int at = 12; at + 8 <= bytes.length; ) {
        String chunk = word(bytes, at);
        // who writes to a pipe does not know the length beforehand and names a very large one
        long length = Math.min(in.getInt(at + 4) & 0xffffffffL, bytes.length - at - 8L);
        if (chunk.equals("fmt ") && length >= 16) {
          format = in.getShort(at + 8);
          channels = in.getShort(at + 10);
          rate = in.getInt(at + 12);
          bits = in.getShort(at + 22);
        } else if (chunk.equals("data") && format != 0) {
          return new Pcm(format, channels, rate, bits, bytes, at + 8, (int) length);
        }
        at += 8 + (int) length + (int) (length & 1);
      }
      throw new IllegalArgumentException("no WAV");
    }

    private static String word(byte[] bytes, int at) {
      return new String(bytes, at, 4, StandardCharsets.US_ASCII);
    }

    short[] samples() {
      short[] samples = new short[length / 2];
      ByteBuffer.wrap(bytes, at, length & ~1)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asShortBuffer()
          .get(samples);
      return samples;
    }
  }
}

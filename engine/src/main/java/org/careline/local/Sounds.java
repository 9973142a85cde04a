package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.careline.language.Sentence;

/**
 * The music of our own: Debian's packages bring none. Quiet arpeggios, 8 kHz mu-law, which need no
 * transcoding on the usual trunk.
 */
final class Sounds {
  private static final int RATE = 8000;
  private static final double[][] CHORDS = {
    {261.63, 329.63, 392.00, 523.25},
    {220.00, 261.63, 329.63, 440.00},
    {174.61, 220.00, 261.63, 349.23},
    {196.00, 246.94, 293.66, 392.00}
  };

  private Sounds() {}

  /** Writes {@code careline.ulaw} into the folder unless it is there. */
  static void writeMusic(Path folder) {
    Path file = folder.resolve("careline.ulaw");
    try {
      if (!Files.exists(file)) {
        Folders.make(folder);
        Files.write(file, music());
      }
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", file, FileTrouble.of(e)), e);
    }
  }

  private static byte[] music() {
    int note = RATE / 2;
    byte[] sound = new byte[CHORDS.length * 8 * note];
    for (int i = 0; i < sound.length; i++) {
      int step = i / note;
      double[] chord = CHORDS[step / 8];
      int up = step % 8;
      double frequency = chord[up < 4 ? up : 7 - up];
      double seconds = (i % note) / (double) RATE;
      double fade = Math.min(1, seconds * 100) * Math.exp(-4 * seconds);
      sound[i] = muLaw((int) (6000 * fade * Math.sin(2 * Math.PI * frequency * seconds)));
    }
    return sound;
  }

  /** G.711 mu-law of a 16 bit sample. */
  static byte muLaw(int sample) {
    int sign = sample < 0 ? 0x80 : 0;
    int magnitude = Math.min(Math.abs(sample), 32635) + 132;
    int exponent = Math.max(0, 24 - Integer.numberOfLeadingZeros(magnitude));
    int mantissa = (magnitude >> (exponent + 3)) & 0x0F;
    return (byte) ~(sign | (exponent << 4) | mantissa);
  }
}

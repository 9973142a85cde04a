package org.careline.harness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * Whether a prompt is in what somebody heard: the normalised cross-correlation of the prompt's
 * loudest half second with each place of what was heard. That is looked for in the prompt's second
 * half: who listens may have begun a moment late. 1 = the very same sound, other words stay well
 * below 0.6.
 */
public final class Likeness {
  private static final int WINDOW = 4000;
  private static final int PLACES = 20;

  private Likeness() {}

  /**
   * @param heard 16 bit, 8 kHz, one channel, without a head
   * @param prompt a WAV file of the same kind
   * @return the best likeness of any place; 0 when too little was heard
   */
  public static double of(Path heard, Path prompt) throws IOException {
    return best(samples(bytes(heard)), loudest(wav(prompt)));
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
  }

  private static double[] wav(Path file) throws IOException {
    try (AudioInputStream in = AudioSystem.getAudioInputStream(file.toFile())) {
      return samples(in.readAllBytes());
    } catch (UnsupportedAudioFileException e) {
      throw new IOException(e);
    }
  }

  private static double[] samples(byte[] bytes) {
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] samples = new double[bytes.length / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = all.getShort();
    }
    return samples;
  }

  private static double[] loudest(double[] prompt) {
    int best = Math.max(0, prompt.length - WINDOW);
    double most = -1;
    for (int from = prompt.length / 2; from + WINDOW <= prompt.length; from += 400) {
      double energy = 0;
      for (int i = from; i < from + WINDOW; i++) {
        energy += prompt[i] * prompt[i];
      }
      if (energy > most) {
        most = energy;
        best = from;
      }
    }
    return java.util.Arrays.copyOfRange(prompt, best, Math.min(prompt.length, best + WINDOW));
  }

  /** Each other sample finds the places worth a closer look: other tests need the processor too. */
  private static double best(double[] heard, double[] part) {
    double[] scores = scores(halved(heard), halved(part));
    double best = 0;
    for (int look = 0; look < PLACES; look++) {
      int place = 0;
      for (int i = 1; i < scores.length; i++) {
        place = scores[i] > scores[place] ? i : place;
      }
      if (scores.length == 0 || scores[place] <= 0) {
        return best;
      }
      scores[place] = 0;
      int from = Math.max(0, 2 * place - 2);
      int to = Math.min(heard.length, 2 * place + 2 + part.length);
      for (double score : scores(java.util.Arrays.copyOfRange(heard, from, to), part)) {
        best = Math.max(best, score);
      }
    }
    return best;
  }

  private static double[] halved(double[] samples) {
    double[] half = new double[samples.length / 2];
    for (int i = 0; i < half.length; i++) {
      half[i] = samples[2 * i] + samples[2 * i + 1];
    }
    return half;
  }

  /** For each place of what was heard; 0 where it is all but silent. */
  private static double[] scores(double[] heard, double[] part) {
    double own = energy(part, part.length);
    double there = energy(heard, Math.min(part.length, heard.length));
    double[] scores = new double[Math.max(0, heard.length - part.length)];
    for (int from = 0; from < scores.length; from++) {
      if (there > own / 100) {
        double both = 0;
        for (int i = 0; i < part.length; i++) {
          both += heard[from + i] * part[i];
        }
        scores[from] = both / Math.sqrt(own * there);
      }
      there += heard[from + part.length] * heard[from + part.length] - heard[from] * heard[from];
    }
    return scores;
  }

  private static double energy(double[] samples, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += samples[i] * samples[i];
    }
    return sum;
  }
}

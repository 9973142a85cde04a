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

  private static double best(double[] heard, double[] part) {
    double own = 0;
    for (double sample : part) {
      own += sample * sample;
    }
    double there = 0;
    for (int i = 0; i < Math.min(part.length, heard.length); i++) {
      there += heard[i] * heard[i];
    }
    double best = 0;
    for (int from = 0; from + part.length < heard.length; from++) {
      if (there > own / 100) {
        double both = 0;
        for (int i = 0; i < part.length; i++) {
          both += heard[from + i] * part[i];
        }
        best = Math.max(best, both / Math.sqrt(own * there));
      }
      there += heard[from + part.length] * heard[from + part.length] - heard[from] * heard[from];
    }
    return best;
  }
}

package org.careline.hotline;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.careline.harness.TestFolders;

/**
 * Prompts of which each of some names is half a second of a tone of its own and all others are
 * short silence: what was heard tells which prompts were played, in their order, and a dialogue is
 * short.
 */
final class TonePrompts {
  private static final int RATE = 8000;
  private static final int WINDOW = RATE / 10;
  private static final int LOWEST = 700;
  private static final int STEP = 90;
  private final Path folder = TestFolders.create("tones");
  private final Map<String, Integer> hertz = new TreeMap<>();

  TonePrompts(List<String> names) throws IOException {
    for (String name : names) {
      hertz.put(name, LOWEST + STEP * hertz.size());
    }
    Path zh = Files.createDirectories(folder.resolve("zh"));
    for (String line : Files.readAllLines(Path.of("../dialplans/prompts/zh.txt"))) {
      String name = line.split(" ")[0];
      if (line.contains(" = ")) {
        Integer tone = hertz.get(name);
        write(zh.resolve(name + ".wav"), tone == null ? 0 : tone, tone == null ? .15 : .5);
      }
    }
  }

  Path folder() {
    return folder;
  }

  int hertz(String name) {
    return hertz.get(name);
  }

  /** The names in what was heard. */
  List<String> in(double[] samples) {
    List<String> found = new ArrayList<>();
    String before = "";
    for (int from = 0; from + WINDOW <= samples.length; from += WINDOW) {
      String now = name(samples, from);
      if (!now.isEmpty() && !now.equals(before)) {
        found.add(now);
      }
      before = now;
    }
    return found;
  }

  private String name(double[] samples, int from) {
    String best = "";
    double strongest = 3500;
    for (Map.Entry<String, Integer> each : hertz.entrySet()) {
      double strength = strength(samples, from, each.getValue());
      if (strength > strongest) {
        strongest = strength;
        best = each.getKey();
      }
    }
    return best;
  }

  private static double strength(double[] samples, int from, int hertz) {
    double factor = 2 * Math.cos(2 * Math.PI * hertz / RATE);
    double before = 0;
    double last = 0;
    for (int i = from; i < from + WINDOW; i++) {
      double next = samples[i] + factor * last - before;
      before = last;
      last = next;
    }
    return 2
        * Math.sqrt(Math.max(0, last * last + before * before - factor * last * before))
        / WINDOW;
  }

  /** What the switch has written down of one direction of a channel: 16 bit, 8 kHz. */
  static double[] samples(Path raw) throws IOException {
    if (!Files.isRegularFile(raw)) {
      return new double[0];
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN);
    double[] samples = new double[bytes.remaining() / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = bytes.getShort();
    }
    return samples;
  }

  private static void write(Path file, int hertz, double seconds) throws IOException {
    int frames = (int) (RATE * seconds);
    ByteBuffer sound = ByteBuffer.allocate(2 * frames).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < frames; i++) {
      sound.putShort((short) (hertz == 0 ? 0 : 8000 * Math.sin(2 * Math.PI * hertz * i / RATE)));
    }
    AudioSystem.write(
        new AudioInputStream(
            new ByteArrayInputStream(sound.array()),
            new AudioFormat(RATE, 16, 1, true, false),
            frames),
        AudioFileFormat.Type.WAVE,
        file.toFile());
  }
}

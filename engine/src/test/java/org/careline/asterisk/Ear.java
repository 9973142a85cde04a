package org.careline.asterisk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.careline.harness.Likeness;
import org.careline.harness.TestAsterisk;

/** What one channel hears and says, written down by the switch from now on. */
public final class Ear {
  private static final int RATE = 8000;
  private final Path heard;
  private final Path said;

  private Ear(Path heard, Path said) {
    this.heard = heard;
    this.said = said;
  }

  static Ear on(LiveSwitch live, String channel) throws IOException {
    return on(live.asterisk, channel);
  }

  /** On a channel of this switch. */
  public static Ear on(TestAsterisk asterisk, String channel) throws IOException {
    Path folder = Files.createTempDirectory(asterisk.home(), "ear");
    Ear ear = new Ear(folder.resolve("heard.raw"), folder.resolve("said.raw"));
    asterisk.cli(
        "mixmonitor start %s %s/both.raw,r(%s)t(%s)"
            .formatted(channel, folder, ear.said, ear.heard));
    return ear;
  }

  /** How much the best place of what was heard is like this prompt, see {@link Likeness}. */
  public double like(Path prompt) throws IOException {
    return Likeness.of(heard, prompt);
  }

  double heardSeconds() throws IOException {
    return samples(heard).length / (double) RATE;
  }

  double saidSeconds() throws IOException {
    return samples(said).length / (double) RATE;
  }

  /** Strength of a tone in the last second that was heard. */
  double heard(int hertz) throws IOException {
    return Tones.strength(samples(heard), hertz);
  }

  /** Root of the mean square of all that was heard. */
  double heardLoudness() throws IOException {
    double sum = 0;
    double[] all = samples(heard);
    for (double sample : all) {
      sum += sample * sample;
    }
    return Math.sqrt(sum / Math.max(1, all.length));
  }

  private static double[] samples(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return new double[0];
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    double[] samples = new double[bytes.remaining() / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = bytes.getShort();
    }
    return samples;
  }
}

package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careline.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The prompts as callers hear them: spoken by the machine, or recorded. */
class PromptsTest {
  private static final Configuration.Prompts NONE =
      new Configuration.Prompts(Optional.empty(), Optional.empty());

  @TempDir Path home;

  private List<Prompts.Prompt> prepare(Configuration.Prompts configured) {
    return Prompts.prepare(home.resolve("prompts"), configured, System.err::println);
  }

  private Configuration.Prompts recordings() {
    return new Configuration.Prompts(Optional.of(home.resolve("recorded")), Optional.empty());
  }

  private Path recorded(String name, byte[] content) throws IOException {
    Path file = home.resolve("recorded/zh").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  /** A second of a tone, 16 bit, one channel. */
  private static byte[] tone(int rate) {
    ByteBuffer wav = ByteBuffer.allocate(44 + 2 * rate).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes()).putInt(36 + 2 * rate).put("WAVEfmt ".getBytes()).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(2 * rate);
    wav.putShort((short) 2).putShort((short) 16).put("data".getBytes()).putInt(2 * rate);
    for (int i = 0; i < rate; i++) {
      wav.putShort((short) (10_000 * Math.sin(2 * Math.PI * 500 * i / rate)));
    }
    return wav.array();
  }

  @Test
  void everyTextIsSpokenInBothLanguagesAndASecondTimeCostsNothing() throws Exception {
    List<Prompts.Prompt> first = prepare(NONE);
    assertThat(first).allMatch(prompt -> !prompt.recorded() && prompt.changed());
    for (String language : List.of("zh", "en")) {
      Path folder = home.resolve("prompts").resolve(language);
      for (int n = 0; n <= 60; n++) {
        assertThat(folder.resolve("number-" + n + ".wav")).isRegularFile();
      }
      for (int n = 0; n <= 9; n++) {
        assertThat(folder.resolve("digit-" + n + ".wav")).isRegularFile();
      }
      for (Path file : files(folder)) {
        assertThat(PhoneSound.flaw(file)).as(file.toString()).isEmpty();
        // a tenth of a second to 20 s of speech
        assertThat(Files.size(file)).as(file.toString()).isBetween(1600L, 320_000L);
      }
    }
    FileTime made = Files.getLastModifiedTime(home.resolve("prompts/zh/greeting.wav"));
    long began = System.nanoTime();
    assertThat(prepare(NONE)).hasSameSizeAs(first).noneMatch(Prompts.Prompt::changed);
    assertThat((System.nanoTime() - began) / 1_000_000).as("milliseconds").isLessThan(1000);
    assertThat(Files.getLastModifiedTime(home.resolve("prompts/zh/greeting.wav"))).isEqualTo(made);
  }

  @Test
  void aRecordingIsPlayedInsteadAndANewNameIsANewPrompt() throws Exception {
    prepare(NONE);
    byte[] spoken = Files.readAllBytes(home.resolve("prompts/zh/greeting.wav"));
    recorded("greeting.wav", tone(8000));
    recorded("spring-festival.wav", tone(8000));
    assertThat(prepare(recordings()))
        .filteredOn(Prompts.Prompt::recorded)
        .extracting(Prompts.Prompt::name)
        .containsExactlyInAnyOrder("greeting", "spring-festival");
    assertThat(home.resolve("prompts/zh/greeting.wav")).hasBinaryContent(tone(8000));
    assertThat(Prompts.synthetic(recordings()).get("zh"))
        .doesNotContain("greeting", "spring-festival")
        .contains("recording-notice");
    assertThat(Prompts.synthetic(recordings()).get("en")).contains("greeting");

    assertThat(prepare(NONE)).noneMatch(Prompts.Prompt::recorded);
    assertThat(home.resolve("prompts/zh/greeting.wav")).hasBinaryContent(spoken);
    assertThat(home.resolve("prompts/zh/spring-festival.wav")).doesNotExist();
  }

  @Test
  void whatCannotBePlayedIsToldAtTheStartWithItsNameAndWhatToDo() throws Exception {
    Path fast = recorded("greeting.wav", tone(44_100));
    Path text =
        recorded("comfort.wav", "no sound at all, but some text of enough bytes".getBytes());
    recorded("After Hours.wav", tone(8000));
    assertThatThrownBy(() -> prepare(recordings()))
        .isInstanceOfSatisfying(
            CannotStart.class,
            refused -> {
              assertThat(refused.getMessage())
                  .contains(fast + " cannot be played: it has 44100 Hz, 1 channels, 16 bit")
                  .contains("sox FILE -r 8000 -c 1 -b 16 NEW.wav")
                  .contains(text + " cannot be played: it is not a WAV file")
                  .contains("After Hours.wav is not named as prompts are");
              assertThat(refused.in(Locale.CHINESE)).contains("无法播放").contains("44100 Hz");
            });
    assertThatThrownBy(
            () ->
                prepare(
                    new Configuration.Prompts(
                        Optional.of(home.resolve("nowhere")), Optional.empty())))
        .hasMessageContaining("there is no folder " + home.resolve("nowhere"));
  }

  /** 22050 Hz to 8000: the tone stays, in loudness and pitch, and what is above 4 kHz goes. */
  @Test
  void resamplingKeepsTheVoiceAndMakesNoFalseTones() {
    double kept = energy(PhoneSound.of(tones(22_050, 500)), 500);
    assertThat(kept).isGreaterThan(0.99);
    byte[] both = PhoneSound.of(tones(22_050, 500, 6500));
    // 6500 Hz would fold to 1500
    assertThat(energy(both, 500)).isGreaterThan(0.99);
    assertThat(energy(both, 1500)).isLessThan(0.001);
  }

  @Test
  void theTwoFilesOfTextHaveTheSameNamesAndEveryLineIsRead() throws Exception {
    PromptTexts texts = PromptTexts.read(Checkout.folder().resolve("dialplans/prompts"));
    assertThat(texts.languages().get("zh").keySet())
        .isEqualTo(texts.languages().get("en").keySet());
    Path folder = Files.createDirectories(home.resolve("texts"));
    Map<String, String> wrong =
        Map.of(
            "a = b\na = c\n", "zh.txt:2: a stands twice",
            "a = \n", "zh.txt:1: a line is: name = text",
            "A = b\n", "zh.txt:1: a line is: name = text",
            "a b\n", "zh.txt:1: a line is: name = text",
            "a = b\nc = d\n", "in one language only: c");
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      Files.writeString(folder.resolve("en.txt"), "a = b\n");
      Files.writeString(folder.resolve("zh.txt"), each.getKey());
      assertThatThrownBy(() -> PromptTexts.read(folder)).hasMessageContaining(each.getValue());
    }
  }

  private static byte[] tones(int rate, int... hertz) {
    ByteBuffer wav = ByteBuffer.wrap(tone(rate)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rate; i++) {
      double sum = 0;
      for (int each : hertz) {
        sum += 8000 * Math.sin(2 * Math.PI * each * i / rate);
      }
      wav.putShort(44 + 2 * i, (short) sum);
    }
    return wav.array();
  }

  /** Share of a file's energy that lies at one pitch (Goertzel), over its middle half second. */
  private static double energy(byte[] wav, int hertz) {
    ByteBuffer in = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    int first = (wav.length - 44) / 4 - 2000;
    double real = 0;
    double imaginary = 0;
    double all = 0;
    for (int i = 0; i < 4000; i++) {
      double sample = in.getShort(44 + 2 * (first + i));
      double phase = 2 * Math.PI * hertz * i / 8000;
      real += sample * Math.cos(phase);
      imaginary += sample * Math.sin(phase);
      all += sample * sample;
    }
    return 2 * (real * real + imaginary * imaginary) / 4000 / all;
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var files = Files.list(folder)) {
      files.filter(file -> file.toString().endsWith(".wav")).forEach(found::add);
    }
    assertThat(found).hasSizeGreaterThan(100);
    return found;
  }
}

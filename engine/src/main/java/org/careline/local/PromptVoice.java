package org.careline.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.careline.language.Sentence;

/**
 * Speaks texts with espeak-ng and keeps what it has spoken, by text and voice, beside the packages:
 * each text is spoken once on a machine, some 20 ms each. Thread-safe.
 */
final class PromptVoice {
  /** Another number speaks all prompts anew: raise it with the way they are made. */
  private static final String MADE = "1";

  private static final Map<String, String> VOICES = Map.of("zh", "cmn", "en", "en-gb");
  private static final String WORDS_PER_MINUTE = "150";
  private static final Duration ONE_TEXT = Duration.ofSeconds(30);

  private PromptVoice() {}

  /** A text in a language. */
  record Line(String language, String text) {
    /** Names the sound of it. */
    String key() {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        String all = String.join("\n", MADE, VOICES.get(language), WORDS_PER_MINUTE, text);
        return HexFormat.of().formatHex(digest.digest(all.getBytes(StandardCharsets.UTF_8)), 0, 16);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Where the sound of a line is kept. */
  static Path file(Line line) {
    return Packages.cache().resolve("prompts").resolve(line.key() + ".wav");
  }

  /**
   * Speaks those that are not kept yet. Blocks, some seconds for all of the product.
   *
   * @throws CannotStart when the program cannot be had or says nothing
   */
  static void speak(Set<Line> lines, Consumer<String> progress) {
    List<Line> wanted = lines.stream().filter(line -> !Files.isRegularFile(file(line))).toList();
    if (wanted.isEmpty()) {
      return;
    }
    Packages packages = Packages.speech(progress);
    Path folder = Packages.cache().resolve("prompts");
    Path work;
    try {
      Files.createDirectories(folder);
      work = Files.createTempDirectory(folder, "new");
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-create", folder, FileTrouble.of(e)), e);
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<?>> spoken = new ArrayList<>();
      for (Line line : wanted) {
        spoken.add(threads.submit(() -> speak(packages, work, line)));
      }
      for (Future<?> each : spoken) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart(Sentence.of("start.interrupted", "espeak-ng"), e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof CannotStart reason
          ? reason
          : new CannotStart(Sentence.of("start.cannot-start", "espeak-ng", e.getCause()), e);
    } finally {
      threads.shutdownNow();
      try {
        Folders.delete(work);
      } catch (IOException left) {
        // a temporary folder of some kilobytes; the next run does not mind it
      }
    }
  }

  private static void speak(Packages packages, Path work, Line line) {
    Path text = work.resolve(line.key() + ".txt");
    Path said = work.resolve(line.key() + ".wav");
    try {
      Files.writeString(text, line.text() + "\n");
      Command run =
          Command.run(
              packages.speechCommand(
                  List.of(
                      "-v",
                      VOICES.get(line.language()),
                      "-s",
                      WORDS_PER_MINUTE,
                      "-b",
                      "1",
                      "-f",
                      text.toString(),
                      "-w",
                      said.toString())),
              Map.of(),
              ONE_TEXT);
      if (!run.succeeded() || !Files.exists(said)) {
        throw new CannotStart(Sentence.of("prompts.not-spoken", line.text(), run.errors().strip()));
      }
      Path made = work.resolve(line.key() + ".made");
      Files.write(made, PhoneSound.of(Files.readAllBytes(said)));
      Files.move(
          made, file(line), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", file(line), FileTrouble.of(e)), e);
    } catch (IllegalArgumentException e) {
      throw new CannotStart(Sentence.of("prompts.not-spoken", line.text(), e.getMessage()), e);
    }
  }
}

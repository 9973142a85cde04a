package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks agents' numbers: for each language and agent one file, put together of the prompts {@code
 * agent-before}, his digits and {@code agent-after}, because the switch plays a single file when he
 * answers. A file that is newer than its prompts stays. Thread-safe; works on a thread of its own.
 */
public final class AgentVoices implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AgentVoices.class);

  private final Path prompts;
  private final Path target;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("agent-voices").factory());

  /**
   * @param prompts folder with {@code <language>/<name>.wav}
   * @param target where {@code <language>/<number>.wav} are put
   */
  public AgentVoices(Path prompts, Path target) {
    this.prompts = prompts;
    this.target = target;
  }

  /** Makes what is missing, soon. {@code numbers} are digits. */
  public void speak(Set<String> languages, List<String> numbers) {
    try {
      worker.execute(() -> languages.forEach(language -> speak(language, numbers)));
    } catch (RejectedExecutionException e) {
      log.debug("closed");
    }
  }

  private void speak(String language, List<String> numbers) {
    for (String number : numbers) {
      try {
        speak(language, number);
      } catch (IOException | IllegalArgumentException e) {
        log.warn(
            "agents' numbers cannot be announced in {}, callers and agents hear nothing: {}",
            language,
            e.toString());
        return;
      }
    }
  }

  private void speak(String language, String number) throws IOException {
    List<Path> parts = new ArrayList<>();
    parts.add(prompt(language, "agent-before"));
    number.chars().forEach(digit -> parts.add(prompt(language, "digit-" + (char) digit)));
    parts.add(prompt(language, "agent-after"));
    Path file = target.resolve(language).resolve(number + ".wav");
    if (Files.isRegularFile(file)) {
      FileTime made = Files.getLastModifiedTime(file);
      boolean current = true;
      for (Path part : parts) {
        current &= Files.getLastModifiedTime(part).compareTo(made) <= 0;
      }
      if (current) {
        return;
      }
    }
    Files.createDirectories(file.getParent());
    Path beside = file.resolveSibling(number + ".new");
    Files.write(beside, PhoneSound.join(parts));
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path prompt(String language, String name) {
    return prompts.resolve(language).resolve(name + ".wav");
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}

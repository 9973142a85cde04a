package org.careline.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.config.Configuration;

/** What callers may be played. */
public final class Prompts {
  private static final String SOUND = "(.+)\\.(wav|ulaw|alaw|sln)";

  private Prompts() {}

  /**
   * Names of the prompts there are now. Empty where somebody else's Asterisk plays them: its folder
   * is not ours to know. Reads a folder.
   *
   * @throws UncheckedIOException when it cannot be read
   */
  public static Optional<Set<String>> of(Configuration configuration) {
    return configuration.asterisk().local()
        ? Optional.of(in(Checkout.folder().resolve("dialplans/prompts")))
        : Optional.empty();
  }

  static Set<String> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(SOUND))
          .map(name -> name.replaceFirst(SOUND, "$1"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException("the prompts in " + folder + " cannot be listed", e);
    }
  }
}

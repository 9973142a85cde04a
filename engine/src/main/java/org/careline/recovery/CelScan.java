package org.careline.recovery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads the switch's event files from one end to the other: the present one and those rotated away
 * beside it. For questions about the past; {@link CelReader} follows the present. Stateless.
 */
final class CelScan {
  private final Path path;

  CelScan(Path path) {
    this.path = path;
  }

  /**
   * Gives all lines of files that were written to since {@code since}, oldest file first.
   *
   * @param wanted asked with the raw line first, so that most need not be taken apart
   */
  void read(Instant since, Predicate<String> wanted, Consumer<CelRecord> reader)
      throws IOException {
    for (Path file : files(since)) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (wanted.test(line)) {
            CelRecord.parse(line).ifPresent(reader);
          }
        }
      }
    }
  }

  /** Whether there is any file, however old. */
  boolean seen() throws IOException {
    return !files(Instant.MIN).isEmpty();
  }

  private List<Path> files(Instant since) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    String name = path.getFileName().toString();
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().startsWith(name))
          .filter(file -> !file.getFileName().toString().endsWith(".gz"))
          .filter(file -> !modified(file).isBefore(since))
          .sorted(Comparator.comparing(CelScan::modified))
          .toList();
    }
  }

  private static Instant modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.MAX;
    }
  }
}

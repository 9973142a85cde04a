package org.careline.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders below engine/target which tests write into; short, as sockets want. */
public final class TestFolders {
  private TestFolders() {}

  public static Path create(String prefix) {
    try {
      Path parent = Path.of("target/run").toAbsolutePath();
      Files.createDirectories(parent);
      return Files.createTempDirectory(parent, prefix + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.careline.language.Sentence;

/** Folders of an instance. */
public final class Folders {
  private Folders() {}

  /** Makes the folder, and those above it, readable by its owner only where it is new. */
  public static Path make(Path folder) {
    try {
      return Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-create", folder, FileTrouble.of(e)), e);
    }
  }

  /** Deletes the folder with all in it, if it is there. Links are not followed. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      try {
        Files.delete(path);
      } catch (NoSuchFileException e) {
        // A process that is just ending removed it first.
      }
    }
  }

  /**
   * Paths go into the switch's configuration, where some characters mean something.
   *
   * @throws CannotStart when the path has one of them
   */
  public static void requirePlain(Path folder) {
    if (!folder.toString().matches("[\\p{L}\\p{N} ._/+@~-]+")) {
      throw new CannotStart(Sentence.of("start.path-characters", folder));
    }
  }
}

package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.careline.language.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders of an instance. */
public final class Folders {
  private static final Logger LOG = LoggerFactory.getLogger(Folders.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final int STICKY = 01000;

  private Folders() {}

  /** Makes the folder, and those above it, readable by its owner only where it is new. */
  public static Path make(Path folder) {
    try {
      return Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-create", folder, FileTrouble.of(e)), e);
    }
  }

  /**
   * As above, and closes a folder that is there already to everybody but its owner: calls, secrets
   * and customers' numbers are kept in it. One that many share by its mode (such as /tmp) or that
   * is somebody else's stays as it is, with a warning.
   */
  public static Path makePrivate(Path folder) {
    make(folder);
    try {
      Set<PosixFilePermission> before = Files.getPosixFilePermissions(folder);
      boolean shared = ((int) Files.getAttribute(folder, "unix:mode") & STICKY) != 0;
      if (shared) {
        LOG.warn("{} is a shared folder: others may read what is written to it", folder);
      } else if (!before.equals(OWNER_ONLY)) {
        Files.setPosixFilePermissions(folder, OWNER_ONLY);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be closed to others: {}", folder, e.getMessage());
    }
    return folder;
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

  /** Copies a folder with all in it; {@code to} must not be there yet. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
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

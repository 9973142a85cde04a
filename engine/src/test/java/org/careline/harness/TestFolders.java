package org.careline.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.careline.local.Folders;

/**
 * Folders below engine/target which tests write into; short, as sockets want. They stay after the
 * run, so that a failure can be looked into, and go at the beginning of the next one.
 */
public final class TestFolders {
  private static final Path PARENT = Path.of("target/run").toAbsolutePath();
  private static final Pattern OWNER = Pattern.compile(".*-([0-9]+)-[0-9]+");

  static {
    removeThoseOfFormerRuns();
  }

  private TestFolders() {}

  public static Path create(String prefix) {
    try {
      Files.createDirectories(PARENT);
      return Files.createTempDirectory(PARENT, prefix + "-" + ProcessHandle.current().pid() + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeThoseOfFormerRuns() {
    if (!Files.isDirectory(PARENT)) {
      return;
    }
    // the tests run in several processes, and each begins with this
    try (FileChannel lock =
            FileChannel.open(
                PARENT.resolveSibling("run.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held = lock.lock();
        Stream<Path> folders = Files.list(PARENT)) {
      List<Path> all = folders.toList();
      for (Path folder : all) {
        Matcher owner = OWNER.matcher(folder.getFileName().toString());
        if (!owner.matches() || ProcessHandle.of(Long.parseLong(owner.group(1))).isEmpty()) {
          Folders.delete(folder);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

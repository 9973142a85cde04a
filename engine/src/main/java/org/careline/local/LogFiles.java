package org.careline.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.careline.thread.Beat;

/**
 * Keeps the logs which our parts write from filling the disk: a file that has become too large is
 * copied to {@code <name>.1}, in place of the one before, and emptied. It is emptied, not moved,
 * because its writer keeps it open; that writer must append, else it would go on behind a hole. A
 * line written in between may be lost. Not for accounts of calls. Thread-safe.
 */
final class LogFiles implements AutoCloseable {
  /** Two of these per log is what the disk must hold. */
  static final long LARGEST_BYTES = 20L * 1024 * 1024;

  private static final Duration EVERY = Duration.ofMinutes(1);

  private final List<Path> files;
  private final long largest;
  private final Beat beat;

  LogFiles(List<Path> files) {
    this(files, LARGEST_BYTES);
  }

  LogFiles(List<Path> files, long largestBytes) {
    this.files = List.copyOf(files);
    this.largest = largestBytes;
    this.beat = Beat.every("careline-logs", EVERY, this::bound);
  }

  /** Of all local parts of an instance; those that do not run have none. */
  static LogFiles of(Path home) {
    return new LogFiles(
        List.of(
            home.resolve("mysql/mysql.log"),
            home.resolve("asterisk/log/console.log"),
            home.resolve("asterisk/log/messages"),
            home.resolve("outside/log/console.log"),
            home.resolve("outside/log/messages")));
  }

  void start() {
    beat.start();
  }

  /** Looks at each file once; one that cannot be kept within bounds does not keep the others. */
  void bound() throws IOException {
    IOException failure = null;
    for (Path file : files) {
      try {
        if (Files.isRegularFile(file) && Files.size(file) > largest) {
          setAside(file);
        }
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Keeps the newest part only, and no more than was there when it began: a writer may be faster
   * than the copy. What is written between the copy and the cut is lost.
   */
  private void setAside(Path file) throws IOException {
    Path before = file.resolveSibling(file.getFileName() + ".1");
    Files.deleteIfExists(before);
    try (FileChannel log =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileChannel out =
            FileChannel.open(before, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      long end = log.size();
      long at = Math.max(0, end - largest);
      long moved = 1;
      while (at < end && moved > 0) {
        moved = log.transferTo(at, end - at, out);
        at += moved;
      }
      log.truncate(0);
    }
  }

  @Override
  public void close() {
    beat.close();
  }
}

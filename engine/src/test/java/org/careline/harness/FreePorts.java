package org.careline.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.careline.local.Ports;

/**
 * Ranges of 500 ports which no other test, also of another run on this machine, holds. A range is
 * held by a file lock, so it is free again when this JVM ends, however it ends. Outside the range
 * from which the kernel takes ports for outgoing connections. Thread-safe.
 */
public final class FreePorts {
  private static final Path FOLDER = Path.of("/tmp/careline-test-ports");
  private static final int[] BASES =
      IntStream.concat(
              IntStream.iterate(10000, base -> base < 17999, base -> base + 500),
              IntStream.concat(
                  IntStream.iterate(28500, base -> base < 32500, base -> base + 500),
                  IntStream.iterate(61000, base -> base < 65000, base -> base + 500)))
          .toArray();

  /**
   * What this JVM holds. Closing any channel of a locked file gives the lock back, so a file that
   * is ours is not opened again; and a lock nobody refers to would go with the next garbage.
   */
  private static final Map<Integer, FileLock> HELD = new HashMap<>();

  private FreePorts() {}

  /** A held range; closing gives it back. */
  public record Range(int base, FileLock lock) implements AutoCloseable {
    public Ports ports() {
      return new Ports(base);
    }

    /** Closing again does nothing. */
    @Override
    public void close() {
      synchronized (FreePorts.class) {
        if (!lock.isValid()) {
          return;
        }
        try {
          lock.acquiredBy().close();
          HELD.remove(base);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** A base whose 500 ports are ours until this JVM ends. */
  public static int base() {
    return range().base();
  }

  /** A range of 500 ports until it is closed. */
  public static synchronized Range range() {
    try {
      if (!Files.isDirectory(FOLDER)) {
        Files.createDirectories(FOLDER);
        Files.setPosixFilePermissions(FOLDER, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
      int first = (int) (ProcessHandle.current().pid() % BASES.length);
      for (int i = 0; i < BASES.length; i++) {
        int base = BASES[(first + i) % BASES.length];
        FileLock lock = HELD.containsKey(base) ? null : tryLock(base);
        if (lock == null) {
          continue;
        }
        if (unused(base)) {
          HELD.put(base, lock);
          return new Range(base, lock);
        }
        lock.acquiredBy().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("all " + BASES.length + " ranges of test ports are in use");
  }

  private static FileLock tryLock(int base) throws IOException {
    Path file = FOLDER.resolve(base + ".lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
    }
    return lock;
  }

  /** A range that ended a moment ago may still have a dying owner. */
  private static boolean unused(int base) {
    return IntStream.range(base, base + 10)
        .allMatch(port -> Ports.free("127.0.0.1", port) && Ports.free("127.0.0.2", port));
  }
}

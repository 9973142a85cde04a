package org.careline.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/**
 * Holds a CARELINE_HOME for one process. The kernel gives it back when that process ends, however
 * it ends. Thread-safe.
 */
public final class InstanceLock implements AutoCloseable {
  private static final String FILE = "supervisor.lock";
  // Closing any channel of a locked file gives the lock back: this JVM must not open it twice.
  private static final Set<Path> HELD_HERE = new HashSet<>();

  private final Path home;
  private final FileLock lock;

  private InstanceLock(Path home, FileLock lock) {
    this.home = home;
    this.lock = lock;
  }

  /** Takes the home; empty when somebody has it. */
  public static Optional<InstanceLock> take(Path home) {
    synchronized (HELD_HERE) {
      Folders.make(home);
      try {
        Path real = home.toRealPath();
        if (HELD_HERE.contains(real)) {
          return Optional.empty();
        }
        FileChannel channel =
            FileChannel.open(
                real.resolve(FILE),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          return Optional.empty();
        }
        HELD_HERE.add(real);
        return Optional.of(new InstanceLock(real, lock));
      } catch (IOException e) {
        throw new CannotStart(
            Sentence.of("start.cannot-lock", home.resolve(FILE), FileTrouble.of(e)), e);
      }
    }
  }

  /** Whether an instance runs in that home, here or elsewhere. */
  public static boolean held(Path home) {
    if (!Files.exists(home.resolve(FILE))) {
      return false;
    }
    Optional<InstanceLock> free = take(home);
    free.ifPresent(InstanceLock::close);
    return free.isEmpty();
  }

  @Override
  public void close() {
    synchronized (HELD_HERE) {
      if (HELD_HERE.remove(home)) {
        try {
          lock.acquiredBy().close();
        } catch (IOException e) {
          throw new CannotStart(
              Sentence.of("start.cannot-lock", home.resolve(FILE), FileTrouble.of(e)), e);
        }
      }
    }
  }
}

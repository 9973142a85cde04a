package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * How the engine tells its supervisor, through a file in the home, that it is ready or why it
 * cannot start. Immutable.
 */
public record EngineState(boolean ready, String reason) {
  private static final String READY = "ready";
  private static final String FAILED = "failed ";

  public static void writeReady(Path home) throws IOException {
    write(home, READY);
  }

  public static void writeFailed(Path home, String reason) throws IOException {
    write(home, FAILED + reason);
  }

  static EngineState read(Path file) {
    try {
      String text = Files.readString(file);
      return new EngineState(
          text.equals(READY), text.startsWith(FAILED) ? text.substring(FAILED.length()) : "");
    } catch (IOException e) {
      return new EngineState(false, "");
    }
  }

  private static void write(Path home, String text) throws IOException {
    Path fresh = home.resolve(Supervisor.ENGINE_STATE_FILE + ".new");
    Files.writeString(fresh, text);
    Files.move(
        fresh,
        home.resolve(Supervisor.ENGINE_STATE_FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}

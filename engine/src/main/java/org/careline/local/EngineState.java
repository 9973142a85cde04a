package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.language.Sentence;

/**
 * How the engine tells its supervisor, through a file in the home, that it is ready or why it
 * cannot start, in each language: which one its person reads the engine does not know. Immutable.
 */
public record EngineState(boolean ready, Optional<Sentence> reason) {
  private static final String READY = "ready";
  private static final String FAILED = "failed";

  public static void writeReady(Path home) throws IOException {
    write(home, READY);
  }

  public static void writeFailed(Path home, Sentence reason) throws IOException {
    write(
        home,
        FAILED
            + "\n"
            + oneLine(reason.in(Locale.ENGLISH))
            + "\n"
            + oneLine(reason.in(Locale.SIMPLIFIED_CHINESE)));
  }

  static EngineState read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      boolean failed = lines.size() == 3 && lines.getFirst().equals(FAILED);
      return new EngineState(
          lines.equals(List.of(READY)),
          failed ? Optional.of(Sentence.said(lines.get(1), lines.get(2))) : Optional.empty());
    } catch (IOException e) {
      return new EngineState(false, Optional.empty());
    }
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
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

package org.careline.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.careline.language.Sentence;

/** What stood in the way of a file or folder, with a remedy where there is a usual one. */
public final class FileTrouble {
  private FileTrouble() {}

  public static Sentence of(IOException trouble) {
    String said = String.valueOf(trouble.getMessage());
    if (said.contains("No space left") || said.contains("Disk quota exceeded")) {
      return Sentence.of("start.disk-full");
    }
    return switch (trouble) {
      case AccessDeniedException denied -> Sentence.of("start.denied", denied.getFile());
      case FileAlreadyExistsException file -> Sentence.of("start.no-folder", file.getFile());
      case NoSuchFileException missing -> Sentence.of("start.no-file", missing.getFile());
      default -> Sentence.plain(said);
    };
  }
}

package org.careline.local;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import org.careline.language.Sentence;

/**
 * The passwords between the parts of one instance, random, made at its first start, in {@code
 * <home>/secrets}, which only its owner can read. Immutable.
 */
public record Secrets(String mysql, String amiEngine, String amiCred, String agiToken) {
  /** For an instance whose passwords all stand in its configuration. */
  static final Secrets NONE = new Secrets("", "", "", "");

  public static Secrets of(Path home) {
    Path file = home.resolve("secrets");
    Properties kept = new Properties();
    try {
      Folders.makePrivate(home);
      if (Files.exists(file)) {
        try (Reader reader = Files.newBufferedReader(file)) {
          kept.load(reader);
        }
      }
      int before = kept.size();
      Secrets secrets =
          new Secrets(
              secret(kept, "mysql"),
              secret(kept, "amiEngine"),
              secret(kept, "amiCred"),
              secret(kept, "agiToken"));
      if (kept.size() != before) {
        Files.deleteIfExists(file);
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Writer writer = Files.newBufferedWriter(file)) {
          kept.store(writer, "Passwords between the parts of this instance");
        }
      }
      return secrets;
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", file, FileTrouble.of(e)), e);
    }
  }

  private static String secret(Properties kept, String name) {
    return (String)
        kept.computeIfAbsent(
            name,
            absent -> {
              byte[] random = new byte[20];
              new SecureRandom().nextBytes(random);
              return HexFormat.of().formatHex(random);
            });
  }

  @Override
  public String toString() {
    return "Secrets[***]";
  }
}

package org.careline.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes {@code runtime.yaml}: how the supervisor tells the engine ports and secrets. */
public final class RuntimeFile {
  private RuntimeFile() {}

  /**
   * Replaces the file as a whole; only its owner can read it.
   *
   * @param values section to (key to value), with the keys of the reference file
   */
  public static void write(Path home, Map<String, ? extends Map<String, ?>> values)
      throws IOException {
    DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    String text =
        "# Written by the supervisor at each start.\n" + new Dump(settings).dumpToString(values);
    Files.createDirectories(home);
    Path fresh =
        Files.createTempFile(
            home,
            ".runtime",
            ".yaml",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text, StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
    Files.move(
        fresh,
        home.resolve(ConfigurationLoader.RUNTIME_FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}

package org.careline.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lays the sources of the configuration over each other, the later one wins: the reference file,
 * the user's file, {@code runtime.yaml} in the home (written by the supervisor), environment.
 */
public final class ConfigurationLoader {
  /** In the home; holds the ports and secrets of the parts the supervisor runs. */
  public static final String RUNTIME_FILE = "runtime.yaml";

  static final String REFERENCE = "careline.reference.yaml";

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "CARELINE_HOME", "home",
          "CARELINE_DATABASE_URL", "database.url",
          "CARELINE_DATABASE_USER", "database.user",
          "CARELINE_DATABASE_PASSWORD", "database.password",
          "CARELINE_ENGINE_SECRET", "asterisk.engineSecret",
          "CARELINE_CRED_SECRET", "asterisk.credSecret",
          "CARELINE_RTP_PORTS", "asterisk.rtpPorts");

  private ConfigurationLoader() {}

  /**
   * Reads and checks everything.
   *
   * @param file the user's file; it may be missing, then the defaults hold
   * @param environment usually {@link System#getenv()}
   * @throws ConfigurationException naming file and line of each thing wrong
   */
  public static Configuration load(Path file, Map<String, String> environment) {
    YamlValue.Mapping layers = reference();
    if (Files.exists(file)) {
      layers = layers.overlaidBy(YamlFile.read(file));
    }
    YamlValue.Mapping variables = environment(environment);
    Path home = bind(layers.overlaidBy(variables)).home();
    Path runtime = home.resolve(RUNTIME_FILE);
    if (Files.exists(runtime)) {
      layers = layers.overlaidBy(YamlFile.read(runtime));
    }
    return bind(layers.overlaidBy(variables));
  }

  /** What holds when nobody configures anything. */
  public static Configuration defaults() {
    return bind(reference());
  }

  /** The keys, comments and defaults, as shipped. */
  static YamlValue.Mapping reference() {
    try (InputStream in = ConfigurationLoader.class.getResourceAsStream(REFERENCE)) {
      if (in == null) {
        throw new IllegalStateException(REFERENCE + " is not in the jar");
      }
      return YamlFile.parse(REFERENCE, YamlFile.decode(REFERENCE, in.readAllBytes()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static Configuration bind(YamlValue.Mapping mapping) {
    return new Binder(Path.of("").toAbsolutePath()).bind(mapping, Configuration.class);
  }

  private static YamlValue.Mapping environment(Map<String, String> environment) {
    Map<String, YamlValue.Entry> top = new LinkedHashMap<>();
    ENVIRONMENT.forEach(
        (variable, key) -> {
          String text = environment.get(variable);
          if (text != null && !text.isBlank()) {
            put(top, variable, key.split("\\."), text);
          }
        });
    return new YamlValue.Mapping("environment", 0, top);
  }

  private static void put(
      Map<String, YamlValue.Entry> top, String source, String[] key, String text) {
    YamlValue scalar = new YamlValue.Scalar(source, 0, text, false, false);
    if (key.length == 1) {
      top.put(key[0], new YamlValue.Entry(0, scalar));
      return;
    }
    YamlValue.Entry section =
        top.computeIfAbsent(
            key[0],
            name ->
                new YamlValue.Entry(0, new YamlValue.Mapping(source, 0, new LinkedHashMap<>())));
    ((YamlValue.Mapping) section.value()).entries().put(key[1], new YamlValue.Entry(0, scalar));
  }
}

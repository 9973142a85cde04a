package org.careline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.careline.config.Configuration;
import org.careline.config.ConfigurationLoader;
import org.careline.language.Sentence;
import org.careline.local.CannotStart;
import org.careline.local.Checkout;
import org.careline.local.FileTrouble;
import org.careline.local.InstanceLock;
import org.careline.local.Ports;

/**
 * The instance a command is about. CARELINE_HOME names its folder (default {@code .careline} in the
 * checkout), CARELINE_CONFIG its configuration (default {@code config/careline.yaml} in the
 * checkout), CARELINE_PORT_BASE its ports. Immutable.
 *
 * @param configuration includes addresses and secrets of a running instance, if there is one
 */
public record Instance(Path home, Path file, Ports ports, Configuration configuration) {

  public static Instance load() {
    return load(System.getenv());
  }

  /**
   * @throws org.careline.config.ConfigurationException naming file and line of each mistake
   * @throws CannotStart when the home cannot be used
   */
  public static Instance load(Map<String, String> environment) {
    Path checkout = Checkout.folder();
    String named = environment.getOrDefault("CARELINE_CONFIG", "");
    Path file =
        named.isBlank()
            ? checkout.resolve("config/careline.yaml")
            : Path.of(named).toAbsolutePath().normalize();
    if (!named.isBlank() && !Files.isRegularFile(file)) {
      throw new CannotStart(Sentence.of("start.no-configuration", file));
    }
    Map<String, String> variables = new HashMap<>(environment);
    Configuration configuration = ConfigurationLoader.load(file, variables);
    if (environment.getOrDefault("CARELINE_HOME", "").isBlank()
        && configuration.home().toAbsolutePath().equals(Path.of(".careline").toAbsolutePath())) {
      variables.put("CARELINE_HOME", checkout.resolve(".careline").toString());
    }
    configuration = ConfigurationLoader.load(file, variables);
    Path home = configuration.home().toAbsolutePath().normalize();
    if (forgetDeadInstance(home)) {
      configuration = ConfigurationLoader.load(file, variables);
    }
    return new Instance(home, file, Ports.fromEnvironment(environment), configuration);
  }

  /** The same instance as it is now. */
  public Instance reload() {
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.putAll(environment());
    return load(variables);
  }

  /** The variables that lead another process to this instance. */
  public Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>();
    variables.put("CARELINE_HOME", home.toString());
    variables.put("CARELINE_PORT_BASE", String.valueOf(ports.base()));
    if (Files.exists(file)) {
      variables.put("CARELINE_CONFIG", file.toString());
    }
    return variables;
  }

  /** Whether a supervisor runs it now. */
  public boolean running() {
    return InstanceLock.held(home);
  }

  /** What the supervisor was killed before it could delete: its addresses are not true any more. */
  private static boolean forgetDeadInstance(Path home) {
    Path runtime = home.resolve(ConfigurationLoader.RUNTIME_FILE);
    if (!Files.exists(runtime)) {
      return false;
    }
    Optional<InstanceLock> lock = InstanceLock.take(home);
    if (lock.isEmpty()) {
      return false;
    }
    try (InstanceLock held = lock.get()) {
      return Files.deleteIfExists(runtime);
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", runtime, FileTrouble.of(e)), e);
    }
  }
}

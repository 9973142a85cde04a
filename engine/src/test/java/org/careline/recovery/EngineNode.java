package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.careline.config.Configuration;
import org.careline.config.ConfigurationLoader;
import org.careline.harness.FreePorts;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.local.ChildProcess;
import org.careline.local.Command;
import org.careline.local.LocalMySql;

/** A whole engine in a process of its own, with its own home and ports. Closing ends nothing. */
record EngineNode(Path home, Path configuration, FreePorts.Range range, int agiPort)
    implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /**
   * @param amiPort where the engine finds the switch's manager interface
   * @param agiPort where the switch asks this engine; 0 = one of its own, which no dialplan knows
   */
  static EngineNode create(
      LocalMySql mysql, String url, TestAsterisk asterisk, int amiPort, int agiPort)
      throws IOException {
    FreePorts.Range range = FreePorts.range();
    Path home = TestFolders.create("engine");
    Path file = home.resolve("careline.yaml");
    int agi = agiPort == 0 ? range.ports().agi() : agiPort;
    Files.writeString(
        file,
        """
        http:
          port: %d
        database:
          url: %s
          user: %s
          password: %s
        asterisk:
          host: 127.0.0.1
          amiPort: %d
          engineSecret: %s
          credSecret: %s
          agiPort: %d
          agiToken: %s
          recordings: %s
          logDirectory: %s
        trunks:
          - name: carrier
            shownNumbers: ["02112345678"]
        callback:
          claimEvery: 200ms
        """
            .formatted(
                range.ports().http(),
                url,
                mysql.user(),
                mysql.password(),
                amiPort,
                TestAsterisk.ENGINE_SECRET,
                TestAsterisk.CRED_SECRET,
                agi,
                TestAsterisk.AGI_TOKEN,
                asterisk.home().resolve("recordings"),
                asterisk.home().resolve("log")));
    return new EngineNode(home, file, range, agi);
  }

  private Map<String, String> environment() {
    return Map.of(
        "CARELINE_HOME", home.toString(),
        "CARELINE_CONFIG", configuration.toString(),
        "CARELINE_PORT_BASE", "" + range.base());
  }

  /** For an engine in this process. */
  Configuration loaded() {
    return ConfigurationLoader.load(configuration, environment());
  }

  ChildProcess start() {
    Path log = home.resolve("engine-" + System.currentTimeMillis() + ".log");
    return ChildProcess.start("engine", TestInstance.java("engine"), home, environment(), log);
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + range.ports().http() + path);
  }

  /** 200 = leads and serves, 503 = watches, 0 = no answer. */
  int health() throws InterruptedException {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(address("/api/v1/health"))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Runs a command of the product; gives what it prints. */
  String careline(String command, String... arguments) {
    List<String> line = TestInstance.java(command);
    line.addAll(List.of(arguments));
    Command run = Command.run(line, environment(), Duration.ofSeconds(60));
    assertThat(run.exitCode()).as(run.errors()).isZero();
    return run.output();
  }

  /** Adds an agent whose desk phone stands in the outside world; gives his password. */
  String agent(String login, String number, int outsideSip) {
    return careline(
            "user",
            "add",
            login,
            "--role",
            "agent",
            "--agent-number",
            number,
            "--desk-phone",
            "sip:%s@127.0.0.2:%d".formatted(number, outsideSip))
        .lines()
        .filter(line -> line.startsWith("password\t"))
        .findFirst()
        .orElseThrow()
        .split("\t")[1];
  }

  @Override
  public void close() {
    range.close();
  }
}

package org.careline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.local.ForeignAsterisk;
import org.careline.local.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  private static final Path SHIPPED = Path.of("..", "config", "careline.yaml");
  private static final Path REFERENCE = Path.of("..", "config", "careline.reference.yaml");
  private static final Pattern KEY = Pattern.compile("^\\s*(?:- )?([a-zA-Z]+):(?: (.+))?$");

  @TempDir Path folder;

  private Configuration load(String yaml) throws IOException {
    return load(yaml, Map.of());
  }

  private Configuration load(String yaml, Map<String, String> environment) throws IOException {
    Path file = folder.resolve("careline.yaml");
    Files.writeString(file, yaml);
    Map<String, String> variables = new java.util.HashMap<>(environment);
    variables.putIfAbsent("CARELINE_HOME", folder.resolve("home").toString());
    return ConfigurationLoader.load(file, variables);
  }

  /**
   * Binding demands each component and refuses each unknown key, so this holds both lists equal.
   */
  @Test
  void theReferenceHasExactlyTheKeysOfTheRecords() {
    Configuration defaults = ConfigurationLoader.defaults();
    assertThat(defaults.trunks()).hasSize(1);
    assertThat(defaults.hotline().ringTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(defaults.imports().maxSize().bytes()).isEqualTo(64L << 20);
    assertThat(defaults.asterisk().recordings()).isEmpty();
    assertThat(defaults.database().local()).isTrue();
  }

  @Test
  void aKeyForgottenInTheReferenceIsSeen() throws IOException {
    String text = Files.readString(REFERENCE).replace("  ringTimeout: 15s\n", "");
    assertThatThrownBy(() -> ConfigurationLoader.bind(YamlFile.parse("reference", text)))
        .hasMessageContaining("hotline.ringTimeout is missing");
  }

  @Test
  void eachKeyHasASentenceAUnitAndItsDefault() throws IOException {
    List<String> lines = Files.readAllLines(REFERENCE);
    int leaves = 0;
    for (int i = 0; i < lines.size(); i++) {
      Matcher key = KEY.matcher(lines.get(i));
      if (!key.matches() || key.group(2) == null) {
        continue;
      }
      leaves++;
      assertThat(lines.get(i - 1).strip())
          .as(lines.get(i))
          .startsWith("# Unit: ")
          .endsWith("Default: " + key.group(2) + ".");
      assertThat(lines.get(i - 2).strip()).as(lines.get(i)).startsWith("# ").endsWith(".");
    }
    assertThat(leaves).isGreaterThan(40);
  }

  @Test
  void theShippedFileLoads() {
    assertThat(ConfigurationLoader.load(SHIPPED, Map.of()).http().bind()).isEqualTo("127.0.0.1");
  }

  /** Whoever takes the comment signs away and puts in his own texts has a whole configuration. */
  @Test
  void theCommentedBlockOfTheShippedFileIsAConfigurationForOwnParts() throws IOException {
    String shipped = Files.readString(SHIPPED);
    int block = shipped.indexOf("# asterisk:");
    assertThat(block).isPositive();
    Configuration own =
        load(shipped.substring(0, block) + shipped.substring(block).replaceAll("(?m)^# ?", ""));
    assertThat(own.database().local()).isFalse();
    assertThat(own.database().password().isEmpty()).isFalse();
    Configuration.Asterisk asterisk = own.asterisk();
    assertThat(asterisk.host()).as("on the same machine").isEqualTo("127.0.0.1");
    assertThat(List.of(asterisk.engineSecret(), asterisk.credSecret(), asterisk.agiToken()))
        .extracting(Secret::reveal)
        .doesNotHaveDuplicates()
        .allMatch(text -> text.matches("[A-Za-z0-9]{8,128}"));
    assertThat(asterisk.recordings()).isPresent();
    assertThat(asterisk.logDirectory()).isPresent();
    Path target = folder.resolve("dialplan");
    assertThat(ForeignAsterisk.write(target, own, new Ports(25000))).isNotEmpty();
  }

  @Test
  void aWordThatIsNearIsNamedAndOtherwiseAll() {
    assertThat(Nearest.of("GLOD", List.of("platinum", "gold"))).contains("gold");
    assertThat(Nearest.of("diamond", List.of("platinum", "gold"))).isEmpty();
    assertThat(Nearest.of("x", List.of())).isEmpty();
    assertThatThrownBy(() -> load("leader:\n  colour: red\n"))
        .hasMessageContaining(
            "careline.yaml:2: unknown key leader.colour; valid keys there: lease, renewEvery");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http:\\n  prot: 1                     | careline.yaml:2: unknown key http.prot; nearest valid key: http.port
          htpp:\\n  port: 1                     | careline.yaml:1: unknown key htpp; nearest valid key: http
          hotline:\\n\\n  ringTimeout: 15       | careline.yaml:3: hotline.ringTimeout expects a duration with its unit (ms, s, m, h, d), such as 15s, not '15'
          hotline:\\n  ringTimeout: 15 s        | careline.yaml:2: hotline.ringTimeout expects a duration
          hotline:\\n  ringTimeout: 15MB        | careline.yaml:2: hotline.ringTimeout expects a duration
          hotline:\\n  ringTimeout: -15s        | careline.yaml:2: hotline.ringTimeout expects a duration
          hotline:\\n  ringTimeout: [15s]       | careline.yaml:2: hotline.ringTimeout expects one value
          imports:\\n  maxSize: 64              | careline.yaml:2: imports.maxSize expects a size
          imports:\\n  maxSize: 64m             | careline.yaml:2: imports.maxSize expects a size
          http:\\n  port: abc                   | careline.yaml:2: http.port expects a whole number, not 'abc'
          http:\\n  port: 70000                 | careline.yaml:2: http.port must be 0 to 65535, not 70000
          http: 8080                            | careline.yaml:1: http expects keys with values below it
          logging:\\n  level: loud | careline.yaml:2: logging.level expects one of error, warn, info, debug, trace, not 'loud'
          http:\\n  origins: a                  | careline.yaml:2: http.origins expects a list
          callback:\\n  zone: Mars/Olympus      | careline.yaml:2: callback.zone expects a zone
          leader:\\n  lease: 2s                | leader.lease must be at least three times leader.renewEvery
          trunks:\\n  - name: x\\n    endpont: 3 | careline.yaml:3: unknown key trunks.endpont; nearest valid key: trunks.endpoint
          trunks:\\n  - homeAreaCode: 21        | careline.yaml:2: trunks.homeAreaCode expects a Chinese area code
          trunks:\\n  - shownNumbers: [a]       | careline.yaml:2: trunks.shownNumbers expects digits
          trunks:\\n  - shownNumbers: [{number: "021555", until: soon}] | careline.yaml:2: trunks.shownNumbers.until expects a day such as
          trunks:\\n  - shownNumbers: [{numbr: "021555"}] | unknown key trunks.shownNumbers.numbr; nearest valid key: trunks.shownNumbers.number
          trunks:\\n  - reserveInbound: 140 | careline.yaml:2: trunks.reserveInbound must be 0 to 100, not 140
          callback:\\n  allowedPrefixes: ["86"] | careline.yaml:2: callback.allowedPrefixes expects beginnings
          http:\\n  port: 1\\n  port: 2          | careline.yaml:3
          http: [                               | is not YAML
          http: &x\\n  port: *x                   | careline.yaml:1
          a: !!java.net.URL x                   | careline.yaml
          - 1                                   | careline.yaml:1: expects keys with values
          """)
  void whatIsWrongIsNamedWithFileAndLine(String yaml, String message) {
    assertThatThrownBy(() -> load(yaml.replace("\\n", "\n")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anAliasStandsForItsAnchorButCannotBlowAFileUp() throws IOException {
    assertThat(load("hotline:\n  ringTimeout: &t 20s\n  wrapUp: *t\n").hotline().wrapUp())
        .isEqualTo(Duration.ofSeconds(20));
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 5; i++) {
      String before = "*a" + (i - 1);
      laughs.append("a" + i + ": &a" + i + " [" + before + (", " + before).repeat(9) + "]\n");
    }
    assertThatThrownBy(() -> load(laughs.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("more than 100000 values");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(() -> load("http:\n  port: x\n  bnd: 1\nhotline:\n  wrapUp: 3\n"))
        .isInstanceOfSatisfying(
            ConfigurationException.class, e -> assertThat(e.problems()).hasSize(3));
  }

  @Test
  void laterSourcesWin() throws IOException {
    Path home = folder.resolve("home");
    RuntimeFile.write(
        home,
        Map.of(
            "http", Map.of("port", 26000),
            "database", Map.of("url", "jdbc:mysql://127.0.0.1:1/a", "password", "p: \"#")));
    Configuration configuration =
        load(
            "http:\n  port: 1\n  bind: 127.0.0.9\n",
            Map.of("CARELINE_DATABASE_URL", "jdbc:mysql://127.0.0.1:2/b"));
    assertThat(configuration.http().port()).isEqualTo(26000);
    assertThat(configuration.http().bind()).isEqualTo("127.0.0.9");
    assertThat(configuration.database().url()).isEqualTo("jdbc:mysql://127.0.0.1:2/b");
    assertThat(configuration.database().password().reveal()).isEqualTo("p: \"#");
    assertThat(configuration.home()).isEqualTo(home);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.resolve("runtime.yaml"))))
        .isEqualTo("rw-------");
  }

  @Test
  void anEntryOfAListTakesTheDefaultsOfTheReference() throws IOException {
    Configuration configuration =
        load("trunks:\n  - name: a\n    homeAreaCode: 0755\n  - name: b\n");
    assertThat(configuration.trunks())
        .extracting(Configuration.Trunk::name, Configuration.Trunk::homeAreaCode)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", "0755"),
            org.assertj.core.groups.Tuple.tuple("b", "021"));
  }

  @Test
  void secretsAreNotPrinted() throws IOException {
    Configuration configuration =
        load("database:\n  password: hunter22\nasterisk:\n  engineSecret: hunter22\n");
    assertThat(configuration.toString()).doesNotContain("hunter22").contains("***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://db:3306/careline?password=hunter22&user=x",
        "jdbc:mysql://x:hunter22@db:3306/careline",
        "jdbc:mysql://x:hunter22@y@db:3306/careline",
        "jdbc:mysql://(host=db,password=hunter22)/careline"
      })
  void anAddressIsPrintedWithoutItsSecrets(String url) {
    assertThat(Configuration.Database.printable(url))
        .startsWith("jdbc:mysql://")
        .doesNotContain("hunter22");
  }

  @Test
  void aFileThatIsNotUtf8IsRefused() throws IOException {
    Path file = folder.resolve("careline.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xB9, (byte) 0xFE});
    assertThatThrownBy(() -> ConfigurationLoader.load(file, Map.of()))
        .hasMessageContaining("UTF-8");
  }
}

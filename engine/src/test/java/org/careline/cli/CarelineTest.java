package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.careline.harness.FreePorts;
import org.careline.harness.TestInstance;
import org.careline.local.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class CarelineTest {
  private final Locale before = Locale.getDefault();

  @TempDir Path home;

  @BeforeEach
  void english() {
    Locale.setDefault(Locale.ENGLISH);
  }

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void everyCommandAndOptionHasASentence(Language language) {
    Locale.setDefault(language.locale());
    for (CommandLine command : commands(Careline.commandLine(language))) {
      String name = command.getCommandSpec().qualifiedName();
      String description =
          String.join(" ", command.getHelp().description().lines().toList()).strip();
      assertThat(description).as(name).isNotEmpty();
      if (language == Language.zh) {
        assertThat(description).as(name).matches("(?s).*\\p{IsHan}.*");
      }
      for (CommandLine.Model.OptionSpec option : command.getCommandSpec().options()) {
        assertThat(String.join("", option.description()))
            .as(name + " " + option.longestName())
            .isNotBlank();
      }
      for (CommandLine.Model.PositionalParamSpec parameter :
          command.getCommandSpec().positionalParameters()) {
        assertThat(String.join("", parameter.description()))
            .as(name + " " + parameter.paramLabel())
            .isNotBlank();
      }
      assertThat(command.getUsageMessage(Ansi.OFF)).as(name).contains("--lang", "--help");
    }
  }

  @Test
  void bothLanguagesHaveTheSameSentences() throws IOException {
    assertThat(keys("Messages_zh.properties")).isEqualTo(keys("Messages.properties"));
  }

  /** The lines of a measurement are formats: both languages must take the same numbers. */
  @Test
  void bothLanguagesFormatTheSameNumbers() {
    Pattern number = Pattern.compile("%[.0-9]*[a-z]");
    ResourceBundle english = ResourceBundle.getBundle(Careline.BUNDLE, Locale.ENGLISH);
    ResourceBundle chinese = ResourceBundle.getBundle(Careline.BUNDLE, Locale.SIMPLIFIED_CHINESE);
    List<String> lines =
        english.keySet().stream().filter(key -> key.startsWith("bench.")).sorted().toList();
    assertThat(lines).hasSizeGreaterThan(12);
    for (String key : lines) {
      assertThat(number.matcher(chinese.getString(key)).results().map(MatchResult::group))
          .as(key)
          .containsExactlyElementsOf(
              number.matcher(english.getString(key)).results().map(MatchResult::group).toList());
    }
  }

  @Test
  void theLanguageIsAskedForElseThatOfTheTerminalElseEnglish() {
    assertThat(Language.of(args("status", "--lang", "zh"), Map.of("LANG", "en_US.UTF-8")))
        .isEqualTo(Language.zh);
    assertThat(Language.of(args("--lang=en", "status"), Map.of("LANG", "zh_CN.UTF-8")))
        .isEqualTo(Language.en);
    assertThat(Language.of(args("status"), Map.of("LANG", "zh_CN.GBK"))).isEqualTo(Language.zh);
    assertThat(Language.of(args("status"), Map.of("LANG", "zh_CN.UTF-8", "LC_ALL", "C")))
        .isEqualTo(Language.en);
    assertThat(Language.of(args("status"), Map.of())).isEqualTo(Language.en);
    assertThat(Language.of(args("phone", "--", "--lang", "fr"), Map.of())).isEqualTo(Language.en);
    assertThatThrownBy(() -> Language.of(args("--lang", "fr"), Map.of()))
        .hasMessageContaining("'fr'");
  }

  @Test
  void whatIsNotUnderstoodEndsWithTwoAndAHint() {
    Command unknown = careline("stauts");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.output()).isEmpty();
    assertThat(unknown.errors()).contains("'stauts'").contains("Did you mean: careline status");
    Command chinese = careline("stauts", "--lang", "zh");
    assertThat(chinese.exitCode()).isEqualTo(2);
    assertThat(chinese.errors())
        .isEqualTo(
            "careline: 无法识别：'stauts'\n您是不是想用：careline status, careline test, careline prompts？\n");
    assertThat(careline("round", "open", "--lang=zh").errors())
        .startsWith("careline: 缺少：CAMPAIGN\n请看：");
    assertThat(careline("bench", "--rounds", "many", "--lang=zh").errors())
        .startsWith("careline: --rounds 不能是 many\n");
    assertThat(careline("status", "--lang", "fr").errors())
        .isEqualTo("careline: --lang is en or zh, not 'fr'\n");
    Command option = careline("status", "--nonsense");
    assertThat(option.exitCode()).isEqualTo(2);
    assertThat(option.errors()).contains("'--nonsense'");
    Command nothing = Command.run(withoutCommand(), environment(18000), Duration.ofSeconds(30));
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.output()).isEmpty();
    assertThat(nothing.errors()).startsWith("Usage: careline");
  }

  @Test
  void helpIsAnAnswer() {
    Command help = careline("up", "--help", "--lang", "zh");
    assertThat(help.exitCode()).isZero();
    assertThat(help.output()).startsWith("用法：careline up").contains("--outside");
    assertThat(help.errors()).isEmpty();
  }

  @Test
  void doctorNamesTheTakenPortAndTheRemedy() {
    try (FreePorts.Range range = FreePorts.range()) {
      Command healthy =
          Command.run(
              TestInstance.java("doctor"), environment(range.base()), Duration.ofSeconds(60));
      assertThat(healthy.exitCode()).as(healthy.output()).isZero();
      assertThat(healthy.output().lines())
          .allMatch(line -> line.matches("(ok|warn)\t[^\t]+\t[^\t]+"));
      assertThat(healthy.output()).contains("ok\tport " + range.ports().sip() + "\tSIP\n");

      Map<String, String> wrong = environment(range.base());
      wrong.put("CARELINE_DATABASE_URL", "jdbc:mysql://127.0.0.1:9/careline");
      Command sick = Command.run(TestInstance.java("doctor"), wrong, Duration.ofSeconds(60));
      assertThat(sick.exitCode()).isEqualTo(1);
      assertThat(sick.output())
          .contains(
              "fail\tdatabase\tjdbc:mysql://127.0.0.1:9/careline cannot be used: it does not answer, check");
    }
  }

  @Test
  void callsAreNotMeasuredOnSomebodyElsesAsterisk() throws IOException {
    Path file = Files.writeString(home.resolve("own.yaml"), "asterisk:\n  host: 127.0.0.1\n");
    Map<String, String> environment = environment(18000);
    environment.put("CARELINE_CONFIG", file.toString());
    for (Language language : Language.values()) {
      List<String> line = TestInstance.java("bench");
      line.addAll(List.of("calls", "--lang", language.name()));
      Command refused = Command.run(line, environment, Duration.ofSeconds(60));
      assertThat(refused.exitCode()).as(refused.errors()).isEqualTo(1);
      assertThat(refused.errors().lines())
          .singleElement()
          .asString()
          .contains("asterisk.host", language == Language.zh ? "留空" : "empty");
    }
  }

  @Test
  void calendarSaysWhatDaysAreForAnOffice() {
    Command days =
        careline("calendar", "2026-10-01", "2026-10-10", "2026-10-11", "2026-11-24", "2031-01-01");
    assertThat(days.exitCode()).isZero();
    assertThat(days.output())
        .isEqualTo(
            """
            2026-10-01\tholiday\tNational Day
            2026-10-10\tmake-up-workday\tNational Day
            2026-10-11\tweekend\t
            2026-11-24\tworkday\t
            2031-01-01\tworkday\t
            """);
    assertThat(days.errors()).contains("the calendar cn knows no holidays of 2031 yet");
    Command wrong = careline("calendar", "2026-02-30", "--lang", "zh");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.output()).isEmpty();
    assertThat(wrong.errors()).contains("应为日期").contains("2026-02-30");
  }

  @Test
  void doctorWarnsWhenRealCallersWouldHearAMachine() throws IOException {
    Path file = home.resolve("careline.yaml");
    Files.writeString(file, "trunks:\n  - {name: carrier, endpoint: telco}\n");
    Map<String, String> real = environment(18000);
    real.put("CARELINE_CONFIG", file.toString());
    Command doctor = Command.run(TestInstance.java("doctor"), real, Duration.ofSeconds(60));
    assertThat(doctor.output())
        .containsPattern("warn\tprompts\t[0-9]+ prompts are spoken by the machine");
    assertThat(careline("doctor").output()).contains("ok\tprompts\tspoken by the machine");
  }

  private Command careline(String command, String... arguments) {
    List<String> line = TestInstance.java(command);
    line.addAll(List.of(arguments));
    return Command.run(line, environment(18000), Duration.ofSeconds(60));
  }

  private static List<String> withoutCommand() {
    List<String> line = TestInstance.java("");
    line.removeLast();
    return line;
  }

  private Map<String, String> environment(int base) {
    return new HashMap<>(
        Map.of(
            "CARELINE_HOME",
            home.toString(),
            "CARELINE_CONFIG",
            "",
            "CARELINE_PORT_BASE",
            "" + base,
            "CARELINE_LANG",
            "en"));
  }

  private static List<CommandLine> commands(CommandLine root) {
    List<CommandLine> all = new ArrayList<>(List.of(root));
    for (CommandLine command : root.getSubcommands().values()) {
      if (!command.getCommandSpec().usageMessage().hidden()) {
        all.addAll(commands(command));
      }
    }
    return all;
  }

  private static Set<Object> keys(String file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader =
        new InputStreamReader(Careline.class.getResourceAsStream(file), StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return new TreeSet<>(properties.keySet());
  }

  private static String[] args(String... arguments) {
    return arguments;
  }
}

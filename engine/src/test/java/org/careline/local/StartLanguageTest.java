package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.careline.harness.FreePorts;
import org.careline.harness.TestInstance;
import org.careline.harness.TestMySql;
import org.careline.language.Sentence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a start fails, in one line and in the language of who started it. */
class StartLanguageTest {
  @TempDir Path home;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en | port taken: %d (MySQL): end its owner or set CARELINE_PORT_BASE",
        "zh | 端口被占用：%d（MySQL）：请结束占用该端口的程序，或另设 CARELINE_PORT_BASE"
      })
  void aTakenPort(String language, String line) throws IOException {
    try (FreePorts.Range range = FreePorts.range();
        ServerSocket owner =
            new ServerSocket(range.ports().mysql(), 1, InetAddress.getByName("127.0.0.1"))) {
      assertThat(up(range, Map.of(), "--lang", language).errors())
          .isEqualTo("careline: " + line.formatted(owner.getLocalPort()) + "\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en_US.UTF-8 | an instance is already running in %s (process 4711): stop it first",
        "zh_CN.UTF-8 | %s 中已有实例在运行（进程 4711）：请先停止它"
      })
  void anInstanceThatRunsAlready(String locale, String line) throws IOException {
    try (FreePorts.Range range = FreePorts.range();
        InstanceLock held = InstanceLock.take(home).orElseThrow()) {
      assertThat(held).isNotNull();
      Files.writeString(home.resolve(Supervisor.PID_FILE), "4711\n");
      assertThat(up(range, Map.of("CARELINE_LANG", locale)).errors())
          .isEqualTo("careline: " + line.formatted(home) + "\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en | unknown key http.prot; nearest valid key: http.port",
        "zh | 未知的键 http.prot；最接近的有效键：http.port"
      })
  void anUnknownKey(String language, String line) throws IOException {
    Path file = Files.writeString(home.resolve("careline.yaml"), "http:\n  prot: 1\n");
    try (FreePorts.Range range = FreePorts.range()) {
      Map<String, String> named = Map.of("CARELINE_CONFIG", file.toString());
      assertThat(up(range, named, "--lang", language).errors())
          .isEqualTo("careline: " + file + ":2: " + line + "\n");
    }
  }

  /** Also with a log for people, whose lines are not told from a trace by their first character. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en | the first start needs MySQL: it refuses the user or the password",
        "zh | 首次启动需要 MySQL：用户名或密码被拒绝，请检查 database.user 与 database.password"
      })
  void aWrongPasswordOfTheDatabase(String language, String line) throws IOException {
    LocalMySql server = TestMySql.shared().server();
    Path file = Files.writeString(home.resolve("careline.yaml"), foreign(server.url("mysql")));
    try (FreePorts.Range range = FreePorts.range()) {
      Command up = up(range, Map.of("CARELINE_CONFIG", file.toString()), "--lang", language);
      List<String> told =
          up.errors().lines().filter(text -> text.startsWith("careline: ")).toList();
      assertThat(told).singleElement().asString().startsWith("careline: " + line);
      assertThat(up.errors())
          .as("the log is English, without traces and secrets")
          .contains("the engine cannot start: the first start needs MySQL: it refuses the user")
          .doesNotContain("\tat ")
          .doesNotContain("hunter22");
      assertThat(up.errors().lines().filter(text -> !text.startsWith("careline: ")))
          .noneMatch(text -> text.matches(".*\\p{IsHan}.*"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en | cannot use the database %s: it refuses the user or the password",
        "zh | 无法使用数据库 %s：用户名或密码被拒绝"
      })
  void aWrongPasswordForACommand(String language, String line) throws IOException {
    LocalMySql server = TestMySql.shared().server();
    String url = server.url("mysql");
    Path file = Files.writeString(home.resolve("careline.yaml"), foreign(url));
    try (FreePorts.Range range = FreePorts.range()) {
      Map<String, String> named = Map.of("CARELINE_CONFIG", file.toString());
      Command round = run("round", range, named, "status", "RJ", "--lang", language);
      assertThat(round.errors().lines())
          .singleElement()
          .asString()
          .startsWith("careline: " + line.formatted(url.replaceFirst("\\?.*", "")));
      assertThat(round.errors()).doesNotContain("hunter22");
    }
  }

  /** A switch that is not there is no reason to end: so only the database can be one. */
  private static String foreign(String url) {
    return """
    database:
      url: %s
      user: careline
      password: hunter22
    asterisk:
      host: 127.0.0.1
      amiPort: 1
      engineSecret: hunter22
      credSecret: hunter22
      agiToken: hunter22hunter22
    logging:
      format: text
    """
        .formatted(url);
  }

  @Test
  void whatTheEngineSaysReachesItsSupervisorInBothLanguages() throws IOException {
    CannotStart reason = new CannotStart(Sentence.of("start.port-taken", 18003, "SIP"));
    EngineState.writeFailed(home, reason.reason());
    EngineState read = EngineState.read(home.resolve(Supervisor.ENGINE_STATE_FILE));
    assertThat(read.ready()).isFalse();
    for (Locale language : List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE)) {
      assertThat(read.reason().orElseThrow().in(language)).isEqualTo(reason.in(language));
    }
    assertThat(read.reason().orElseThrow()).hasToString(reason.getMessage());
  }

  private Command up(FreePorts.Range range, Map<String, String> more, String... arguments) {
    return run("up", range, more, arguments);
  }

  private Command run(
      String command, FreePorts.Range range, Map<String, String> more, String... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CARELINE_HOME", home.toString());
    environment.put("CARELINE_PORT_BASE", "" + range.base());
    environment.put("CARELINE_CONFIG", "");
    environment.putAll(more);
    List<String> line = TestInstance.java(command);
    line.addAll(List.of(arguments));
    Command run = Command.run(line, environment, Duration.ofSeconds(90));
    assertThat(run.exitCode()).as(run.errors()).isEqualTo(1);
    assertThat(run.output()).isEmpty();
    return run;
  }
}

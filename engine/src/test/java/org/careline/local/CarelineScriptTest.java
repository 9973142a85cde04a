package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * scripts/careline in a small clone with a space in its path, under {@code env -i}, with a Java and
 * a Maven that only tell how they were called.
 */
class CarelineScriptTest {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "uname",
          "dirname",
          "readlink",
          "sed",
          "find",
          "sort",
          "xargs",
          "sha256sum",
          "cut",
          "flock",
          "mkdir",
          "cp",
          "mv",
          "rm",
          "grep",
          "head",
          "tail",
          "id",
          "cat",
          "tee",
          "env",
          "ls");

  @TempDir Path folder;
  private Path clone;
  private Path tools;

  @BeforeEach
  void prepare() throws IOException {
    clone = folder.resolve("my clone");
    tools = Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(clone.resolve("scripts/lib"));
    Files.createDirectories(clone.resolve(".mvn"));
    Files.createDirectories(clone.resolve("config"));
    Files.createDirectories(clone.resolve("engine/src/main"));
    Files.createDirectories(clone.resolve("agent-console/node_modules"));
    for (String file :
        List.of(
            "pom.xml",
            ".mvn/jvm.config",
            "config/careline.reference.yaml",
            "engine/pom.xml",
            "engine/src/main/A.java",
            "agent-console/pom.xml")) {
      Files.writeString(clone.resolve(file), file);
    }
    Path script = clone.resolve("scripts/careline");
    Files.copy(Checkout.folder().resolve("scripts/careline"), script);
    program(clone.resolve("scripts/lib/packages"), "echo /nowhere");
    for (String tool : TOOLS) {
      Path found =
          Stream.of("/usr/bin", "/bin")
              .map(entry -> Path.of(entry, tool))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(tools.resolve(tool), found);
    }
    jdk("25.0.3");
    program(tools.resolve("node"), "echo v22.1.0");
    program(tools.resolve("npm"), "echo 10");
    program(
        tools.resolve("mvn"),
        """
        echo "mvn $*" >> '%s'
        mkdir -p engine/target/lib
        echo lib > engine/target/lib/one.jar
        echo jar > engine/target/careline-engine.jar
        echo 'noise on standard output'
        """
            .formatted(folder.resolve("calls")));
  }

  @Test
  void buildsOncePerContentAndHandsEveryArgumentOn() throws IOException {
    Command first = run("phone", "021 58886666 转801", "", "--lang", "zh");
    assertThat(first.exitCode()).as(first.errors()).isEqualTo(7);
    assertThat(first.output())
        .isEqualTo("<phone><021 58886666 转801><><--lang><zh> LC_CTYPE=C.UTF-8\n");
    assertThat(first.errors()).isEqualTo("careline: 正在构建（每次改动构建一次，首次需一两分钟）\n");

    assertThat(run("status").errors()).isEmpty();
    // Times mean nothing, neither do the build's own folders.
    Files.setLastModifiedTime(
        clone.resolve("engine/src/main/A.java"),
        FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
    Files.writeString(clone.resolve("agent-console/node_modules/x.js"), "x");
    assertThat(run("status").errors()).isEmpty();
    assertThat(calls()).containsExactly("mvn -B -ntp -q -DskipTests package");

    Files.writeString(clone.resolve("engine/src/main/A.java"), "changed");
    assertThat(run("status").errors())
        .isEqualTo("careline: building (once per change; the first time takes a minute or two)\n");
    assertThat(calls()).hasSize(2);
    try (Stream<Path> programs = Files.list(clone.resolve("target/program"))) {
      assertThat(programs).as("the former build is removed").hasSize(1);
    }
  }

  @Test
  void worksFromAnotherFolderAndThroughALink() throws IOException {
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, clone.resolve("scripts/careline"));
    Command run = Command.run(command(link, "status"), Map.of(), Duration.ofSeconds(30));
    assertThat(run.output()).startsWith("<status>");
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    Files.delete(tools.resolve("node"));
    assertFails(
        "careline: Node.js is missing, it builds the agents' console: install the packages nodejs and npm, version 20 or newer");
    program(tools.resolve("node"), "echo v18.20.4");
    assertFails(
        "careline: Node.js 18 is too old to build the agents' console: install the package nodejs in version 20 or newer (nodesource.com has it)");
    program(tools.resolve("node"), "echo v20.0.0");
    Files.delete(tools.resolve("mvn"));
    assertFails("careline: Maven is missing, it builds Careline: install the package maven");
    jdk("17.0.15");
    Path java = folder.resolve("jdk");
    Command old =
        Command.run(
            List.of(
                "/usr/bin/env",
                "-i",
                "PATH=" + tools,
                "HOME=" + folder,
                "JAVA_HOME=" + java,
                "/bin/bash",
                script17(),
                "status"),
            Map.of(),
            Duration.ofSeconds(30));
    assertThat(old.exitCode()).isEqualTo(1);
    assertThat(old.errors())
        .isEqualTo(
            "careline: no JDK 21 or newer in JAVA_HOME, PATH or /usr/lib/jvm: install the package openjdk-21-jdk (or temurin-25-jdk)\n");
    program(tools.resolve("uname"), "echo Darwin");
    assertFails(
        "careline: this is Darwin, Careline runs on Linux: use the container way, docs/container.md");
  }

  @Test
  void speaksTheLanguageThatIsAskedForElseThatOfTheTerminal() throws IOException {
    Path noJdk = Path.of(script17());
    jdk("17.0.15");
    String english = "careline: no JDK 21 or newer in JAVA_HOME, PATH or /usr/lib/jvm: install the";
    String chinese =
        "careline: 在 JAVA_HOME、PATH 和 /usr/lib/jvm 中找不到 JDK 21 或更高版本："
            + "请安装软件包 openjdk-21-jdk（或 temurin-25-jdk）\n";
    assertThat(errors(Map.of(), noJdk, "status", "--lang", "zh")).isEqualTo(chinese);
    assertThat(errors(Map.of(), noJdk, "--lang=zh", "status")).isEqualTo(chinese);
    assertThat(errors(Map.of("LANG", "zh_CN.UTF-8"), noJdk, "status")).isEqualTo(chinese);
    assertThat(errors(Map.of("LANG", "en_US.UTF-8", "LC_ALL", "zh_CN.GBK"), noJdk, "status"))
        .as("after what the shell says of a locale that is not installed")
        .endsWith(chinese);
    assertThat(errors(Map.of("LANG", "zh_CN.UTF-8", "CARELINE_LANG", "en"), noJdk, "status"))
        .startsWith(english);
    assertThat(errors(Map.of("LANG", "zh_CN.UTF-8"), noJdk, "status", "--lang", "en"))
        .startsWith(english);
    assertThat(errors(Map.of(), noJdk, "phone", "--", "--lang", "zh")).startsWith(english);

    jdk("25.0.3");
    Path script = clone.resolve("scripts/careline");
    assertThat(errors(Map.of(), script, "status", "--lang", "zh"))
        .isEqualTo("careline: 正在构建（每次改动构建一次，首次需一两分钟）\n");
    assertThat(errors(Map.of(), script, "test", "--lang", "zh", "--quick"))
        .isEqualTo("careline: test 只接受 --long，而不是 '--quick'\n");
  }

  private String errors(Map<String, String> environment, Path script, String... arguments) {
    List<String> line = command(script, arguments);
    environment.forEach((name, value) -> line.add(2, name + "=" + value));
    Command run = Command.run(line, Map.of(), Duration.ofSeconds(60));
    assertThat(run.exitCode()).isNotZero();
    return run.errors();
  }

  @Test
  void tellsWhyTheBuildFailed() throws IOException {
    program(tools.resolve("mvn"), "echo '[ERROR] A.java:[1,1] class expected'; exit 1");
    Command run = run("status");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors())
        .contains("[ERROR] A.java:[1,1] class expected\n")
        .endsWith(
            "careline: the build failed; all of it is in "
                + clone.resolve("target/build.log")
                + "\n");
    program(tools.resolve("mvn"), "echo '[ERROR] Unknown host repo.example.org'; exit 1");
    assertThat(run("status").errors()).contains("careline: the build needs the network once");
  }

  @Test
  void testsPrintTheClosingLinesAndFailWithMaven() throws IOException {
    program(tools.resolve("sipp"), "exit 0");
    program(tools.resolve("chromium"), "exit 0");
    program(
        tools.resolve("mvn"),
        """
        echo "mvn $*" >> '%s'
        echo '[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in org.careline.ATest'
        echo '[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0'
        echo '[INFO] BUILD FAILURE'
        exit 1
        """
            .formatted(folder.resolve("calls")));
    Command run = run("test");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output())
        .isEqualTo(
            "[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0\n[INFO] BUILD FAILURE\n");
    assertThat(run("test", "--long").exitCode()).isEqualTo(1);
    assertThat(calls())
        .containsExactly(
            "mvn -B -ntp verify -Dcareline.excludedTags=long",
            "mvn -B -ntp verify -Dcareline.excludedTags=none");
    assertThat(run("--lang", "zh", "test", "--long").exitCode()).isEqualTo(1);
    assertThat(run("test", "--lang=en").exitCode()).isEqualTo(1);
    assertThat(calls())
        .containsExactly(
            "mvn -B -ntp verify -Dcareline.excludedTags=long",
            "mvn -B -ntp verify -Dcareline.excludedTags=none",
            "mvn -B -ntp verify -Dcareline.excludedTags=none",
            "mvn -B -ntp verify -Dcareline.excludedTags=long");
    assertThat(run("test", "--quick").exitCode()).isEqualTo(2);
    assertThat(run("test", "--lang", "fr").exitCode()).isEqualTo(2);
  }

  @Test
  void testsKeepOtherBuildsOutButNotCommandsThatAreBuilt() throws IOException {
    assertThat(run("status").exitCode()).isEqualTo(7);
    program(tools.resolve("sipp"), "exit 0");
    program(tools.resolve("chromium"), "exit 0");
    program(
        tools.resolve("mvn"),
        """
        flock -n scripts cat /dev/null && echo 'nobody builds' >> '%1$s' || echo 'a build runs' >> '%1$s'
        bash scripts/careline status >> '%1$s' 2>&1
        exit 0
        """
            .formatted(folder.resolve("calls")));
    assertThat(run("test").exitCode()).isZero();
    assertThat(calls())
        .containsExactly(
            "mvn -B -ntp -q -DskipTests package", "a build runs", "<status> LC_CTYPE=C.UTF-8");
  }

  @Test
  void testsNameTheProgramsTheyNeed() throws IOException {
    program(tools.resolve("id"), "echo 1000");
    assertThat(run("test").errors())
        .isEqualTo("careline: the tests need sip-tester: install the package sip-tester\n");
    program(tools.resolve("sipp"), "exit 0");
    assertThat(run("test").errors())
        .isEqualTo("careline: the tests need chromium: install the package chromium\n");
  }

  private void assertFails(String line) {
    Command run = run("status");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).isEqualTo(line + "\n");
  }

  /** The script, looking for JDKs in an empty folder instead of /usr/lib/jvm. */
  private String script17() throws IOException {
    Path copy = clone.resolve("scripts/careline17");
    Files.writeString(
        copy,
        Files.readString(clone.resolve("scripts/careline"))
            .replace("/usr/lib/jvm/*", "'" + folder + "'/none/*"));
    return copy.toString();
  }

  private void jdk(String version) throws IOException {
    Path jdk = folder.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    program(jdk.resolve("bin/javac"), "exit 1");
    program(
        jdk.resolve("bin/java"),
        """
        while [ "$1" != -jar ]; do shift; done
        shift 2
        printf '<%s>' "$@"
        echo " LC_CTYPE=${LC_CTYPE:-}"
        exit 7
        """);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  private Command run(String... arguments) {
    return Command.run(
        command(clone.resolve("scripts/careline"), arguments), Map.of(), Duration.ofSeconds(60));
  }

  private List<String> command(Path script, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/env",
                "-i",
                "PATH=" + tools,
                "HOME=" + folder,
                "JAVA_HOME=" + folder.resolve("jdk"),
                "/bin/bash",
                script.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static void program(Path file, String body) throws IOException {
    Files.deleteIfExists(file);
    Files.writeString(file, "#!/bin/bash\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}

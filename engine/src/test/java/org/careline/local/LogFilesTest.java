package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestMySql;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs of a writer who never stops, and that the real parts are such writers. */
class LogFilesTest {
  private static final long LARGEST = 100_000;

  @Test
  void aLogThatGrowsForEverIsEmptiedUnderItsWriter(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("console.log");
    Path before = folder.resolve("console.log.1");
    try (ChildProcess writer =
            ChildProcess.start(
                "writer",
                List.of("sh", "-c", "while :; do echo 'a line'; done"),
                folder,
                Map.of(),
                log);
        LogFiles files = new LogFiles(List.of(folder.resolve("missing"), log), LARGEST)) {
      await().until(() -> Files.size(log) > LARGEST);
      files.start();
      await().until(() -> Files.exists(before));
      // The writer goes on in the same file, from its beginning: no hole of zeros.
      await().until(() -> Files.size(log) > LARGEST);
      files.bound();
      await().until(() -> Files.size(log) > 0);
      writer.kill();
    }
    assertThat(Files.size(before)).as("the newest part").isEqualTo(LARGEST);
    for (Path file : List.of(log, before)) {
      try (Stream<String> lines = Files.lines(file)) {
        assertThat(lines.limit(5)).allMatch(line -> "a line".endsWith(line));
      }
    }
  }

  @Test
  void aLogWithinItsBoundIsLeftAlone(@TempDir Path folder) throws Exception {
    Path log = Files.writeString(folder.resolve("messages"), "a line\n");
    try (LogFiles files = new LogFiles(List.of(log), LARGEST)) {
      files.bound();
    }
    assertThat(log).hasContent("a line");
    assertThat(folder.resolve("messages.1")).doesNotExist();
  }

  @Test
  void asteriskAndMySqlAppendToTheirLogs() throws Exception {
    try (TestAsterisk asterisk = TestAsterisk.start()) {
      long pid = asterisk.asterisk().process().pid();
      assertAppends(pid, "console.log");
      assertAppends(pid, "messages");
      assertThat(asterisk.home().resolve("log/queue_log")).doesNotExist();
    }
    assertAppends(TestMySql.shared().server().process().pid(), "mysql.log");
  }

  private static void assertAppends(long pid, String name) throws IOException {
    Path process = Path.of("/proc/" + pid);
    List<Path> descriptors;
    try (Stream<Path> all = Files.list(process.resolve("fd"))) {
      descriptors =
          all.filter(fd -> target(fd).endsWith("/" + name)).map(Path::getFileName).toList();
    }
    assertThat(descriptors).as(name).isNotEmpty();
    for (Path descriptor : descriptors) {
      String flags =
          Files.readAllLines(process.resolve("fdinfo").resolve(descriptor)).stream()
              .filter(line -> line.startsWith("flags:"))
              .findFirst()
              .orElseThrow();
      assertThat(Long.parseLong(flags.substring(6).strip(), 8) & 02000)
          .as(name + " is appended to")
          .isNotZero();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }
}

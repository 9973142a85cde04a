package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.careline.harness.FreePorts;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The process tree of a whole instance, with the real parts. */
class SupervisorTest {

  @Test
  void partsThatDieComeBackAloneAndAllGoWithTheSupervisor() throws Exception {
    Path home = TestFolders.create("with space");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (TestInstance instance = TestInstance.up(home, FreePorts.range(), Map.of())) {
      Map<String, Long> before = instance.pids();
      assertThat(before).containsOnlyKeys("mysql", "asterisk", "engine");

      // The engine dies: calls live on, so Asterisk is the same process.
      ProcessHandle.of(before.get("engine")).orElseThrow().destroyForcibly();
      awaitAnother(instance, "engine", before.get("engine"));
      assertThat(instance.pids()).containsEntry("asterisk", before.get("asterisk"));
      assertThat(instance.pids()).containsEntry("mysql", before.get("mysql"));

      // The database and the switch die: the engine goes on.
      long engine = instance.pids().get("engine");
      ProcessHandle.of(before.get("mysql")).orElseThrow().destroyForcibly();
      ProcessHandle.of(before.get("asterisk")).orElseThrow().destroyForcibly();
      awaitAnother(instance, "mysql", before.get("mysql"));
      awaitAnother(instance, "asterisk", before.get("asterisk"));
      assertThat(instance.pids()).containsEntry("engine", engine);

      Command status = instance.careline("status");
      assertThat(status.exitCode()).isZero();
      assertThat(status.output().lines().map(line -> line.replaceAll("\t[0-9]+\t", "\tpid\t")))
          .containsExactly(
              "supervisor\trunning\tpid\t-",
              "mysql\trunning\tpid\t" + instance.ports().mysql(),
              "asterisk\trunning\tpid\t" + instance.ports().sip(),
              "engine\trunning\tpid\t" + instance.ports().http());

      for (String file :
          new String[] {
            "secrets", "runtime.yaml", "journal.db", "journal.db-wal", "journal.db-shm"
          }) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(file))))
            .isEqualTo("rw-------");
      }
      for (Path folder : List.of(home, home.resolve("asterisk"), home.resolve("recordings"))) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
            .as(folder.toString())
            .isEqualTo("rwx------");
      }

      // The supervisor is killed: everything goes.
      Map<String, Long> last = instance.pids();
      ProcessHandle.of(instance.supervisor().pid()).orElseThrow().destroyForcibly();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> last.values().stream().noneMatch(TestInstance::lives));
      assertThat(instance.careline("status").output()).isEqualTo("supervisor\tstopped\t-\t-\n");

      // What it left does not hinder the next one.
      try (TestInstance again = TestInstance.up(home, FreePorts.range(), Map.of())) {
        assertThat(again.pids()).containsOnlyKeys("mysql", "asterisk", "engine");
      }
    }
  }

  /** The calls are the switch's: it must not be touched when the engine is replaced. */
  @Test
  @Tag("long")
  void anEngineThatStandsStillIsReplacedAndOneThatPausesIsNot() {
    try (TestInstance instance = TestInstance.up()) {
      Map<String, Long> before = instance.pids();
      signal("STOP", before.get("engine"));
      await()
          .pollDelay(Duration.ofSeconds(8))
          .atMost(Duration.ofSeconds(9))
          .until(() -> instance.pids().equals(before));
      signal("CONT", before.get("engine"));
      await()
          .during(Duration.ofSeconds(7))
          .atMost(Duration.ofSeconds(8))
          .until(() -> instance.pids().equals(before));

      signal("STOP", before.get("engine"));
      awaitAnother(instance, "engine", before.get("engine"));
      assertThat(TestInstance.lives(before.get("engine"))).isFalse();
      assertThat(instance.pids()).containsEntry("asterisk", before.get("asterisk"));
      assertThat(instance.pids()).containsEntry("mysql", before.get("mysql"));
      assertThat(instance.log()).contains("engine lives but has not answered for 30 s");
      assertThat(instance.careline("status").exitCode()).isZero();
      assertThat(instance.careline("stop").exitCode()).isZero();
      assertThat(instance.supervisor().alive()).isFalse();
    }
  }

  @Test
  @Tag("long")
  void twoInstancesRunSideBySideAndEachIsStoppedAlone() {
    try (TestInstance first = TestInstance.up();
        TestInstance second = TestInstance.up("--outside")) {
      assertThat(second.pids()).containsOnlyKeys("mysql", "asterisk", "outside", "engine");
      Command third =
          Command.run(
              TestInstance.java("up"),
              Map.of("CARELINE_HOME", first.home().toString(), "CARELINE_PORT_BASE", "21500"),
              Duration.ofSeconds(60));
      assertThat(third.exitCode()).isEqualTo(1);
      assertThat(third.errors())
          .isEqualTo(
              "careline: an instance is already running in %s (process %d): stop it first\n"
                  .formatted(first.home(), first.supervisor().pid()));

      Map<String, Long> gone = first.pids();
      Command stop = first.careline("stop");
      assertThat(stop.exitCode()).isZero();
      assertThat(stop.output()).isEmpty();
      assertThat(first.supervisor().alive()).isFalse();
      assertThat(gone.values()).noneMatch(TestInstance::lives);
      assertThat(first.home().resolve("runtime.yaml")).doesNotExist();
      assertThat(second.careline("status").exitCode()).isZero();
      assertThat(first.careline("stop").exitCode()).as("stop twice").isZero();
    }
  }

  @Test
  void aTakenPortIsToldInOneLine() {
    try (TestInstance first = TestInstance.up()) {
      Path home = TestFolders.create("instance");
      Command second =
          Command.run(
              TestInstance.java("up"),
              Map.of(
                  "CARELINE_HOME",
                  home.toString(),
                  "CARELINE_PORT_BASE",
                  "" + first.ports().base()),
              Duration.ofSeconds(60));
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.output()).isEmpty();
      assertThat(second.errors())
          .isEqualTo(
              "careline: port taken: %d (MySQL): end its owner or set CARELINE_PORT_BASE\n"
                  .formatted(first.ports().mysql()));
    }
  }

  @Test
  void aWrongConfigurationStopsTheStart() throws Exception {
    Path home = TestFolders.create("instance");
    Path file = home.resolve("careline.yaml");
    Files.writeString(file, "htpp:\n  port: 1\n");
    try (FreePorts.Range range = FreePorts.range()) {
      Command up =
          Command.run(
              TestInstance.java("up"),
              Map.of(
                  "CARELINE_HOME", home.toString(),
                  "CARELINE_CONFIG", file.toString(),
                  "CARELINE_PORT_BASE", "" + range.base()),
              Duration.ofSeconds(60));
      assertThat(up.exitCode()).isEqualTo(1);
      assertThat(up.errors()).startsWith("careline: " + file + ":1: ").contains("http");
    }
  }

  /** Own Asterisk and own MySQL: nothing of ours is started, so this also shows that both count. */
  @Test
  void aFirstStartWithoutItsMySqlEndsWithTheReasonAndNoSecret() throws Exception {
    Path home = TestFolders.create("instance");
    Path file = home.resolve("careline.yaml");
    Files.writeString(
        file,
        """
        database:
          url: jdbc:mysql://127.0.0.1:1/careline
          password: hunter22
        asterisk:
          host: 127.0.0.1
          amiPort: 1
          engineSecret: hunter22
          credSecret: hunter22
          agiToken: hunter22hunter22
        """);
    try (FreePorts.Range range = FreePorts.range()) {
      Command up =
          Command.run(
              TestInstance.java("up"),
              Map.of(
                  "CARELINE_HOME", home.toString(),
                  "CARELINE_CONFIG", file.toString(),
                  "CARELINE_PORT_BASE", "" + range.base()),
              Duration.ofSeconds(90));
      assertThat(up.exitCode()).isEqualTo(1);
      assertThat(up.output()).isEmpty();
      assertThat(up.errors().lines().filter(line -> !line.startsWith("{")))
          .singleElement()
          .asString()
          .startsWith("careline: the first start needs MySQL: it does not answer");
      assertThat(up.errors()).doesNotContain("hunter22");
      assertThat(home.resolve("mysql")).doesNotExist();
      assertThat(home.resolve("asterisk")).doesNotExist();
    }
  }

  private static void signal(String name, long pid) {
    Command kill =
        Command.run(List.of("kill", "-" + name, "" + pid), Map.of(), Duration.ofSeconds(5));
    assertThat(kill.succeeded()).as(kill.errors()).isTrue();
  }

  private static void awaitAnother(TestInstance instance, String part, long before) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> instance.pids().getOrDefault(part, before) != before);
  }
}

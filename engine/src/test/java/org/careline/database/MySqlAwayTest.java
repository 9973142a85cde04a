package org.careline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.careline.call.Journal;
import org.careline.customer.ReferenceSnapshot;
import org.careline.harness.FreePorts;
import org.careline.harness.TestFolders;
import org.careline.harness.TestMySql;
import org.careline.local.Folders;
import org.careline.local.LocalMySql;
import org.careline.local.Packages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MySQL goes and comes back; the engine's parts that do without it do so. */
class MySqlAwayTest {
  @TempDir Path folder;

  private static void soon(Callable<Boolean> condition) {
    await().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(20)).until(condition);
  }

  @Test
  void nothingIsLostOrDoubledAndLeadershipGoesOnUnconfirmed() throws Exception {
    Path home = TestFolders.create("away");
    try (FreePorts.Range range = FreePorts.range()) {
      LocalMySql server = start(home, range);
      Database database =
          new Database(server.url() + "&connectTimeout=500", server.user(), server.password(), 4);
      try {
        database.migrate();
        Counting.createTable(database);
        run(home, range, server, database);
      } finally {
        database.close();
      }
    } finally {
      Folders.delete(home);
    }
  }

  private static LocalMySql start(Path home, FreePorts.Range range) {
    return LocalMySql.start(
        Packages.ensure(),
        home,
        range.ports().mysql(),
        "carelineTestPassword",
        TestMySql.options());
  }

  private void run(Path home, FreePorts.Range range, LocalMySql first, Database database)
      throws Exception {
    LocalMySql server = first;
    Path journalFile = folder.resolve("journal.sqlite");
    Path referenceFile = folder.resolve("reference.bin");
    Leader.Options quick =
        new Leader.Options(Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ofSeconds(5));
    try (Journal journal = new Journal(journalFile, InstantSource.system());
        Leader leader = new Leader(database.dataSource(), journal, quick, InstantSource.system());
        JournalWriter writer =
            new JournalWriter(
                journal,
                database.dataSource(),
                List.of(new Counting("call", false)),
                InstantSource.system());
        ReferenceSnapshot reference = new ReferenceSnapshot(database.dataSource(), referenceFile)) {
      reference.start();
      leader.switchUp(true);
      leader.start();
      writer.start();
      soon(leader::confirmed);
      for (int i = 0; i < 500; i++) {
        journal.append("call", "c" + i, "v");
      }
      server.process().kill();
      for (int i = 500; i < 1000; i++) {
        journal.append("call", "c" + i, "v");
      }
      soon(() -> !leader.confirmed() && writer.lag().trouble().isPresent());
      assertThat(leader.leading()).isTrue();
      assertThat(writer.lag().entries()).isPositive();
      assertThat(reference.current().tier("standard").rank()).isEqualTo(100);
    }

    // the engine restarts meanwhile: it leads on, serves by the file and dials nothing
    try (Journal journal = new Journal(journalFile, InstantSource.system());
        Leader leader = new Leader(database.dataSource(), journal, quick, InstantSource.system());
        JournalWriter writer =
            new JournalWriter(
                journal,
                database.dataSource(),
                List.of(new Counting("call", false)),
                InstantSource.system());
        ReferenceSnapshot reference = new ReferenceSnapshot(database.dataSource(), referenceFile)) {
      reference.start();
      assertThat(reference.servingFromFile()).isTrue();
      assertThat(reference.current().tier("standard").nameZh()).isEqualTo("普通");
      leader.switchUp(true);
      leader.start();
      writer.start();
      soon(leader::leading);
      assertThat(leader.epoch()).isEqualTo(1);
      assertThat(leader.confirmed()).isFalse();
      journal.append("call", "c1000", "v");

      server = start(home, range);
      soon(leader::confirmed);
      assertThat(leader.epoch()).isEqualTo(1);
      soon(() -> journal.health().waiting() == 0 && writer.lag().entries() == 0);
      soon(() -> !reference.servingFromFile());
      assertThat(Counting.count(database, "true")).isEqualTo(1001);
      assertThat(journal.health().setAside()).isZero();
    } finally {
      server.process().kill();
    }

    try (ReferenceSnapshot firstStart =
        new ReferenceSnapshot(database.dataSource(), folder.resolve("none.bin"))) {
      assertThatThrownBy(firstStart::start)
          .isInstanceOf(DatabaseUnusable.class)
          .hasMessageContaining("first start needs MySQL");
    }
  }
}

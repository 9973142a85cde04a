package org.careline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.careline.call.Journal;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class JournalWriterTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();

  @TempDir Path folder;
  private Database database;
  private Journal journal;

  @BeforeEach
  void open() throws SQLException {
    database = MYSQL.database();
    Counting.createTable(database);
    database.jdbi().useHandle(handle -> handle.execute("DELETE FROM counted"));
    database.jdbi().useHandle(handle -> handle.execute("DELETE FROM lease"));
    journal = new Journal(folder.resolve("journal.sqlite"), InstantSource.system());
    journal.epoch(5);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private JournalWriter writer(Counting... appliers) {
    JournalWriter writer =
        new JournalWriter(
            journal, database.dataSource(), List.of(appliers), InstantSource.system());
    writer.start();
    return writer;
  }

  private void lease(long epoch) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "REPLACE INTO lease VALUES ('leader', 'other', ?, UTC_TIMESTAMP(3))", epoch));
  }

  private void delivered() {
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> journal.health().waiting() == 0 && journal.health().undelivered() == 0);
  }

  @Test
  void deliversEverythingOnceInBatches() throws Exception {
    for (int i = 0; i < 3000; i++) {
      journal.append("call", "c" + i, "v");
    }
    journal.flush().get();
    try (JournalWriter writer = writer(new Counting("call", false))) {
      delivered();
      assertThat(writer.lag().entries()).isZero();
      assertThat(writer.lag().oldest()).isZero();
    }
    assertThat(Counting.count(database, "true")).isEqualTo(3000);
  }

  @Test
  void aRepeatedBatchChangesNothing() throws Exception {
    for (int i = 0; i < 100; i++) {
      journal.append("call", "c" + i, "v");
    }
    journal.flush().get();
    new Counting("call", false)
        .apply(autoCommitting(), journal.undelivered(60)); // committed, but never marked
    try (JournalWriter writer = writer(new Counting("call", false))) {
      delivered();
      assertThat(writer.lag().trouble()).isEmpty();
    }
    assertThat(Counting.count(database, "true")).isEqualTo(100);
  }

  private java.sql.Connection autoCommitting() throws SQLException {
    return database.dataSource().getConnection();
  }

  @Test
  void aPoisonEntryIsSetAsideAndTheOthersGoOn() throws Exception {
    for (int i = 0; i < 50; i++) {
      journal.append("call", "c" + i, i == 20 ? "poison" : "v");
    }
    journal.append("call", "long", "x".repeat(30)); // too long for its column: MySQL refuses it
    journal.append("nobody", "n", "v");
    journal.append("call", "last", "v");
    journal.flush().get();
    try (JournalWriter writer = writer(new Counting("call", false))) {
      delivered();
      assertThat(writer.lag().entries()).isZero();
    }
    assertThat(Counting.count(database, "true")).isEqualTo(50);
    assertThat(journal.health().setAside()).isEqualTo(3);
  }

  @Test
  void anOlderEpochIsRefusedUnlessItMerges() throws Exception {
    journal.append("state", "s", "v");
    journal.append("history", "h", "v");
    journal.flush().get();
    lease(6);
    try (JournalWriter writer =
        writer(new Counting("state", false), new Counting("history", true))) {
      delivered();
      assertThat(writer.lag().trouble()).isEmpty();
      assertThat(Counting.count(database, "kind = 'state'")).isZero();
      assertThat(Counting.count(database, "kind = 'history'")).isEqualTo(1);
      assertThat(journal.health().setAside()).isEqualTo(1);

      journal.epoch(6);
      journal.appendDurably("state", "s", "v").get();
      delivered();
      assertThat(Counting.count(database, "kind = 'state' AND epoch = 6")).isEqualTo(1);
    }
  }
}

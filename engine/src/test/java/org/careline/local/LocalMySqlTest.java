package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.careline.database.Database;
import org.careline.harness.FreePorts;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.careline.harness.TestMySql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LocalMySqlTest {
  private static final String PASSWORD = "aGoodPasswordOfTests";

  private static final List<Path> folders = new ArrayList<>();

  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  @Test
  void theSharedServerHasAMigratedSchemaAndAForeignZone(Database database) {
    assertThat(one(database, "SELECT COUNT(*) > 0 FROM flyway_schema_history", Boolean.class))
        .isTrue();
    assertThat(one(database, "SELECT CONCAT(@@global.time_zone, ' ', @@version)", String.class))
        .startsWith("+05:45 9.7.");
    assertThat(one(database, "SELECT NOW(3)", Instant.class))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
  }

  @Test
  void keepsItsDataAndLetsNobodyElseIn() throws Exception {
    Path home = folder("my sql");
    try (FreePorts.Range range = FreePorts.range()) {
      int port = range.ports().mysql();
      try (LocalMySql first = start(home, port, PASSWORD)) {
        try (Connection connection =
            DriverManager.getConnection(first.url(), first.user(), PASSWORD)) {
          connection.createStatement().execute("CREATE TABLE kept (id INT PRIMARY KEY)");
          connection.createStatement().execute("INSERT INTO kept VALUES (7)");
        }
        assertThatThrownBy(() -> DriverManager.getConnection(first.url(), "root", ""))
            .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> DriverManager.getConnection(first.url(), first.user(), "wrong"))
            .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> start(folder("mysql"), port, PASSWORD))
            .isInstanceOf(CannotStart.class)
            .hasMessageStartingWith("port taken: " + port + " (MySQL)");
        assertThat(Files.getPosixFilePermissions(home.resolve("first.sql")))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
      try (LocalMySql second = start(home, port, "another" + PASSWORD);
          Connection connection =
              DriverManager.getConnection(second.url(), second.user(), second.password());
          ResultSet row = connection.createStatement().executeQuery("SELECT id FROM kept")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isEqualTo(7);
      }
    }
  }

  @Test
  void saysWhyMySqlEnded() {
    try (FreePorts.Range range = FreePorts.range()) {
      assertThatThrownBy(
              () ->
                  LocalMySql.start(
                      Packages.ensure(),
                      folder("mysql"),
                      range.ports().mysql(),
                      PASSWORD,
                      TestMySql.options().with("--no-such-option")))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("no-such-option");
    }
  }

  @AfterAll
  static void removeTheData() throws IOException {
    for (Path folder : folders) {
      Folders.delete(folder);
    }
  }

  private static Path folder(String prefix) {
    Path folder = TestFolders.create(prefix);
    folders.add(folder);
    return folder;
  }

  private static <T> T one(Database database, String sql, Class<T> type) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(type).one());
  }

  private static LocalMySql start(Path home, int port, String password) {
    return LocalMySql.start(Packages.ensure(), home, port, password, TestMySql.options());
  }
}

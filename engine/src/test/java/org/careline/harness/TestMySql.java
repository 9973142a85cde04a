package org.careline.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.careline.database.Database;
import org.careline.local.Folders;
import org.careline.local.LocalMySql;
import org.careline.local.Packages;

/**
 * The one real MySQL of this test JVM, started by its first user and ended with the JVM. Its zone
 * is not UTC, so that a session which forgot its zone shows. Thread-safe.
 */
public final class TestMySql {
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static TestMySql shared;

  private final LocalMySql server;

  private TestMySql(LocalMySql server) {
    this.server = server;
  }

  public static synchronized TestMySql shared() {
    if (shared == null) {
      Path home = TestFolders.create("mysql");
      FreePorts.Range range = FreePorts.range();
      LocalMySql server =
          LocalMySql.start(
              Packages.ensure(), home, range.ports().mysql(), "carelineTestPassword", options());
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.process().kill();
                    try {
                      Folders.delete(home);
                    } catch (IOException e) {
                      // target/ is removed by the next clean
                    }
                  },
                  "test-mysql-end"));
      shared = new TestMySql(server);
    }
    return shared;
  }

  /** Small, quick, all schemas, far from UTC. */
  public static LocalMySql.Options options() {
    return new LocalMySql.Options(
        128, false, true, "+05:45", List.of("--innodb-redo-log-capacity=64M"));
  }

  /** A fresh schema with all migrations; the caller closes it. */
  public Database freshDatabase() {
    return database(freshSchema());
  }

  /** A fresh schema with all migrations; gives its name. */
  public String freshSchema() {
    String schema = "test_" + SCHEMAS.incrementAndGet();
    execute("CREATE DATABASE " + schema);
    try (Database database = database(schema)) {
      database.migrate();
    }
    return schema;
  }

  /** A pool on a schema; the caller closes it. */
  public Database database(String schema) {
    return new Database(server.url(schema), server.user(), server.password(), 8);
  }

  public void drop(String schema) {
    execute("DROP DATABASE IF EXISTS " + schema);
  }

  public LocalMySql server() {
    return server;
  }

  private void execute(String sql) {
    try (Connection connection =
            DriverManager.getConnection(server.url(), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}

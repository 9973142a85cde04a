package org.careline.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.careline.call.Applier;
import org.careline.call.Journal;

/** Writes each entry once into a table of its own and refuses the word poison. */
record Counting(String kind, boolean takesOlderEpochs) implements Applier {

  static void createTable(Database database) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS counted (kind VARCHAR(16), name VARCHAR(64), epoch BIGINT,"
              + " seq BIGINT, value VARCHAR(20) NOT NULL, PRIMARY KEY (kind, name, epoch, seq))");
    }
  }

  @Override
  public void apply(Connection connection, List<Journal.Entry> batch) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO counted VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE seq = seq")) {
      for (Journal.Entry entry : batch) {
        if (entry.json().contains("poison")) {
          throw new IllegalArgumentException("cannot be read");
        }
        insert.setString(1, entry.kind());
        insert.setString(2, entry.key());
        insert.setLong(3, entry.epoch());
        insert.setLong(4, entry.seq());
        insert.setString(5, entry.as(String.class));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  static long count(Database database, String condition) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT count(*) FROM counted WHERE " + condition)
                    .mapTo(Long.class)
                    .one());
  }
}

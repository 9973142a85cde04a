package org.careline.task;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.careline.thread.Beat;

/**
 * How many sites have told of danger and nobody has taken it on himself yet: counted every few
 * seconds, so that all can see it without asking the database. Thread-safe.
 */
public final class OpenDangers implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(3);

  private final DataSource source;
  private final Beat turns;
  private volatile int count;

  public OpenDangers(DataSource source) {
    this.source = source;
    this.turns = Beat.every("open-dangers", EVERY, this::look);
  }

  public void start() {
    turns.start();
  }

  /** As last counted; while MySQL is away, the count before. */
  public int count() {
    return count;
  }

  private void look() throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT COUNT(*) FROM task WHERE state = 'open' AND kind = 'danger'");
        ResultSet row = query.executeQuery()) {
      row.next();
      count = row.getInt(1);
    }
  }

  @Override
  public void close() {
    turns.close();
  }
}

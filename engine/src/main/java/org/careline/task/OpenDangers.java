package org.careline.task;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.careline.thread.Beat;

/**
 * How many sites have told of danger and nobody has taken it on himself yet: counted every few
 * seconds, so that all can see it without asking the database. Thread-safe.
 */
public final class OpenDangers implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(3);

  /** Who must see them; of those nobody has to see, who sees all tasks. */
  private static final String PEOPLE =
      "SELECT u.name, COALESCE(u.agent_number, '') FROM user_account u JOIN task t"
          + " ON t.state = 'open' AND t.kind = 'danger' AND (u.login = t.assigned_to"
          + " OR t.assigned_to IS NULL AND FIND_IN_SET('supervisor', REPLACE(u.roles, ' ', '')))"
          + " WHERE u.active GROUP BY u.login, u.name, u.agent_number"
          + " ORDER BY MIN(t.assigned_to IS NULL), u.name LIMIT 3";

  /**
   * @param people whom to call about them, by name and number inside; at most three
   */
  public record Now(int count, List<String> people) {
    public Now {
      people = List.copyOf(people);
    }
  }

  private final DataSource source;
  private final Beat turns;
  private volatile Now now = new Now(0, List.of());

  public OpenDangers(DataSource source) {
    this.source = source;
    this.turns = Beat.every("open-dangers", EVERY, this::look);
  }

  public void start() {
    turns.start();
  }

  /** As last looked; while MySQL is away, as before. */
  public Now now() {
    return now;
  }

  void look() throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT COUNT(*) FROM task WHERE state = 'open' AND kind = 'danger'");
        ResultSet row = query.executeQuery()) {
      row.next();
      int count = row.getInt(1);
      now = new Now(count, count == 0 ? List.of() : people(connection));
    }
  }

  private static List<String> people(Connection connection) throws SQLException {
    List<String> people = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(PEOPLE);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        String inside = rows.getString(2);
        people.add(rows.getString(1) + (inside.isEmpty() ? "" : " (" + inside + ")"));
      }
    }
    return people;
  }

  @Override
  public void close() {
    turns.close();
  }
}

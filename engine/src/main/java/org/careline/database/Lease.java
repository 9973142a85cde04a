package org.careline.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import javax.sql.DataSource;

/**
 * The row that says who leads, changed by compare-and-set only and by the database's clock, so that
 * the clocks of the machines do not matter. Stateless; thread-safe.
 */
final class Lease {
  static final String NAME = "leader";
  private static final int DEADLINE_MILLIS = 3_000;

  private final DataSource source;
  private final long ttlMicros;

  Lease(DataSource source, Duration ttl) {
    this.source = source;
    this.ttlMicros = ttl.toNanos() / 1_000;
  }

  /** Extends the lease; false when it belongs to somebody else or to a later epoch. */
  boolean renew(String holder, long epoch) throws SQLException {
    return change(
        "UPDATE lease SET expires_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND"
            + " WHERE name = ? AND holder = ? AND epoch = ?",
        ttlMicros,
        NAME,
        holder,
        epoch);
  }

  /**
   * Takes the lease when nobody holds it: a new epoch. The same holder gets his own back with the
   * epoch it had, because his journal goes on.
   *
   * @return the epoch, or empty when somebody else leads
   */
  OptionalLong take(String holder) throws SQLException {
    try (Connection connection = connection()) {
      try (PreparedStatement query =
          connection.prepareStatement(
              "SELECT holder, epoch, expires_at < UTC_TIMESTAMP(3) FROM lease WHERE name = ?")) {
        query.setString(1, NAME);
        try (ResultSet row = query.executeQuery()) {
          if (!row.next()) {
            return update(
                    connection,
                    "INSERT IGNORE INTO lease (name, holder, epoch, expires_at)"
                        + " VALUES (?, ?, 1, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)",
                    NAME,
                    holder,
                    ttlMicros)
                ? OptionalLong.of(1)
                : OptionalLong.empty();
          }
          long epoch = row.getLong(2);
          boolean own = row.getString(1).equals(holder);
          if (!own && !row.getBoolean(3)) {
            return OptionalLong.empty();
          }
          long next = own ? epoch : epoch + 1;
          boolean taken =
              update(
                  connection,
                  "UPDATE lease SET holder = ?, epoch = ?,"
                      + " expires_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND"
                      + " WHERE name = ? AND holder = ? AND epoch = ?"
                      + " AND (holder = ? OR expires_at < UTC_TIMESTAMP(3))",
                  holder,
                  next,
                  ttlMicros,
                  NAME,
                  row.getString(1),
                  epoch,
                  holder);
          return taken ? OptionalLong.of(next) : OptionalLong.empty();
        }
      }
    }
  }

  /** Lets the lease end now, so that another one need not wait for it. */
  void release(String holder, long epoch) throws SQLException {
    change(
        "UPDATE lease SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"
            + " WHERE name = ? AND holder = ? AND epoch = ?",
        NAME,
        holder,
        epoch);
  }

  /** What the database's clock says. */
  Instant databaseTime() throws SQLException {
    try (Connection connection = connection();
        PreparedStatement query = connection.prepareStatement("SELECT UTC_TIMESTAMP(6)");
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }
  }

  private boolean change(String sql, Object... values) throws SQLException {
    try (Connection connection = connection()) {
      return update(connection, sql, values);
    }
  }

  private static boolean update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate() == 1;
    }
  }

  /** With a short deadline on the socket: a database that hangs must not hold the leader up. */
  private Connection connection() throws SQLException {
    Connection connection = source.getConnection();
    try {
      connection.setNetworkTimeout(Runnable::run, DEADLINE_MILLIS);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}

package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the plain JDBC parts share. Instants are UTC in DATETIME(3). Stateless. */
public final class Sql {
  /**
   * The status of a site that waits for its call: 4 while its round is paused. Pausing first
   * commits the round's flag and then moves the sites, so none is forgotten: who wrote before is
   * moved, who writes later reads the flag.
   */
  static final String WAITING_STATUS =
      "(SELECT IF(r.paused, 4, 0) FROM round r WHERE r.id = round_site.round_id)";

  /**
   * An attempt that found no channel, on our trunk or behind it, has rung nobody: it costs the site
   * nothing. One whose phone rang, or may have, counts whatever its cause. See {@link
   * org.careline.telephony.NoChannel}.
   */
  public static final String NO_CHANNEL =
      " COALESCE(a.answered_at IS NULL AND NOT a.rang AND (a.hangup_cause IN (34, 42, 44)"
          + " OR a.hangup_cause IS NULL AND a.dial_status IN ('CONGESTION', 'CHANUNAVAIL')), FALSE)";

  private static final String COUNTS =
      " (a.placed_at IS NOT NULL OR a.settled_at IS NULL) AND NOT" + NO_CHANNEL;

  private static final String NUMBER =
      "SELECT COALESCE(placed_at, created_at) AS at FROM %s WHERE e164 = ? AND created_at > ?"
          + " AND (placed_at IS NOT NULL OR settled_at IS NULL)";

  private static final String PAST =
      "SELECT COALESCE(a.placed_at, a.created_at) AS at, a.e164, %s AS disposition,"
          + " rs.round_id = ? AS this_round";

  /** Of a call that goes on and is over for some of its sites: the person was spoken to. */
  private static final String OF_PERSON =
      String.format(
          PAST,
          "COALESCE(a.disposition, (SELECT x.disposition FROM attempt_site x"
              + " WHERE x.attempt_id = a.id AND x.disposition IS NOT NULL"
              + " ORDER BY x.position LIMIT 1))");

  /** Of the calls around one on its trunk. */
  private static final String TRUNK_FULL =
      "SELECT COALESCE(COUNT(DISTINCT e164) >= 3 AND NOT MAX(found), FALSE) AS full FROM (SELECT"
          + " a.e164, NOT"
          + NO_CHANNEL
          + " AS found FROM attempt me JOIN attempt a ON a.trunk = me.trunk"
          + " AND a.placed_at > me.placed_at - INTERVAL 30 MINUTE"
          + " AND a.placed_at < me.placed_at + INTERVAL 30 MINUTE"
          + " WHERE me.id = ? AND a.e164 <> me.e164"
          + " AND (a.settled_at IS NOT NULL OR a.answered_at IS NOT NULL OR a.rang)"
          + " ORDER BY a.placed_at DESC LIMIT 50) lately";

  private Sql() {}

  /** Runs one statement with its values in order; an {@link Instant} is stored as UTC. */
  public static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  public static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      statement.setObject(
          i + 1,
          value instanceof Instant instant
              ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
              : value);
    }
  }

  public static Instant instant(ResultSet rs, String column) throws SQLException {
    LocalDateTime value = rs.getObject(column, LocalDateTime.class);
    return value == null ? null : value.toInstant(ZoneOffset.UTC);
  }

  /** The epoch of the leader's lease, locked until the transaction ends; 0 before the first one. */
  public static long leaseEpoch(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT epoch FROM lease WHERE name = 'leader' FOR SHARE");
        ResultSet rs = statement.executeQuery()) {
      return rs.next() ? rs.getLong(1) : 0;
    }
  }

  /** The attempts on a site that count: all but those known never to have been placed. */
  static List<Past> history(Connection connection, long siteId, long roundId) throws SQLException {
    return past(
        connection,
        String.format(PAST, "x.disposition")
            + " FROM round_site rs JOIN attempt_site x ON x.round_site_id = rs.id"
            + " JOIN attempt a ON a.id = x.attempt_id WHERE rs.site_id = ?"
            + " AND"
            + COUNTS,
        roundId,
        siteId);
  }

  /**
   * The attempts that count on any number of a person, for whichever sites, a call once: of this
   * round, and those of the last days that caps look at.
   */
  static List<Past> person(Connection connection, long contactId, long roundId, Instant now)
      throws SQLException {
    return past(
        connection,
        OF_PERSON
            + " FROM phone p JOIN attempt a ON a.e164 = p.e164 AND a.extension = p.extension"
            + " JOIN round_site rs ON rs.id = a.round_site_id WHERE p.contact_id = ?"
            + " AND (a.created_at > ? OR rs.round_id = ?) AND"
            + COUNTS,
        roundId,
        contactId,
        now.minus(Duration.ofDays(8)),
        roundId);
  }

  /**
   * Keeps with a call that found no channel whether its trunk had none for anybody: at least three
   * other numbers were rung by it within half an hour, and none of the latest 50 found one.
   */
  static void keepWhetherFull(Connection connection, String attemptId) throws SQLException {
    boolean full;
    try (PreparedStatement statement = connection.prepareStatement(TRUNK_FULL)) {
      bind(statement, attemptId);
      try (ResultSet rs = statement.executeQuery()) {
        full = rs.next() && rs.getBoolean(1);
      }
    }
    update(connection, "UPDATE attempt SET trunk_full = ? WHERE id = ?", full, attemptId);
  }

  /** The calls of the round to a number of the site that found no channel, oldest first. */
  static List<Refused> withoutChannel(Connection connection, long siteId, long roundId, String e164)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT a.placed_at AS at, a.trunk_full FROM round_site rs"
                + " JOIN attempt_site x ON x.round_site_id = rs.id"
                + " JOIN attempt a ON a.id = x.attempt_id WHERE rs.round_id = ? AND rs.site_id = ?"
                + " AND a.e164 = ? AND a.placed_at IS NOT NULL AND"
                + NO_CHANNEL
                + " ORDER BY a.placed_at")) {
      bind(statement, roundId, siteId, e164);
      List<Refused> refused = new ArrayList<>();
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          refused.add(new Refused(instant(rs, "at"), rs.getBoolean("trunk_full")));
        }
      }
      return refused;
    }
  }

  private static List<Past> past(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      List<Past> history = new ArrayList<>();
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          history.add(
              new Past(
                  instant(rs, "at"),
                  rs.getString("e164"),
                  Optional.ofNullable(rs.getString("disposition")).flatMap(Disposition::of),
                  rs.getBoolean("this_round")));
        }
      }
      return history;
    }
  }

  /** When the number was rung in the hour before, for a round or for a task. */
  static List<Instant> numberHistory(Connection connection, String e164, Instant now)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            String.format(NUMBER, "attempt")
                + " UNION ALL "
                + String.format(NUMBER, "task_attempt"))) {
      // a call can be placed some minutes after its row was written
      Instant since = now.minusSeconds(2 * 3600);
      bind(statement, e164, since, e164, since);
      List<Instant> history = new ArrayList<>();
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          history.add(instant(rs, "at"));
        }
      }
      return history;
    }
  }
}

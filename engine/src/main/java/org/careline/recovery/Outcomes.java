package org.careline.recovery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.careline.call.CallId;

/** Asks MySQL which calls have been accounted for. Blocks; thread-safe. */
final class Outcomes {
  private static final int AT_ONCE = 500;

  private final DataSource source;

  Outcomes(DataSource source) {
    this.source = source;
  }

  /** An outcome as it stands in the database. */
  record Row(CallId id, String outcome, Instant arrivedAt, String agent) {}

  /** Those of the given calls that have an outcome. */
  Set<CallId> among(Collection<CallId> ids) throws SQLException {
    Set<CallId> found = new HashSet<>();
    List<CallId> all = List.copyOf(ids);
    if (all.isEmpty()) {
      return found;
    }
    try (Connection connection = source.getConnection()) {
      for (int from = 0; from < all.size(); from += AT_ONCE) {
        List<CallId> part = all.subList(from, Math.min(all.size(), from + AT_ONCE));
        String marks = String.join(",", java.util.Collections.nCopies(part.size(), "?"));
        try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT id FROM call_record WHERE outcome IS NOT NULL AND id IN (" + marks + ")")) {
          for (int i = 0; i < part.size(); i++) {
            query.setString(i + 1, part.get(i).value());
          }
          try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
              found.add(new CallId(row.getString(1)));
            }
          }
        }
      }
    }
    return found;
  }

  /** Whether there is any call, or any site that was dialled. */
  boolean any() throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT EXISTS (SELECT 1 FROM call_record)"
                    + " OR EXISTS (SELECT 1 FROM attempt WHERE placed_at IS NOT NULL)");
        ResultSet row = query.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** All calls that arrived in the time given, with and without outcome (then null). */
  List<Row> between(Instant from, Instant to) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Connection connection = source.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT id, outcome, arrived_at, agent_number FROM call_record"
                    + " WHERE arrived_at >= ? AND arrived_at < ?")) {
      query.setObject(1, from.atOffset(ZoneOffset.UTC));
      query.setObject(2, to.atOffset(ZoneOffset.UTC));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          rows.add(
              new Row(
                  new CallId(row.getString(1)),
                  row.getString(2),
                  row.getObject(3, OffsetDateTime.class).toInstant(),
                  row.getString(4)));
        }
      }
    }
    return rows;
  }
}

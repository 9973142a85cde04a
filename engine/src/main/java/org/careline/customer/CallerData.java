package org.careline.customer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bound numbers and the blocklist as of one revision: small, changed while calls come in, and so
 * loaded by itself. Immutable.
 */
public final class CallerData {
  public static final CallerData NONE = new CallerData(-1, Map.of(), Map.of());
  private static final long FOR_EVER = Long.MAX_VALUE;

  /**
   * @param siteId 0 = the whole customer's
   */
  record Bound(long customerId, long siteId) {}

  private final long revision;
  private final Map<String, List<Bound>> bound;

  /** Milliseconds of the end by number. */
  private final Map<String, Long> blocked;

  private CallerData(long revision, Map<String, List<Bound>> bound, Map<String, Long> blocked) {
    this.revision = revision;
    this.bound = Map.copyOf(bound);
    this.blocked = Map.copyOf(blocked);
  }

  long revision() {
    return revision;
  }

  List<Bound> bound(String e164) {
    return bound.getOrDefault(e164, List.of());
  }

  boolean blocked(String e164, Instant now) {
    Long until = blocked.get(e164);
    return until != null && now.toEpochMilli() < until;
  }

  static long revision(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT number FROM revision WHERE topic = 'callers'")) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  static CallerData load(Connection connection) throws SQLException {
    long revision = revision(connection);
    Map<String, List<Bound>> bound = new HashMap<>();
    Map<String, Long> blocked = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery(
              "SELECT e164, customer_id, owner_site FROM known_number ORDER BY id")) {
        while (row.next()) {
          bound
              .computeIfAbsent(row.getString(1), number -> new ArrayList<>(1))
              .add(new Bound(row.getLong(2), row.getLong(3)));
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT e164, until_at FROM blocked_number"
                  + " WHERE until_at IS NULL OR until_at > UTC_TIMESTAMP(3)")) {
        while (row.next()) {
          LocalDateTime until = row.getObject(2, LocalDateTime.class);
          blocked.put(
              row.getString(1),
              until == null ? FOR_EVER : until.toInstant(ZoneOffset.UTC).toEpochMilli());
        }
      }
    }
    return new CallerData(revision, bound, blocked);
  }

  void put(DataOutputStream out) throws IOException {
    out.writeLong(revision);
    out.writeInt(bound.size());
    for (Map.Entry<String, List<Bound>> number : bound.entrySet()) {
      out.writeUTF(number.getKey());
      out.writeInt(number.getValue().size());
      for (Bound one : number.getValue()) {
        out.writeLong(one.customerId());
        out.writeLong(one.siteId());
      }
    }
    out.writeInt(blocked.size());
    for (Map.Entry<String, Long> number : blocked.entrySet()) {
      out.writeUTF(number.getKey());
      out.writeLong(number.getValue());
    }
  }

  static CallerData get(DataInputStream in) throws IOException {
    long revision = in.readLong();
    Map<String, List<Bound>> bound = new HashMap<>();
    for (int n = in.readInt(); n > 0; n--) {
      List<Bound> owners = new ArrayList<>();
      String number = in.readUTF();
      for (int each = in.readInt(); each > 0; each--) {
        owners.add(new Bound(in.readLong(), in.readLong()));
      }
      bound.put(number, owners);
    }
    Map<String, Long> blocked = new HashMap<>();
    for (int n = in.readInt(); n > 0; n--) {
      blocked.put(in.readUTF(), in.readLong());
    }
    return new CallerData(revision, bound, blocked);
  }
}

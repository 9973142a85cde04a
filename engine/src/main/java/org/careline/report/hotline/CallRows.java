package org.careline.report.hotline;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Reads calls and offers for the figures, row by row, so that a year needs no memory. Blocks;
 * thread-safe.
 */
public final class CallRows {
  /** A statement that takes longer is ended by the database: its reader has given up. */
  private static final int DEADLINE_SECONDS = 60;

  private static final int AT_ONCE = 500;

  /** Longer than any caller is with us before he joins the queue. */
  static final Duration LONGEST = Duration.ofHours(6);

  static final String CALL_COLUMNS =
      "SELECT r.id, r.line_code, r.tier_code, r.skill, r.agent_number, r.arrived_at, r.joined_at,"
          + " r.answered_at, r.outcome, r.ended_by, r.wait_ms, r.talk_ms - COALESCE(r.hold_ms, 0),"
          + " r.hold_ms, r.caller_e164 IS NULL, r.known_by <=> 'number',"
          + " r.survey_offered, r.survey_score";

  private static final String CALL =
      CALL_COLUMNS
          + " FROM call_record r WHERE r.entered_at >= ? AND r.entered_at < ? AND r.outcome IS ";

  static final String LEG =
      "SELECT l.call_id, l.n, r.line_code, r.tier_code, r.skill, r.entered_at, l.agent_number,"
          + " l.offered_at, l.answered_at, l.ended_at, l.result, l.hold_ms, 0, l.ended_by FROM call_record r JOIN call_leg l ON l.call_id = r.id"
          + " WHERE r.entered_at >= ? AND r.entered_at < ?";

  /** Shaped as an offer, of which only the dimensions and the work count. */
  private static final String WRAP =
      "SELECT w.call_id, 0, r.line_code, r.tier_code, r.skill, r.entered_at, w.agent_number,"
          + " w.began_at, NULL, w.ended_at, '', 0,"
          + " TIMESTAMPDIFF(MICROSECOND, w.began_at, w.ended_at) DIV 1000, NULL"
          + " FROM call_record r JOIN after_call_work w ON w.call_id = r.id"
          + " WHERE r.entered_at >= ? AND r.entered_at < ? AND w.ended_at IS NOT NULL";

  private static final String FIRST_CALL =
      "SELECT r.line_code, r.tier_code, r.skill, r.agent_number, r.entered_at, ";

  /** No contact was made so late. */
  private static final String NEVER = "CAST('9999-01-01' AS DATETIME(3))";

  /** A device that nobody noted may be the same. */
  private static final String SAME_DEVICE =
      "(o.device = m.device OR o.device = '' OR m.device = '')";

  /**
   * Any later contact about the same site and device, whoever made it: a call of the site, unless
   * it is known to be about another device only; a call joined to this matter or to another one of
   * site and device (headquarters, account manager); a matter of them told otherwise than by a
   * call. Without a site: a call joined to it, or from the number it was told from.
   */
  private static final String NEXT =
      "NULLIF(LEAST(COALESCE((SELECT MIN(n.arrived_at) FROM call_record n"
          + " WHERE n.site_id = m.site_id AND n.arrived_at > r.arrived_at AND n.id <> r.id"
          + " AND NOT EXISTS (SELECT 1 FROM matter_contact j JOIN matter o ON o.id = j.matter_id"
          + " WHERE j.kind = 'call' AND j.contact_id = n.id AND NOT "
          + SAME_DEVICE
          + ")), "
          + NEVER
          + "), COALESCE((SELECT MIN(n.arrived_at) FROM matter o JOIN matter_contact j"
          + " ON j.matter_id = o.id AND j.kind = 'call' JOIN call_record n ON n.id = j.contact_id"
          + " WHERE (o.id = m.id OR o.site_id = m.site_id AND "
          + SAME_DEVICE
          + ") AND n.arrived_at > r.arrived_at), "
          + NEVER
          + "), COALESCE((SELECT MIN(o.opened_at) FROM matter o WHERE o.site_id = m.site_id"
          + " AND o.source <> 'call' AND o.opened_at > m.opened_at AND "
          + SAME_DEVICE
          + "), "
          + NEVER
          + "), COALESCE((SELECT MIN(n.arrived_at) FROM call_record n WHERE m.site_id IS NULL"
          + " AND n.caller_e164 = m.e164 AND n.arrived_at > r.arrived_at), "
          + NEVER
          + ")), "
          + NEVER
          + ")";

  /** Matters of kinds that a call can settle, opened from a call; then the next contact. */
  private static final String MATTER =
      FIRST_CALL
          + "m.opened_at, "
          + NEXT
          + ", m.kind_code, COALESCE(k.parent_code, k.code), o.code FROM call_record r"
          + " JOIN matter_contact c ON c.kind = 'call' AND c.contact_id = r.id"
          + " JOIN matter m ON m.id = c.matter_id AND m.source = 'call'"
          + " JOIN matter_kind k ON k.code = m.kind_code AND k.by_phone"
          + " LEFT JOIN customer o ON o.id = m.customer_id"
          + " WHERE r.entered_at >= ? AND r.entered_at < ? AND NOT EXISTS (SELECT 1 FROM"
          + " matter_contact e WHERE e.matter_id = c.matter_id AND e.kind = 'call' AND"
          + " (e.joined_at, e.contact_id) < (c.joined_at, c.contact_id))";

  private static final String PROMISE =
      FIRST_CALL
          + "t.due_at, t.first_placed_at, NULL, NULL, NULL FROM call_record r JOIN task t ON t.call_id = r.id"
          + " WHERE r.entered_at >= ? AND r.entered_at < ? AND t.kind IN ('promise', 'closing')";

  private static final String ALL_MATTERS =
      "SELECT m.kind_code, COALESCE(k.parent_code, k.code), c.code, m.last_agent, m.opened_at,"
          + " m.result, m.due_at, m.done_at FROM matter m"
          + " JOIN matter_kind k ON k.code = m.kind_code"
          + " LEFT JOIN customer c ON c.id = m.customer_id"
          + " WHERE m.opened_at >= ? AND m.opened_at < ?";

  private final DataSource source;

  public CallRows(DataSource source) {
    this.source = source;
  }

  /** Calls with an outcome that entered in [from, to), in no order. */
  void ended(Instant from, Instant to, Consumer<CallFacts> reader) throws SQLException {
    read(CALL + "NOT NULL", from, to, row -> reader.accept(call(row)));
  }

  /** Calls without outcome that arrived in [from, to); when they joined is not in them. */
  void open(Instant from, Instant to, Consumer<CallFacts> reader) throws SQLException {
    read(CALL + "NULL", from, to, row -> reader.accept(call(row)));
  }

  /** Offers of the calls that entered in [from, to), in no order. */
  void legs(Instant from, Instant to, Consumer<LegFacts> reader) throws SQLException {
    read(LEG, from, to, row -> reader.accept(leg(row)));
  }

  /** After-call work that has ended, of the calls that entered in [from, to), in no order. */
  void wraps(Instant from, Instant to, Consumer<LegFacts> reader) throws SQLException {
    read(WRAP, from, to, row -> reader.accept(leg(row)));
  }

  /** Matters that a call can settle, first told of in calls that entered in [from, to). */
  void matters(Instant from, Instant to, Consumer<AfterFacts> reader) throws SQLException {
    read(MATTER, from, to, row -> reader.accept(after(row)));
  }

  /** All matters opened in [from, to), in no order. */
  void opened(Instant from, Instant to, Consumer<MatterFacts> reader) throws SQLException {
    read(
        ALL_MATTERS,
        from,
        to,
        row ->
            reader.accept(
                new MatterFacts(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    instant(row, 5),
                    row.getString(6),
                    instant(row, 7),
                    instant(row, 8))));
  }

  /** Callbacks promised in calls that entered in [from, to). */
  void promises(Instant from, Instant to, Consumer<AfterFacts> reader) throws SQLException {
    read(PROMISE, from, to, row -> reader.accept(after(row)));
  }

  private static AfterFacts after(ResultSet row) throws SQLException {
    return new AfterFacts(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        instant(row, 5),
        instant(row, 6),
        instant(row, 7),
        row.getString(8),
        row.getString(9),
        row.getString(10));
  }

  @FunctionalInterface
  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void read(String sql, Instant from, Instant to, RowReader reader) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
      // the driver's sign for a stream
      query.setFetchSize(Integer.MIN_VALUE);
      query.setQueryTimeout(DEADLINE_SECONDS);
      query.setTimestamp(1, Timestamp.from(from));
      query.setTimestamp(2, Timestamp.from(to));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          reader.read(rows);
        }
      }
    }
  }

  /**
   * When calls without outcome joined the queue, as their history has it: the record gets it with
   * the outcome. Calls that did not join are missing.
   */
  Map<String, Instant> joined(Collection<String> ids) throws SQLException {
    Map<String, Instant> found = new HashMap<>();
    List<String> all = List.copyOf(ids);
    if (all.isEmpty()) {
      return found;
    }
    try (Connection connection = source.getConnection()) {
      for (int from = 0; from < all.size(); from += AT_ONCE) {
        List<String> part = all.subList(from, Math.min(all.size(), from + AT_ONCE));
        String marks = String.join(",", java.util.Collections.nCopies(part.size(), "?"));
        try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT call_id, MIN(at) FROM call_event WHERE call_id IN ("
                    + marks
                    + ") AND kind IN ('joined', 'entered_room', 'offer_made', 'answered',"
                    + " 'entered_fallback') GROUP BY call_id")) {
          for (int i = 0; i < part.size(); i++) {
            query.setString(i + 1, part.get(i));
          }
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              found.put(rows.getString(1), rows.getTimestamp(2).toInstant());
            }
          }
        }
      }
    }
    return found;
  }

  static CallFacts call(ResultSet row) throws SQLException {
    int score = row.getInt(17);
    Integer survey = row.wasNull() ? null : score;
    return new CallFacts(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        instant(row, 6),
        instant(row, 7),
        instant(row, 8),
        row.getString(9),
        row.getString(10),
        row.getLong(11),
        row.getLong(12),
        row.getLong(13),
        row.getBoolean(14),
        row.getBoolean(15),
        row.getBoolean(16),
        survey);
  }

  static LegFacts leg(ResultSet row) throws SQLException {
    return new LegFacts(
        row.getString(1),
        row.getInt(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        instant(row, 6),
        row.getString(7),
        instant(row, 8),
        instant(row, 9),
        instant(row, 10),
        row.getString(11),
        row.getLong(12),
        row.getLong(13),
        row.getString(14));
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }
}

package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.call.CallId;
import org.careline.callback.RetryPolicy.Verdict;
import org.careline.customer.ChangeHistory;

/**
 * Ends an attempt and says what its site does next, both in the caller's transaction. An attempt is
 * settled once: whoever comes second changes nothing. Stateless.
 */
final class Settlement {
  /** A site handed out but not dialled comes back after this, so that it does not come at once. */
  private static final Duration PASSED_OVER = Duration.ofMinutes(1);

  private static final String LOCK =
      "SELECT a.e164, a.agent_number, a.settled_at, a.placed_at, a.ended_at,"
          + " rs.id AS round_site_id, rs.round_id,"
          + " rs.site_id, rs.phone_position, r.rules, r.status, r.closing,"
          + " s.customer_id, s.code AS site_code, s.do_not_call,"
          + RuleBook.COLUMNS
          + " FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id"
          + " JOIN round r ON r.id = rs.round_id JOIN site s ON s.id = rs.site_id"
          + RuleBook.JOINS
          + " WHERE a.id = ? FOR UPDATE OF a, rs";

  private Settlement() {}

  private record Site(long id, long customerId, String code, boolean doNotCall, String agent) {}

  private record Row(
      String e164,
      boolean settled,
      Optional<Instant> placedAt,
      Optional<Instant> endedAt,
      long roundSiteId,
      long roundId,
      Site site,
      int phonePosition,
      CampaignRules rules,
      boolean closing,
      String trade,
      SiteRules calling,
      List<ClaimedSite.Phone> phones) {}

  /** What the person behind a position has been rung already. */
  private static List<Past> person(Connection connection, Row row, int position, Instant now) {
    if (position > row.phones().size()) {
      return List.of();
    }
    try {
      long contact = row.phones().get(position - 1).contactId();
      return Sql.person(connection, contact, row.roundId(), now);
    } catch (SQLException e) {
      throw new Unreadable(e);
    }
  }

  /** Carries the failure through the pure policy. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(SQLException cause) {
      super(cause);
    }
  }

  /**
   * Settles with a disposition.
   *
   * @return false when it was settled before or does not exist
   */
  static boolean settle(
      Connection connection,
      CallId id,
      Disposition disposition,
      String note,
      Optional<Instant> appointmentAt,
      Instant at)
      throws SQLException {
    Row row = lock(connection, id);
    if (row == null || row.settled()) {
      return false;
    }
    Instant endedAt = row.endedAt().orElse(at);
    Sql.update(
        connection,
        "UPDATE attempt SET state = 'settled', disposition = ?, note = ?, ended_at = ?,"
            + " settled_at = ? WHERE id = ? AND settled_at IS NULL",
        disposition.id(),
        note,
        endedAt,
        at,
        id.value());
    if (row.placedAt().isPresent()) {
      ContactHours.count(
          connection, row.trade(), row.placedAt().get().atZone(row.calling().zone()), disposition);
    }
    List<Past> history = new ArrayList<>(Sql.history(connection, row.site().id(), row.roundId()));
    Verdict verdict;
    try {
      verdict =
          RetryPolicy.decide(
              row.rules(),
              row.calling(),
              disposition,
              history,
              position -> person(connection, row, position, at),
              ContactHours.of(connection, row.trade(), at),
              row.e164(),
              row.phonePosition(),
              row.phones().size(),
              endedAt,
              appointmentAt,
              row.closing());
    } catch (Unreadable unreadable) {
      throw (SQLException) unreadable.getCause();
    }
    apply(connection, row, disposition, appointmentAt, verdict);
    if (disposition == Disposition.REFUSED_FOR_GOOD
        || disposition == Disposition.HEADQUARTERS_FORBIDS) {
      doNotCall(connection, row.site(), id, disposition, at);
    }
    return true;
  }

  private static void doNotCall(
      Connection connection, Site site, CallId id, Disposition disposition, Instant at)
      throws SQLException {
    String evidence = "call " + id.value() + " at " + at;
    Sql.update(
        connection,
        "UPDATE site SET do_not_call = TRUE, do_not_call_reason = ?, do_not_call_until = NULL,"
            + " do_not_call_evidence = ? WHERE id = ?",
        disposition.id(),
        evidence,
        site.id());
    ChangeHistory.write(
        connection,
        new ChangeHistory.By(site.agent(), evidence),
        List.of(
            new ChangeHistory.Change(
                site.customerId(),
                site.id(),
                "sites",
                site.code(),
                "do_not_call",
                site.doNotCall() ? "yes" : "no",
                "yes")));
    Sql.update(connection, "UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
  }

  private static void apply(
      Connection connection,
      Row row,
      Disposition disposition,
      Optional<Instant> appointmentAt,
      Verdict verdict)
      throws SQLException {
    switch (verdict) {
      case Verdict.Again again ->
          Sql.update(
              connection,
              "UPDATE round_site SET status = "
                  + Sql.WAITING_STATUS
                  + ", next_call_at = ?, phone_position = ?,"
                  + " last_disposition = ?, appointment_at = ? WHERE id = ? AND bin IS NULL",
              again.at(),
              again.phonePosition(),
              disposition.id(),
              appointmentAt.orElse(null),
              row.roundSiteId());
      case Verdict.Done done ->
          Sql.update(
              connection,
              "UPDATE round_site SET status = 3, bin = ?, last_disposition = ?,"
                  + " appointment_at = ? WHERE id = ? AND bin IS NULL",
              done.bin().id(),
              disposition.id(),
              appointmentAt.orElse(null),
              row.roundSiteId());
    }
  }

  /**
   * Settles an attempt that never was on the wire: it counts for nothing. Refused when the order
   * was permitted, unless {@code proven}: then evidence from the switch says so.
   */
  static boolean notPlaced(Connection connection, CallId id, Instant at, boolean proven)
      throws SQLException {
    Row row = lock(connection, id);
    if (row == null || row.settled() || (row.placedAt().isPresent() && !proven)) {
      return false;
    }
    Sql.update(
        connection,
        "UPDATE attempt SET state = 'settled', placed_at = NULL, ended_at = COALESCE(ended_at, ?),"
            + " settled_at = ? WHERE id = ? AND settled_at IS NULL",
        at,
        at,
        id.value());
    Instant from = at.plus(PASSED_OVER);
    Optional<Instant> again =
        CallingRules.nextPermitted(
            row.calling(),
            from,
            History.of(Sql.history(connection, row.site().id(), row.roundId())));
    if (row.closing() || again.isEmpty()) {
      Sql.update(
          connection,
          "UPDATE round_site SET status = 3, attempts = attempts - 1,"
              + " bin = CASE WHEN last_disposition = 'appointment' THEN 'appointment_pending'"
              + "  WHEN last_disposition = 'referred' THEN 'referral_pending'"
              + "  WHEN attempts > 0 THEN 'round_closed_first' ELSE 'not_dialled' END"
              + " WHERE id = ? AND bin IS NULL",
          row.roundSiteId());
    } else {
      Sql.update(
          connection,
          "UPDATE round_site SET status = "
              + Sql.WAITING_STATUS
              + ", attempts = attempts - 1, next_call_at = ?"
              + " WHERE id = ? AND bin IS NULL",
          again.get(),
          row.roundSiteId());
    }
    return true;
  }

  private static Row lock(Connection connection, CallId id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      Sql.bind(statement, id.value());
      try (ResultSet rs = statement.executeQuery()) {
        if (!rs.next()) {
          return null;
        }
        CampaignRules rules = RulesParser.parse(rs.getString("rules"));
        return new Row(
            rs.getString("e164"),
            Sql.instant(rs, "settled_at") != null,
            Optional.ofNullable(Sql.instant(rs, "placed_at")),
            Optional.ofNullable(Sql.instant(rs, "ended_at")),
            rs.getLong("round_site_id"),
            rs.getLong("round_id"),
            new Site(
                rs.getLong("site_id"),
                rs.getLong("customer_id"),
                rs.getString("site_code"),
                rs.getBoolean("do_not_call"),
                Optional.ofNullable(rs.getString("agent_number")).orElse("")),
            rs.getInt("phone_position"),
            rules,
            rs.getBoolean("closing") || rs.getString("status").equals("closed"),
            rs.getString("trade"),
            RuleBook.read(connection).site(rules, rs, false),
            SitePhones.of(connection, rs.getLong("site_id")));
      }
    }
  }
}

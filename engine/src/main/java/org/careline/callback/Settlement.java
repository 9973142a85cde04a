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
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.callback.RetryPolicy.Verdict;
import org.careline.customer.ChangeHistory;
import org.careline.customer.PhoneNumber;

/**
 * Ends an attempt for its sites, one by one or all at once, and says what each does next, both in
 * the caller's transaction. The attempt is settled with its last site. Each is settled once:
 * whoever comes second changes nothing. Stateless.
 */
final class Settlement {
  /** A site handed out but not dialled comes back after this, so that it does not come at once. */
  private static final Duration PASSED_OVER = Duration.ofMinutes(1);

  private static final String LOCK =
      "SELECT a.e164, a.agent_number, a.placed_at, a.ended_at, a.call_id, x.position,"
          + Sql.NO_CHANNEL
          + " AS no_channel, a.answered_at IS NOT NULL AS answered,"
          + " rs.id AS round_site_id, rs.round_id,"
          + " rs.site_id, rs.phone_position, r.rules, r.status, r.closing,"
          + " s.customer_id, s.code AS site_code, s.do_not_call,"
          + " ap.at AS promised_at, ap.asked, rf.made_at AS referred_at,"
          + RuleBook.COLUMNS
          + " FROM attempt a JOIN attempt_site x ON x.attempt_id = a.id"
          + " JOIN round_site rs ON rs.id = x.round_site_id"
          + " JOIN round r ON r.id = rs.round_id JOIN site s ON s.id = rs.site_id"
          + " LEFT JOIN appointment ap ON ap.id = rs.appointment_id"
          + " LEFT JOIN referral rf ON rf.id = rs.referral_id"
          + RuleBook.JOINS
          + " WHERE a.id = ? AND a.settled_at IS NULL AND x.settled_at IS NULL"
          + " AND (? IS NULL OR rs.id = ?) ORDER BY x.position FOR UPDATE OF a, x, rs";

  private Settlement() {}

  /**
   * What an attempt, or a site of it, has come to.
   *
   * @param by login of the agent, or engine
   */
  record Result(
      Disposition disposition,
      String note,
      Optional<Appointment> appointment,
      Optional<Referral> referral,
      String by,
      Instant at) {
    /** Where nobody is named. */
    Result(
        Disposition disposition,
        String note,
        Optional<Appointment> appointment,
        String by,
        Instant at) {
      this(disposition, note, appointment, Optional.empty(), by, at);
    }

    /** A person says so, not the switch. */
    boolean heard() {
      return !by.equals(AttemptJournal.ENGINE);
    }
  }

  private record Site(long id, long customerId, String code, boolean doNotCall, String agent) {}

  /**
   * @param promised the time of the appointment the site waits for
   * @param wish what the site waits for was asked for by somebody there, outside the rules
   * @param referredAt when somebody there named who is to be rung now
   */
  private record Row(
      String e164,
      int place,
      boolean rangItself,
      boolean noChannel,
      boolean answered,
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
      Optional<Instant> promised,
      Optional<Asked> wish,
      Optional<Instant> referredAt,
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
   * @param site of the round; empty = all sites of the attempt that are open
   * @return false when that was settled before or does not exist
   */
  static boolean settle(Connection connection, CallId id, Optional<Long> site, Result result)
      throws SQLException {
    Instant at = result.at();
    List<Row> rows = lock(connection, id, site);
    for (Row row : rows) {
      Sql.update(
          connection,
          "UPDATE attempt_site SET disposition = ?, note = ?, settled_at = ?"
              + " WHERE attempt_id = ? AND round_site_id = ? AND settled_at IS NULL",
          result.disposition().id(),
          result.note(),
          at,
          id.value(),
          row.roundSiteId());
    }
    if (rows.stream().anyMatch(Row::noChannel)) {
      Sql.keepWhetherFull(connection, id.value());
    }
    for (Row row : rows) {
      settle(connection, row, id, result);
    }
    if (!rows.isEmpty()) {
      // its own result is that of the site it was begun for
      Sql.update(
          connection,
          "UPDATE attempt a JOIN attempt_site x ON x.attempt_id = a.id AND x.position = 1"
              + " SET a.state = 'settled', a.disposition = x.disposition, a.note = x.note,"
              + " a.ended_at = COALESCE(a.ended_at, ?), a.settled_at = ?,"
              + " a.heard = ?"
              + " WHERE a.id = ? AND a.settled_at IS NULL AND NOT EXISTS (SELECT 1"
              + "  FROM attempt_site o WHERE o.attempt_id = a.id AND o.settled_at IS NULL)",
          at,
          at,
          result.heard(),
          id.value());
    }
    return !rows.isEmpty();
  }

  private static void settle(Connection connection, Row row, CallId id, Result result)
      throws SQLException {
    Disposition disposition = result.disposition();
    Instant at = result.at();
    Instant endedAt = row.endedAt().orElse(at);
    if (row.rangItself() && !result.heard()) {
      waitOn(connection, row, at);
      return;
    }
    if (row.placedAt().isPresent() || row.rangItself()) {
      SiteHeard.note(connection, row.site().id(), disposition, endedAt);
    }
    if (row.placedAt().isPresent() && row.place() == 1) {
      // one call, however many sites
      ContactHours.count(
          connection, row.trade(), row.placedAt().get().atZone(row.calling().zone()), disposition);
    }
    if (result.referral().isPresent()) {
      refer(connection, row, id, result, result.referral().get());
      return;
    }
    List<Past> history = new ArrayList<>(Sql.history(connection, row.site().id(), row.roundId()));
    boolean unrung = row.noChannel() && !result.heard();
    Verdict verdict;
    try {
      verdict =
          unrung
              ? withoutChannel(connection, row, history, endedAt, at)
              : RetryPolicy.decide(
                  row.rules(),
                  row.calling().asking(result.appointment().flatMap(Appointment::wish)),
                  disposition,
                  history,
                  position -> person(connection, row, position, at),
                  ContactHours.of(connection, row.trade(), at),
                  row.e164(),
                  row.phonePosition(),
                  row.phones().size(),
                  endedAt,
                  result.appointment().map(Appointment::at),
                  row.closing(),
                  result.heard());
    } catch (Unreadable unreadable) {
      throw (SQLException) unreadable.getCause();
    }
    if (unrung) {
      unrung(connection, row, disposition, verdict);
      return;
    }
    Long appointment =
        result.appointment().isPresent()
            ? keep(connection, row, id, result, result.appointment().get())
            : null;
    apply(
        connection,
        row,
        disposition,
        result.appointment().map(Appointment::at),
        appointment,
        verdict);
    if (disposition == Disposition.REFUSED_FOR_GOOD
        || disposition == Disposition.HEADQUARTERS_FORBIDS) {
      doNotCall(connection, row.site(), id, disposition, at);
    }
  }

  private static Verdict withoutChannel(
      Connection connection, Row row, List<Past> history, Instant endedAt, Instant at)
      throws SQLException {
    List<Refused> refused =
        Sql.withoutChannel(connection, row.site().id(), row.roundId(), row.e164());
    return RetryPolicy.withoutChannel(
        row.rules(),
        row.calling().asking(row.wish()),
        Refused.since(refused, history, row.e164()),
        history,
        position -> person(connection, row, position, at),
        row.phonePosition(),
        row.phones().size(),
        endedAt,
        row.referredAt(),
        row.promised(),
        row.closing());
  }

  /** Where the number that was named stands among the site's, from 1: he may have several. */
  private static int place(List<ClaimedSite.Phone> phones, PhoneNumber named) {
    for (int i = 0; i < phones.size(); i++) {
      if (phones.get(i).e164().equals(named.e164())
          && phones.get(i).extension().equals(named.extension())) {
        return i + 1;
      }
    }
    return 1;
  }

  /**
   * Who was named is the one to ring: at once where that is wanted, as soon as all rules permit but
   * the time between calls to the site. Until then, and when the round ends before, the site's
   * referral is pending.
   */
  private static void refer(
      Connection connection, Row row, CallId id, Result result, Referral referral)
      throws SQLException {
    long number =
        ReferralRows.keep(
            connection,
            new ReferralRows.Said(
                row.roundSiteId(),
                row.site().id(),
                row.site().code(),
                row.site().customerId(),
                id.value(),
                row.site().agent(),
                result.by(),
                result.at()),
            referral);
    List<ClaimedSite.Phone> phones = SitePhones.of(connection, row.site().id());
    int position = place(phones, referral.number());
    long contact = phones.get(position - 1).contactId();
    CampaignRules.RetryRule rule = row.rules().retry(Disposition.REFERRED);
    Instant at = result.at();
    History history =
        new History(
            Sql.history(connection, row.site().id(), row.roundId()),
            Sql.person(connection, contact, row.roundId(), at),
            Sql.numberHistory(connection, referral.number().e164(), at),
            Optional.of(at));
    Optional<Instant> again =
        row.closing()
            ? Optional.empty()
            : CallingRules.nextPermitted(
                row.calling(), referral.next() ? at : at.plus(rule.delay()), history);
    if (again.isEmpty()) {
      Sql.update(
          connection,
          "UPDATE round_site SET status = 3, bin = ?, last_disposition = 'referred',"
              + " appointment_at = NULL, appointment_id = NULL, referral_id = ?"
              + " WHERE id = ? AND bin IS NULL",
          Bin.REFERRAL_PENDING.id(),
          number,
          row.roundSiteId());
      return;
    }
    Sql.update(
        connection,
        "UPDATE round_site SET status = "
            + Sql.WAITING_STATUS
            + ", next_call_at = ?, phone_position = ?, last_disposition = 'referred',"
            + " appointment_at = ?, appointment_id = NULL, referral_id = ?"
            + " WHERE id = ? AND bin IS NULL",
        again.get(),
        position,
        referral.next() ? again.get() : null,
        number,
        row.roundSiteId());
  }

  private static long keep(
      Connection connection, Row row, CallId id, Result result, Appointment appointment)
      throws SQLException {
    Sql.update(
        connection,
        "INSERT IGNORE INTO appointment (round_site_id, attempt_id, at, agent_number, asked,"
            + " made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        row.roundSiteId(),
        id.value(),
        appointment.at(),
        appointment.agent().map(AgentNumber::value).orElse(null),
        appointment.asked(),
        result.by(),
        result.at());
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id FROM appointment WHERE attempt_id = ? AND round_site_id = ?")) {
      Sql.bind(statement, id.value(), row.roundSiteId());
      try (ResultSet rs = statement.executeQuery()) {
        rs.next();
        return rs.getLong(1);
      }
    }
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

  /** Nobody's phone has rung: what was promised to the site, and who was named, stand. */
  private static void unrung(
      Connection connection, Row row, Disposition disposition, Verdict verdict)
      throws SQLException {
    switch (verdict) {
      case Verdict.Again again ->
          Sql.update(
              connection,
              "UPDATE round_site SET status = "
                  + Sql.WAITING_STATUS
                  + ", next_call_at = ?, phone_position = ?, last_disposition ="
                  + " IF(appointment_id IS NULL AND referral_id IS NULL, ?, last_disposition)"
                  + " WHERE id = ? AND bin IS NULL",
              again.at(),
              again.phonePosition(),
              disposition.id(),
              row.roundSiteId());
      case Verdict.Done done -> {
        boolean closed = done.bin() == Bin.ROUND_CLOSED_FIRST;
        // the bin is new where it is asked for: columns are set from left to right
        Sql.update(
            connection,
            "UPDATE round_site SET status = 3, bin = CASE"
                + "  WHEN ? AND last_disposition = 'appointment' THEN 'appointment_pending'"
                + "  WHEN ? AND last_disposition = 'referred' THEN 'referral_pending'"
                + "  ELSE ? END, last_disposition = IF(bin IN ('appointment_pending',"
                + "  'referral_pending'), last_disposition, ?) WHERE id = ? AND bin IS NULL",
            closed,
            closed,
            done.bin().id(),
            disposition.id(),
            row.roundSiteId());
      }
    }
  }

  private static void apply(
      Connection connection,
      Row row,
      Disposition disposition,
      Optional<Instant> appointmentAt,
      Long appointment,
      Verdict verdict)
      throws SQLException {
    switch (verdict) {
      case Verdict.Again again ->
          Sql.update(
              connection,
              "UPDATE round_site SET status = "
                  + Sql.WAITING_STATUS
                  + ", next_call_at = ?, phone_position = ?,"
                  + " last_disposition = ?, appointment_at = ?, appointment_id = ?,"
                  + " referral_id = NULL WHERE id = ? AND bin IS NULL",
              again.at(),
              again.phonePosition(),
              disposition.id(),
              appointmentAt.orElse(null),
              appointment,
              row.roundSiteId());
      case Verdict.Done done ->
          Sql.update(
              connection,
              "UPDATE round_site SET status = 3, bin = ?, last_disposition = ?,"
                  + " appointment_at = ?, appointment_id = ?,"
                  + " referral_id = NULL WHERE id = ? AND bin IS NULL",
              done.bin().id(),
              disposition.id(),
              appointmentAt.orElse(null),
              appointment,
              row.roundSiteId());
    }
  }

  /**
   * Settles an attempt that never was on the wire: it counts for nothing. Refused when the order
   * was permitted, unless {@code proven}: then evidence from the switch says so. What was answered
   * was placed, whoever says otherwise: where the switch no longer knows it, nobody will ever tell
   * its end, and it ends as trouble of ours.
   */
  static boolean notPlaced(Connection connection, CallId id, Instant at, boolean proven)
      throws SQLException {
    List<Row> rows = lock(connection, id, Optional.empty());
    if (rows.isEmpty() || rows.getFirst().placedAt().isPresent() && !proven) {
      return false;
    }
    if (rows.getFirst().answered()) {
      return proven
          && settle(
              connection,
              id,
              Optional.empty(),
              new Result(Disposition.TECHNICAL, "", Optional.empty(), AttemptJournal.ENGINE, at));
    }
    Sql.update(
        connection,
        "UPDATE attempt SET state = 'settled', placed_at = NULL, ended_at = COALESCE(ended_at, ?),"
            + " settled_at = ? WHERE id = ? AND settled_at IS NULL",
        at,
        at,
        id.value());
    Sql.update(
        connection,
        "UPDATE attempt_site SET settled_at = ? WHERE attempt_id = ? AND settled_at IS NULL",
        at,
        id.value());
    for (Row row : rows) {
      passOver(connection, row, at);
    }
    return true;
  }

  /**
   * A site that rang itself and of which nobody has said what came of it waits on as if it had not:
   * what was promised to it stands, and nobody has rung it.
   */
  private static void waitOn(Connection connection, Row row, Instant at) throws SQLException {
    Sql.update(
        connection,
        "UPDATE appointment p JOIN round_site rs ON rs.appointment_id = p.id"
            + " SET p.rung_back_at = NULL, p.rung_back_call = NULL WHERE rs.id = ?",
        row.roundSiteId());
    Optional<Instant> again = comesAgain(connection, row, at);
    if (row.closing() || again.isEmpty()) {
      Sql.update(
          connection,
          "UPDATE round_site SET status = 3, bin = CASE"
              + "  WHEN last_disposition = 'appointment' THEN 'appointment_pending'"
              + "  WHEN last_disposition = 'referred' THEN 'referral_pending'"
              + "  WHEN attempts > 0 OR last_disposition IS NOT NULL THEN 'round_closed_first' ELSE 'not_dialled' END"
              + " WHERE id = ? AND bin IS NULL",
          row.roundSiteId());
    } else {
      Sql.update(
          connection,
          "UPDATE round_site SET status = "
              + Sql.WAITING_STATUS
              + ", next_call_at = GREATEST(COALESCE(appointment_at, ?), ?)"
              + " WHERE id = ? AND bin IS NULL",
          again.get(),
          // an appointment that is to come waits for its time, all else for what is permitted
          at,
          row.roundSiteId());
    }
  }

  /**
   * When a site that was handed out in vain may be rung: what somebody there has asked for, and
   * whom he has named, hold as they did before.
   */
  private static Optional<Instant> comesAgain(Connection connection, Row row, Instant at)
      throws SQLException {
    return CallingRules.nextPermitted(
        row.calling().asking(row.wish()),
        at.plus(PASSED_OVER),
        History.of(Sql.history(connection, row.site().id(), row.roundId()))
            .referred(row.referredAt()));
  }

  private static void passOver(Connection connection, Row row, Instant at) throws SQLException {
    Optional<Instant> again = comesAgain(connection, row, at);
    if (row.closing() || again.isEmpty()) {
      Sql.update(
          connection,
          "UPDATE round_site SET status = 3, attempts = attempts - 1,"
              + " bin = CASE WHEN last_disposition = 'appointment' THEN 'appointment_pending'"
              + "  WHEN last_disposition = 'referred' THEN 'referral_pending'"
              + "  WHEN attempts > 0 OR last_disposition IS NOT NULL THEN 'round_closed_first' ELSE 'not_dialled' END"
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
  }

  /** The sites of an open attempt that are open, all of them or the one. */
  private static List<Row> lock(Connection connection, CallId id, Optional<Long> site)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      Sql.bind(statement, id.value(), site.orElse(null), site.orElse(null));
      try (ResultSet rs = statement.executeQuery()) {
        if (!rs.next()) {
          return rows;
        }
        CampaignRules rules = RulesParser.parse(rs.getString("rules"));
        RuleBook book = RuleBook.read(connection);
        do {
          rows.add(row(connection, rs, rules, book));
        } while (rs.next());
      }
    }
    return rows;
  }

  private static Optional<Asked> wish(Instant at, String asked) {
    return Optional.ofNullable(at)
        .flatMap(time -> new Appointment(time, Optional.empty(), asked).wish());
  }

  private static Row row(Connection connection, ResultSet rs, CampaignRules rules, RuleBook book)
      throws SQLException {
    return new Row(
        rs.getString("e164"),
        rs.getInt("position"),
        rs.getString("call_id") != null,
        rs.getBoolean("no_channel"),
        rs.getBoolean("answered"),
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
        book.site(rules, rs, false),
        Optional.ofNullable(Sql.instant(rs, "promised_at")),
        wish(Sql.instant(rs, "promised_at"), rs.getString("asked")),
        Optional.ofNullable(Sql.instant(rs, "referred_at")),
        SitePhones.of(connection, rs.getLong("site_id")));
  }
}

package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.careline.agent.AgentNumber;
import org.careline.callback.Campaign.Mode;
import org.careline.customer.DoNotCall;

/**
 * Takes due sites out of the open rounds, each to exactly one claimer.
 *
 * <p>Due time, retry delay and calling window are folded into {@code next_call_at} when a row is
 * written, so that one range scan of the index {@code (status, tier, next_call_at)} per tier finds
 * the rows whatever the size of the table. {@code MAX_EXECUTION_TIME} because a query outlives its
 * client and would hold its row locks. A claim is a lease by database time: its expiry frees it. A
 * site being dialled is never freed by time. Thread-safe.
 */
public final class DueSites {
  private static final String DUE =
      "SELECT /*+ MAX_EXECUTION_TIME(700) */ id FROM round_site"
          + " WHERE status = 0 AND tier = ? AND next_call_at <= ?"
          + " ORDER BY next_call_at LIMIT ? FOR UPDATE SKIP LOCKED";
  private static final String APPOINTMENTS =
      "SELECT /*+ MAX_EXECUTION_TIME(700) */ id FROM round_site"
          + " WHERE status = 0 AND appointment_at <= ? AND next_call_at <= ? AND tier IN (%s)"
          + " ORDER BY appointment_at LIMIT ? FOR UPDATE SKIP LOCKED";
  private static final String DETAILS =
      "SELECT rs.id, rs.phone_position, r.id AS round_id, r.number, r.period_from, r.period_to,"
          + " r.rules, c.code AS campaign, c.shown_number,"
          // twice nobody knows what was heard: somebody must listen
          + " IF((SELECT COUNT(*) FROM attempt_site u WHERE u.round_site_id = rs.id"
          + "  AND u.disposition = 'no_answer_unverified') >= 2, 'preview', c.mode) AS mode,"
          + " "
          + " COALESCE(r.questionnaire_code, c.questionnaire_code) AS questionnaire_code,"
          + " COALESCE(r.questionnaire_version, c.questionnaire_version) AS questionnaire_version,"
          + " s.id AS site_id, s.code AS site_code, s.name AS site_name,"
          + " k.code AS customer_code, k.name AS customer_name, s.tier_code, t.min_grade,"
          + " s.city, s.address, s.remark, s.account_manager,"
          + " "
          + String.format(DoNotCall.SITE, DoNotCall.TODAY)
          + " AS do_not_call, ap.at AS appointment_at, ap.agent_number AS appointment_agent,"
          + " ap.asked AS appointment_asked, rs.appointment_at AS next_at,"
          + " rf.made_at AS referred_at, rf.agent_number AS referred_to,"
          + RuleBook.COLUMNS
          + " FROM round_site rs JOIN round r ON r.id = rs.round_id"
          + " JOIN campaign c ON c.id = r.campaign_id JOIN site s ON s.id = rs.site_id"
          + " JOIN customer k ON k.id = s.customer_id JOIN tier t ON t.code = s.tier_code"
          + " LEFT JOIN appointment ap ON ap.id = rs.appointment_id"
          + " LEFT JOIN referral rf ON rf.id = rs.referral_id"
          + RuleBook.JOINS
          + " WHERE rs.id IN (%s)";
  private static final String SAME_CONTACT =
      "SELECT rs.id FROM site_contact sc"
          + " JOIN round_site rs ON rs.round_id = ? AND rs.site_id = sc.site_id"
          + " WHERE sc.contact_id = ? AND rs.id <> ? AND (rs.status = 0"
          + "  AND (rs.next_call_at <= ? OR rs.next_call_at <= ? AND rs.appointment_at IS NULL)"
          + "  OR rs.status = 1 AND rs.claimed_by = ? AND rs.epoch = ?)"
          + " ORDER BY rs.next_call_at, rs.id LIMIT ? FOR UPDATE OF rs SKIP LOCKED";
  private final DataSource source;
  private final String holder;
  private final Duration lease;

  /** Rules of a round never change once it is open. */
  private final Map<Long, CampaignRules> rules = new ConcurrentHashMap<>();

  /**
   * @param holder names this engine among others
   * @param lease how long a claim stands; a claimer that dies loses it after this
   */
  public DueSites(DataSource source, String holder, Duration lease) {
    this.source = source;
    this.holder = holder;
    this.lease = lease;
  }

  /** This engine's lease of leadership is not the newest: nothing it writes counts. */
  public static final class StaleEpoch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StaleEpoch(long ours, long newest) {
      super("epoch " + ours + " is behind " + newest);
    }
  }

  /** The tiers that have due rows or may have, most urgent first. */
  public List<Integer> tiers() throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT DISTINCT tier FROM round_site WHERE status = 0 ORDER BY tier");
        ResultSet rs = statement.executeQuery()) {
      List<Integer> tiers = new ArrayList<>();
      while (rs.next()) {
        tiers.add(rs.getInt(1));
      }
      return tiers;
    }
  }

  /** The lowest grade of agent that may serve each tier, by its rank. */
  public Map<Integer, Integer> grades() throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT rank_no, MIN(min_grade) FROM tier GROUP BY rank_no");
        ResultSet rs = statement.executeQuery()) {
      Map<Integer, Integer> grades = new HashMap<>();
      while (rs.next()) {
        grades.put(rs.getInt(1), rs.getInt(2));
      }
      return grades;
    }
  }

  /**
   * Claims at most {@code limit} sites due at {@code now}: appointments whose time has come, then
   * tiers in the order given, longest due first. Throws {@link StaleEpoch} when another engine has
   * taken over.
   */
  public List<Long> claim(List<Integer> tiers, int limit, Instant now, long epoch)
      throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        List<Long> claimed = claim(connection, tiers, limit, now, epoch);
        connection.commit();
        return claimed;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private List<Long> claim(
      Connection connection, List<Integer> tiers, int limit, Instant now, long epoch)
      throws SQLException {
    long newest = Sql.leaseEpoch(connection);
    if (newest > epoch) {
      throw new StaleEpoch(epoch, newest);
    }
    List<Long> ids = new ArrayList<>();
    List<Object> appointments = new ArrayList<>(List.of(now, now));
    appointments.addAll(tiers);
    appointments.add(limit);
    if (!tiers.isEmpty()) {
      try (PreparedStatement statement =
          connection.prepareStatement(String.format(APPOINTMENTS, marks(tiers.size())))) {
        Sql.bind(statement, appointments.toArray());
        try (ResultSet rs = statement.executeQuery()) {
          while (rs.next()) {
            ids.add(rs.getLong(1));
          }
        }
      }
      lease(connection, ids, epoch);
    }
    try (PreparedStatement statement = connection.prepareStatement(DUE)) {
      for (int tier : tiers) {
        if (ids.size() >= limit) {
          break;
        }
        Sql.bind(statement, tier, now, limit - ids.size());
        try (ResultSet rs = statement.executeQuery()) {
          while (rs.next()) {
            ids.add(rs.getLong(1));
          }
        }
      }
    }
    lease(connection, ids, epoch);
    return ids;
  }

  private void lease(Connection connection, List<Long> ids, long epoch) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    List<Object> values = new ArrayList<>(List.of(holder, lease.toMillis() * 1000, epoch));
    values.addAll(ids);
    Sql.update(
        connection,
        "UPDATE round_site SET status = 1, claimed_by = ?,"
            + " lease_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, epoch = ?"
            + " WHERE id IN ("
            + marks(ids.size())
            + ")",
        values.toArray());
  }

  /**
   * Claims what the contact of a claimed site may be asked about in the same call: sites of the
   * round he answers for that are due until {@code until}, appointments only when their time has
   * come. Those this engine has claimed before are among them. Throws {@link StaleEpoch}.
   */
  List<Long> claimSameContact(
      ClaimedSite site, long contact, Instant now, Instant until, int limit, long epoch)
      throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        long newest = Sql.leaseEpoch(connection);
        if (newest > epoch) {
          throw new StaleEpoch(epoch, newest);
        }
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SAME_CONTACT)) {
          Sql.bind(
              statement,
              site.roundId(),
              contact,
              site.roundSiteId(),
              now,
              until,
              holder,
              epoch,
              limit);
          try (ResultSet rs = statement.executeQuery()) {
            while (rs.next()) {
              ids.add(rs.getLong(1));
            }
          }
        }
        lease(connection, ids, epoch);
        connection.commit();
        return ids;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /**
   * Whether a call goes on, or is not yet settled, in which its contact answers for other sites.
   */
  boolean inCall(ClaimedSite site) throws SQLException {
    if (site.phone().isEmpty()) {
      return false;
    }
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT 1 FROM site_contact sc JOIN round_site rs ON rs.site_id = sc.site_id"
                    + " AND rs.round_id = ? WHERE sc.contact_id = ? AND rs.status = 2 LIMIT 1")) {
      Sql.bind(statement, site.roundId(), site.phone().get().contactId());
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next();
      }
    }
  }

  /** Gives claimed sites back as if they had not been claimed. */
  void release(Collection<Long> roundSiteIds, long epoch) throws SQLException {
    if (roundSiteIds.isEmpty()) {
      return;
    }
    List<Object> values = new ArrayList<>(List.of(holder, epoch));
    values.addAll(roundSiteIds);
    try (Connection connection = source.getConnection()) {
      Sql.update(
          connection,
          "UPDATE round_site SET status = "
              + Sql.WAITING_STATUS
              + ", claimed_by = NULL, lease_until = NULL"
              + " WHERE status = 1 AND claimed_by = ? AND epoch = ? AND id IN ("
              + marks(roundSiteIds.size())
              + ")",
          values.toArray());
    }
  }

  /** What is needed to ring the claimed sites, in the order of the ids. */
  public List<ClaimedSite> details(List<Long> ids) throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    try (Connection connection = source.getConnection()) {
      return details(connection, ids);
    }
  }

  /** The same in the caller's transaction. */
  List<ClaimedSite> details(Connection connection, List<Long> ids) throws SQLException {
    Map<Long, ClaimedSite> sites = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(String.format(DETAILS, marks(ids.size())))) {
      Sql.bind(statement, ids.toArray());
      RuleBook book = RuleBook.read(connection);
      List<ClaimedSite> found = new ArrayList<>();
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          found.add(site(rs, book));
        }
      }
      List<Long> siteIds = found.stream().map(ClaimedSite::siteId).toList();
      Map<Long, List<ClaimedSite.Phone>> phones = SitePhones.of(connection, siteIds);
      Set<String> doNotCall = SitePhones.doNotCall(connection, siteIds);
      for (ClaimedSite site : found) {
        sites.put(
            site.roundSiteId(),
            with(site, phones.getOrDefault(site.siteId(), List.of()), doNotCall));
      }
    }
    return ids.stream().filter(sites::containsKey).map(sites::get).toList();
  }

  /** Gives a claimed site back without an attempt, due again at the instant. */
  public boolean giveBack(long roundSiteId, Instant dueAt, long epoch) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return Sql.update(
              connection,
              "UPDATE round_site SET status = "
                  + Sql.WAITING_STATUS
                  + ", claimed_by = NULL, lease_until = NULL,"
                  + " next_call_at = ? WHERE id = ? AND status = 1 AND claimed_by = ?"
                  + " AND epoch = ?",
              dueAt,
              roundSiteId,
              holder,
              epoch)
          == 1;
    }
  }

  /** Puts a claimed site into a bin without an attempt, for instance when it lost its numbers. */
  public boolean settle(long roundSiteId, Bin bin, long epoch) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return Sql.update(
              connection,
              "UPDATE round_site SET status = 3, bin = ?, claimed_by = NULL, lease_until = NULL"
                  + " WHERE id = ? AND status = 1 AND claimed_by = ? AND epoch = ?",
              bin.id(),
              roundSiteId,
              holder,
              epoch)
          == 1;
    }
  }

  /** Frees claims whose lease is over. Any engine may do it. */
  public int sweep() throws SQLException {
    try (Connection connection = source.getConnection()) {
      return Sql.update(
          connection,
          "UPDATE round_site SET status = "
              + Sql.WAITING_STATUS
              + ", claimed_by = NULL, lease_until = NULL"
              + " WHERE status = 1 AND lease_until < UTC_TIMESTAMP(3)");
    }
  }

  String holder() {
    return holder;
  }

  private ClaimedSite site(ResultSet rs, RuleBook book) throws SQLException {
    long roundId = rs.getLong("round_id");
    String text = rs.getString("rules");
    // of one that is not open yet nothing is known that stays
    CampaignRules campaign =
        text == null
            ? RulesParser.parse((String) null)
            : rules.computeIfAbsent(roundId, id -> RulesParser.parse(text));
    Optional<Appointment> appointment = appointment(rs);
    return new ClaimedSite(
        rs.getLong("id"),
        roundId,
        rs.getInt("number"),
        rs.getDate("period_from").toLocalDate(),
        rs.getDate("period_to").toLocalDate(),
        rs.getString("campaign"),
        Mode.of(rs.getString("mode")),
        rs.getString("shown_number"),
        rs.getString("questionnaire_code"),
        rs.getInt("questionnaire_version"),
        rs.getLong("site_id"),
        rs.getString("site_code"),
        rs.getString("site_name"),
        rs.getString("customer_code"),
        rs.getString("customer_name"),
        rs.getString("tier_code"),
        rs.getInt("min_grade"),
        rs.getString("trade"),
        rs.getString("province"),
        rs.getString("city"),
        rs.getString("address"),
        rs.getString("remark"),
        rs.getString("account_manager"),
        List.of(),
        rs.getInt("phone_position"),
        campaign,
        book.site(campaign, rs, rs.getBoolean("do_not_call"))
            .asking(appointment.flatMap(Appointment::wish)),
        appointment,
        Optional.ofNullable(Sql.instant(rs, "referred_at")));
  }

  /** Who was named is rung next by who has heard of him: as if it had been promised for now. */
  private static Optional<Appointment> appointment(ResultSet rs) throws SQLException {
    Instant at = Sql.instant(rs, "appointment_at");
    Instant next = Sql.instant(rs, "next_at");
    String agent = rs.getString("referred_to");
    if (at == null && next != null && agent != null) {
      return Optional.of(new Appointment(next, Optional.of(new AgentNumber(agent)), ""));
    }
    return at == null
        ? Optional.empty()
        : Optional.of(
            new Appointment(
                at,
                Optional.ofNullable(rs.getString("appointment_agent")).map(AgentNumber::new),
                rs.getString("appointment_asked")));
  }

  /** A number nobody is to be rung at keeps its place, and the next one is taken. */
  private static ClaimedSite with(
      ClaimedSite s, List<ClaimedSite.Phone> phones, Set<String> doNotCall) {
    int position = s.phonePosition();
    while (position <= phones.size() && doNotCall.contains(phones.get(position - 1).e164())) {
      position++;
    }
    return new ClaimedSite(
        s.roundSiteId(),
        s.roundId(),
        s.roundNumber(),
        s.periodFrom(),
        s.periodTo(),
        s.campaignCode(),
        s.mode(),
        s.shownNumber(),
        s.questionnaireCode(),
        s.questionnaireVersion(),
        s.siteId(),
        s.siteCode(),
        s.siteName(),
        s.customerCode(),
        s.customerName(),
        s.tierCode(),
        s.minGrade(),
        s.trade(),
        s.province(),
        s.city(),
        s.address(),
        s.remark(),
        s.accountManager(),
        phones,
        position,
        s.rules(),
        s.calling(),
        s.appointment(),
        s.referredAt());
  }

  /** Only question marks: values are never part of a statement. */
  static String marks(int count) {
    return String.join(",", Collections.nCopies(count, "?"));
  }
}

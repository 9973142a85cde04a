package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.customer.DoNotCall;
import org.careline.telephony.Outbound;

/**
 * The rows of attempts. Whatever leads to a ringing phone is committed here first, fenced by the
 * epoch: no database, no dialling. What follows (answered, ended, settled) comes through the
 * journal, see {@link AttemptAppliers}. Blocks; thread-safe.
 */
public final class AttemptRepository {
  private static final Duration NUMBER_BUSY = Duration.ofSeconds(30);

  /** What an attempt {@code a} of a round {@code r} may ring under, with the day twice. */
  private static final String PERMITTED =
      " r.status = 'open' AND NOT r.closing AND NOT r.paused"
          + " AND NOT EXISTS (SELECT 1 FROM task_attempt t WHERE t.open_number = a.e164)"
          + " AND NOT EXISTS (SELECT 1 FROM attempt_site x"
          + "  JOIN round_site o ON o.id = x.round_site_id"
          + "  JOIN site s ON s.id = o.site_id WHERE x.attempt_id = a.id AND "
          + String.format(DoNotCall.SITE, "?")
          + ")"
          + " AND NOT EXISTS (SELECT 1 FROM do_not_call_number n WHERE n.e164 = a.e164"
          + "  AND (n.until_date IS NULL OR n.until_date >= ?))";

  private final DataSource source;
  private final String holder;

  public AttemptRepository(DataSource source, String holder) {
    this.source = source;
    this.holder = holder;
  }

  /** What became of the wish to try a site. */
  public sealed interface Insertion {
    /**
     * @param sites all the attempt is for, the one it was begun for first
     * @param histories what counts of each, by its number in the round
     */
    record Committed(Attempt attempt, List<ClaimedSite> sites, Map<Long, History> histories)
        implements Insertion {}

    /** Caps, spacing, window or an open call to the number forbid it now; the row is due then. */
    record Later(Instant at) implements Insertion {}

    /** Nothing is left to try; the site is in this bin. */
    record Binned(Bin bin) implements Insertion {}

    /** The claim is no longer ours: expired, closed or taken over. */
    record ClaimLost() implements Insertion {}
  }

  public Insertion insert(ClaimedSite site, CallId id, AgentNumber agent, Instant now, long epoch)
      throws SQLException {
    return insert(site, List.of(), id, agent, now, epoch);
  }

  /**
   * Writes the attempt and turns its sites from claimed to dialling in one transaction, after
   * looking at caps, spacing and window. Throws {@link DueSites.StaleEpoch}.
   *
   * @param others claimed, to be rung at the same number of the same contact: those that may be
   *     rung now join the call, the others are due when they may
   */
  public Insertion insert(
      ClaimedSite site,
      List<ClaimedSite> others,
      CallId id,
      AgentNumber agent,
      Instant now,
      long epoch)
      throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        Insertion insertion = insert(connection, site, others, id, agent, now, epoch);
        connection.commit();
        return insertion;
      } catch (SQLIntegrityConstraintViolationException e) {
        // the unique key on the number of an open attempt has refused
        connection.rollback();
        Instant later = now.plus(NUMBER_BUSY);
        due(connection, site, later);
        connection.commit();
        return new Insertion.Later(later);
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private Insertion insert(
      Connection connection,
      ClaimedSite site,
      List<ClaimedSite> others,
      CallId id,
      AgentNumber agent,
      Instant now,
      long epoch)
      throws SQLException {
    long newest = Sql.leaseEpoch(connection);
    if (newest > epoch) {
      throw new DueSites.StaleEpoch(epoch, newest);
    }
    if (!claimed(connection, site.roundSiteId(), now, epoch)) {
      return new Insertion.ClaimLost();
    }
    Optional<Bin> gone = gone(connection, site.siteId());
    if (gone.isPresent()) {
      return bin(connection, site, gone.get());
    }
    if (DoNotCall.forbidsSite(connection, site.siteId(), now)) {
      return bin(connection, site, Bin.DO_NOT_CALL);
    }
    Optional<ClaimedSite.Phone> phone = site.phone();
    if (phone.isEmpty()) {
      return bin(connection, site, nothingLeft(connection, site, now));
    }
    if (DoNotCall.forbidsNumber(connection, phone.get().e164(), now)) {
      // since it was claimed: another of its numbers is looked for when it is claimed again
      Instant later = now.plus(NUMBER_BUSY);
      due(connection, site, later);
      return new Insertion.Later(later);
    }
    String e164 = phone.get().e164();
    History history =
        new History(
            Sql.history(connection, site.siteId(), site.roundId()),
            Sql.person(connection, phone.get().contactId(), site.roundId(), now),
            Sql.numberHistory(connection, e164, now),
            site.referredAt());
    Optional<Instant> permitted = CallingRules.nextPermitted(site.calling(), now, history);
    if (permitted.isEmpty()) {
      Optional<Instant> other = otherContact(connection, site, now);
      return other.isPresent()
          ? new Insertion.Later(other.get())
          : bin(connection, site, never(site, history));
    }
    if (permitted.get().isAfter(now)) {
      due(connection, site, permitted.get());
      return new Insertion.Later(permitted.get());
    }
    Optional<Instant> appointment = appointmentSoon(connection, site, phone.get(), now);
    if (appointment.isPresent()) {
      // asked then, with the one it was made for
      due(connection, site, appointment.get());
      return new Insertion.Later(appointment.get());
    }
    if (promised(connection, e164)) {
      Instant later = now.plus(NUMBER_BUSY);
      due(connection, site, later);
      return new Insertion.Later(later);
    }
    int seq = nextSeq(connection, site.roundSiteId());
    Instant at = now.truncatedTo(ChronoUnit.MILLIS);
    Sql.update(
        connection,
        "INSERT INTO attempt (id, round_site_id, seq, e164, extension, agent_number, mode, state,"
            + " created_at, epoch) VALUES (?, ?, ?, ?, ?, ?, ?, 'inserted', ?, ?)",
        id.value(),
        site.roundSiteId(),
        seq,
        e164,
        phone.get().extension(),
        agent.value(),
        site.modeFor(phone.get()).id(),
        at,
        epoch);
    List<ClaimedSite> sites = new ArrayList<>(List.of(site));
    Map<Long, History> histories = new HashMap<>(Map.of(site.roundSiteId(), history));
    for (ClaimedSite other : others) {
      Optional<History> joined = joins(connection, other, history, now, epoch);
      if (joined.isPresent()) {
        sites.add(other);
        histories.put(other.roundSiteId(), joined.get());
      }
    }
    for (int i = 0; i < sites.size(); i++) {
      ClaimedSite each = sites.get(i);
      Sql.update(
          connection,
          "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq) VALUES (?, ?, ?, ?)",
          id.value(),
          each.roundSiteId(),
          i + 1,
          i == 0 ? seq : nextSeq(connection, each.roundSiteId()));
      Sql.update(
          connection,
          "UPDATE round_site SET status = 2, claimed_by = NULL, lease_until = NULL,"
              + " attempts = attempts + 1, phone_position = ? WHERE id = ?",
          each.phonePosition(),
          each.roundSiteId());
    }
    return new Insertion.Committed(
        new Attempt(
            id,
            site.roundSiteId(),
            seq,
            e164,
            phone.get().extension(),
            Optional.of(agent),
            site.modeFor(phone.get()),
            "inserted",
            Optional.empty(),
            at,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            epoch,
            Optional.empty()),
        sites,
        histories);
  }

  /** What counts of a site, an attempt that goes on among it. */
  History history(ClaimedSite site, Instant now) throws SQLException {
    try (Connection connection = source.getConnection()) {
      List<Past> ofSite = Sql.history(connection, site.siteId(), site.roundId());
      return site.phone().isEmpty()
          ? History.of(ofSite)
          : new History(
              ofSite,
              Sql.person(connection, site.phone().get().contactId(), site.roundId(), now),
              Sql.numberHistory(connection, site.phone().get().e164(), now));
    }
  }

  /**
   * Whether a call to its contact may be about this site too, with what counts of it; if not it is
   * due when it may.
   */
  private Optional<History> joins(
      Connection connection, ClaimedSite site, History contact, Instant now, long epoch)
      throws SQLException {
    if (!claimed(connection, site.roundSiteId(), now, epoch)) {
      return Optional.empty();
    }
    Optional<Bin> gone = gone(connection, site.siteId());
    if (gone.isPresent() || DoNotCall.forbidsSite(connection, site.siteId(), now)) {
      bin(connection, site, gone.orElse(Bin.DO_NOT_CALL));
      return Optional.empty();
    }
    History history =
        new History(
            Sql.history(connection, site.siteId(), site.roundId()),
            contact.person(),
            contact.number(),
            site.referredAt());
    Optional<Instant> permitted = CallingRules.nextPermitted(site.calling(), now, history);
    if (permitted.isEmpty()) {
      if (otherContact(connection, site, now).isEmpty()) {
        bin(connection, site, never(site, history));
      }
      return Optional.empty();
    }
    if (permitted.get().isAfter(now)) {
      due(connection, site, permitted.get());
      return Optional.empty();
    }
    return Optional.of(history);
  }

  /**
   * Its contact has been rung as often as he may be in the round, for whichever sites: the site is
   * due with the next of its contacts who may be. Empty = there is none.
   */
  private Optional<Instant> otherContact(Connection connection, ClaimedSite site, Instant now)
      throws SQLException {
    long contact = site.phone().orElseThrow().contactId();
    for (int position = site.phonePosition() + 1; position <= site.phones().size(); position++) {
      ClaimedSite.Phone phone = site.phones().get(position - 1);
      if (phone.contactId() == contact || DoNotCall.forbidsNumber(connection, phone.e164(), now)) {
        continue;
      }
      History history =
          new History(
              Sql.history(connection, site.siteId(), site.roundId()),
              Sql.person(connection, phone.contactId(), site.roundId(), now),
              Sql.numberHistory(connection, phone.e164(), now),
              site.referredAt());
      Optional<Instant> at = CallingRules.nextPermitted(site.calling(), now, history);
      if (at.isPresent()) {
        Sql.update(
            connection,
            "UPDATE round_site SET phone_position = ? WHERE id = ? AND bin IS NULL",
            position,
            site.roundSiteId());
        due(connection, site, at.get());
        return at;
      }
    }
    return Optional.empty();
  }

  /** Where a site ends that no rule will ever permit to ring again in this round. */
  private static Bin never(ClaimedSite site, History history) {
    if (site.calling().doNotCall()) {
      return Bin.DO_NOT_CALL;
    }
    List<Past> here = history.site().stream().filter(Past::thisRound).toList();
    if (here.isEmpty()) {
      // the contact has been rung as often as he may be, for others
      return Bin.NOT_DIALLED;
    }
    Past last = here.stream().max(java.util.Comparator.comparing(Past::at)).orElseThrow();
    return last.disposition().equals(Optional.of(Disposition.NOT_ASKED))
        ? Bin.ROUND_CLOSED_FIRST
        : Bin.NOT_REACHED;
  }

  /** Numbers it had were taken away or are on the do-not-call list, all or those not yet tried. */
  private static Bin nothingLeft(Connection connection, ClaimedSite site, Instant now)
      throws SQLException {
    if (!DoNotCall.forbidsNumberOf(connection, site.siteId(), now)) {
      return Bin.NO_USABLE_NUMBER;
    }
    return nextSeq(connection, site.roundSiteId()) > 1 ? Bin.NOT_REACHED : Bin.DO_NOT_CALL;
  }

  private boolean claimed(Connection connection, long roundSiteId, Instant now, long epoch)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT 1 FROM round_site rs JOIN round r ON r.id = rs.round_id WHERE rs.id = ?"
                + " AND rs.status = 1 AND rs.claimed_by = ? AND rs.epoch = ?"
                + " AND rs.lease_until > UTC_TIMESTAMP(3) AND r.status = 'open' AND NOT r.closing"
                + " AND NOT r.paused AND (r.closes_at IS NULL OR r.closes_at > ?)"
                + " FOR UPDATE OF rs")) {
      Sql.bind(statement, roundSiteId, holder, epoch, now);
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next();
      }
    }
  }

  /** What somebody has decided about the site since the round was opened. */
  private static Optional<Bin> gone(Connection connection, long siteId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT status_reason FROM site WHERE id = ? AND status = 'closed'")) {
      Sql.bind(statement, siteId);
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next()
            ? Optional.of("moved".equals(rs.getString(1)) ? Bin.MOVED : Bin.CLOSED)
            : Optional.empty();
      }
    }
  }

  /** Whoever is rung now must not be rung again so soon: what was promised to him comes first. */
  private static Optional<Instant> appointmentSoon(
      Connection connection, ClaimedSite site, ClaimedSite.Phone phone, Instant now)
      throws SQLException {
    if (site.appointment().isPresent()) {
      return Optional.empty();
    }
    Duration spacing = Duration.ofMillis(site.calling().limit(Cap.SPACING).value());
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT MIN(o.appointment_at) AS at FROM site_contact sc"
                + " JOIN round_site o ON o.site_id = sc.site_id AND o.round_id = ?"
                + " WHERE sc.contact_id = ? AND o.status IN (0, 4) AND o.appointment_at > ?"
                + " AND o.appointment_at < ?")) {
      Sql.bind(statement, site.roundId(), phone.contactId(), now, now.plus(spacing));
      try (ResultSet rs = statement.executeQuery()) {
        rs.next();
        return Optional.ofNullable(Sql.instant(rs, "at"));
      }
    }
  }

  /** A call for a task is open to this number. */
  private static boolean promised(Connection connection, String e164) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT 1 FROM task_attempt WHERE open_number = ?")) {
      Sql.bind(statement, e164);
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next();
      }
    }
  }

  static int nextSeq(Connection connection, long roundSiteId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT COALESCE(MAX(seq), 0) + 1 FROM attempt_site WHERE round_site_id = ?")) {
      Sql.bind(statement, roundSiteId);
      try (ResultSet rs = statement.executeQuery()) {
        rs.next();
        return rs.getInt(1);
      }
    }
  }

  private Insertion bin(Connection connection, ClaimedSite site, Bin bin) throws SQLException {
    Sql.update(
        connection,
        "UPDATE round_site SET status = 3, bin = ?, claimed_by = NULL, lease_until = NULL"
            + " WHERE id = ? AND bin IS NULL",
        bin.id(),
        site.roundSiteId());
    return new Insertion.Binned(bin);
  }

  private void due(Connection connection, ClaimedSite site, Instant at) throws SQLException {
    Sql.update(
        connection,
        "UPDATE round_site SET status = "
            + Sql.WAITING_STATUS
            + ", claimed_by = NULL, lease_until = NULL,"
            + " next_call_at = ? WHERE id = ? AND status = 1 AND claimed_by = ?",
        at,
        site.roundSiteId(),
        holder);
  }

  /**
   * Permits the order to ring the site: commits that it may be on the wire. False when the attempt
   * was settled, its round is closing or paused, a call for a task is open to the same number, site
   * or number has come onto the do-not-call list, or another engine has taken over: then nothing
   * may be sent. One of several sites is enough: the others are rung without it.
   */
  public boolean placing(CallId id, Instant now, long epoch) throws SQLException {
    return placing(id, Outbound.Leaving.UNKNOWN, now, epoch);
  }

  /** The same, keeping by which trunk it leaves and with which number. */
  public boolean placing(CallId id, Outbound.Leaving leaving, Instant now, long epoch)
      throws SQLException {
    java.time.LocalDate day = DoNotCall.day(now);
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        boolean placed =
            Sql.leaseEpoch(connection) <= epoch
                && Sql.update(
                        connection,
                        "UPDATE attempt a JOIN round_site rs ON rs.id = a.round_site_id"
                            + " JOIN round r ON r.id = rs.round_id"
                            + " SET a.state = 'dialling', a.placed_at = ?,"
                            + " a.trunk = NULLIF(?, ''), a.shown_number = NULLIF(?, '')"
                            + " WHERE a.id = ?"
                            + " AND a.settled_at IS NULL AND a.placed_at IS NULL AND a.epoch = ?"
                            + " AND"
                            + PERMITTED,
                        now,
                        leaving.trunk(),
                        leaving.shown(),
                        id.value(),
                        epoch,
                        day,
                        day)
                    == 1;
        connection.commit();
        return placed;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /** Whether {@link #placing}, which has permitted it, would do so again. */
  boolean still(CallId id, Instant now, long epoch) throws SQLException {
    java.time.LocalDate day = DoNotCall.day(now);
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT 1 FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id"
                    + " JOIN round r ON r.id = rs.round_id WHERE a.id = ? AND a.settled_at IS NULL"
                    + " AND a.epoch = ? AND NOT EXISTS (SELECT 1 FROM lease"
                    + "  WHERE name = 'leader' AND epoch > ?) AND"
                    + PERMITTED)) {
      Sql.bind(statement, id.value(), epoch, epoch, day, day);
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next();
      }
    }
  }

  /** Makes the open attempts of earlier epochs this engine's own; their old writer is refused. */
  public int adopt(long epoch) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return Sql.update(
          connection,
          "UPDATE attempt SET epoch = ? WHERE settled_at IS NULL AND epoch < ?",
          epoch,
          epoch);
    }
  }

  public Optional<Attempt> find(CallId id) throws SQLException {
    List<Attempt> found = select("WHERE id = ?", id.value());
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
  }

  /**
   * A site an attempt is for.
   *
   * @param disposition what it came to; empty = open
   */
  record Of(long roundSiteId, Optional<Disposition> disposition) {}

  /** The sites of open attempts, those they were begun for first. */
  Map<CallId, List<Of>> sites(List<Attempt> open) throws SQLException {
    Map<CallId, List<Of>> sites = new HashMap<>();
    if (open.isEmpty()) {
      return sites;
    }
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT attempt_id, round_site_id, disposition FROM attempt_site"
                    + " WHERE attempt_id IN ("
                    + DueSites.marks(open.size())
                    + ") ORDER BY attempt_id, position")) {
      Sql.bind(statement, open.stream().map(each -> each.id().value()).toArray());
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          sites
              .computeIfAbsent(new CallId(rs.getString(1)), id -> new ArrayList<>())
              .add(
                  new Of(
                      rs.getLong(2),
                      Optional.ofNullable(rs.getString(3)).flatMap(Disposition::of)));
        }
      }
    }
    return sites;
  }

  /** All attempts not settled. */
  public List<Attempt> open() throws SQLException {
    return select("WHERE open_site IS NOT NULL ORDER BY id LIMIT 10000");
  }

  private List<Attempt> select(String where, Object... values) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT * FROM attempt " + where)) {
      Sql.bind(statement, values);
      List<Attempt> attempts = new ArrayList<>();
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          attempts.add(row(rs));
        }
      }
      return attempts;
    }
  }

  private static Attempt row(ResultSet rs) throws SQLException {
    return new Attempt(
        new CallId(rs.getString("id")),
        rs.getLong("round_site_id"),
        rs.getInt("seq"),
        rs.getString("e164"),
        rs.getString("extension"),
        Optional.ofNullable(rs.getString("agent_number")).map(AgentNumber::new),
        Campaign.Mode.of(rs.getString("mode")),
        rs.getString("state"),
        Optional.ofNullable(rs.getString("disposition")).flatMap(Disposition::of),
        Sql.instant(rs, "created_at"),
        Optional.ofNullable(Sql.instant(rs, "placed_at")),
        Optional.ofNullable(Sql.instant(rs, "answered_at")),
        Optional.ofNullable(Sql.instant(rs, "ended_at")),
        Optional.ofNullable(Sql.instant(rs, "settled_at")),
        rs.getLong("epoch"),
        Optional.ofNullable(rs.getString("call_id")).map(CallId::new));
  }
}

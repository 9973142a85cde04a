package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Jdbi;

/**
 * Calls of the hotline in which what a round would have rung for can be asked: a site that waits
 * for its call rings itself, or the contact who answers for it does. Nobody is dialled for it, so
 * it counts for no cap, and an appointment that is still to come is fulfilled. Blocks on MySQL;
 * thread-safe.
 */
public final class RingBacks {
  private static final String WAITING =
      "SELECT rs.id, r.id AS round_id, c.code AS campaign, r.number, s.code, s.name,"
          + " rs.appointment_at"
          + " FROM round_site rs JOIN round r ON r.id = rs.round_id"
          + " JOIN campaign c ON c.id = r.campaign_id JOIN site s ON s.id = rs.site_id"
          // by the few sites that may be meant, never by all that wait
          + " JOIN (SELECT ? AS id UNION SELECT sc.site_id FROM phone p"
          + "  JOIN site_contact sc ON sc.contact_id = p.contact_id"
          + "  WHERE p.e164 = ? AND p.extension = '') meant ON meant.id = rs.site_id"
          + " WHERE r.status = 'open' AND NOT r.closing AND rs.status = 0"
          + " ORDER BY rs.site_id = ? DESC, rs.appointment_at IS NULL, rs.appointment_at,"
          + " rs.next_call_at, rs.id LIMIT "
          + SameContact.MOST;

  private final DataSource source;
  private final DueSites due;
  private final SiteForms forms;
  private final LongSupplier epoch;
  private final InstantSource clock;
  private final Ulid ids;

  public RingBacks(
      DataSource source, Jdbi jdbi, DueSites due, LongSupplier epoch, InstantSource clock) {
    this.source = source;
    this.due = due;
    this.forms = new SiteForms(jdbi);
    this.epoch = epoch;
    this.clock = clock;
    this.ids = new Ulid(clock);
  }

  /**
   * Who rings, as far as is known.
   *
   * @param siteId null = no site has been recognised
   * @param e164 null = withheld
   */
  public record Ringing(CallId call, Long siteId, String e164, Instant arrivedAt) {}

  /** A site of an open round that waits for its call. */
  public record Waiting(
      long roundSiteId,
      long roundId,
      String campaign,
      int round,
      String siteCode,
      String siteName,
      Optional<Instant> appointmentAt) {}

  /** What can be asked of an attempt that is none of ours. */
  public record Begun(Attempt attempt, List<Site> sites) {}

  /** A site with its form. */
  public record Site(ClaimedSite site, SiteForm form) {}

  /** What he can be asked about in this call: sites of one round, the one that rings first. */
  public List<Waiting> waiting(Ringing ringing) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return waiting(connection, ringing);
    }
  }

  private static List<Waiting> waiting(Connection connection, Ringing ringing) throws SQLException {
    List<Waiting> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(WAITING)) {
      long site = ringing.siteId() == null ? 0 : ringing.siteId();
      Sql.bind(statement, site, ringing.e164() == null ? "" : ringing.e164(), site);
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          found.add(
              new Waiting(
                  rs.getLong("id"),
                  rs.getLong("round_id"),
                  rs.getString("campaign"),
                  rs.getInt("number"),
                  rs.getString("code"),
                  rs.getString("name"),
                  Optional.ofNullable(Sql.instant(rs, "appointment_at"))));
        }
      }
    }
    return found.stream().filter(each -> each.roundId() == found.getFirst().roundId()).toList();
  }

  /**
   * Takes the sites out of their waiting and writes the attempt, which nobody has dialled. Throws
   * {@link FormRefused} {@code nothing_due}, {@code being_rung}, and {@link DueSites.StaleEpoch}.
   */
  public Begun begin(Ringing ringing, AgentNumber agent) throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    CallId id = ids.next();
    List<ClaimedSite> sites;
    List<SiteForm> read;
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        List<Long> taken = lock(connection, waiting(connection, ringing));
        if (taken.isEmpty()) {
          throw new FormRefused("nothing_due", Sentence.of("form.nothing-due"));
        }
        sites = due.details(connection, taken);
        // before it counts: a form that cannot be read leaves everything as it was
        read = forms.of(connection, sites);
        write(connection, ringing, agent, id, sites, now);
        connection.commit();
      } catch (SQLIntegrityConstraintViolationException e) {
        connection.rollback();
        throw new FormRefused("being_rung", Sentence.of("form.being-rung"));
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
    ClaimedSite first = sites.getFirst();
    Attempt attempt =
        new Attempt(
            id,
            first.roundSiteId(),
            0,
            number(ringing, first),
            "",
            Optional.of(agent),
            first.mode(),
            "talking",
            Optional.empty(),
            now,
            Optional.empty(),
            Optional.of(ringing.arrivedAt()),
            Optional.empty(),
            Optional.empty(),
            epoch.getAsLong(),
            Optional.of(ringing.call()));
    List<Site> begun = new ArrayList<>();
    for (int i = 0; i < sites.size(); i++) {
      begun.add(new Site(sites.get(i), read.get(i)));
    }
    return new Begun(attempt, begun);
  }

  /** A number that is withheld is not told from the site's own. */
  private static String number(Ringing ringing, ClaimedSite site) {
    return ringing.e164() != null
        ? ringing.e164()
        : site.phone().map(ClaimedSite.Phone::e164).orElse("");
  }

  private List<Long> lock(Connection connection, List<Waiting> waiting) throws SQLException {
    long newest = Sql.leaseEpoch(connection);
    if (newest > epoch.getAsLong()) {
      throw new DueSites.StaleEpoch(epoch.getAsLong(), newest);
    }
    List<Long> taken = new ArrayList<>();
    for (Waiting each : waiting) {
      try (PreparedStatement statement =
          connection.prepareStatement(
              "SELECT 1 FROM round_site WHERE id = ? AND status = 0 FOR UPDATE SKIP LOCKED")) {
        Sql.bind(statement, each.roundSiteId());
        try (ResultSet rs = statement.executeQuery()) {
          if (rs.next()) {
            taken.add(each.roundSiteId());
          }
        }
      }
    }
    return taken;
  }

  private void write(
      Connection connection,
      Ringing ringing,
      AgentNumber agent,
      CallId id,
      List<ClaimedSite> sites,
      Instant now)
      throws SQLException {
    ClaimedSite first = sites.getFirst();
    Sql.update(
        connection,
        "INSERT INTO attempt (id, round_site_id, seq, e164, agent_number, mode, state, created_at,"
            + " answered_at, epoch, call_id) VALUES (?, ?, ?, ?, ?, ?, 'talking', ?, ?, ?, ?)",
        id.value(),
        first.roundSiteId(),
        AttemptRepository.nextSeq(connection, first.roundSiteId()),
        number(ringing, first),
        agent.value(),
        first.mode().id(),
        now,
        ringing.arrivedAt(),
        epoch.getAsLong(),
        ringing.call().value());
    for (int i = 0; i < sites.size(); i++) {
      ClaimedSite each = sites.get(i);
      Sql.update(
          connection,
          "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq) VALUES (?, ?, ?, ?)",
          id.value(),
          each.roundSiteId(),
          i + 1,
          AttemptRepository.nextSeq(connection, each.roundSiteId()));
      Sql.update(
          connection,
          "UPDATE appointment p JOIN round_site rs ON rs.appointment_id = p.id"
              + " SET p.rung_back_at = ?, p.rung_back_call = ?"
              + " WHERE rs.id = ? AND p.rung_back_call IS NULL AND p.at >= ?",
          now,
          ringing.call().value(),
          each.roundSiteId(),
          now.minus(Appointment.KEPT_WITHIN));
      Sql.update(connection, "UPDATE round_site SET status = 2 WHERE id = ?", each.roundSiteId());
    }
  }
}

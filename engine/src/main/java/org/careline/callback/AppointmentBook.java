package org.careline.callback;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What was promised to sites of a campaign and what became of it, read off the calls that followed.
 * Blocks on MySQL; thread-safe.
 */
public final class AppointmentBook {
  private static final int MOST = 1000;
  private static final String ALL =
      "SELECT p.*, r.number, r.status AS round_status, s.code, s.name, rs.status AS site_status,"
          + " rs.appointment_id,"
          + " (SELECT MIN(a.placed_at) FROM attempt_site x JOIN attempt a ON a.id = x.attempt_id"
          + "  WHERE x.round_site_id = p.round_site_id AND a.placed_at > p.made_at) AS placed_at"
          + " FROM campaign c JOIN round r ON r.campaign_id = c.id"
          + " JOIN round_site rs ON rs.round_id = r.id JOIN site s ON s.id = rs.site_id"
          + " JOIN appointment p ON p.round_site_id = rs.id"
          + " WHERE c.code = :campaign AND (:round = 0 OR r.number = :round)"
          + " ORDER BY p.at DESC, p.id DESC LIMIT "
          + MOST;

  private final Jdbi jdbi;

  public AppointmentBook(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** What became of a promise. */
  public enum State {
    /** Its time has not come, or it may still be kept. */
    COMING,
    /** Placed within five minutes. */
    KEPT,
    /** The site rang before, and was asked then. */
    RUNG_BACK,
    /** Placed, but later. */
    LATE,
    /** Nobody has rung; also when its round ended first. */
    MISSED;

    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param agent who is wanted; empty = anybody
   * @param asked who asked for a time outside the rules; empty = inside
   * @param placedAt of the first call that followed
   * @param madeIn id of the call in which it was made
   */
  public record Entry(
      int round,
      String siteCode,
      String siteName,
      Instant at,
      String agent,
      String asked,
      String madeBy,
      Instant madeAt,
      String madeIn,
      State state,
      Optional<Instant> placedAt) {}

  /**
   * <i>Callback kept</i> is {@code kept + rungBack} of {@code promised}: those that are still to
   * come are left out of both.
   *
   * @param entries the latest first, at most 1000
   */
  public record Kept(
      int promised,
      int kept,
      int rungBack,
      int late,
      int missed,
      int coming,
      List<Entry> entries) {}

  /**
   * Throws {@link RoundPlanner.Refused} {@code no_campaign}.
   *
   * @param round its number; 0 = all
   */
  public Kept of(String campaign, int round, Instant now) {
    return jdbi.withHandle(handle -> of(handle, campaign, round, now));
  }

  private static Kept of(Handle handle, String campaign, int round, Instant now) {
    if (new CampaignRepository().find(handle, campaign).isEmpty()) {
      throw new RoundPlanner.Refused("no_campaign", Sentence.of("round.no-campaign", campaign));
    }
    List<Entry> entries =
        handle
            .createQuery(ALL)
            .bind("campaign", campaign)
            .bind("round", round)
            .map((row, context) -> entry(row, now))
            .list();
    int coming = count(entries, State.COMING);
    return new Kept(
        entries.size() - coming,
        count(entries, State.KEPT),
        count(entries, State.RUNG_BACK),
        count(entries, State.LATE),
        count(entries, State.MISSED),
        coming,
        entries);
  }

  private static int count(List<Entry> entries, State state) {
    return (int) entries.stream().filter(each -> each.state() == state).count();
  }

  private static Entry entry(ResultSet row, Instant now) throws SQLException {
    Instant at = Sql.instant(row, "at");
    Optional<Instant> placed = Optional.ofNullable(Sql.instant(row, "placed_at"));
    boolean waits =
        row.getInt("site_status") != 3 && row.getLong("appointment_id") == row.getLong("id");
    return new Entry(
        row.getInt("number"),
        row.getString("code"),
        row.getString("name"),
        at,
        Optional.ofNullable(row.getString("agent_number")).orElse(""),
        row.getString("asked"),
        row.getString("made_by"),
        Sql.instant(row, "made_at"),
        row.getString("attempt_id"),
        state(at, placed, row.getString("rung_back_call") != null, waits, now),
        placed);
  }

  /**
   * @param waits the site still stands in its round for this appointment
   */
  static State state(
      Instant at, Optional<Instant> placed, boolean rungBack, boolean waits, Instant now) {
    if (rungBack) {
      return State.RUNG_BACK;
    }
    Instant last = at.plus(Appointment.KEPT_WITHIN);
    if (placed.isPresent()) {
      return placed.get().isAfter(last) ? State.LATE : State.KEPT;
    }
    return waits && !now.isAfter(last) ? State.COMING : State.MISSED;
  }
}

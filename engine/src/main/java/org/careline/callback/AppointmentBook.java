package org.careline.callback;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/**
 * What was promised to sites of a campaign and what became of it, read off the calls that followed.
 * Blocks on MySQL; thread-safe.
 */
public final class AppointmentBook {
  private static final int MOST = 1000;

  /** So far back is looked where nobody says how far. */
  private static final Duration USUAL = Duration.ofDays(90);

  private static final String WITHIN =
      " INTERVAL " + Appointment.KEPT_WITHIN.toMinutes() + " MINUTE";

  /**
   * Joins the call that an appointment {@code p} was about: the first that rang somebody, not
   * earlier than it could have been meant.
   */
  public static final String CALL =
      " LEFT JOIN LATERAL (SELECT MIN(a.placed_at) AS placed_at FROM attempt_site x"
          + " JOIN attempt a ON a.id = x.attempt_id WHERE x.round_site_id = p.round_site_id"
          + " AND a.placed_at > p.made_at AND a.placed_at >= p.at -"
          + WITHIN
          + " AND NOT"
          + Sql.NO_CHANNEL
          + ") k ON TRUE";

  private static final String ALL =
      " FROM appointment p JOIN round_site rs ON rs.id = p.round_site_id"
          + " JOIN round r ON r.id = rs.round_id JOIN site s ON s.id = rs.site_id"
          + CALL
          + " WHERE r.campaign_id = :campaign AND (:round = 0 OR r.number = :round)"
          + " AND p.at >= :from AND p.at < :until";

  /**
   * What became of an appointment {@code p} of the site {@code rs}, as {@link State#id()}; needs
   * {@link #CALL}.
   *
   * @param now an expression
   */
  public static String state(String now) {
    return "CASE WHEN p.rung_back_call IS NOT NULL THEN 'rung_back'"
        + " WHEN k.placed_at <= p.at +"
        + WITHIN
        + " THEN 'kept' WHEN k.placed_at IS NOT NULL THEN 'late'"
        // the site still stands in its round for this appointment
        + " WHEN rs.status <> 3 AND COALESCE(rs.appointment_id, 0) = p.id AND "
        + now
        + " <= p.at +"
        + WITHIN
        + " THEN 'coming' ELSE 'missed' END";
  }

  /** Later than any appointment. */
  private static final Instant NEVER = Instant.parse("3000-01-01T00:00:00Z");

  private final Jdbi jdbi;

  public AppointmentBook(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** What became of a promise. */
  public enum State {
    /** Its time has not come, or it may still be kept. */
    COMING,
    /** Rung within five minutes. */
    KEPT,
    /** The site rang before, and was asked then. */
    RUNG_BACK,
    /** Rung, but later. */
    LATE,
    /** Nobody has rung, or no channel was free for it; also when its round ended first. */
    MISSED;

    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static State of(String id) {
      return valueOf(id.toUpperCase(Locale.ROOT));
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
   * come are left out of both, and {@code promised = kept + rungBack + missed}.
   *
   * @param from promised for this time or later
   * @param until and before this; empty = however late
   * @param missed all that were neither kept nor fulfilled by the site
   * @param late of the missed, those that were rung all the same
   * @param entries the latest first, at most 1000; the counts are of all
   */
  public record Kept(
      Instant from,
      Optional<Instant> until,
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
   * @param from empty = since the round was to open, or with all of them 90 days ago
   * @param until empty = however late
   */
  public Kept of(
      String campaign, int round, Optional<Instant> from, Optional<Instant> until, Instant now) {
    return jdbi.inTransaction(handle -> of(handle, campaign, round, from, until, now));
  }

  private static Kept of(
      Handle handle,
      String code,
      int round,
      Optional<Instant> from,
      Optional<Instant> until,
      Instant now) {
    Campaign campaign =
        new CampaignRepository()
            .find(handle, code)
            .orElseThrow(
                () ->
                    new RoundPlanner.Refused(
                        "no_campaign", Sentence.of("round.no-campaign", code)));
    Instant first =
        from.or(
                () ->
                    round == 0
                        ? Optional.empty()
                        : new RoundRepository()
                            .numbered(handle, campaign.id(), round)
                            .map(Round::opensAt))
            .orElse(now.minus(USUAL));
    String select = "SELECT " + state(":now") + " AS state";
    Map<State, Integer> counts = new EnumMap<>(State.class);
    bind(
            handle.createQuery(select + ", COUNT(*)" + ALL + " GROUP BY 1"),
            campaign,
            round,
            first,
            until,
            now)
        .map((row, context) -> counts.put(State.of(row.getString(1)), row.getInt(2)))
        .list();
    List<Entry> entries =
        bind(
                handle.createQuery(
                    select
                        + ", p.*, r.number, s.code, s.name, k.placed_at"
                        + ALL
                        + " ORDER BY p.at DESC, p.id DESC LIMIT "
                        + MOST),
                campaign,
                round,
                first,
                until,
                now)
            .map((row, context) -> entry(row))
            .list();
    int late = counts.getOrDefault(State.LATE, 0);
    int coming = counts.getOrDefault(State.COMING, 0);
    return new Kept(
        first,
        until,
        counts.values().stream().mapToInt(n -> n).sum() - coming,
        counts.getOrDefault(State.KEPT, 0),
        counts.getOrDefault(State.RUNG_BACK, 0),
        late,
        counts.getOrDefault(State.MISSED, 0) + late,
        coming,
        entries);
  }

  private static Query bind(
      Query query,
      Campaign campaign,
      int round,
      Instant from,
      Optional<Instant> until,
      Instant now) {
    return query
        .bind("campaign", campaign.id())
        .bind("round", round)
        .bind("from", from)
        .bind("until", until.orElse(NEVER))
        .bind("now", now);
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getInt("number"),
        row.getString("code"),
        row.getString("name"),
        Sql.instant(row, "at"),
        Optional.ofNullable(row.getString("agent_number")).orElse(""),
        row.getString("asked"),
        row.getString("made_by"),
        Sql.instant(row, "made_at"),
        row.getString("attempt_id"),
        State.of(row.getString("state")),
        Optional.ofNullable(Sql.instant(row, "placed_at")));
  }
}

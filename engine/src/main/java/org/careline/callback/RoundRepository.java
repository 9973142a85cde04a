package org.careline.callback;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/** Rounds in MySQL. Stateless. */
public final class RoundRepository {
  static final RowMapper<Round> ROW =
      (rs, context) ->
          new Round(
              rs.getLong("id"),
              rs.getLong("campaign_id"),
              rs.getInt("number"),
              Round.Status.valueOf(rs.getString("status").toUpperCase(java.util.Locale.ROOT)),
              rs.getTimestamp("opens_at").toInstant(),
              Optional.ofNullable(rs.getTimestamp("opened_at")).map(Timestamp::toInstant),
              Optional.ofNullable(rs.getTimestamp("closed_at")).map(Timestamp::toInstant),
              rs.getDate("period_from").toLocalDate(),
              rs.getDate("period_to").toLocalDate(),
              Optional.ofNullable(rs.getString("rules")),
              rs.getInt("sites_loaded"),
              rs.getBoolean("closing"),
              rs.getBoolean("paused"),
              Optional.ofNullable(rs.getTimestamp("closes_at")).map(Timestamp::toInstant),
              Round.Origin.of(rs.getString("origin")),
              RoundSelection.of(rs.getString("selection")));

  public Optional<Round> find(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM round WHERE id = :id")
        .bind("id", id)
        .map(ROW)
        .findOne();
  }

  Optional<Round> lock(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM round WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .map(ROW)
        .findOne();
  }

  /**
   * The newest round, whatever its status. Small ones that the cadence opens beside the others, for
   * sites that are due by themselves and after events, stand behind one that is not over.
   */
  public Optional<Round> current(Handle handle, long campaignId) {
    return handle
        .createQuery(
            "SELECT * FROM round WHERE campaign_id = :campaign"
                + " ORDER BY status <> 'closed' AND origin IN ('hand', 'calendar') DESC,"
                + " number DESC LIMIT 1")
        .bind("campaign", campaignId)
        .map(ROW)
        .findOne();
  }

  Optional<Round> numbered(Handle handle, long campaignId, int number) {
    return handle
        .createQuery("SELECT * FROM round WHERE campaign_id = :campaign AND number = :number")
        .bind("campaign", campaignId)
        .bind("number", number)
        .map(ROW)
        .findOne();
  }

  /** The one of the number, else the {@link #current} one. */
  public Optional<Round> chosen(Handle handle, long campaignId, Optional<Integer> number) {
    return number.isPresent()
        ? numbered(handle, campaignId, number.get())
        : current(handle, campaignId);
  }

  /** Those that are not over beside the current one, the newest first. */
  public List<Round> beside(Handle handle, long campaignId, long currentId) {
    return handle
        .createQuery(
            "SELECT * FROM round WHERE campaign_id = :campaign AND status <> 'closed'"
                + " AND id <> :current ORDER BY number DESC LIMIT 100")
        .bind("campaign", campaignId)
        .bind("current", currentId)
        .map(ROW)
        .list();
  }

  /** The newest of all the sites that fit: opened by hand or by the calendar. */
  Optional<Round> newestWhole(Handle handle, long campaignId) {
    return handle
        .createQuery(
            "SELECT * FROM round WHERE campaign_id = :campaign AND origin IN ('hand', 'calendar')"
                + " ORDER BY number DESC LIMIT 1")
        .bind("campaign", campaignId)
        .map(ROW)
        .findOne();
  }

  public Optional<Round> find(Handle handle, String campaign, int number) {
    return handle
        .createQuery(
            "SELECT r.* FROM round r JOIN campaign c ON c.id = r.campaign_id"
                + " WHERE c.code = :campaign AND r.number = :number")
        .bind("campaign", campaign)
        .bind("number", number)
        .map(ROW)
        .findOne();
  }

  int highest(Handle handle, long campaignId) {
    return handle
        .createQuery("SELECT COALESCE(MAX(number), 0) FROM round WHERE campaign_id = :campaign")
        .bind("campaign", campaignId)
        .mapTo(Integer.class)
        .one();
  }

  /** Newest first. */
  public List<Round> of(Handle handle, long campaignId) {
    return handle
        .createQuery(
            "SELECT * FROM round WHERE campaign_id = :campaign ORDER BY number DESC LIMIT 1000")
        .bind("campaign", campaignId)
        .map(ROW)
        .list();
  }

  public List<Round> scheduled(Handle handle) {
    return handle
        .createQuery("SELECT * FROM round WHERE status = 'scheduled' ORDER BY opens_at LIMIT 1000")
        .map(ROW)
        .list();
  }

  public List<Round> open(Handle handle) {
    return handle
        .createQuery("SELECT * FROM round WHERE status = 'open' ORDER BY id LIMIT 1000")
        .map(ROW)
        .list();
  }

  /**
   * Sites that another open round has: they would be in two rounds at once.
   *
   * @param first of the rounds
   * @param codes some of the sites, in order
   * @param count of all sites
   */
  record Overlap(long first, List<String> codes, int count) {}

  private static final int NAMED = 3;

  /**
   * @param roundId the one that wants the sites; 0 = none yet
   * @param whole only rounds are looked at that have all the sites that fit
   */
  Optional<Overlap> overlapping(
      Handle handle, long roundId, long customerId, RoundSelection sites, boolean whole) {
    String which =
        " FROM site_in_round i JOIN site s ON s.id = i.site_id JOIN round r ON r.id = i.round_id"
            + " WHERE s.customer_id = :customer AND s.status <> 'closed' AND r.status = 'open'"
            + " AND r.id <> :round"
            + (whole ? " AND r.origin IN ('hand', 'calendar')" : "")
            + sites.condition();
    List<Map.Entry<Long, String>> some =
        sites
            .bind(
                handle
                    .createQuery("SELECT r.id, s.code" + which + " ORDER BY s.code LIMIT " + NAMED)
                    .bind("customer", customerId)
                    .bind("round", roundId))
            .map((rs, context) -> Map.entry(rs.getLong(1), rs.getString(2)))
            .list();
    if (some.isEmpty()) {
      return Optional.empty();
    }
    int count =
        sites
            .bind(
                handle
                    .createQuery("SELECT COUNT(*)" + which)
                    .bind("customer", customerId)
                    .bind("round", roundId))
            .mapTo(Integer.class)
            .one();
    return Optional.of(
        new Overlap(
            some.getFirst().getKey(), some.stream().map(Map.Entry::getValue).toList(), count));
  }

  /** The campaign and number of a round, as {@link #named} found them. */
  record Named(String campaign, int number) {}

  Optional<Named> named(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT c.code, r.number FROM round r JOIN campaign c ON c.id = r.campaign_id"
                + " WHERE r.id = :id")
        .bind("id", id)
        .map((rs, context) -> new Named(rs.getString(1), rs.getInt(2)))
        .findOne();
  }

  /** Sites by bin; those without one yet as {@code due} and {@code in_progress}. Sums to loaded. */
  public Map<String, Integer> bins(Handle handle, long roundId) {
    Map<String, Integer> bins = new LinkedHashMap<>();
    Query query =
        handle
            .createQuery(
                "SELECT COALESCE(bin, IF(status IN (0, 4), 'due', 'in_progress')) AS name, COUNT(*) AS n"
                    + " FROM round_site WHERE round_id = :round GROUP BY name ORDER BY n DESC, name")
            .bind("round", roundId);
    query.map((rs, context) -> bins.put(rs.getString("name"), rs.getInt("n"))).list();
    return bins;
  }

  /**
   * The same for the sites of a region.
   *
   * @param region its number; null = sites without one
   */
  public Map<String, Integer> bins(Handle handle, long roundId, Long region) {
    Map<String, Integer> bins = new LinkedHashMap<>();
    handle
        .createQuery(
            "SELECT COALESCE(rs.bin, IF(rs.status IN (0, 4), 'due', 'in_progress')) AS shown,"
                + " COUNT(*) AS n FROM round_site rs"
                + " JOIN site s ON s.id = rs.site_id AND s.region_id \\<=> :region"
                + " WHERE rs.round_id = :round GROUP BY shown ORDER BY n DESC, shown")
        .bind("round", roundId)
        .bind("region", region)
        .map((rs, context) -> bins.put(rs.getString("shown"), rs.getInt("n")))
        .list();
    return bins;
  }

  /** Attempts that were placed, or may have been. */
  public int attempts(Handle handle, long roundId) {
    return handle
        .createQuery(
            "SELECT COUNT(*) FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id"
                + " WHERE rs.round_id = :round AND a.placed_at IS NOT NULL")
        .bind("round", roundId)
        .mapTo(Integer.class)
        .one();
  }

  /** Gives the id. */
  long insert(Handle handle, Round round, Optional<String> planKey) {
    return handle
        .createUpdate(
            "INSERT INTO round (campaign_id, number, status, opens_at, closes_at, period_from,"
                + " period_to, origin, plan_key, selection)"
                + " VALUES (:campaign, :number, 'scheduled', :opensAt, :closesAt, :from, :to,"
                + " :origin, :planKey, :selection)")
        .bind("campaign", round.campaignId())
        .bind("number", round.number())
        .bind("opensAt", round.opensAt())
        .bind("closesAt", round.closesAt().orElse(null))
        .bind("from", round.periodFrom())
        .bind("to", round.periodTo())
        .bind("origin", round.origin().id())
        .bind("planKey", planKey.orElse(null))
        .bind("selection", round.sites().json().orElse(null))
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  boolean close(Handle handle, long id, Instant at) {
    handle.execute("DELETE FROM site_in_round WHERE round_id = ?", id);
    return handle
            .createUpdate(
                "UPDATE round SET status = 'closed', closed_at = :at"
                    + " WHERE id = :id AND status = 'open'")
            .bind("id", id)
            .bind("at", at)
            .execute()
        == 1;
  }
}

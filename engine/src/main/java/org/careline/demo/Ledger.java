package org.careline.demo;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Reads from MySQL what the engine recorded since the demonstration began; of callbacks, only its
 * own rounds. Blocks; thread-safe.
 */
final class Ledger {
  /** The demonstration's own rounds {@code r}. */
  private static final String OWN =
      " JOIN campaign c ON c.id = r.campaign_id WHERE r.opened_at >= :since AND c.code IN ('"
          + String.join("', '", Demonstration.CHAINS)
          + "')";

  private static final String OWN_ATTEMPTS =
      "SELECT COUNT(*) FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id"
          + " JOIN round r ON r.id = rs.round_id"
          + OWN;

  private final Jdbi jdbi;
  private final Instant since;

  Ledger(Jdbi jdbi, Instant since) {
    this.jdbi = jdbi;
    this.since = since;
  }

  /**
   * Throws {@link NotStaged} while a round of another campaign is open: it would hold back the
   * demonstration's or mix its calls with ours.
   */
  void refuseOthers() {
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT r.number, c.code FROM round r JOIN campaign c ON c.id = r.campaign_id"
                        + " WHERE r.status = 'open' AND c.code NOT IN (<own>) ORDER BY r.id LIMIT 1")
                .bindList("own", Demonstration.CHAINS)
                .map((row, context) -> Map.entry(row.getInt(1), row.getString(2)))
                .findOne()
                .ifPresent(
                    other -> {
                      throw new NotStaged(
                          Sentence.of("demo.other-round", other.getKey(), other.getValue()));
                    }));
  }

  /** Calls that ended, by outcome. */
  Map<String, Integer> outcomes() {
    return jdbi.withHandle(
        handle ->
            counts(
                handle,
                "SELECT outcome AS name, COUNT(*) AS n FROM call_record"
                    + " WHERE arrived_at >= :since AND outcome IS NOT NULL GROUP BY outcome"));
  }

  /** Calls that have not ended in MySQL. */
  int open() {
    return one("SELECT COUNT(*) FROM call_record WHERE arrived_at >= :since AND outcome IS NULL");
  }

  /** Sites of the rounds opened since, by bin; those without one are due or in progress. */
  Map<String, Integer> bins() {
    return jdbi.withHandle(
        handle ->
            counts(
                handle,
                "SELECT COALESCE(rs.bin, IF(rs.status IN (0, 4), 'due', 'in_progress')) AS name, COUNT(*) AS n"
                    + " FROM round_site rs JOIN round r ON r.id = rs.round_id"
                    + OWN
                    + " GROUP BY 1"));
  }

  int sitesLoaded() {
    return one("SELECT COALESCE(SUM(r.sites_loaded), 0) FROM round r" + OWN);
  }

  int attempts() {
    return one(OWN_ATTEMPTS);
  }

  int attemptsFailedBeforeWire() {
    return one(OWN_ATTEMPTS + " AND a.placed_at IS NULL");
  }

  /** Attempts that are not settled. */
  int attemptsOpen() {
    return one(OWN_ATTEMPTS + " AND a.settled_at IS NULL");
  }

  private int one(String sql) {
    return jdbi.withHandle(
        handle -> handle.createQuery(sql).bind("since", utc()).mapTo(Integer.class).one());
  }

  private Map<String, Integer> counts(Handle handle, String sql) {
    Map<String, Integer> counts = new TreeMap<>();
    handle
        .createQuery(sql)
        .bind("since", utc())
        .map((row, context) -> Map.entry(row.getString("name"), row.getInt("n")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  private LocalDateTime utc() {
    return LocalDateTime.ofInstant(since, ZoneOffset.UTC);
  }
}

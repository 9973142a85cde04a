package org.careline.demo;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Reads from MySQL what the engine recorded since the demonstration began. Blocks; thread-safe. */
final class Ledger {
  private final Jdbi jdbi;
  private final Instant since;

  Ledger(Jdbi jdbi, Instant since) {
    this.jdbi = jdbi;
    this.since = since;
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
                "SELECT COALESCE(rs.bin, IF(rs.status = 0, 'due', 'in_progress')) AS name, COUNT(*) AS n"
                    + " FROM round_site rs JOIN round r ON r.id = rs.round_id"
                    + " WHERE r.opened_at >= :since GROUP BY name"));
  }

  int sitesLoaded() {
    return one("SELECT COALESCE(SUM(sites_loaded), 0) FROM round WHERE opened_at >= :since");
  }

  int attempts() {
    return one("SELECT COUNT(*) FROM attempt WHERE created_at >= :since");
  }

  int attemptsFailedBeforeWire() {
    return one("SELECT COUNT(*) FROM attempt WHERE created_at >= :since AND placed_at IS NULL");
  }

  /** Attempts that are not settled. */
  int attemptsOpen() {
    return one("SELECT COUNT(*) FROM attempt WHERE created_at >= :since AND settled_at IS NULL");
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

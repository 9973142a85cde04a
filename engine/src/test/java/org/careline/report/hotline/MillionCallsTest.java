package org.careline.report.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careline.harness.MySqlExtension;
import org.careline.report.hotline.Grouping.Dimension;
import org.careline.report.hotline.Grouping.Interval;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A year of a million calls: which index answers, and how long it takes (printed, not judged). */
@Tag("long")
class MillionCallsTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Instant YEAR = Instant.parse("2025-01-01T00:00:00Z");
  private static final int CALLS = 1_000_000;
  private static final long EVERY_MS = Duration.ofDays(365).toMillis() / CALLS;

  private final Rows rows = new Rows(mysql.database());

  @Test
  void aDayReadsADayAndAYearIsCounted() throws Exception {
    fill();
    Instant day = YEAR.plus(Duration.ofDays(200));
    Instant now = YEAR.plus(Duration.ofDays(366));
    HotlineFigures figures = rows.figures(() -> now);
    Grouping half = Rows.by(Interval.HALF, Dimension.LINE, Dimension.TIER);
    HotlineFigures.Report one =
        timed("a day by line, tier, 30 min", figures, day, day.plus(Duration.ofDays(1)), half);
    assertThat(Rows.value(one.total(), HotlineFigure.CALLERS_IN))
        .isBetween(CALLS / 365.0 - 2, CALLS / 365.0 + 2);
    timed("30 days by line", figures, day, day.plus(Duration.ofDays(30)), Rows.by(Interval.DAY));
    HotlineFigures.Report year =
        timed(
            "a year by line, tier",
            figures,
            YEAR,
            now,
            Rows.by(null, Dimension.LINE, Dimension.TIER));
    assertThat(Rows.value(year.total(), HotlineFigure.CALLERS_IN)).isEqualTo(CALLS);
    assertThat(year.identities()).allMatch(identity -> identity.difference() == 0);
    for (String outcome : List.of("NOT NULL", "NULL")) {
      String plan = plan(outcome, day, day.plus(Duration.ofDays(1)));
      System.out.println("EXPLAIN outcome IS " + outcome + ": " + plan);
      assertThat(plan).as("not the whole table").containsAnyOf("entered", "open_ones");
    }
  }

  /** Every tenth abandons, every hundredth never joins; doubled until there are enough. */
  private void fill() {
    long began = System.nanoTime();
    rows.execute("SET SESSION cte_max_recursion_depth = 2000");
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("SET SESSION cte_max_recursion_depth = 2000");
              handle.execute("CREATE TEMPORARY TABLE n (i INT PRIMARY KEY)");
              handle.execute(
                  "INSERT INTO n WITH RECURSIVE k AS (SELECT 0 i UNION ALL SELECT i + 1 FROM k"
                      + " WHERE i < 999) SELECT i FROM k");
              for (int thousand = 0; thousand < CALLS / 1000; thousand += 50) {
                StringBuilder parts = new StringBuilder();
                for (int t = thousand; t < thousand + 50; t++) {
                  parts
                      .append(parts.isEmpty() ? "SELECT " : " UNION ALL SELECT ")
                      .append(t)
                      .append(" t");
                }
                handle.execute(
                    "INSERT INTO call_record (id, line_code, tier_code, caller_e164, arrived_at,"
                        + " joined_at, answered_at, ended_at, outcome, ended_by, agent_number,"
                        + " wait_ms, talk_ms, hold_ms, epoch) SELECT CONCAT('c-', LPAD(x, 8, '0')),"
                        + " ELT(1 + x % 3, 'main', 'second', 'third'), ELT(1 + x % 4, 'platinum',"
                        + " 'gold', 'silver', 'standard'), '+8613800138000', at,"
                        + " IF(x % 100 = 0, NULL, at), IF(x % 10 = 0, NULL, at), at,"
                        + " IF(x % 100 = 0, 'left_before_queue', IF(x % 10 = 0, 'abandoned',"
                        + " 'answered')), 'caller', IF(x % 10 = 0, NULL, 8000 + x % 50),"
                        + " x % 60000, 60000, 0, 1 FROM (SELECT t * 1000 + i x,"
                        + " TIMESTAMPADD(MICROSECOND, (t * 1000 + i) * "
                        + EVERY_MS
                        + " * 1000, '2025-01-01 00:00:00.000') at FROM n JOIN ("
                        + parts
                        + ") p) y");
              }
              handle.execute(
                  "INSERT INTO call_leg (call_id, n, agent_number, offered_at, answered_at,"
                      + " ended_at, result, hold_ms, ended_by) SELECT id, 1, agent_number,"
                      + " arrived_at, answered_at, ended_at, 'answered', 0, 'caller' FROM"
                      + " call_record WHERE agent_number IS NOT NULL");
              handle.execute("ANALYZE TABLE call_record, call_leg");
            });
    System.out.printf("%d calls and their offers written in %d s%n", CALLS, seconds(began));
  }

  private HotlineFigures.Report timed(
      String what, HotlineFigures figures, Instant from, Instant to, Grouping grouping)
      throws Exception {
    long began = System.nanoTime();
    HotlineFigures.Report report = figures.report(from, to, grouping, Optional.empty());
    System.out.printf(
        "%s: %.0f calls in %d rows, %d ms%n",
        what,
        Rows.value(report.total(), HotlineFigure.CALLERS_IN),
        report.rows().size(),
        (System.nanoTime() - began) / 1_000_000);
    return report;
  }

  private String plan(String outcome, Instant from, Instant to) {
    return mysql
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "EXPLAIN FORMAT=TRADITIONAL "
                            + CallRows.CALL_COLUMNS
                            + " FROM call_record r WHERE r.entered_at >= :from AND r.entered_at <"
                            + " :to AND r.outcome IS "
                            + outcome)
                    .bind("from", java.sql.Timestamp.from(from))
                    .bind("to", java.sql.Timestamp.from(to))
                    .mapToMap()
                    .one()
                    .toString());
  }

  private static long seconds(long began) {
    return (System.nanoTime() - began) / 1_000_000_000;
  }
}

package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What lies behind the sites of a round that is being opened: who was just served is answered by
 * record, and in a round of the calendar nobody is rung before the gap after his last contact is
 * over. Before it is opened. Stateless.
 */
final class RoundHistory {
  private RoundHistory() {}

  private record Site(long id, String tier, LocalDate served, Instant contacted) {}

  static void apply(Handle handle, Round round, long customer, Instant now) {
    CadenceBook book = CadenceBook.read(handle);
    if (book.empty()) {
      return;
    }
    served(handle, round, customer, book, now);
    if (round.origin() == Round.Origin.CALENDAR) {
      gaps(handle, round, customer, book, now);
    }
  }

  /** By our own people, on a visit or for a matter. */
  private static void served(
      Handle handle, Round round, long customer, CadenceBook book, Instant now) {
    LocalDate today = CadencePlan.officeDate(now);
    LocalDate longest = today.minusDays(CadenceParser.MOST_SERVED);
    List<Site> sites =
        handle
            .createQuery(
                "SELECT s.id, s.tier_code, MAX(x.day) AS day FROM (SELECT v.site_id, v.done_on AS day"
                    + " FROM visit v WHERE v.customer_id = :customer AND v.done_on >= :from"
                    + " UNION ALL SELECT m.site_id, DATE(m.done_at + INTERVAL 8 HOUR) FROM matter m"
                    + "  JOIN matter_kind k ON k.code = m.kind_code"
                    + "  WHERE m.customer_id = :customer AND m.done_at >= :from"
                    + "  AND COALESCE(k.parent_code, k.code) IN ('repair', 'install')) x"
                    + " JOIN site s ON s.id = x.site_id"
                    + " JOIN round_site rs ON rs.site_id = s.id AND rs.round_id = :round"
                    + " WHERE rs.bin IS NULL GROUP BY s.id, s.tier_code")
            .bind("customer", customer)
            .bind("from", longest)
            .bind("round", round.id())
            .map(
                (rs, context) ->
                    new Site(
                        rs.getLong(1), rs.getString(2), rs.getObject(3, LocalDate.class), null))
            .list();
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE round_site SET status = 3, bin = 'answered_by_record'"
                + " WHERE round_id = ? AND site_id = ? AND bin IS NULL");
    for (Site site : sites) {
      int within = book.of(customer, site.tier(), site.id()).served().orElse(0);
      if (within > 0 && !site.served().isBefore(today.minusDays(within))) {
        batch.add(round.id(), site.id());
      }
      if (batch.size() == 1000) {
        batch.execute();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /**
   * Nobody is rung before the gap after his last contact is over. Sites that were rung in the round
   * stay as they are.
   */
  static void gaps(Handle handle, Round round, long customer, CadenceBook book, Instant now) {
    Map<String, Integer> gaps = new HashMap<>();
    List<Site> sites = new ArrayList<>();
    handle
        .createQuery(
            "SELECT s.id, s.tier_code, h.contacted_at FROM round_site rs"
                + " JOIN site_heard h ON h.site_id = rs.site_id JOIN site s ON s.id = rs.site_id"
                + " WHERE rs.round_id = :round AND rs.bin IS NULL AND rs.attempts = 0"
                + " AND h.contacted_at > :from")
        .bind("round", round.id())
        .bind("from", now.minus(Duration.ofDays(CadenceParser.MOST_DAYS)))
        .map(
            (rs, context) ->
                new Site(rs.getLong(1), rs.getString(2), null, Sql.instant(rs, "contacted_at")))
        .forEach(sites::add);
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE round_site SET next_call_at = GREATEST(next_call_at, ?)"
                + " WHERE round_id = ? AND site_id = ?");
    for (Site site : sites) {
      int gap =
          gaps.computeIfAbsent(
              site.tier(),
              tier ->
                  book.of(customer, tier)
                      .visits()
                      .map(visits -> visits instanceof Visits.ByCalendar by ? by.gap() : 0)
                      .orElse(0));
      Instant free = site.contacted().plus(Duration.ofDays(gap));
      if (free.isAfter(now)) {
        batch.add(free, round.id(), site.id());
      }
      if (batch.size() == 1000) {
        batch.execute();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }
}

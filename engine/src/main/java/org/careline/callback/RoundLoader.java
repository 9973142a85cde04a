package org.careline.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careline.customer.DoNotCall;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Writes the list of a round that is about to be opened: one row for each of its sites, the longest
 * unvisited first, those that must not or cannot be rung in their bins at once. A list may have a
 * million rows, and calls go on meanwhile: it is written in chunks, so that nobody waits for a lock
 * and no statement outlasts its connection. A {@link #large} one is no single transaction, and none
 * of its sites is due before it will be whole; what an opening left that died is written anew.
 * Stateless; the caller sees to it that no second one runs for the same customer.
 */
final class RoundLoader {
  static final int CHUNK = 10_000;

  /** Stands for never where no window opens any more; the round's end settles such sites. */
  private static final Duration NEVER = Duration.ofDays(3650);

  /** Reckoned for the writing of a site of a large list, several times what it takes. */
  private static final Duration WRITING = Duration.ofNanos(200_000);

  private static final DateTimeFormatter SQL_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private static final String PLACE =
      "CONCAT_WS('\\n', s.trade, s.province, s.zone, s.trade_calendar) COLLATE utf8mb4_0900_bin";

  // in this order by these indexes: after a large import MySQL still believes its tables small
  private static final String INSERT =
      "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at, bin)"
          + " SELECT /*+ NO_MERGE(x) */ :round, x.id, x.tier, IF(x.bin IS NULL, 0, 3), x.at, x.bin"
          + " FROM (SELECT listed.n, s.id, t.rank_no AS tier, due.at, CASE WHEN "
          + String.format(DoNotCall.SITE, ":day")
          + "  THEN 'do_not_call'"
          + "  ELSE"
          + "  (SELECT CASE WHEN COUNT(p.id) = 0 THEN 'no_usable_number' WHEN SUM("
          + String.format(DoNotCall.NUMBER, ":day")
          + "   ) = COUNT(p.id) THEN 'do_not_call' END"
          + "   FROM site_contact sc FORCE INDEX (PRIMARY)"
          + "   STRAIGHT_JOIN phone p FORCE INDEX (contact_id) ON p.contact_id = sc.contact_id"
          + "   WHERE sc.site_id = s.id) END AS bin"
          + "  FROM JSON_TABLE(:sites, '$[*]' COLUMNS (n FOR ORDINALITY, id BIGINT PATH '$[0]',"
          + "   place INT PATH '$[1]')) listed"
          + "  STRAIGHT_JOIN JSON_TABLE(:dues, '$[*]' COLUMNS (n FOR ORDINALITY,"
          + "   at DATETIME(3) PATH '$')) due ON due.n = listed.place + 1"
          + "  STRAIGHT_JOIN site s FORCE INDEX (PRIMARY) ON s.id = listed.id"
          + "  STRAIGHT_JOIN tier t ON t.code = s.tier_code"
          + "  WHERE s.status <> 'closed') x"
          + " WHERE EXISTS (SELECT 1 FROM round r WHERE r.id = :round AND r.status = 'scheduled')"
          + " ORDER BY x.n";

  private RoundLoader() {}

  /**
   * Sites that are alike: for all of them the same instant is the first.
   *
   * @param key of {@link #PLACE}
   * @param site a single one, because it has rules of its own; 0 = all
   */
  private record Place(SiteRules calling, String key, long site) {
    Instant due(Instant now) {
      return CallingRules.nextPermitted(calling, now, History.NONE).orElse(now.plus(NEVER));
    }
  }

  /** The sites in the order in which they are to be rung. */
  static final class Listed {
    private final List<String> places = new ArrayList<>();
    private final Map<String, Integer> placeNumbers = new HashMap<>();
    private long[] ids = new long[1024];
    private int[] place = new int[1024];
    private int size;

    private void add(long id, String key) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, size * 2);
        place = Arrays.copyOf(place, size * 2);
      }
      ids[size] = id;
      place[size++] =
          placeNumbers.computeIfAbsent(
              key,
              added -> {
                places.add(added);
                return places.size() - 1;
              });
    }

    /**
     * As {@code [[id, number of its place], ...]}. One whose place has changed meanwhile counts to
     * the first: no site is rung before its own rules were asked again.
     */
    private String json(int from, int to, Map<String, Integer> numbers) {
      StringBuilder json = new StringBuilder("[");
      for (int i = from; i < to; i++) {
        json.append(i == from ? "[" : ",[")
            .append(ids[i])
            .append(',')
            .append(numbers.getOrDefault(places.get(place[i]), 0))
            .append(']');
      }
      return json.append(']').toString();
    }
  }

  /** Too many for a single transaction. */
  static boolean large(Listed listed) {
    return listed.size > CHUNK;
  }

  /** Gives the number of sites. Throws {@link RulesParser.InvalidRules}. */
  static int load(Handle handle, Round round, Campaign campaign, Listed listed, Instant now) {
    CampaignRules rules = RulesParser.parse(campaign.rules());
    Instant earliest = large(listed) ? now.plus(WRITING.multipliedBy(listed.size)) : now;
    List<Place> places = places(handle, campaign, rules, false);
    Map<String, Integer> numbers = new HashMap<>();
    List<String> dues = new ArrayList<>();
    for (Place place : places) {
      numbers.put(place.key(), dues.size());
      dues.add(SQL_TIME.format(place.due(earliest)));
    }
    String dueTimes = json(dues);
    int loaded = 0;
    for (int from = 0; from < listed.size; from += CHUNK) {
      loaded +=
          handle
              .createUpdate(INSERT)
              .bind("round", round.id())
              .bind("sites", listed.json(from, Math.min(from + CHUNK, listed.size), numbers))
              .bind("dues", dueTimes)
              .bind("day", DoNotCall.day(now))
              .execute();
    }
    // few have rules of their own: they are put right afterwards, one by one
    PreparedBatch own =
        handle.prepareBatch(
            "UPDATE round_site SET next_call_at = :due WHERE round_id = :round AND site_id = :site");
    for (Place place : places(handle, campaign, rules, true)) {
      own.bind("due", place.due(earliest))
          .bind("round", round.id())
          .bind("site", place.site())
          .add();
      if (own.size() == 1000) {
        own.execute();
      }
    }
    if (own.size() > 0) {
      own.execute();
    }
    RoundHistory.apply(handle, round, campaign.customerId(), now);
    if (round.origin().whole()) {
      leave(handle, campaign.customerId(), round.id());
    }
    hold(handle, round.id(), listed);
    return loaded;
  }

  /** What another round holds is on the list and in its denominators, but rung by that one. */
  private static void leave(Handle handle, long customer, long roundId) {
    List<Long> held =
        handle
            .createQuery(
                "SELECT rs.site_id FROM campaign c JOIN round r ON r.campaign_id = c.id"
                    + " JOIN site_in_round i ON i.round_id = r.id"
                    + " JOIN round_site rs ON rs.round_id = :round AND rs.site_id = i.site_id"
                    + " WHERE c.customer_id = :customer AND r.status = 'open' AND rs.bin IS NULL")
            .bind("customer", customer)
            .bind("round", roundId)
            .mapTo(Long.class)
            .list();
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE round_site SET status = 3, bin = 'not_dialled'"
                + " WHERE round_id = ? AND site_id = ? AND bin IS NULL");
    for (long site : held) {
      batch.add(roundId, site);
      if (batch.size() == 1000) {
        batch.execute();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** One row for each site there is: the database lets nobody into a second round. */
  private static void hold(Handle handle, long roundId, Listed listed) {
    long[] ids = Arrays.copyOf(listed.ids, listed.size);
    Arrays.sort(ids);
    for (int from = 0; from < ids.length; from += CHUNK) {
      handle
          .createUpdate(
              "INSERT INTO site_in_round (site_id, round_id) SELECT site_id, round_id"
                  + " FROM round_site FORCE INDEX (round_id) WHERE round_id = :round"
                  + " AND site_id BETWEEN :first AND :last AND status IN (0, 1) ORDER BY site_id")
          .bind("round", roundId)
          .bind("first", ids[from])
          .bind("last", ids[Math.min(from + CHUNK, ids.length) - 1])
          .execute();
    }
  }

  /** Removes the list of a round that was not opened. */
  static void discard(Handle handle, long roundId) {
    inChunks(handle, "DELETE FROM site_in_round WHERE round_id = :round", roundId);
    inChunks(handle, "DELETE FROM round_site WHERE round_id = :round", roundId);
  }

  /** Repeats a statement about a round until it finds less than a chunk. */
  static void inChunks(Handle handle, String statement, long roundId) {
    int done;
    do {
      done = handle.createUpdate(statement + " LIMIT " + CHUNK).bind("round", roundId).execute();
    } while (done == CHUNK);
  }

  /** The longest unvisited first: equal due times are claimed in this order. */
  static Listed list(Handle handle, Round round, Campaign campaign) {
    Listed listed = new Listed();
    round
        .sites()
        .bind(
            handle.createQuery(
                "SELECT s.id, "
                    + PLACE
                    + " AS place FROM site s"
                    + " LEFT JOIN site_heard h ON h.site_id = s.id"
                    + " LEFT JOIN (SELECT site_id, MAX(done_on) AS day FROM visit"
                    + "  WHERE customer_id = :customer AND kind = 'visit' GROUP BY site_id) v"
                    + " ON v.site_id = s.id"
                    + (round.origin().whole()
                        ? ""
                        : " LEFT JOIN site_in_round held ON held.site_id = s.id")
                    + " WHERE s.customer_id = :customer AND s.status <> 'closed' AND :round > 0"
                    + (round.origin().whole() ? "" : " AND held.site_id IS NULL")
                    + round.sites().condition()
                    + " ORDER BY GREATEST(COALESCE(h.completed_at, '1970-01-01'),"
                    + " COALESCE(v.day, '1970-01-01')), s.id"))
        .bind("customer", campaign.customerId())
        .bind("round", round.id())
        // the driver keeps no rows
        .setFetchSize(Integer.MIN_VALUE)
        .map(
            (rs, context) -> {
              listed.add(rs.getLong(1), rs.getString(2));
              return true;
            })
        .forEach(row -> {});
    return listed;
  }

  /**
   * @param alone those with rules of their own, each alone; else all, as if there were none
   */
  private static List<Place> places(
      Handle handle, Campaign campaign, CampaignRules rules, boolean alone) {
    RuleBook book = RuleBook.read(handle);
    return handle
        .createQuery(
            "SELECT DISTINCT s.trade, s.province, s.zone, s.trade_calendar, "
                + PLACE
                + " AS place, cr.rules AS customer_rules, "
                + (alone ? "sr.rules AS site_rules, s.id AS site" : "NULL AS site_rules, 0 AS site")
                + " FROM site s"
                + RuleBook.JOINS
                + " WHERE s.customer_id = :customer"
                + (alone ? " AND sr.site_id IS NOT NULL" : ""))
        .bind("customer", campaign.customerId())
        .map(
            (rs, context) ->
                new Place(book.site(rules, rs, false), rs.getString("place"), rs.getLong("site")))
        .list();
  }

  private static String json(List<String> texts) {
    try {
      return new ObjectMapper().writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are JSON", e);
    }
  }
}

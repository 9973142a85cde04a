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
 * unvisited first, those that must not or cannot be rung in their bins at once. The rows rest until
 * {@link #release}. A list may have a million rows, and calls go on meanwhile: every {@link #CHUNK}
 * of them is a transaction of its own, so that nobody waits for a lock and no statement outlasts
 * its connection. What an opening left that died is written anew. Stateless; the caller sees to it
 * that no second one runs for the same customer.
 */
final class RoundLoader {
  static final int CHUNK = 10_000;

  /** Stands for never where no window opens any more; the round's end settles such sites. */
  private static final Duration NEVER = Duration.ofDays(3650);

  private static final DateTimeFormatter SQL_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private static final String PLACE =
      "CONCAT_WS('\\n', s.trade, s.province, s.zone, s.trade_calendar)";

  private static final String INSERT =
      "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at, bin)"
          + " SELECT :round, s.id, t.rank_no, IF(x.bin IS NULL, 4, 3), due.at, x.bin"
          + " FROM JSON_TABLE(:sites, '$[*]' COLUMNS (n FOR ORDINALITY, id BIGINT PATH '$[0]',"
          + "  place INT PATH '$[1]')) listed"
          + " JOIN JSON_TABLE(:dues, '$[*]' COLUMNS (n FOR ORDINALITY, at DATETIME(3) PATH '$'))"
          + "  due ON due.n = listed.place + 1"
          + " JOIN site s ON s.id = listed.id JOIN tier t ON t.code = s.tier_code"
          + " JOIN LATERAL (SELECT CASE WHEN "
          + String.format(DoNotCall.SITE, ":day")
          + " THEN 'do_not_call'"
          + "  WHEN COUNT(p.id) = 0 THEN 'no_usable_number'"
          + "  WHEN SUM("
          + String.format(DoNotCall.NUMBER, ":day")
          + ") = COUNT(p.id) THEN 'do_not_call' END AS bin FROM site_contact sc"
          + "  JOIN phone p ON p.contact_id = sc.contact_id WHERE sc.site_id = s.id) x"
          + " WHERE s.status <> 'closed' AND EXISTS (SELECT 1 FROM round r WHERE r.id = :round"
          + "  AND r.status = 'scheduled') ORDER BY listed.n";

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
  private static final class Listed {
    private long[] ids = new long[1024];
    private int[] places = new int[1024];
    private int size;

    void add(long id, int place) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, size * 2);
        places = Arrays.copyOf(places, size * 2);
      }
      ids[size] = id;
      places[size++] = place;
    }

    /** As {@code [[id, place], ...]}. */
    String json(int from, int to) {
      StringBuilder json = new StringBuilder("[");
      for (int i = from; i < to; i++) {
        json.append(i == from ? "[" : ",[")
            .append(ids[i])
            .append(',')
            .append(places[i])
            .append(']');
      }
      return json.append(']').toString();
    }
  }

  /** Gives the number of sites. Outside a transaction; throws {@link RulesParser.InvalidRules}. */
  static int load(Handle handle, Round round, Campaign campaign, Instant now) {
    discard(handle, round.id());
    CampaignRules rules = RulesParser.parse(campaign.rules());
    Map<String, Integer> places = new HashMap<>();
    List<String> dues = new ArrayList<>();
    for (Place place : places(handle, campaign, rules, false)) {
      places.put(place.key(), dues.size());
      dues.add(SQL_TIME.format(place.due(now)));
    }
    Listed listed = listed(handle, round, campaign, places);
    String dueTimes = json(dues);
    int loaded = 0;
    for (int from = 0; from < listed.size; from += CHUNK) {
      loaded +=
          handle
              .createUpdate(INSERT)
              .bind("round", round.id())
              .bind("sites", listed.json(from, Math.min(from + CHUNK, listed.size)))
              .bind("dues", dueTimes)
              .bind("day", DoNotCall.day(now))
              .execute();
    }
    // few have rules of their own: they are put right afterwards, one by one
    PreparedBatch own =
        handle.prepareBatch(
            "UPDATE round_site SET next_call_at = :due WHERE round_id = :round AND site_id = :site");
    for (Place place : places(handle, campaign, rules, true)) {
      own.bind("due", place.due(now)).bind("round", round.id()).bind("site", place.site()).add();
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
    hold(handle, round.id());
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
  private static void hold(Handle handle, long roundId) {
    long after = 0;
    do {
      handle
          .createUpdate(
              "INSERT INTO site_in_round (site_id, round_id) SELECT site_id, round_id"
                  + " FROM round_site WHERE round_id = :round AND site_id > :after AND site_id <= "
                  + "(SELECT MAX(id) FROM (SELECT site_id AS id FROM round_site WHERE"
                  + " round_id = :round AND site_id > :after ORDER BY site_id LIMIT "
                  + CHUNK
                  + ") chunk) AND status = 4 ORDER BY site_id")
          .bind("round", roundId)
          .bind("after", after)
          .execute();
      after =
          handle
              .createQuery(
                  "SELECT COALESCE(MAX(site_id), 0) FROM (SELECT site_id FROM round_site"
                      + " WHERE round_id = :round AND site_id > :after ORDER BY site_id LIMIT "
                      + CHUNK
                      + ") chunk")
              .bind("round", roundId)
              .bind("after", after)
              .mapTo(Long.class)
              .one();
    } while (after > 0);
  }

  /** Lets the sites of an open round be rung that rest though it is not paused. */
  static void release(Handle handle, long roundId) {
    inChunks(
        handle,
        "UPDATE round_site SET status = 0 WHERE round_id = :round AND status = 4"
            + " AND (SELECT r.status = 'open' AND NOT r.paused FROM round r WHERE r.id = :round)"
            + " ORDER BY id",
        roundId);
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
  private static Listed listed(
      Handle handle, Round round, Campaign campaign, Map<String, Integer> places) {
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
              Integer place = places.get(rs.getString(2));
              if (place != null) {
                listed.add(rs.getLong(1), place);
              }
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

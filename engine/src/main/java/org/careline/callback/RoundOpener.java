package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.careline.customer.Consent;
import org.careline.customer.DoNotCall;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a round: freezes the list of the customer's sites and the rules. Sites that must not or
 * cannot be rung are put into their bins at once, so that the bins add up from the first moment,
 * and so are those that were just served; closed ones are not on the list. A site is in one open
 * round at most: a round of all that fit waits for the other, or counts a site that is asked after
 * an event as answered by record; a round of sites named one by one leaves it out. Doing it twice
 * changes nothing. Thread-safe.
 */
public final class RoundOpener {
  private static final Logger LOG = LoggerFactory.getLogger(RoundOpener.class);

  /** Stands for never where no window opens any more; the round's end settles such sites. */
  private static final Duration NEVER = Duration.ofDays(3650);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final CampaignRepository campaigns = new CampaignRepository();
  private final RoundRepository rounds = new RoundRepository();

  /** Waits for no other round but for a consent. */
  private static final Long NOBODY = 0L;

  // round -> the one it waits for, as last logged: it is tried again every few seconds
  private final Map<Long, Long> waiting = new ConcurrentHashMap<>();

  public RoundOpener(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** What came of it. */
  public sealed interface Opening {
    record Opened(int sitesLoaded) implements Opening {}

    /** Open or closed before. */
    record AlreadyOpened() implements Opening {}

    /**
     * Another open round holds some of the sites; try again when it is closed.
     *
     * @param sites codes of some of them
     * @param count of all of them
     */
    record Overlaps(long otherRoundId, List<String> sites, int count) implements Opening {}

    /** The customer may not be rung; try again when there is a ground. */
    record NoConsent(Sentence reason) implements Opening {}

    record NoSuchRound() implements Opening {}
  }

  /**
   * Sites that are alike: for all of them the same instant is the first.
   *
   * @param site a single one, because it has rules of its own; 0 = all
   */
  private record Place(
      SiteRules calling, String trade, String province, String zone, String calendar, long site) {}

  /** Blocks on the database; throws what JDBI throws, and {@link RulesParser.InvalidRules}. */
  public Opening open(long roundId) {
    Opening opening = jdbi.inTransaction(handle -> open(handle, roundId));
    log(roundId, opening);
    return opening;
  }

  private void log(long roundId, Opening opening) {
    if (opening instanceof Opening.Overlaps overlap) {
      Long before = waiting.put(roundId, overlap.otherRoundId());
      if (before == null || before != overlap.otherRoundId()) {
        String why = jdbi.withHandle(handle -> sentence(handle, roundId, overlap));
        LOG.info("{}", why);
      }
      return;
    }
    if (opening instanceof Opening.NoConsent none) {
      if (!NOBODY.equals(waiting.put(roundId, NOBODY))) {
        LOG.warn("round {} is not opened: {}", roundId, none.reason());
      }
      return;
    }
    waiting.remove(roundId);
    LOG.info("round {}: {}", roundId, opening);
  }

  private String sentence(Handle handle, long roundId, Opening.Overlaps overlap) {
    RoundRepository.Named round = rounds.named(handle, roundId).orElseThrow();
    RoundRepository.Named other = rounds.named(handle, overlap.otherRoundId()).orElseThrow();
    return Rounds.waits(
            round.number(),
            round.campaign(),
            other,
            new RoundRepository.Overlap(overlap.otherRoundId(), overlap.sites(), overlap.count()))
        .in(Locale.ENGLISH);
  }

  private Opening open(Handle handle, long roundId) {
    Round round = rounds.lock(handle, roundId).orElse(null);
    if (round == null) {
      return new Opening.NoSuchRound();
    }
    if (round.status() != Round.Status.SCHEDULED) {
      return new Opening.AlreadyOpened();
    }
    Campaign campaign = campaigns.find(handle, round.campaignId()).orElseThrow();
    // two rounds of one customer are opened one after the other, whoever opens them
    handle
        .createQuery("SELECT id FROM customer WHERE id = :id FOR UPDATE")
        .bind("id", campaign.customerId())
        .mapTo(Long.class)
        .one();
    // what a round left that was closed by other means
    handle
        .createUpdate(
            "DELETE FROM site_in_round WHERE round_id IN (SELECT r.id FROM round r"
                + " JOIN campaign c ON c.id = r.campaign_id"
                + " WHERE c.customer_id = :customer AND r.status <> 'open')")
        .bind("customer", campaign.customerId())
        .execute();
    if (round.origin().whole()) {
      var overlap =
          rounds.overlapping(
              handle,
              round.id(),
              campaign.customerId(),
              round.sites(),
              round.origin() == Round.Origin.CALENDAR);
      if (overlap.isPresent()) {
        return new Opening.Overlaps(
            overlap.get().first(), overlap.get().codes(), overlap.get().count());
      }
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Optional<Sentence> refusal = Consent.refusal(handle, campaign.customerId(), DoNotCall.day(now));
    if (refusal.isPresent()) {
      return new Opening.NoConsent(refusal.get());
    }
    int loaded = load(handle, round, campaign, now);
    handle
        .createUpdate(
            "UPDATE round SET status = 'open', opened_at = :now, rules = :rules,"
                + " questionnaire_code = :questionnaire, questionnaire_version = :version,"
                + " sites_loaded = :loaded WHERE id = :id")
        .bind("now", now)
        .bind("rules", campaign.rules())
        .bind("questionnaire", campaign.questionnaireCode())
        .bind("version", campaign.questionnaireVersion())
        .bind("loaded", loaded)
        .bind("id", roundId)
        .execute();
    return new Opening.Opened(loaded);
  }

  private int load(Handle handle, Round round, Campaign campaign, Instant now) {
    CampaignRules rules = RulesParser.parse(campaign.rules());
    int loaded = 0;
    for (Place place : places(handle, campaign, rules, false)) {
      loaded += insert(handle, round, campaign, place, due(place, now), now);
    }
    // few have rules of their own: they are put right afterwards, one by one
    PreparedBatch own =
        handle.prepareBatch(
            "UPDATE round_site SET next_call_at = :due WHERE round_id = :round AND site_id = :site");
    for (Place place : places(handle, campaign, rules, true)) {
      own.bind("due", due(place, now)).bind("round", round.id()).bind("site", place.site()).add();
    }
    if (own.size() > 0) {
      own.execute();
    }
    RoundHistory.apply(handle, round, campaign.customerId(), now);
    // one row for each site there is: the database lets nobody into a second round
    handle
        .createUpdate(
            "INSERT INTO site_in_round (site_id, round_id)"
                + " SELECT site_id, round_id FROM round_site WHERE round_id = :round AND status = 0"
                + " ORDER BY site_id")
        .bind("round", round.id())
        .execute();
    return loaded;
  }

  private static Instant due(Place place, Instant now) {
    return CallingRules.nextPermitted(place.calling(), now, History.NONE).orElse(now.plus(NEVER));
  }

  /**
   * @param alone those with rules of their own, each alone; else all, as if there were none
   */
  private static List<Place> places(
      Handle handle, Campaign campaign, CampaignRules rules, boolean alone) {
    RuleBook book = RuleBook.read(handle);
    return handle
        .createQuery(
            "SELECT DISTINCT s.trade, s.province, s.zone, s.trade_calendar,"
                + " cr.rules AS customer_rules, "
                + (alone ? "sr.rules AS site_rules, s.id AS site" : "NULL AS site_rules, 0 AS site")
                + " FROM site s"
                + RuleBook.JOINS
                + " WHERE s.customer_id = :customer"
                + (alone ? " AND sr.site_id IS NOT NULL" : ""))
        .bind("customer", campaign.customerId())
        .map(
            (rs, context) ->
                new Place(
                    book.site(rules, rs, false),
                    rs.getString("trade"),
                    rs.getString("province"),
                    rs.getString("zone"),
                    rs.getString("trade_calendar"),
                    rs.getLong("site")))
        .list();
  }

  private int insert(
      Handle handle, Round round, Campaign campaign, Place place, Instant due, Instant now) {
    return round
        .sites()
        .bind(
            handle.createUpdate(
                "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at, bin)"
                    + " SELECT :round, s.id, t.rank_no, IF(x.bin IS NULL, 0, 3), :due, x.bin"
                    + " FROM site s JOIN tier t ON t.code = s.tier_code"
                    + " LEFT JOIN site_in_round held ON held.site_id = s.id"
                    + " JOIN LATERAL (SELECT CASE WHEN "
                    + String.format(DoNotCall.SITE, ":day")
                    + " THEN 'do_not_call'"
                    + "  WHEN held.site_id IS NOT NULL THEN 'answered_by_record'"
                    + "  WHEN COUNT(p.id) = 0 THEN 'no_usable_number'"
                    + "  WHEN SUM("
                    + String.format(DoNotCall.NUMBER, ":day")
                    + ") = COUNT(p.id) THEN 'do_not_call' END AS bin FROM site_contact sc"
                    + "  JOIN phone p ON p.contact_id = sc.contact_id WHERE sc.site_id = s.id) x"
                    + " LEFT JOIN site_heard h ON h.site_id = s.id"
                    + " LEFT JOIN (SELECT site_id, MAX(done_on) AS day FROM visit"
                    + "  WHERE customer_id = :customer AND kind = 'visit' GROUP BY site_id) v"
                    + " ON v.site_id = s.id"
                    + " WHERE s.customer_id = :customer AND s.trade = :trade"
                    + " AND s.province = :province AND s.zone = :zone"
                    + " AND s.trade_calendar = :calendar AND s.status <> 'closed'"
                    + (round.origin().whole() ? "" : " AND held.site_id IS NULL")
                    + round.sites().condition()
                    // the longest unvisited first: equal due times are claimed in this order
                    + " ORDER BY GREATEST(COALESCE(h.completed_at, '1970-01-01'),"
                    + " COALESCE(v.day, '1970-01-01')), s.id"))
        .bind("round", round.id())
        .bind("due", due)
        .bind("day", DoNotCall.day(now))
        .bind("customer", campaign.customerId())
        .bind("trade", place.trade())
        .bind("province", place.province())
        .bind("zone", place.zone())
        .bind("calendar", place.calendar())
        .execute();
  }
}

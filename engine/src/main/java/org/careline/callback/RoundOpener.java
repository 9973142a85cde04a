package org.careline.callback;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a round: freezes the list of the customer's sites and the rules. Sites that must not or
 * cannot be rung are put into their bins at once, so that the bins add up from the first moment,
 * and so are those that were just served; closed ones are not on the list. The round is opened when
 * its list is whole; one that dies before is begun anew. A site is in one open round at most: a
 * round of all that fit waits for the other, or does not dial a site that another round holds by
 * itself or after an event (nothing is known of it, so it is not answered by record); a round of
 * sites named one by one leaves it out. Doing it twice changes nothing. Thread-safe.
 */
public final class RoundOpener {
  private static final Logger LOG = LoggerFactory.getLogger(RoundOpener.class);

  /** Names a lock of the server for one customer of this database. */
  private static final String LOCK =
      "CONCAT('careline-open-', LEFT(SHA2(DATABASE(), 256), 16), '-', ?)";

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

    /** Another round of the customer is just being opened; try again. */
    record Busy() implements Opening {}
  }

  /** Blocks on the database; throws what JDBI throws, and {@link RulesParser.InvalidRules}. */
  public Opening open(long roundId) {
    Opening opening = jdbi.withHandle(handle -> open(handle, roundId));
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
    Round round = rounds.find(handle, roundId).orElse(null);
    if (round == null) {
      return new Opening.NoSuchRound();
    }
    Campaign campaign = campaigns.find(handle, round.campaignId()).orElseThrow();
    if (!alone(handle, campaign.customerId())) {
      return new Opening.Busy();
    }
    Opening opening;
    try {
      opening = open(handle, roundId, campaign);
    } catch (RuntimeException e) {
      try {
        release(handle, campaign.customerId());
      } catch (RuntimeException lost) {
        // with the connection the lock is gone too
        e.addSuppressed(lost);
      }
      throw e;
    }
    release(handle, campaign.customerId());
    return opening;
  }

  private static void release(Handle handle, long customer) {
    handle
        .createQuery("SELECT RELEASE_LOCK(" + LOCK + ")")
        .bind(0, customer)
        .mapTo(Integer.class)
        .one();
  }

  /** Two rounds of one customer are opened one after the other, whoever opens them. */
  private static boolean alone(Handle handle, long customer) {
    return handle
            .createQuery("SELECT GET_LOCK(" + LOCK + ", 20)")
            .bind(0, customer)
            .mapTo(Integer.class)
            .one()
        == 1;
  }

  private Opening open(Handle handle, long roundId, Campaign campaign) {
    Round round = rounds.find(handle, roundId).orElseThrow();
    if (round.status() != Round.Status.SCHEDULED) {
      return new Opening.AlreadyOpened();
    }
    tidy(handle, campaign.customerId());
    RoundLoader.discard(handle, roundId);
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
    RoundLoader.Listed listed = RoundLoader.list(handle, round, campaign);
    return RoundLoader.large(listed)
        ? open(handle, round, campaign, listed, now)
        : handle.inTransaction(each -> open(each, round, campaign, listed, now));
  }

  /** From its end on the round is open, with the list as it stands. */
  private Opening open(
      Handle handle, Round round, Campaign campaign, RoundLoader.Listed listed, Instant now) {
    int loaded = RoundLoader.load(handle, round, campaign, listed, now);
    int opened =
        handle
            .createUpdate(
                "UPDATE round SET status = 'open', opened_at = :now, rules = :rules,"
                    + " questionnaire_code = :questionnaire, questionnaire_version = :version,"
                    + " sites_loaded = :loaded WHERE id = :id AND status = 'scheduled'")
            .bind("now", now)
            .bind("rules", campaign.rules())
            .bind("questionnaire", campaign.questionnaireCode())
            .bind("version", campaign.questionnaireVersion())
            .bind("loaded", loaded)
            .bind("id", round.id())
            .execute();
    if (opened == 0) {
      // called off meanwhile
      RoundLoader.discard(handle, round.id());
      return new Opening.AlreadyOpened();
    }
    return new Opening.Opened(loaded);
  }

  /** Removes what is left of rounds that were closed by other means or called off. */
  private static void tidy(Handle handle, long customer) {
    List<Long> left =
        handle
            .createQuery(
                "SELECT DISTINCT i.round_id FROM site_in_round i JOIN round r ON r.id = i.round_id"
                    + " JOIN campaign c ON c.id = r.campaign_id"
                    + " WHERE c.customer_id = :customer AND r.status <> 'open'")
            .bind("customer", customer)
            .mapTo(Long.class)
            .list();
    for (long each : left) {
      RoundLoader.inChunks(handle, "DELETE FROM site_in_round WHERE round_id = :round", each);
    }
    List<Long> lists =
        handle
            .createQuery(
                "SELECT r.id FROM campaign c JOIN round r ON r.campaign_id = c.id"
                    + " WHERE c.customer_id = :customer AND r.status = 'closed'"
                    + " AND r.opened_at IS NULL"
                    + " AND EXISTS (SELECT 1 FROM round_site rs WHERE rs.round_id = r.id)")
            .bind("customer", customer)
            .mapTo(Long.class)
            .list();
    lists.forEach(each -> RoundLoader.discard(handle, each));
  }
}

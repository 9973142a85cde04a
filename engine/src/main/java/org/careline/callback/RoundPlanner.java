package org.careline.callback;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.careline.customer.Consent;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Writes the row of the next round; whoever is in charge opens it at its time. Thread-safe. */
public final class RoundPlanner {
  /** The first round asks about the last 90 days, later ones since the round before. */
  private static final int FIRST_PERIOD_DAYS = 90;

  private static final ZoneId OFFICE = ZoneId.of("Asia/Shanghai");

  private final Jdbi jdbi;
  private final CampaignRepository campaigns = new CampaignRepository();
  private final RoundRepository rounds = new RoundRepository();

  public RoundPlanner(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Why no round was planned. The id is stable. */
  public static final class Refused extends Refusal {
    private static final long serialVersionUID = 1L;
    private final String id;

    Refused(String id, Sentence reason) {
      super(reason);
      this.id = id;
    }

    public String id() {
      return id;
    }
  }

  /**
   * Throws {@link Refused}: {@code no_campaign}, {@code round_not_closed} while the last round
   * lives, {@code no_consent} when its customer may not be rung at that time.
   */
  public Round plan(String campaignCode, Instant opensAt) {
    return plan(campaignCode, opensAt, Optional.empty());
  }

  /**
   * @param closesAt it closes by itself then; empty = when nothing is left. Not after {@code
   *     opensAt}: {@code ends_before_it_opens}
   */
  public Round plan(String campaignCode, Instant opensAt, Optional<Instant> closesAt) {
    if (closesAt.isPresent() && !closesAt.get().isAfter(opensAt)) {
      throw new Refused(
          "ends_before_it_opens",
          Sentence.of("round.ends-before", closesAt.get().toString(), opensAt.toString()));
    }
    return jdbi.inTransaction(handle -> plan(handle, campaignCode, opensAt, closesAt));
  }

  private Round plan(
      Handle handle, String campaignCode, Instant opensAt, Optional<Instant> closesAt) {
    Campaign campaign =
        campaigns
            .find(handle, campaignCode)
            .orElseThrow(
                () -> new Refused("no_campaign", Sentence.of("round.no-campaign", campaignCode)));
    RulesParser.parse(campaign.rules());
    handle
        .createQuery("SELECT id FROM campaign WHERE id = :id FOR UPDATE")
        .bind("id", campaign.id())
        .mapTo(Long.class)
        .one();
    Optional<Round> last = rounds.current(handle, campaign.id());
    if (last.isPresent() && last.get().status() != Round.Status.CLOSED) {
      throw new Refused(
          "round_not_closed",
          Sentence.of(
              "round.not-closed", last.get().number(), campaignCode, last.get().status().id()));
    }
    LocalDate today = opensAt.atZone(OFFICE).toLocalDate();
    Consent.refusal(handle, campaign.customerId(), today)
        .ifPresent(
            reason -> {
              throw new Refused("no_consent", reason);
            });
    LocalDate from =
        last.flatMap(Round::openedAt)
            .map(opened -> opened.atZone(OFFICE).toLocalDate())
            .orElse(today.minusDays(FIRST_PERIOD_DAYS));
    rounds.insert(
        handle,
        new Round(
            0,
            campaign.id(),
            last.map(Round::number).orElse(0) + 1,
            Round.Status.SCHEDULED,
            opensAt.truncatedTo(ChronoUnit.MILLIS),
            Optional.empty(),
            Optional.empty(),
            from,
            today,
            Optional.empty(),
            0,
            false,
            false,
            closesAt.map(at -> at.truncatedTo(ChronoUnit.MILLIS))));
    return rounds.current(handle, campaign.id()).orElseThrow();
  }
}

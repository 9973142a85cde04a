package org.careline.callback;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.careline.customer.Consent;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Writes the row of the next round; whoever is in charge opens it at its time. Thread-safe. */
public final class RoundPlanner {
  /** The first round asks about the last 90 days, later ones since the round before. */
  static final int FIRST_PERIOD_DAYS = 90;

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
    return plan(campaignCode, opensAt, closesAt, new RoundSelection.All(), false);
  }

  /**
   * As above.
   *
   * @param sites also {@code unknown_region, unknown_tier, unknown_site, no_sites}
   * @param now it is to be opened at once: {@code sites_in_other_round} when that cannot be
   */
  public Round plan(
      String campaignCode,
      Instant opensAt,
      Optional<Instant> closesAt,
      RoundSelection sites,
      boolean now) {
    if (closesAt.isPresent() && !closesAt.get().isAfter(opensAt)) {
      throw new Refused(
          "ends_before_it_opens",
          Sentence.of("round.ends-before", closesAt.get().toString(), opensAt.toString()));
    }
    return jdbi.inTransaction(handle -> plan(handle, campaignCode, opensAt, closesAt, sites, now));
  }

  private Round plan(
      Handle handle,
      String campaignCode,
      Instant opensAt,
      Optional<Instant> closesAt,
      RoundSelection sites,
      boolean now) {
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
    Optional<Round> last = rounds.newestWhole(handle, campaign.id());
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
    if (sites instanceof RoundSelection.Some some) {
      check(handle, campaign, some);
    }
    if (now) {
      rounds
          .overlapping(handle, 0, campaign.customerId(), sites, false)
          .ifPresent(
              overlap -> {
                RoundRepository.Named other = rounds.named(handle, overlap.first()).orElseThrow();
                throw new Refused(
                    "sites_in_other_round",
                    Sentence.of(
                        "round.overlap",
                        names(overlap),
                        overlap.count(),
                        other.number(),
                        other.campaign()));
              });
    }
    LocalDate from =
        last.flatMap(Round::openedAt)
            .map(opened -> opened.atZone(OFFICE).toLocalDate())
            .orElse(today.minusDays(FIRST_PERIOD_DAYS));
    return insert(
        handle,
        campaign,
        new Plan(Round.Origin.HAND, Optional.empty(), opensAt, closesAt, from, sites, List.of()));
  }

  /** Some of the sites, for people. */
  static String names(RoundRepository.Overlap overlap) {
    return String.join(", ", overlap.codes())
        + (overlap.count() > overlap.codes().size() ? ", …" : "");
  }

  private static void check(Handle handle, Campaign campaign, RoundSelection.Some some) {
    unknown(
        handle,
        campaign,
        some.regions(),
        "SELECT code FROM region WHERE customer_id = :customer AND code IN (<codes>)",
        "unknown_region",
        "round.no-region");
    unknown(
        handle,
        campaign,
        some.tiers(),
        "SELECT code FROM tier WHERE :customer > 0 AND code IN (<codes>)",
        "unknown_tier",
        "round.no-tier");
    unknown(
        handle,
        campaign,
        some.sites(),
        "SELECT code FROM site WHERE customer_id = :customer AND code IN (<codes>)",
        "unknown_site",
        "round.no-site");
    if (some.empty() || some.count(handle, campaign.customerId(), 0) == 0) {
      throw new Refused("no_sites", Sentence.of("round.no-sites", campaign.code()));
    }
  }

  private static void unknown(
      Handle handle, Campaign campaign, List<String> codes, String sql, String id, String reason) {
    if (codes.isEmpty()) {
      return;
    }
    Set<String> unknown = new TreeSet<>(codes);
    handle
        .createQuery(sql)
        .bind("customer", campaign.customerId())
        .bindList("codes", codes)
        .mapTo(String.class)
        .forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new Refused(
          id,
          Sentence.of(
              reason,
              unknown.stream().limit(5).collect(Collectors.joining(", ")),
              campaign.customerCode()));
    }
  }

  /**
   * A round to be written.
   *
   * @param key planned twice under the same key it is one round
   * @param chosen its sites, when they are named one by one
   */
  record Plan(
      Round.Origin origin,
      Optional<String> key,
      Instant opensAt,
      Optional<Instant> closesAt,
      LocalDate periodFrom,
      RoundSelection sites,
      List<Long> chosen) {}

  /** What the cadence plans; empty = it has been before. In the caller's transaction. */
  Optional<Round> planned(Handle handle, Campaign campaign, Plan plan) {
    handle
        .createQuery("SELECT id FROM campaign WHERE id = :id FOR UPDATE")
        .bind("id", campaign.id())
        .mapTo(Long.class)
        .one();
    boolean there =
        handle
            .createQuery("SELECT 1 FROM round WHERE campaign_id = :campaign AND plan_key = :key")
            .bind("campaign", campaign.id())
            .bind("key", plan.key().orElseThrow())
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
    return there ? Optional.empty() : Optional.of(insert(handle, campaign, plan));
  }

  private Round insert(Handle handle, Campaign campaign, Plan plan) {
    long id =
        rounds.insert(
            handle,
            new Round(
                0,
                campaign.id(),
                rounds.highest(handle, campaign.id()) + 1,
                Round.Status.SCHEDULED,
                plan.opensAt().truncatedTo(ChronoUnit.MILLIS),
                Optional.empty(),
                Optional.empty(),
                plan.periodFrom(),
                plan.opensAt().atZone(OFFICE).toLocalDate(),
                Optional.empty(),
                0,
                false,
                false,
                plan.closesAt().map(at -> at.truncatedTo(ChronoUnit.MILLIS)),
                plan.origin(),
                plan.sites()),
            plan.key());
    if (!plan.chosen().isEmpty()) {
      PreparedBatch batch =
          handle.prepareBatch("INSERT INTO round_choice (round_id, site_id) VALUES (?, ?)");
      plan.chosen().forEach(site -> batch.add(id, site));
      batch.execute();
    }
    return rounds.find(handle, id).orElseThrow();
  }
}

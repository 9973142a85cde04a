package org.careline.callback;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.customer.Consent;
import org.careline.customer.DoNotCall;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Rounds as people ask for them: by the code of the campaign. Blocks on MySQL; thread-safe. */
public final class Rounds {
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final RoundPlanner planner;
  private final RoundOpener opener;
  private final RoundCloser closer;
  private final RoundPauser pauser;
  private final CampaignRepository campaigns = new CampaignRepository();
  private final RoundRepository rounds = new RoundRepository();

  /**
   * A round in progress or over.
   *
   * @param state as people are told the status: also {@code closing}
   * @param attempts placed, or maybe placed
   */
  public record Progress(
      long roundId,
      int number,
      Round.Status status,
      String state,
      Instant opensAt,
      Optional<Instant> openedAt,
      Optional<Instant> closedAt,
      boolean paused,
      Optional<Instant> closesAt,
      int sitesLoaded,
      Map<String, Integer> bins,
      int attempts) {}

  /** A campaign and its newest round. */
  public record Entry(Campaign campaign, Optional<Progress> round) {}

  public Rounds(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.planner = new RoundPlanner(jdbi);
    this.opener = new RoundOpener(jdbi, clock);
    this.closer = new RoundCloser(jdbi, clock);
    this.pauser = new RoundPauser(jdbi, closer);
  }

  public List<Entry> campaigns() {
    return jdbi.withHandle(
        handle ->
            campaigns.all(handle).stream()
                .map(campaign -> new Entry(campaign, progress(handle, campaign)))
                .toList());
  }

  /** Throws {@link RoundPlanner.Refused} with {@code no_campaign}. */
  public Optional<Progress> current(String campaignCode) {
    return round(campaignCode, Optional.empty());
  }

  /**
   * As above.
   *
   * @param number empty = the current one
   */
  public Optional<Progress> round(String campaignCode, Optional<Integer> number) {
    return jdbi.withHandle(
        handle ->
            rounds
                .chosen(handle, campaign(handle, campaignCode).id(), number)
                .map(round -> progress(handle, round)));
  }

  /** As below, of all sites of the customer. */
  public Progress open(String campaignCode, Optional<Instant> opensAt, Optional<Instant> closesAt) {
    return open(campaignCode, opensAt, closesAt, new RoundSelection.All());
  }

  /**
   * Plans the next round and opens it at once when its time has come; refused while another open
   * round has some of its sites. One for later that then finds such a round stays scheduled, {@link
   * #waiting} says so, and the engine opens it when that one is closed. Throws {@link
   * RoundPlanner.Refused}.
   */
  public Progress open(
      String campaignCode,
      Optional<Instant> opensAt,
      Optional<Instant> closesAt,
      RoundSelection sites) {
    Instant now = clock.instant();
    Instant at = opensAt.orElse(now);
    Round round = planner.plan(campaignCode, at, closesAt, sites, !at.isAfter(now));
    if (!round.opensAt().isAfter(now)) {
      opener.open(round.id());
    }
    return current(campaignCode).orElseThrow();
  }

  /** Why a round whose time has come is not open; empty when nothing holds it back. */
  public Optional<Sentence> waiting(String campaignCode) {
    return jdbi.withHandle(
        handle -> {
          Campaign campaign = campaign(handle, campaignCode);
          return rounds
              .current(handle, campaign.id())
              .filter(round -> round.status() == Round.Status.SCHEDULED)
              .filter(round -> !round.opensAt().isAfter(clock.instant()))
              .flatMap(
                  round -> noConsent(handle, campaign).or(() -> blocked(handle, campaign, round)));
        });
  }

  private Optional<Sentence> noConsent(Handle handle, Campaign campaign) {
    return Consent.refusal(handle, campaign.customerId(), DoNotCall.day(clock.instant()));
  }

  private Optional<Sentence> blocked(Handle handle, Campaign campaign, Round round) {
    return rounds
        .overlapping(
            handle,
            round.id(),
            campaign.customerId(),
            round.sites(),
            round.origin() == Round.Origin.CALENDAR)
        .map(
            overlap ->
                waits(
                    round.number(),
                    campaign.code(),
                    rounds.named(handle, overlap.first()).orElseThrow(),
                    overlap));
  }

  static Sentence waits(
      int number, String campaign, RoundRepository.Named other, RoundRepository.Overlap overlap) {
    return Sentence.of(
        "round.waits",
        number,
        campaign,
        RoundPlanner.names(overlap),
        overlap.count(),
        other.number(),
        other.campaign());
  }

  /** Throws {@link RoundPlanner.Refused}: {@code no_campaign, no_round}. */
  public RoundCloser.Closing close(String campaignCode) {
    return close(campaignCode, Optional.empty());
  }

  /** As above, of a number. */
  public RoundCloser.Closing close(String campaignCode, Optional<Integer> number) {
    return closer.close(id(campaignCode, number));
  }

  /** As {@link RoundPauser#pause}; also {@code no_campaign, no_round}. */
  public Progress pause(String campaignCode, Optional<Integer> number) {
    long id = id(campaignCode, number);
    pauser.pause(id);
    return byId(id);
  }

  /** As {@link RoundPauser#resume}; also {@code no_campaign, no_round}. */
  public Progress resume(String campaignCode, Optional<Integer> number) {
    long id = id(campaignCode, number);
    pauser.resume(id);
    return byId(id);
  }

  /** As {@link RoundPauser#extend}; also {@code no_campaign, no_round}. */
  public Progress extend(
      String campaignCode, Optional<Integer> number, Optional<Instant> closesAt) {
    long id = id(campaignCode, number);
    pauser.extend(id, closesAt, clock.instant());
    return byId(id);
  }

  private Progress byId(long id) {
    return jdbi.withHandle(handle -> progress(handle, rounds.find(handle, id).orElseThrow()));
  }

  private long id(String campaignCode, Optional<Integer> number) {
    return round(campaignCode, number)
        .orElseThrow(
            () ->
                new RoundPlanner.Refused(
                    "no_round",
                    number.isPresent()
                        ? Sentence.of("round.none-numbered", campaignCode, number.get())
                        : Sentence.of("round.none", campaignCode)))
        .roundId();
  }

  private Campaign campaign(Handle handle, String code) {
    return campaigns
        .find(handle, code)
        .orElseThrow(
            () -> new RoundPlanner.Refused("no_campaign", Sentence.of("round.no-campaign", code)));
  }

  private Optional<Progress> progress(Handle handle, Campaign campaign) {
    return rounds.current(handle, campaign.id()).map(round -> progress(handle, round));
  }

  private Progress progress(Handle handle, Round round) {
    return new Progress(
        round.id(),
        round.number(),
        round.status(),
        round.state(),
        round.opensAt(),
        round.openedAt(),
        round.closedAt(),
        round.paused(),
        round.closesAt(),
        round.sitesLoaded(),
        rounds.bins(handle, round.id()),
        rounds.attempts(handle, round.id()));
  }
}

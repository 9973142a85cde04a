package org.careline.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.careline.callback.AppointmentBook;
import org.careline.callback.Campaign;
import org.careline.callback.CampaignRepository;
import org.careline.callback.Round;
import org.careline.callback.RoundCloser;
import org.careline.callback.RoundPauser;
import org.careline.callback.RoundPlanner;
import org.careline.callback.RoundRepository;
import org.careline.callback.RoundSelection;
import org.careline.callback.RulesParser;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Campaigns and rounds for the console, from MySQL. Opening writes the round's row; the engine in
 * charge opens it at its time. The list of campaigns is kept for a moment: every console shows it,
 * and counting the sites of a large round is work. Blocks. Thread-safe.
 */
public final class CampaignRounds implements Desks.RoundDesk {
  private static final Duration FRESH = Duration.ofSeconds(1);

  /** At most this share of the time goes into counting. */
  private static final int SHARE = 20;

  private final Jdbi jdbi;
  private final RoundPlanner planner;
  private final RoundCloser closer;
  private final RoundPauser pauser;
  private final Desks.CallingDesk calling;
  private final Desks.PlanningDesk planning;
  private final InstantSource clock;
  private final RoundReports reports;
  private final CampaignRepository campaigns = new CampaignRepository();
  private final RoundRepository rounds = new RoundRepository();
  private List<Views.CampaignView> kept = List.of();
  private Instant keptUntil = Instant.MIN;

  public CampaignRounds(
      Jdbi jdbi,
      RoundPlanner planner,
      RoundCloser closer,
      Desks.CallingDesk calling,
      InstantSource clock) {
    this.jdbi = jdbi;
    this.planner = planner;
    this.closer = closer;
    this.pauser = new RoundPauser(jdbi, closer);
    this.calling = calling;
    this.planning = new PlanningDesk(jdbi, clock);
    this.clock = clock;
    this.reports = new RoundReports(() -> jdbi, clock);
  }

  @Override
  public synchronized List<Views.CampaignView> campaigns() {
    Instant began = clock.instant();
    if (began.isBefore(keptUntil)) {
      return kept;
    }
    kept =
        jdbi.inTransaction(
            handle ->
                campaigns.all(handle).stream().map(campaign -> view(handle, campaign)).toList());
    Instant now = clock.instant();
    Duration pause = Duration.between(began, now).multipliedBy(SHARE);
    keptUntil = now.plus(pause.compareTo(FRESH) > 0 ? pause : FRESH);
    return kept;
  }

  private synchronized void forget() {
    keptUntil = Instant.MIN;
  }

  private Views.CampaignView view(Handle handle, Campaign campaign) {
    Optional<Round> current = rounds.current(handle, campaign.id());
    return new Views.CampaignView(
        campaign.code(),
        campaign.name(),
        campaign.customerCode(),
        campaign.mode().id(),
        current.map(round -> view(handle, round)).orElse(null),
        rounds.beside(handle, campaign.id(), current.map(Round::id).orElse(0L)).stream()
            .map(round -> view(handle, round))
            .toList());
  }

  private Views.RoundView view(Handle handle, Round round) {
    return new Views.RoundView(
        round.number(),
        round.state(),
        round.opensAt(),
        round.openedAt().orElse(null),
        round.closedAt().orElse(null),
        round.paused(),
        round.closesAt().orElse(null),
        round.sitesLoaded(),
        rounds.bins(handle, round.id()),
        rounds.attempts(handle, round.id()),
        round.origin().id());
  }

  @Override
  public Views.RoundView open(
      String campaign,
      Optional<Instant> opensAt,
      Optional<Instant> closesAt,
      RoundSelection sites) {
    try {
      Instant now = clock.instant();
      Instant at = opensAt.orElse(now);
      Round round = planner.plan(campaign, at, closesAt, sites, !at.isAfter(now));
      forget();
      return jdbi.inTransaction(handle -> view(handle, round));
    } catch (RoundPlanner.Refused refused) {
      throw refusal(refused);
    } catch (RulesParser.InvalidRules rules) {
      throw Refusal.conflict("invalid_rules", rules.reason());
    }
  }

  private static Refusal refusal(RoundPlanner.Refused refused) {
    return switch (refused.id()) {
      case "no_campaign" -> Refusal.notFound(Sentence.of("web.no-campaign"));
      case "ends_before_it_opens", "end_is_past" -> Refusal.invalid("closesAt", refused.reason());
      case "unknown_region", "unknown_tier", "unknown_site", "no_sites" ->
          Refusal.invalid("sites", refused.reason());
      default -> Refusal.conflict(refused.id(), refused.reason());
    };
  }

  @Override
  public void pause(String campaign, Optional<Integer> number) {
    order(campaign, number, pauser::pause);
  }

  @Override
  public void resume(String campaign, Optional<Integer> number) {
    order(campaign, number, pauser::resume);
  }

  @Override
  public void extend(String campaign, Optional<Integer> number, Optional<Instant> closesAt) {
    order(campaign, number, id -> pauser.extend(id, closesAt, clock.instant()));
  }

  private void order(String campaign, Optional<Integer> number, LongConsumer order) {
    Round round =
        jdbi.withHandle(handle -> round(handle, campaign, number))
            .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-round")));
    try {
      order.accept(round.id());
    } catch (RoundPlanner.Refused refused) {
      throw refusal(refused);
    }
    forget();
  }

  @Override
  public Optional<Views.RoundView> current(String campaign, Optional<Integer> number) {
    return jdbi.inTransaction(
        handle -> round(handle, campaign, number).map(round -> view(handle, round)));
  }

  private Optional<Round> round(Handle handle, String campaign, Optional<Integer> number) {
    return campaigns
        .find(handle, campaign)
        .flatMap(found -> rounds.chosen(handle, found.id(), number));
  }

  @Override
  public void close(String campaign, Optional<Integer> number) {
    Round round =
        jdbi.withHandle(handle -> round(handle, campaign, number))
            .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-round")));
    if (round.status() == Round.Status.CLOSED) {
      throw Refusal.conflict("round_closed", Sentence.of("web.round-closed"));
    }
    closer.close(round.id());
    forget();
  }

  @Override
  public Desks.CallingDesk calling() {
    return calling;
  }

  @Override
  public Desks.PlanningDesk planning() {
    return planning;
  }

  @Override
  public Views.AppointmentsView appointments(
      String campaign, Optional<Integer> round, Optional<Instant> from, Optional<Instant> until) {
    try {
      AppointmentBook.Kept kept =
          new AppointmentBook(jdbi).of(campaign, round.orElse(0), from, until, clock.instant());
      return new Views.AppointmentsView(
          kept.from(),
          kept.until().orElse(null),
          kept.promised(),
          kept.kept(),
          kept.rungBack(),
          kept.late(),
          kept.missed(),
          kept.coming(),
          kept.entries().stream().map(CampaignRounds::view).toList());
    } catch (RoundPlanner.Refused refused) {
      throw refusal(refused);
    }
  }

  private static Views.AppointmentView view(AppointmentBook.Entry entry) {
    return new Views.AppointmentView(
        entry.round(),
        entry.siteCode(),
        entry.siteName(),
        entry.at(),
        entry.agent(),
        entry.asked(),
        entry.madeBy(),
        entry.madeAt(),
        entry.madeIn(),
        entry.state().id(),
        entry.placedAt().orElse(null));
  }

  @Override
  public RoundReports reports() {
    return reports;
  }

  @Override
  public Optional<Object> report(String campaign) {
    return reports.current(campaign).map(report -> report);
  }
}

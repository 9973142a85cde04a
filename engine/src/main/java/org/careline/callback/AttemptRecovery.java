package org.careline.callback;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.careline.call.CallId;
import org.careline.recovery.Evidence;
import org.careline.recovery.OpenAttempts;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes over what an earlier life, or another engine, has left open. Rows are made this epoch's own
 * first, so that their old writer is refused; then evidence, and nothing else, settles those that
 * may have been dialled. Thread-safe.
 */
public final class AttemptRecovery implements OpenAttempts {
  private final AttemptRepository repository;
  private final DueSites due;
  private final SiteForms forms;
  private final Attempts attempts;
  private final Consumer<Runnable> mailbox;
  private final InstantSource clock;

  public AttemptRecovery(
      AttemptRepository repository,
      DueSites due,
      Jdbi jdbi,
      Attempts attempts,
      Consumer<Runnable> mailbox,
      InstantSource clock) {
    this.repository = repository;
    this.due = due;
    this.forms = new SiteForms(jdbi);
    this.attempts = attempts;
    this.mailbox = mailbox;
    this.clock = clock;
  }

  /** Leadership was gained. Blocks on the database; call again when it throws. */
  public void takeOver(long epoch) throws SQLException {
    repository.adopt(epoch);
    restore(repository.open());
  }

  /** Leadership was lost. */
  public void standDown() {
    mailbox.accept(attempts::standDown);
  }

  private void restore(List<Attempt> open) throws SQLException {
    Map<Long, ClaimedSite> sites = new HashMap<>();
    Map<CallId, List<AttemptRepository.Of>> of = repository.sites(open);
    List<Long> ids =
        of.values().stream()
            .flatMap(List::stream)
            .map(AttemptRepository.Of::roundSiteId)
            .distinct()
            .toList();
    for (ClaimedSite site : due.details(ids)) {
      sites.put(site.roundSiteId(), site);
    }
    for (Attempt attempt : open) {
      List<LiveSite> live = new ArrayList<>();
      for (AttemptRepository.Of each : of.get(attempt.id())) {
        ClaimedSite site = sites.get(each.roundSiteId());
        LiveSite back = new LiveSite(site, forms.of(site), each.disposition());
        back.history = repository.history(site, clock.instant()).settled();
        live.add(back);
      }
      mailbox.accept(() -> attempts.restore(attempt, live));
    }
  }

  /** Also brings back rows that are open and not in memory, for instance after an outage. */
  @Override
  public Set<String> open(Instant before) {
    try {
      // also those that were never begun because their commit's answer was lost
      List<Attempt> open =
          repository.open().stream()
              .filter(each -> each.placedAt().isPresent() || each.createdAt().isBefore(before))
              .toList();
      restore(open);
      return open.stream()
          .filter(each -> each.placedAt().isPresent())
          .filter(each -> !each.state().equals("ended"))
          // an order younger than the session is no business of its evidence
          .filter(each -> each.placedAt().orElseThrow().isBefore(before))
          .map(each -> each.id().value())
          .collect(Collectors.toSet());
    } catch (SQLException e) {
      throw new IllegalStateException("open attempts cannot be read", e);
    }
  }

  @Override
  public void evidence(String attemptId, Evidence evidence) {
    AttemptEvent event =
        switch (evidence) {
          case Evidence.Living living ->
              new AttemptEvent.FoundLiving(clock.instant(), living.answeredAt());
          case Evidence.Ended ended ->
              new AttemptEvent.FoundEnded(ended.endedAt(), ended.answeredAt(), ended.cause());
          case Evidence.NeverSeen never -> new AttemptEvent.FoundNever(clock.instant());
          case Evidence.Unknown unknown -> new AttemptEvent.FoundNothing(clock.instant());
        };
    mailbox.accept(() -> attempts.on(attemptId, event));
  }
}

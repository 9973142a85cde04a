package org.careline.callback;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an open round rest and go on, and moves its end. Talks that go on are finished; what was
 * handed to an agent and not dialled comes back. Every step may be repeated. Thread-safe.
 */
public final class RoundPauser {
  private static final Logger LOG = LoggerFactory.getLogger(RoundPauser.class);

  private static final String HOLD =
      "UPDATE round_site SET status = 4, claimed_by = NULL, lease_until = NULL"
          + " WHERE round_id = :round AND status IN (0, 1)"
          + " AND (SELECT r.paused FROM round r WHERE r.id = :round)";
  private static final String RELEASE =
      "UPDATE round_site SET status = 0 WHERE round_id = :round AND status = 4"
          + " AND NOT (SELECT r.paused FROM round r WHERE r.id = :round)";

  private final Jdbi jdbi;
  private final RoundCloser closer;
  private final RoundRepository rounds = new RoundRepository();

  public RoundPauser(Jdbi jdbi, RoundCloser closer) {
    this.jdbi = jdbi;
    this.closer = closer;
  }

  /** Throws {@link RoundPlanner.Refused} {@code round_not_open}. */
  public void pause(long roundId) {
    flag(roundId, true);
    move(roundId);
    closer.withdraw(roundId);
    LOG.info("round {} is paused", roundId);
  }

  /** Throws {@link RoundPlanner.Refused} {@code round_not_open}. */
  public void resume(long roundId) {
    flag(roundId, false);
    move(roundId);
    LOG.info("round {} goes on", roundId);
  }

  /**
   * @param closesAt empty = no end but its last site
   * @throws RoundPlanner.Refused {@code round_not_open} for one that is closing or closed, {@code
   *     end_is_past}
   */
  public void extend(long roundId, Optional<Instant> closesAt, Instant now) {
    if (closesAt.isPresent() && !closesAt.get().isAfter(now)) {
      throw new RoundPlanner.Refused(
          "end_is_past", Sentence.of("round.end-is-past", closesAt.get().toString()));
    }
    jdbi.useTransaction(
        handle -> {
          Round round = rounds.lock(handle, roundId).orElseThrow();
          if (round.status() == Round.Status.CLOSED || round.closing()) {
            throw notOpen(round);
          }
          if (closesAt.isPresent() && !closesAt.get().isAfter(round.opensAt())) {
            throw new RoundPlanner.Refused(
                "ends_before_it_opens",
                Sentence.of(
                    "round.ends-before", closesAt.get().toString(), round.opensAt().toString()));
          }
          handle
              .createUpdate("UPDATE round SET closes_at = :at WHERE id = :id")
              .bind("at", closesAt.map(at -> at.truncatedTo(ChronoUnit.MILLIS)).orElse(null))
              .bind("id", roundId)
              .execute();
        });
  }

  /** What was interrupted between the flag and the sites is finished. Every few seconds. */
  public void sweep() {
    for (Round round : jdbi.withHandle(rounds::open)) {
      move(round.id());
    }
  }

  private void flag(long roundId, boolean paused) {
    jdbi.useTransaction(
        handle -> {
          Round round = rounds.lock(handle, roundId).orElseThrow();
          if (round.status() != Round.Status.OPEN || round.closing()) {
            throw notOpen(round);
          }
          handle
              .createUpdate("UPDATE round SET paused = :paused WHERE id = :id")
              .bind("paused", paused)
              .bind("id", roundId)
              .execute();
        });
  }

  /** In transactions of their own: the flag must be seen by all who write a site meanwhile. */
  private void move(long roundId) {
    jdbi.useHandle(
        handle -> {
          RoundLoader.inChunks(handle, HOLD, roundId);
          RoundLoader.inChunks(handle, RELEASE, roundId);
        });
  }

  private static RoundPlanner.Refused notOpen(Round round) {
    return new RoundPlanner.Refused(
        "round_not_open", Sentence.of("round.not-open", round.number(), round.state()));
  }
}

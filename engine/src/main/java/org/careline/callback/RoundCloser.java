package org.careline.callback;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.careline.call.CallId;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends rounds with every site in exactly one bin, and has their results written. Asked to close, it
 * bins what is not on the wire at once and lets attempts in the air end first; the round is closed
 * when the last is settled. A round with nothing left closes by itself. Every step may be repeated.
 * Thread-safe.
 */
public final class RoundCloser {
  private static final Logger LOG = LoggerFactory.getLogger(RoundCloser.class);
  private static final String PENDING =
      "UPDATE round_site SET status = 3, claimed_by = NULL, lease_until = NULL, bin ="
          + " CASE WHEN last_disposition = 'appointment' THEN 'appointment_pending'"
          + "  WHEN last_disposition = 'referred' THEN 'referral_pending'"
          + "  WHEN attempts > 0 OR last_disposition IS NOT NULL THEN 'round_closed_first' ELSE 'not_dialled' END"
          + " WHERE round_id = :round AND status IN (0, 1, 4) AND bin IS NULL";

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final RoundRepository rounds = new RoundRepository();
  private final RoundResults results;

  public RoundCloser(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.results = new RoundResults(jdbi, clock);
  }

  /**
   * What came of it.
   *
   * @param inTheAir attempts that must end before the round is closed
   */
  public record Closing(boolean closed, int inTheAir) {}

  /** Takes no new attempts from now on. A scheduled round is closed with no sites. */
  public Closing close(long roundId) {
    boolean calledOff =
        jdbi.inTransaction(
            handle -> {
              Round round = rounds.lock(handle, roundId).orElse(null);
              if (round == null || round.status() == Round.Status.CLOSED) {
                return false;
              }
              if (round.status() == Round.Status.SCHEDULED) {
                handle
                    .createUpdate(
                        "UPDATE round SET status = 'closed', closed_at = :now, rules = '{}'"
                            + " WHERE id = :id")
                    .bind("now", now())
                    .bind("id", roundId)
                    .execute();
                RoundResults.announce(handle, roundId);
                return true;
              }
              handle
                  .createUpdate("UPDATE round SET closing = TRUE WHERE id = :id")
                  .bind("id", roundId)
                  .execute();
              return false;
            });
    if (calledOff) {
      // an opening that was under way ends here
      jdbi.useHandle(handle -> RoundLoader.discard(handle, roundId));
    }
    withdraw(roundId);
    Closing closing = finish(roundId);
    if (closing.closed()) {
      results.writeMissing();
    }
    return closing;
  }

  /**
   * Closes the open rounds in which nothing is left and those whose end has come. To be called
   * every few seconds.
   */
  public void closeFinished() {
    Instant now = now();
    for (Round round : jdbi.withHandle(rounds::open)) {
      if (!round.closing() && round.closesAt().filter(end -> !end.isAfter(now)).isPresent()) {
        LOG.info("round {}: its end has come", round.id());
        close(round.id());
      } else {
        finish(round.id());
      }
    }
    results.writeMissing();
  }

  /** Attempts whose order was never permitted are taken back: {@code placing} will refuse them. */
  void withdraw(long roundId) {
    List<String> waiting =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT a.id FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id"
                            + " WHERE rs.round_id = :round AND rs.status = 2"
                            + " AND a.settled_at IS NULL AND a.placed_at IS NULL"
                            + " AND a.call_id IS NULL")
                    .bind("round", roundId)
                    .mapTo(String.class)
                    .list());
    for (String id : waiting) {
      jdbi.useTransaction(
          handle -> {
            try {
              Settlement.notPlaced(handle.getConnection(), new CallId(id), now(), false);
            } catch (SQLException e) {
              throw new IllegalStateException("attempt " + id + " could not be withdrawn", e);
            }
          });
    }
  }

  private Closing finish(long roundId) {
    return jdbi.inTransaction(handle -> finish(handle, roundId));
  }

  private Closing finish(Handle handle, long roundId) {
    Round round = rounds.lock(handle, roundId).orElse(null);
    if (round == null || round.status() != Round.Status.OPEN) {
      return new Closing(true, 0);
    }
    if (round.closing()) {
      handle.createUpdate(PENDING).bind("round", roundId).execute();
    }
    int left =
        handle
            .createQuery(
                "SELECT COUNT(*) FROM (SELECT 1 FROM round_site WHERE round_id = :round"
                    + " AND status IN (0, 1, 2, 4) LIMIT 1000) x")
            .bind("round", roundId)
            .mapTo(Integer.class)
            .one();
    if (left > 0) {
      return new Closing(false, left);
    }
    if (rounds.close(handle, roundId, now())) {
      RoundResults.announce(handle, roundId);
      LOG.info("round {} is closed", roundId);
    }
    return new Closing(true, 0);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}

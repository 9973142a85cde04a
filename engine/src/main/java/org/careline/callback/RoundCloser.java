package org.careline.callback;

import java.sql.SQLException;
import java.time.Duration;
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
 * Ends rounds with every site in exactly one bin, and has their results written. Asked to close, a
 * round is <i>closing</i>: it takes no new attempts, what is not on the wire is binned some
 * thousand sites at a time, each step a transaction of its own, and attempts in the air end first;
 * the round is closed when the last is settled. Who asks waits some seconds at most, the rest is
 * done by {@link #closeFinished}, also after a restart. A round with nothing left closes by itself.
 * Every step may be repeated. Thread-safe.
 */
public final class RoundCloser {
  private static final Logger LOG = LoggerFactory.getLogger(RoundCloser.class);
  private static final String PENDING =
      "UPDATE round_site SET status = 3, claimed_by = NULL, lease_until = NULL, bin ="
          + " CASE WHEN last_disposition = 'appointment' THEN 'appointment_pending'"
          + "  WHEN last_disposition = 'referred' THEN 'referral_pending'"
          + "  WHEN attempts > 0 OR last_disposition IS NOT NULL THEN 'round_closed_first' ELSE 'not_dialled' END"
          + " WHERE round_id = :round AND status IN (0, 1, 4) AND bin IS NULL LIMIT :chunk";

  /**
   * @param chunk sites that are binned in one transaction
   * @param asked so long whoever asks waits; the rest is done in the background
   */
  record Pace(int chunk, Duration asked) {
    static final Pace USUAL = new Pace(5_000, Duration.ofSeconds(4));
  }

  /** The results of larger rounds are not waited for. */
  private static final int WRITTEN_AT_ONCE = 20_000;

  private static final Duration FOREVER = Duration.ofDays(1);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final RoundRepository rounds = new RoundRepository();
  private final RoundResults results;
  private final Pace pace;

  public RoundCloser(Jdbi jdbi, InstantSource clock) {
    this(jdbi, clock, Pace.USUAL);
  }

  RoundCloser(Jdbi jdbi, InstantSource clock, Pace pace) {
    this.jdbi = jdbi;
    this.pace = pace;
    this.clock = clock;
    this.results = new RoundResults(jdbi, clock);
  }

  /**
   * What came of it.
   *
   * @param inTheAir sites whose attempts must end before the round is closed, at most 1000
   * @param left sites that are still to be binned, at most 1000; it goes on by itself
   */
  public record Closing(boolean closed, int inTheAir, int left) {
    private static final Closing DONE = new Closing(true, 0, 0);
  }

  /**
   * Takes no new attempts from now on. A scheduled round is closed with no sites. Blocks some
   * seconds at most.
   */
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
    Closing closing = goOn(roundId, pace.asked());
    if (closing.closed() && small(roundId)) {
      results.writeMissing();
    }
    return closing;
  }

  private boolean small(long roundId) {
    return jdbi.withHandle(
        handle ->
            rounds
                .find(handle, roundId)
                .filter(round -> round.sitesLoaded() <= WRITTEN_AT_ONCE)
                .isPresent());
  }

  /**
   * Closes the open rounds in which nothing is left and those whose end has come, and goes on with
   * those that are closing. To be called every few seconds.
   */
  public void closeFinished() {
    Instant now = now();
    List<Round> open = jdbi.withHandle(rounds::open);
    // first of all: what takes long for one lets no other be rung past its end
    for (Round round : open) {
      if (!round.closing() && round.closesAt().filter(end -> !end.isAfter(now)).isPresent()) {
        LOG.info("round {}: its end has come", round.id());
        jdbi.useHandle(
            handle ->
                handle.execute(
                    "UPDATE round SET closing = TRUE WHERE id = ? AND status = 'open'"
                        + " AND closes_at <= ?",
                    round.id(),
                    now));
        withdraw(round.id());
      }
    }
    for (Round round : open) {
      try {
        goOn(round.id(), FOREVER);
      } catch (RuntimeException e) {
        LOG.warn("round {} could not be closed, going on with the others", round.id(), e);
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

  /** Bins what is left of a round that is closing, and closes one in which nothing is left. */
  private Closing goOn(long roundId, Duration atMost) {
    long began = System.nanoTime();
    while (bin(roundId) == pace.chunk()) {
      if (System.nanoTime() - began >= atMost.toNanos()) {
        return jdbi.withHandle(handle -> left(handle, roundId));
      }
    }
    Closing left = jdbi.withHandle(handle -> left(handle, roundId));
    return left.closed() ? finish(roundId) : left;
  }

  /** The next sites; gives how many. No attempt of a round that is closing begins any more. */
  private int bin(long roundId) {
    return jdbi.inTransaction(
        handle ->
            rounds
                .find(handle, roundId)
                .filter(round -> round.status() == Round.Status.OPEN && round.closing())
                .map(
                    round ->
                        handle
                            .createUpdate(PENDING)
                            .bind("round", roundId)
                            .bind("chunk", pace.chunk())
                            .execute())
                .orElse(0));
  }

  /** What keeps the round from being closed. */
  private static Closing left(Handle handle, long roundId) {
    int air = count(handle, roundId, "2");
    int left = count(handle, roundId, "0, 1, 4");
    return new Closing(air + left == 0, air, left);
  }

  private static int count(Handle handle, long roundId, String statuses) {
    return handle
        .createQuery(
            "SELECT COUNT(*) FROM (SELECT 1 FROM round_site WHERE round_id = :round AND status IN ("
                + statuses
                + ") LIMIT 1000) x")
        .bind("round", roundId)
        .mapTo(Integer.class)
        .one();
  }

  /** Nothing is left: its sites are free for another round, then it is closed. */
  private Closing finish(long roundId) {
    int freed;
    do {
      freed =
          jdbi.inTransaction(
              handle ->
                  handle
                      .createUpdate(
                          "DELETE FROM site_in_round WHERE round_id = :round LIMIT :chunk")
                      .bind("round", roundId)
                      .bind("chunk", pace.chunk())
                      .execute());
    } while (freed == pace.chunk());
    return jdbi.inTransaction(handle -> finish(handle, roundId));
  }

  private Closing finish(Handle handle, long roundId) {
    Round round = rounds.lock(handle, roundId).orElse(null);
    if (round == null || round.status() != Round.Status.OPEN) {
      return Closing.DONE;
    }
    Closing left = left(handle, roundId);
    if (left.closed() && rounds.close(handle, roundId, now())) {
      RoundResults.announce(handle, roundId);
      LOG.info("round {} is closed", roundId);
    }
    return left;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}

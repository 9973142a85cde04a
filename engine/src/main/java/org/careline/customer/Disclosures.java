package org.careline.customer;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Who has seen or taken whole telephone numbers, when, which and why. Written before the first
 * number goes: what cannot be written is not disclosed. Blocks; thread-safe.
 */
public final class Disclosures {
  /** Characters of a reason. */
  public static final int LEAST = 4;

  public static final int MOST = 500;

  private static final int ABOUT = 200;

  private final Jdbi jdbi;
  private final InstantSource clock;

  public Disclosures(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * The names of the components are keys of the JSON.
   *
   * @param by login, or whom the operating system knows where the command line was used
   */
  public record Entry(long id, Instant at, String by, String what, String about, String reason) {}

  /** A reason says something. */
  public static boolean isReason(String text) {
    int length = text.strip().codePointCount(0, text.strip().length());
    return length >= LEAST && length <= MOST;
  }

  public void write(String by, String what, String about, String reason) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO disclosure (at, by_login, what, about, reason)"
                        + " VALUES (:at, :by, :what, :about, :reason)")
                .bind("at", clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .bind("by", by)
                .bind("what", what)
                .bind("about", about.substring(0, Math.min(ABOUT, about.length())))
                .bind("reason", reason.strip())
                .execute());
  }

  /**
   * Newest first.
   *
   * @param before older than the entry of this number
   */
  public List<Entry> list(Optional<Long> before, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM disclosure WHERE id \\< :before ORDER BY id DESC LIMIT :limit")
                .bind("before", before.orElse(Long.MAX_VALUE))
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new Entry(
                            row.getLong("id"),
                            row.getTimestamp("at").toInstant(),
                            row.getString("by_login"),
                            row.getString("what"),
                            row.getString("about"),
                            row.getString("reason")))
                .list());
  }
}

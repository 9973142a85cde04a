package org.careline.customer;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Jdbi;

/**
 * Numbers whose calls are not served, for a time or for good. The next call from one is refused
 * from memory. Blocks; throws what JDBI throws when MySQL is away. Thread-safe.
 */
public final class Blocklist {
  private static final int LONGEST_REASON = 200;

  /**
   * @param until empty = for good
   * @param over its time has passed: he is served again
   */
  public record Blocked(
      long id,
      String number,
      String reason,
      Optional<Instant> until,
      String blockedBy,
      Instant blockedAt,
      boolean over) {}

  private final Jdbi jdbi;
  private final OwnNumbers own;
  private final NumberBook.Refresh refresh;
  private final InstantSource clock;

  public Blocklist(Jdbi jdbi, OwnNumbers own, NumberBook.Refresh refresh, InstantSource clock) {
    this.jdbi = jdbi;
    this.own = own;
    this.refresh = refresh;
    this.clock = clock;
  }

  /** Newest first. */
  public List<Blocked> list(int limit) {
    Instant now = clock.instant();
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id, e164, reason, until_at, blocked_by, blocked_at FROM blocked_number"
                        + " ORDER BY blocked_at DESC, e164 LIMIT :limit")
                .bind("limit", limit)
                .map(
                    (row, context) -> {
                      Optional<Instant> until =
                          Optional.ofNullable(row.getTimestamp(4)).map(Timestamp::toInstant);
                      return new Blocked(
                          row.getLong(1),
                          row.getString(2),
                          row.getString(3),
                          until,
                          row.getString(5),
                          row.getTimestamp(6).toInstant(),
                          until.filter(at -> !at.isAfter(now)).isPresent());
                    })
                .list());
  }

  /** The number of an entry. */
  public Optional<String> number(long id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT e164 FROM blocked_number WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne());
  }

  /**
   * Blocks a number, or changes reason and time of one that is.
   *
   * @param text the number as a person writes it
   * @param until empty = for good
   * @throws CallersRefused when it is no number, one of ours, or the time has passed
   */
  public String block(String text, String reason, Optional<Instant> until, String login)
      throws SQLException {
    PhoneNumber number = NumberBook.number(text);
    own.whose(number)
        .ifPresent(
            ours -> {
              throw new CallersRefused("our_number", ours);
            });
    if (reason.isBlank() || reason.codePointCount(0, reason.length()) > LONGEST_REASON) {
      throw new CallersRefused("invalid", Sentence.of("callers.reason", LONGEST_REASON));
    }
    Instant now = clock.instant();
    if (until.filter(at -> !at.isAfter(now)).isPresent()) {
      throw new CallersRefused("invalid", Sentence.of("callers.past"));
    }
    jdbi.useTransaction(
        handle -> {
          handle.execute(
              "INSERT INTO blocked_number (e164, reason, until_at, blocked_by, blocked_at)"
                  + " VALUES (?, ?, ?, ?, ?) AS fresh ON DUPLICATE KEY UPDATE"
                  + " reason = fresh.reason, until_at = fresh.until_at,"
                  + " blocked_by = fresh.blocked_by, blocked_at = fresh.blocked_at",
              number.e164(),
              reason.strip(),
              until.map(Timestamp::from).orElse(null),
              login,
              Timestamp.from(now));
          NumberBook.raise(handle);
        });
    refresh.now();
    return number.e164();
  }

  /**
   * Serves a number again.
   *
   * @param id of the entry
   * @throws CallersRefused when it is not blocked
   */
  public void free(long id) throws SQLException {
    jdbi.useTransaction(
        handle -> {
          if (handle.execute("DELETE FROM blocked_number WHERE id = ?", id) == 0) {
            throw new CallersRefused("not_found", Sentence.of("callers.not-blocked"));
          }
          NumberBook.raise(handle);
        });
    refresh.now();
  }
}

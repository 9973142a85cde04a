package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.careline.callback.AttemptJournal.Answered;
import org.careline.questionnaire.AnswerKey;

/**
 * Answers as MySQL has them, one for each round, site, device and question. Whatever takes the
 * place of an answer, or takes it away, leaves the former one in {@code answer_former} with who and
 * why. Works in the caller's transaction. Stateless.
 */
final class AnswerRows {
  private static final String KEY =
      " WHERE round_id = ? AND site_id = ? AND device_id = ? AND question_code = ?";

  private AnswerRows() {}

  /** How a former value came to be one. */
  enum Kind {
    /** Answered otherwise in a call. */
    CHANGED,
    /** Another answer made its question fall away. */
    VOID,
    /** After the call, by somebody who gave a reason. */
    CORRECTED;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param changedAt of the last answer or correction
   */
  record Row(String value, Instant answeredAt, Instant changedAt) {}

  /** Locks it until the transaction ends. */
  static Optional<Row> find(Connection connection, long round, long site, AnswerKey key)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT value, answered_at, COALESCE(corrected_at, answered_at) AS changed_at"
                + " FROM answer"
                + KEY
                + " FOR UPDATE")) {
      Sql.bind(statement, round, site, key.device(), key.code());
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next()
            ? Optional.of(
                new Row(
                    rs.getString(1), Sql.instant(rs, "answered_at"), Sql.instant(rs, "changed_at")))
            : Optional.empty();
      }
    }
  }

  /** Brings an entry of the journal in; what is older than what stands, or stands, is passed by. */
  static void apply(Connection connection, String attempt, Answered answer) throws SQLException {
    AnswerKey key = new AnswerKey(answer.code(), answer.device());
    Instant at = answer.at().truncatedTo(ChronoUnit.MILLIS);
    if (apply(connection, attempt, answer, key, at)) {
      RoundResults.refresh(connection, answer.roundId(), answer.siteId());
    }
  }

  private static boolean apply(
      Connection connection, String attempt, Answered answer, AnswerKey key, Instant at)
      throws SQLException {
    Optional<Row> before = find(connection, answer.roundId(), answer.siteId(), key);
    if (before.isPresent()) {
      boolean older = at.isBefore(before.get().changedAt());
      boolean stands =
          before.get().value().equals(answer.value()) && before.get().answeredAt().equals(at);
      if (older || stands) {
        return false;
      }
      Kind kind = Kind.VOID.key().equals(answer.kind()) ? Kind.VOID : Kind.CHANGED;
      remove(connection, answer.roundId(), answer.siteId(), key, answer.by(), at, kind, "");
    }
    if (answer.value() == null) {
      return before.isPresent();
    }
    Sql.update(
        connection,
        "INSERT INTO answer (round_id, site_id, device_id, device, question_code,"
            + " questionnaire_version, value, attempt_id, second_of_recording, answered_by,"
            + " answered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        answer.roundId(),
        answer.siteId(),
        key.device(),
        answer.deviceName() == null ? "" : answer.deviceName(),
        key.code(),
        answer.version(),
        answer.value(),
        attempt,
        answer.second(),
        answer.by(),
        at);
    return true;
  }

  /** Takes an answer away and keeps what it said. */
  static void remove(
      Connection connection,
      long round,
      long site,
      AnswerKey key,
      String by,
      Instant at,
      Kind kind,
      String why)
      throws SQLException {
    keep(connection, round, site, key, by, at, kind, why);
    Sql.update(connection, "DELETE FROM answer" + KEY, round, site, key.device(), key.code());
  }

  /** Copies what stands to the former ones; said twice it is there once. */
  private static void keep(
      Connection connection,
      long round,
      long site,
      AnswerKey key,
      String by,
      Instant at,
      Kind kind,
      String why)
      throws SQLException {
    Sql.update(
        connection,
        "INSERT IGNORE INTO answer_former (round_id, site_id, device_id, question_code,"
            + " questionnaire_version, value, attempt_id, second_of_recording, answered_by,"
            + " answered_at, replaced_by, replaced_at, kind, why)"
            + " SELECT round_id, site_id, device_id, question_code, questionnaire_version, value,"
            + " attempt_id, second_of_recording, COALESCE(corrected_by, answered_by),"
            + " COALESCE(corrected_at, answered_at), ?, ?, ?, ? FROM answer"
            + KEY,
        by,
        at,
        kind.key(),
        why,
        round,
        site,
        key.device(),
        key.code());
  }

  /**
   * Puts a value right after the call, or adds one that was heard in its recording; call and second
   * stay those of the answer.
   *
   * @param call of an answer that was not there
   */
  static void correct(
      Connection connection, Correction correction, AnswerKey key, String value, String call)
      throws SQLException {
    Correction c = correction;
    keep(connection, c.round(), c.site(), key, c.by(), c.at(), Kind.CORRECTED, c.why());
    int there =
        Sql.update(
            connection,
            "UPDATE answer SET value = ?, corrected_by = ?, corrected_at = ?, corrected_why = ?"
                + KEY,
            value,
            c.by(),
            c.at(),
            c.why(),
            c.round(),
            c.site(),
            key.device(),
            key.code());
    if (there == 0) {
      Sql.update(
          connection,
          "INSERT INTO answer (round_id, site_id, device_id, device, question_code,"
              + " questionnaire_version, value, attempt_id, answered_by, answered_at, corrected_by,"
              + " corrected_at, corrected_why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          c.round(),
          c.site(),
          key.device(),
          c.deviceName(),
          key.code(),
          c.version(),
          value,
          call,
          c.by(),
          c.at(),
          c.by(),
          c.at(),
          c.why());
    }
  }

  /** Who puts answers of a site right, and why. */
  record Correction(
      long round, long site, String deviceName, int version, String by, Instant at, String why) {}
}

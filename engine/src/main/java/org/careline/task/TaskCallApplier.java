package org.careline.task;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careline.call.Applier;
import org.careline.call.Journal;
import org.careline.callback.Disposition;
import org.careline.callback.Sql;

/**
 * Carries calls made for tasks from the journal into MySQL. States only go forward, a call is
 * settled once and its task moves with it: applying an entry again changes nothing. Stateless.
 */
final class TaskCallApplier implements Applier {
  @Override
  public String kind() {
    return TaskCallEntry.KIND;
  }

  /** What was rung has rung, under whichever lease it is told. */
  @Override
  public boolean takesOlderEpochs() {
    return true;
  }

  @Override
  public void apply(Connection connection, List<Journal.Entry> batch) throws SQLException {
    for (Journal.Entry entry : batch) {
      TaskCallEntry line = entry.as(TaskCallEntry.class);
      if (!line.state().equals(TaskCallEntry.SETTLED)) {
        forward(connection, entry.key(), line);
      } else if (line.notPlaced()) {
        notPlaced(connection, entry.key(), line);
      } else {
        settle(connection, entry.key(), line);
      }
    }
  }

  /** Unknown stands beside dialling: a call may go there and back. */
  private static void forward(Connection connection, String id, TaskCallEntry line)
      throws SQLException {
    Instant answered = line.state().equals("talking") ? line.at() : null;
    Instant ended = line.state().equals("ended") ? line.at() : null;
    Sql.update(
        connection,
        "UPDATE task_attempt SET state = ?, answered_at = COALESCE(answered_at, ?),"
            + " ended_at = COALESCE(ended_at, ?),"
            + " hangup_cause = COALESCE(hangup_cause, NULLIF(?, 0)),"
            + " dial_status = COALESCE(dial_status, ?) WHERE id = ? AND settled_at IS NULL"
            + " AND FIELD(state, 'inserted', 'agent_ringing', 'dialling', 'unknown', 'talking',"
            + "  'ended') <= FIELD(?, 'inserted', 'agent_ringing', 'dialling', 'unknown',"
            + "  'talking', 'ended')",
        line.state(),
        answered,
        ended,
        line.cause(),
        line.dialStatus(),
        id,
        line.state());
  }

  /**
   * It counts for nothing. Refused when the order was permitted and nothing proves the contrary.
   * Who has answered was spoken to, whoever says otherwise: that was the talk that was wanted.
   */
  private static void notPlaced(Connection connection, String id, TaskCallEntry line)
      throws SQLException {
    Optional<TaskCallEntry.Reached> talked =
        line.proven() ? answered(connection, id) : Optional.empty();
    if (talked.isPresent()) {
      settle(
          connection,
          id,
          TaskCallEntry.settled(
              line.task(),
              line.at(),
              0,
              Optional.empty(),
              Disposition.COMPLETED,
              new Verdict(Optional.of(Task.Result.REACHED), true, Optional.empty()),
              null,
              "engine",
              talked,
              true));
      return;
    }
    boolean settled =
        Sql.update(
                connection,
                "UPDATE task_attempt SET state = 'settled', placed_at = NULL,"
                    + " ended_at = COALESCE(ended_at, ?), settled_at = ?"
                    + " WHERE id = ? AND settled_at IS NULL AND answered_at IS NULL"
                    + " AND (placed_at IS NULL OR ?)",
                line.at(),
                line.at(),
                id,
                line.proven())
            == 1;
    if (settled) {
      Sql.update(
          connection,
          "UPDATE task SET next_call_at = IF(next_call_at IS NULL, NULL, ?), first_placed_at ="
              + " (SELECT MIN(placed_at) FROM task_attempt WHERE task_id = task.id) WHERE id = ?"
              + " AND state IN ('open', 'taken')",
          line.next(),
          line.task());
    }
  }

  private static Optional<TaskCallEntry.Reached> answered(Connection connection, String id)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT e164, answered_at FROM task_attempt WHERE id = ? AND settled_at IS NULL"
                + " AND answered_at IS NOT NULL FOR UPDATE")) {
      Sql.bind(statement, id);
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next()
            ? Optional.of(
                new TaskCallEntry.Reached(rs.getString("e164"), Sql.instant(rs, "answered_at")))
            : Optional.empty();
      }
    }
  }

  private static void settle(Connection connection, String id, TaskCallEntry line)
      throws SQLException {
    boolean settled =
        Sql.update(
                connection,
                "UPDATE task_attempt SET state = 'settled', disposition = ?,"
                    + " ended_at = COALESCE(ended_at, ?), settled_at = ?,"
                    + " hangup_cause = COALESCE(hangup_cause, NULLIF(?, 0)),"
                    + " dial_status = COALESCE(dial_status, ?), rang = rang OR ?"
                    + " WHERE id = ? AND settled_at IS NULL",
                line.disposition(),
                line.at(),
                line.at(),
                line.cause(),
                line.dialStatus(),
                Boolean.TRUE.equals(line.rang()),
                id)
            == 1;
    if (!settled) {
      return;
    }
    Sql.update(
        connection,
        "UPDATE task SET tries = tries + ?, next_call_at = IF(next_call_at IS NULL, NULL,"
            + " COALESCE(?, next_call_at)) WHERE id = ?",
        line.counts() ? 1 : 0,
        line.next(),
        line.task());
    if (line.result() != null) {
      Sql.update(
          connection,
          "UPDATE task SET state = ?, result = ?, result_note = COALESCE(?, ''), closed_at = ?,"
              + " closed_by = ? WHERE id = ? AND state IN ('open', 'taken')",
          line.result().state().key(),
          line.result().key(),
          line.note(),
          line.at(),
          line.by(),
          line.task());
    }
    if (line.reached() != null) {
      reached(connection, line);
    }
  }

  /** As when he rings in: what was left for his number before we spoke to him is done. */
  private static void reached(Connection connection, TaskCallEntry line) throws SQLException {
    Sql.update(
        connection,
        "UPDATE task SET state = ?, result = ?, closed_at = ?, closed_by = ? WHERE e164 = ?"
            + " AND state IN ('open', 'taken') AND created_at <= ? AND kind IN "
            + TaskAppliers.ENDING_KINDS,
        line.result().state().key(),
        line.result().key(),
        line.at(),
        line.by(),
        line.reached().e164(),
        line.reached().at());
  }
}

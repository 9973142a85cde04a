package org.careline.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.careline.call.Applier;
import org.careline.call.Caller;
import org.careline.call.Handling;
import org.careline.call.Journal;
import org.careline.callback.Sql;

/**
 * Carry tasks from the journal into MySQL. A task is written once and ends once: what comes twice,
 * late or from an older lease changes nothing.
 */
final class TaskAppliers {
  /** In SQL: kinds that are done when the caller rings back. */
  static final String ENDING_KINDS =
      Arrays.stream(Task.Kind.values())
          .filter(Task.Kind::endsWhenHeCalls)
          .map(kind -> "'" + kind.key() + "'")
          .collect(Collectors.joining(", ", "(", ")"));

  private TaskAppliers() {}

  /**
   * Calls first: theirs are tasks that stand in MySQL already, and one that ends makes room for the
   * next promise to its number.
   */
  static List<Applier> all() {
    return List.of(new TaskCallApplier(), new Entries());
  }

  /** Who waits, as the column keeps it. */
  record Waiting(Caller caller, Handling handling) {
    static String text(NewTask task) {
      if (task.caller() == null) {
        return null;
      }
      try {
        return Journal.JSON.writeValueAsString(new Waiting(task.caller(), task.handling()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a caller cannot be written", e);
      }
    }

    static Waiting of(String text) {
      try {
        return Journal.JSON.readValue(text, Waiting.class);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a caller cannot be read", e);
      }
    }
  }

  private static final class Entries implements Applier {
    @Override
    public String kind() {
      return TaskEntry.KIND;
    }

    /** A promise made stays a promise under a later lease; an end never replaces an end. */
    @Override
    public boolean takesOlderEpochs() {
      return true;
    }

    @Override
    public void apply(Connection connection, List<Journal.Entry> batch) throws SQLException {
      for (Journal.Entry entry : batch) {
        TaskEntry line = entry.as(TaskEntry.class);
        if (line.raised() != null) {
          raised(connection, line.raised(), entry.epoch());
        } else if (line.calledIn() != null) {
          Sql.update(
              connection,
              "UPDATE task SET state = 'done', result = 'called_in', closed_at = ?, closed_by = ?"
                  + " WHERE e164 = ? AND state IN ('open', 'taken') AND created_at <= ?"
                  + " AND kind IN "
                  + ENDING_KINDS,
              line.at(),
              line.by(),
              line.calledIn(),
              line.at());
        } else {
          Sql.update(
              connection,
              "UPDATE task SET state = ?, result = ?, closed_at = ?, closed_by = ?"
                  + " WHERE id = ? AND state IN ('open', 'taken')",
              line.result().state().key(),
              line.result().key(),
              line.at(),
              line.by(),
              entry.key());
        }
      }
    }

    /** The key of the open promise per number refuses a second one. */
    private static void raised(Connection connection, NewTask task, long epoch)
        throws SQLException {
      Sql.update(
          connection,
          "INSERT IGNORE INTO task (id, kind, call_id, e164, customer_id, site_id, line_code,"
              + " tier_code, note, created_at, due_at, expires_at, joined_at, next_call_at, waiting,"
              + " assigned_to, epoch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          task.id(),
          task.kind().key(),
          task.call().value(),
          task.e164(),
          task.customerId(),
          task.siteId(),
          task.line(),
          task.tier(),
          task.note(),
          task.createdAt(),
          task.dueAt(),
          task.expiresAt(),
          task.joinedAt(),
          task.nextCallAt(),
          Waiting.text(task),
          task.assignedTo(),
          epoch);
    }
  }
}

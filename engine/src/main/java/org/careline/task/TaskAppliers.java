package org.careline.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careline.call.Applier;
import org.careline.call.Caller;
import org.careline.call.Handling;
import org.careline.call.Journal;
import org.careline.callback.Sql;

/**
 * Carry tasks from the journal into MySQL. A task is written once and ends once: what comes twice,
 * late or from an older lease changes nothing. A danger told after the task of the one before is
 * over is a task of its own.
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
        if (line.raised() != null && line.raised().kind() == Task.Kind.DANGER) {
          danger(connection, line.raised(), entry.epoch());
        } else if (line.raised() != null) {
          raised(connection, line.raised().id(), line.raised(), entry.epoch());
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

    /**
     * A task that was not over when this was told holds it already; one of the same call of which
     * nobody knew the site becomes the site's.
     */
    private static void danger(Connection connection, NewTask task, long epoch)
        throws SQLException {
      List<Told> told = told(connection, task);
      String first = task.id();
      if (told.stream().anyMatch(each -> each.holds(task))) {
        return;
      }
      Optional<Told> placeless =
          told.stream().filter(each -> task.siteId() != null && each.placeless()).findFirst();
      if (placeless.isPresent()) {
        Sql.update(
            connection,
            "UPDATE task SET site_id = ?, customer_id = COALESCE(?, customer_id), tier_code = ?,"
                + " note = LEFT(CONCAT(?, ' / ', note), ?),"
                + " assigned_to = IF(state = 'open', COALESCE(?, assigned_to), assigned_to)"
                + " WHERE id = ? AND site_id IS NULL AND state IN ('open', 'taken')",
            task.siteId(),
            task.customerId(),
            task.tier(),
            task.note(),
            NewTask.LONGEST_NOTE,
            task.assignedTo(),
            placeless.get().id());
        return;
      }
      Set<String> ids = told.stream().map(Told::id).collect(Collectors.toSet());
      String id = first;
      for (int next = 2; ids.contains(id); next++) {
        id = first + "_" + next;
      }
      raised(connection, id, task, epoch);
    }

    /**
     * A danger of a call, as MySQL has it.
     *
     * @param siteId null = nobody knows
     * @param closedAt null = not over
     */
    private record Told(String id, Long siteId, Instant closedAt) {
      boolean placeless() {
        return siteId == null && closedAt == null;
      }

      /** Raised as the same, or of the same site; and somebody was still to act on it. */
      boolean holds(NewTask task) {
        boolean same =
            id.equals(task.id())
                || id.startsWith(task.id() + "_")
                || Objects.equals(siteId, task.siteId());
        return same && (closedAt == null || !closedAt.isBefore(task.createdAt()));
      }
    }

    private static List<Told> told(Connection connection, NewTask task) throws SQLException {
      try (PreparedStatement query =
          connection.prepareStatement(
              "SELECT id, site_id, closed_at FROM task WHERE call_id = ? AND kind = 'danger'"
                  + " ORDER BY created_at, id FOR UPDATE")) {
        Sql.bind(query, task.call().value());
        List<Told> told = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
          while (row.next()) {
            told.add(
                new Told(
                    row.getString(1), row.getObject(2, Long.class), Sql.instant(row, "closed_at")));
          }
        }
        return told;
      }
    }

    /** The key of the open promise per number refuses a second one. */
    private static void raised(Connection connection, String id, NewTask task, long epoch)
        throws SQLException {
      Sql.update(
          connection,
          "INSERT IGNORE INTO task (id, kind, call_id, e164, customer_id, site_id, line_code,"
              + " tier_code, note, created_at, due_at, expires_at, joined_at, next_call_at, waiting,"
              + " assigned_to, epoch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          id,
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

package org.careline.task;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.careline.call.CallId;
import org.careline.callback.Sql;
import org.careline.language.Sentence;

/**
 * Tasks as people see and end them, straight in MySQL: of two who take one task the first has it.
 * Blocks; thread-safe.
 */
public final class TaskRepository {
  private static final String SELECT =
      "SELECT t.*, c.name AS customer_name, s.name AS site_name, "
          + last("reason_en")
          + ", "
          + last("reason_zh")
          + " FROM task t"
          + " LEFT JOIN customer c ON c.id = t.customer_id LEFT JOIN site s ON s.id = t.site_id ";

  /** Of the last call for it. */
  private static String last(String column) {
    return "(SELECT a.%1$s FROM task_attempt a WHERE a.task_id = t.id ORDER BY a.seq DESC LIMIT 1) AS %1$s"
        .formatted(column);
  }

  private final DataSource source;

  public TaskRepository(DataSource source) {
    this.source = source;
  }

  /**
   * Open and taken ones, dangers before all others, then the most urgent first; or those that are
   * over, the latest first.
   *
   * @param kind empty = all
   */
  public List<Task> list(boolean over, Optional<Task.Kind> kind, int limit) throws SQLException {
    String where =
        "WHERE t.state IN "
            + (over ? "('done', 'expired')" : "('open', 'taken')")
            + (kind.isPresent() ? " AND t.kind = ?" : "")
            + (over ? " ORDER BY t.closed_at DESC" : " ORDER BY t.kind <> 'danger', t.due_at")
            + ", t.id LIMIT ?";
    List<Object> values = new ArrayList<>();
    kind.ifPresent(each -> values.add(each.key()));
    values.add(limit);
    return select(where, values.toArray());
  }

  public Optional<Task> find(String id) throws SQLException {
    return select("WHERE t.id = ?", id).stream().findFirst();
  }

  /**
   * From now on it is his. His own again is harmless. A danger is taken by whoever is there,
   * although it was meant for somebody else.
   *
   * @throws TaskRefused when there is none, it is over, or another has it
   */
  public void take(String id, String login, Instant now) throws SQLException {
    boolean taken =
        update(
            "UPDATE task SET state = 'taken', assigned_to = ?, taken_at = COALESCE(taken_at, ?)"
                + " WHERE id = ? AND next_call_at IS NULL AND (state = 'open'"
                + " AND (assigned_to IS NULL OR assigned_to = ? OR kind = 'danger')"
                + " OR state = 'taken' AND assigned_to = ?)",
            login,
            now,
            id,
            login,
            login);
    if (!taken) {
      throw refusal(id, login);
    }
  }

  /**
   * Ends it with what has come of it.
   *
   * @param anybodys also when another has taken it (supervisors)
   * @throws TaskRefused as {@link #take}
   */
  public void end(
      String id, String login, boolean anybodys, Task.Result result, String note, Instant now)
      throws SQLException {
    boolean ended =
        update(
            "UPDATE task SET state = ?, result = ?, result_note = ?, closed_at = ?, closed_by = ?"
                + " WHERE id = ? AND state IN ('open', 'taken')"
                + " AND (? OR assigned_to IS NULL OR assigned_to = ?)"
                + " AND (? OR kind <> 'unreached_manager' OR ? = 'acknowledged')",
            result.state().key(),
            result.key(),
            note,
            now,
            login,
            id,
            anybodys,
            login,
            anybodys,
            result.key());
    if (!ended) {
      throw refusal(id, login);
    }
  }

  private TaskRefused refusal(String id, String login) throws SQLException {
    Task task = find(id).orElseThrow(() -> new TaskRefused("no_task", Sentence.of("task.unknown")));
    if (task.state().closed()) {
      return new TaskRefused("task_over", Sentence.of("task.over"));
    }
    if (task.assignedTo().filter(other -> !other.equals(login)).isPresent()) {
      return new TaskRefused(
          "task_taken", Sentence.of("task.taken", task.assignedTo().orElseThrow()));
    }
    return task.nextCallAt().isPresent()
        ? new TaskRefused("engine_calls", Sentence.of("task.engine-calls"))
        : new TaskRefused("to_acknowledge", Sentence.of("task.to-acknowledge"));
  }

  private boolean update(String sql, Object... values) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return Sql.update(connection, sql, values) == 1;
    }
  }

  private List<Task> select(String where, Object... values) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(SELECT + where)) {
      Sql.bind(statement, values);
      List<Task> tasks = new ArrayList<>();
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          tasks.add(row(rs));
        }
      }
      return tasks;
    }
  }

  private static Task row(ResultSet rs) throws SQLException {
    Task.Kind kind = Task.Kind.of(rs.getString("kind")).orElseThrow();
    return new Task(
        rs.getString("id"),
        kind,
        new CallId(rs.getString("call_id")),
        Optional.ofNullable(rs.getString("e164")),
        Optional.ofNullable(rs.getString("customer_name")),
        Optional.ofNullable(rs.getString("site_name")),
        Optional.ofNullable(rs.getString("line_code")),
        rs.getString("tier_code"),
        rs.getString("note"),
        Sql.instant(rs, "created_at"),
        Sql.instant(rs, "due_at"),
        Optional.ofNullable(Sql.instant(rs, "joined_at")),
        Optional.ofNullable(Sql.instant(rs, "next_call_at")),
        rs.getInt("tries"),
        Optional.ofNullable(rs.getString("assigned_to")),
        Task.State.of(rs.getString("state")).orElseThrow(),
        Optional.ofNullable(rs.getString("result")).flatMap(Task.Result::of),
        rs.getString("result_note"),
        Optional.ofNullable(Sql.instant(rs, "closed_at")),
        Optional.ofNullable(rs.getString("closed_by")),
        TaskCallRepository.reason(rs),
        kind == Task.Kind.VOICEMAIL);
  }
}

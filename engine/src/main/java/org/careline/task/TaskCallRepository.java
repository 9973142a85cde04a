package org.careline.task;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.Caller;
import org.careline.call.Handling;
import org.careline.callback.NumberCeiling;
import org.careline.callback.Sql;
import org.careline.telephony.Outbound;

/**
 * Tasks to be called and the rows of the calls made for them. Whatever leads to a ringing phone is
 * committed here first, fenced by the epoch: no database, no dialling. Keys on the open call of a
 * task and of a number refuse a second one, and calls of rounds to the number count too. What
 * rounds have written is read without locks; who begins at the same moment is told apart by {@link
 * #placing}. Blocks; thread-safe.
 */
public final class TaskCallRepository {
  private static final int MOST = 5000;
  private static final int MOST_NUMBERS = 50_000;

  /** A number that a round is ringing is looked at again after so long. */
  private static final Duration NUMBER_BUSY = Duration.ofSeconds(30);

  private static final String CALLED =
      "SELECT t.*, c.code AS customer_code, c.name AS customer_name, s.code AS site_code,"
          + " s.name AS site_name FROM task t LEFT JOIN customer c ON c.id = t.customer_id"
          + " LEFT JOIN site s ON s.id = t.site_id ";

  private final DataSource source;

  public TaskCallRepository(DataSource source) {
    this.source = source;
  }

  /** A call to be made. */
  record Wanted(CallId id, CalledTask task, AgentNumber agent, Optional<CallEntry.Reason> reason) {}

  /** A call that is not settled. */
  record Open(
      CallId id,
      CalledTask task,
      AgentNumber agent,
      boolean ended,
      boolean placed,
      Optional<Instant> placedAt,
      Optional<Instant> answeredAt,
      Optional<CallEntry.Reason> reason) {}

  /** Those the engine calls by itself and for whom no call is open, the most urgent first. */
  List<CalledTask> waiting() throws SQLException {
    return called(
        "WHERE t.state = 'open' AND t.next_call_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
            + " task_attempt a WHERE a.open_task = t.id) ORDER BY t.due_at LIMIT "
            + MOST);
  }

  /** Numbers whose callers, when they ring back, have what was left to be done for them. */
  Set<String> numbers() throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT DISTINCT e164 FROM task WHERE state IN ('open', 'taken')"
                    + " AND e164 IS NOT NULL AND kind IN "
                    + TaskAppliers.ENDING_KINDS
                    + " LIMIT "
                    + MOST_NUMBERS);
        ResultSet rs = statement.executeQuery()) {
      Set<String> numbers = new HashSet<>();
      while (rs.next()) {
        numbers.add(rs.getString(1));
      }
      return numbers;
    }
  }

  /** The task, whoever is to call for it; empty = none, nobody to call, or over. */
  public Optional<CalledTask> callable(String id) throws SQLException {
    return called("WHERE t.id = ? AND t.e164 IS NOT NULL AND t.state IN ('open', 'taken')", id)
        .stream()
        .findFirst();
  }

  /**
   * Writes the row of a call before anybody's phone is rung.
   *
   * @return false when the task is over, not due or has a call, another engine leads, or the number
   *     is being rung or was rung too often: then the task is due when it may be
   */
  boolean begin(Wanted wanted, Instant now, long epoch) throws SQLException {
    Instant at = now.truncatedTo(ChronoUnit.MILLIS);
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        boolean may =
            Sql.leaseEpoch(connection) <= epoch
                && due(connection, wanted.task(), at)
                && mayRing(connection, wanted.task(), at);
        if (may) {
          Sql.update(
              connection,
              "INSERT INTO task_attempt (id, task_id, seq, e164, agent_number, state, reason_en,"
                  + " reason_zh, created_at, epoch) SELECT ?, ?, COALESCE(MAX(seq), 0) + 1, ?, ?,"
                  + " 'inserted', ?, ?, ?, ? FROM task_attempt WHERE task_id = ?",
              wanted.id().value(),
              wanted.task().id(),
              wanted.task().e164(),
              wanted.agent().value(),
              wanted.reason().map(CallEntry.Reason::en).orElse(null),
              wanted.reason().map(CallEntry.Reason::zh).orElse(null),
              at,
              epoch,
              wanted.task().id());
        }
        connection.commit();
        return may;
      } catch (SQLIntegrityConstraintViolationException open) {
        connection.rollback();
        return false;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /** When the number may be rung for a task, from now on. */
  public Instant free(String e164, Instant now) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return free(connection, e164, now);
    }
  }

  private static Instant free(Connection connection, String e164, Instant now) throws SQLException {
    Instant free = NumberCeiling.free(connection, e164, now);
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT 1 FROM attempt WHERE open_number = ?")) {
      Sql.bind(statement, e164);
      try (ResultSet rs = statement.executeQuery()) {
        Instant soon = now.plus(NUMBER_BUSY);
        return rs.next() && soon.isAfter(free) ? soon : free;
      }
    }
  }

  private static boolean mayRing(Connection connection, CalledTask task, Instant now)
      throws SQLException {
    Instant free = free(connection, task.e164(), now);
    if (!free.isAfter(now)) {
      return true;
    }
    Sql.update(
        connection,
        "UPDATE task SET next_call_at = ? WHERE id = ? AND next_call_at IS NOT NULL",
        free,
        task.id());
    return false;
  }

  private static boolean due(Connection connection, CalledTask task, Instant now)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT state, next_call_at, expires_at FROM task WHERE id = ? FOR UPDATE")) {
      Sql.bind(statement, task.id());
      try (ResultSet rs = statement.executeQuery()) {
        if (!rs.next()) {
          return false; // its row is still on its way
        }
        String state = rs.getString("state");
        Instant next = Sql.instant(rs, "next_call_at");
        Instant expires = Sql.instant(rs, "expires_at");
        if (!task.byItself()) {
          return next == null && (state.equals("open") || state.equals("taken"));
        }
        return state.equals("open")
            && next != null
            && !next.isAfter(now.plusMillis(1))
            && (expires == null || expires.isAfter(now));
      }
    }
  }

  /**
   * Permits the order to ring him: commits that it may be on the wire. False when the call or the
   * task is over, another engine leads, or a round is calling the same number at this moment.
   */
  boolean placing(CallId id, Instant now, long epoch) throws SQLException {
    return placing(id, Outbound.Leaving.UNKNOWN, now, epoch);
  }

  boolean placing(CallId id, Outbound.Leaving leaving, Instant now, long epoch)
      throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        boolean placed =
            Sql.leaseEpoch(connection) <= epoch
                && Sql.update(
                        connection,
                        "UPDATE task_attempt a JOIN task t ON t.id = a.task_id"
                            + " SET a.state = 'dialling', a.placed_at = ?,"
                            + " a.trunk = NULLIF(?, ''), a.shown_number = NULLIF(?, ''),"
                            + " t.first_placed_at = COALESCE(t.first_placed_at, ?)"
                            + " WHERE a.id = ? AND a.settled_at IS NULL AND a.placed_at IS NULL"
                            + " AND a.epoch = ? AND t.state IN ('open', 'taken')"
                            + " AND NOT EXISTS (SELECT 1 FROM attempt r"
                            + "  WHERE r.open_number = a.e164)",
                        now,
                        leaving.trunk(),
                        leaving.shown(),
                        now,
                        id.value(),
                        epoch)
                    >= 1;
        connection.commit();
        return placed;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /** Whether {@link #placing}, which has permitted it, would do so again. */
  boolean still(CallId id, long epoch) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT 1 FROM task_attempt a JOIN task t ON t.id = a.task_id WHERE a.id = ?"
                    + " AND a.settled_at IS NULL AND a.epoch = ? AND t.state IN ('open', 'taken')"
                    + " AND NOT EXISTS (SELECT 1 FROM lease"
                    + "  WHERE name = 'leader' AND epoch > ?)")) {
      Sql.bind(statement, id.value(), epoch, epoch);
      try (ResultSet rs = statement.executeQuery()) {
        return rs.next();
      }
    }
  }

  /** Makes the open calls of earlier epochs this engine's own; their old writer is refused. */
  void adopt(long epoch) throws SQLException {
    try (Connection connection = source.getConnection()) {
      Sql.update(
          connection,
          "UPDATE task_attempt SET epoch = ? WHERE settled_at IS NULL AND epoch < ?",
          epoch,
          epoch);
    }
  }

  /** All calls not settled. */
  List<Open> open() throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT a.id AS attempt_id, a.agent_number, a.state AS attempt_state, a.placed_at,"
                    + " a.reason_en, a.reason_zh,"
                    + " a.answered_at, t.*, c.code AS customer_code, c.name AS customer_name,"
                    + " s.code AS site_code, s.name AS site_name FROM task_attempt a"
                    + " JOIN task t ON t.id = a.task_id LEFT JOIN customer c ON c.id = t.customer_id"
                    + " LEFT JOIN site s ON s.id = t.site_id WHERE a.open_task IS NOT NULL"
                    + " ORDER BY a.id LIMIT "
                    + MOST);
        ResultSet rs = statement.executeQuery()) {
      List<Open> open = new ArrayList<>();
      while (rs.next()) {
        open.add(
            new Open(
                new CallId(rs.getString("attempt_id")),
                row(rs),
                new AgentNumber(rs.getString("agent_number")),
                rs.getString("attempt_state").equals("ended"),
                Sql.instant(rs, "placed_at") != null,
                Optional.ofNullable(Sql.instant(rs, "placed_at")),
                Optional.ofNullable(Sql.instant(rs, "answered_at")),
                reason(rs)));
      }
      return open;
    }
  }

  private List<CalledTask> called(String where, Object... values) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(CALLED + where)) {
      Sql.bind(statement, values);
      List<CalledTask> tasks = new ArrayList<>();
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          tasks.add(row(rs));
        }
      }
      return tasks;
    }
  }

  /** Of the columns {@code reason_en} and {@code reason_zh}; empty = nobody has decided it. */
  static Optional<CallEntry.Reason> reason(ResultSet rs) throws SQLException {
    String en = rs.getString("reason_en");
    return en == null
        ? Optional.empty()
        : Optional.of(new CallEntry.Reason(en, rs.getString("reason_zh"), null));
  }

  private static CalledTask row(ResultSet rs) throws SQLException {
    String waiting = rs.getString("waiting");
    Caller caller;
    Optional<Handling> handling;
    if (waiting == null) {
      caller = caller(rs);
      handling = Optional.empty();
    } else {
      TaskAppliers.Waiting known = TaskAppliers.Waiting.of(waiting);
      caller = known.caller();
      handling = Optional.ofNullable(known.handling());
    }
    Instant joined = Sql.instant(rs, "joined_at");
    return new CalledTask(
        rs.getString("id"),
        Task.Kind.of(rs.getString("kind")).orElseThrow(),
        new CallId(rs.getString("call_id")),
        rs.getString("e164"),
        caller,
        handling,
        Sql.instant(rs, "created_at"),
        joined == null ? Sql.instant(rs, "created_at") : joined,
        Sql.instant(rs, "due_at"),
        Optional.ofNullable(Sql.instant(rs, "expires_at")),
        Optional.ofNullable(Sql.instant(rs, "next_call_at")),
        rs.getInt("tries"));
  }

  private static Caller caller(ResultSet rs) throws SQLException {
    long customer = rs.getLong("customer_id");
    Long customerId = rs.wasNull() ? null : customer;
    long site = rs.getLong("site_id");
    Long siteId = rs.wasNull() ? null : site;
    return new Caller(
        "",
        rs.getString("line_code"),
        "",
        rs.getString("e164"),
        customerId,
        rs.getString("customer_code"),
        rs.getString("customer_name"),
        siteId,
        rs.getString("site_code"),
        rs.getString("site_name"),
        rs.getString("tier_code"));
  }
}

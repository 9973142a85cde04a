package org.careline.report.hotline;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Objections of agents to rows behind their figures. One for each row and figure; it is decided
 * once, and both texts are kept. Blocks on MySQL; thread-safe.
 */
public final class Contests {
  private static final int MOST = 500;

  /** Why an objection is not taken. */
  public static final class Refused extends Refusal {
    private static final long serialVersionUID = 1L;
    private final String id;

    Refused(String id, Sentence reason) {
      super(reason);
      this.id = id;
    }

    /** Stable, never translated. */
    public String id() {
      return id;
    }
  }

  private static final String SELECT =
      "SELECT id, agent_number, figure, row_id, call_id, happened_at, text, raised_by, raised_at,"
          + " decision, reason, decided_by, decided_at FROM figure_contest ";

  private final Jdbi jdbi;
  private final InstantSource clock;

  public Contests(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * Takes an objection to a row of the agent's own.
   *
   * @throws Refused when there is no such row, it is not his, or he has objected already
   */
  public Contest raise(
      AgentNumber agent, AgentFigure figure, String rowId, String text, String login) {
    return jdbi.inTransaction(
        handle -> {
          Row row =
              find(handle, agent, rowId)
                  .orElseThrow(() -> new Refused("no_row", Sentence.of("figures.no-row")));
          try {
            long id =
                handle
                    .createUpdate(
                        "INSERT INTO figure_contest (agent_number, figure, row_id, call_id,"
                            + " happened_at, text, raised_by, raised_at) VALUES (:agent, :figure,"
                            + " :row, :call, :at, :text, :login, :now)")
                    .bind("agent", agent.value())
                    .bind("figure", figure.id())
                    .bind("row", rowId)
                    .bind("call", row.callId())
                    .bind("at", Timestamp.from(row.at()))
                    .bind("text", text)
                    .bind("login", login)
                    .bind("now", Timestamp.from(clock.instant()))
                    .executeAndReturnGeneratedKeys()
                    .mapTo(Long.class)
                    .one();
            return one(handle, id).orElseThrow();
          } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof java.sql.SQLIntegrityConstraintViolationException) {
              throw new Refused("contested", Sentence.of("figures.contested"));
            }
            throw e;
          }
        });
  }

  private record Row(String callId, Instant at) {}

  private static Optional<Row> find(Handle handle, AgentNumber agent, String rowId) {
    String[] parts = rowId.split(":");
    if (rowId.matches("leg:[A-Za-z0-9._-]{1,64}:[0-9]{1,6}")) {
      return handle
          .createQuery(
              "SELECT call_id, offered_at FROM call_leg WHERE call_id = :call AND n = :n AND"
                  + " agent_number = :agent")
          .bind("call", parts[1])
          .bind("n", Integer.parseInt(parts[2]))
          .bind("agent", agent.value())
          .map((row, context) -> new Row(row.getString(1), row.getTimestamp(2).toInstant()))
          .findOne();
    }
    if (rowId.matches("state:[0-9]{1,18}:[0-9]{1,18}")) {
      return handle
          .createQuery(
              "SELECT work, at FROM agent_event WHERE agent_number = :agent AND epoch = :epoch AND"
                  + " seq = :seq")
          .bind("agent", agent.value())
          .bind("epoch", Long.parseLong(parts[1]))
          .bind("seq", Long.parseLong(parts[2]))
          .map((row, context) -> new Row(row.getString(1), row.getTimestamp(2).toInstant()))
          .findOne();
    }
    if (rowId.matches("matter:[0-9]{1,18}")) {
      return handle
          .createQuery(
              "SELECT m.due_at FROM matter m JOIN user_account u ON u.login = m.assigned_to"
                  + " WHERE m.id = :id AND u.agent_number = :agent AND m.due_at IS NOT NULL")
          .bind("id", Long.parseLong(parts[1]))
          .bind("agent", agent.value())
          .map((row, context) -> new Row("", row.getTimestamp(1).toInstant()))
          .findOne();
    }
    return Optional.empty();
  }

  /**
   * Decides an open objection.
   *
   * @throws Refused when there is none, or it has been decided
   */
  public Contest decide(long id, boolean accepted, String reason, String login) {
    return jdbi.inTransaction(
        handle -> {
          int changed =
              handle
                  .createUpdate(
                      "UPDATE figure_contest SET decision = :decision, reason = :reason,"
                          + " decided_by = :login, decided_at = :now WHERE id = :id AND decision IS"
                          + " NULL")
                  .bind("decision", accepted ? Contest.ACCEPTED : Contest.REFUSED)
                  .bind("reason", reason)
                  .bind("login", login)
                  .bind("now", Timestamp.from(clock.instant()))
                  .bind("id", id)
                  .execute();
          Contest contest =
              one(handle, id)
                  .orElseThrow(() -> new Refused("no_contest", Sentence.of("figures.no-contest")));
          if (changed == 0) {
            throw new Refused("decided", Sentence.of("figures.decided"));
          }
          return contest;
        });
  }

  /**
   * Newest first, at most {@value #MOST}.
   *
   * @param agent empty = everybody's
   * @param openOnly those nobody has decided
   */
  public List<Contest> list(Optional<AgentNumber> agent, boolean openOnly) {
    return jdbi.withHandle(
        handle -> {
          Query query =
              handle
                  .createQuery(
                      SELECT
                          + "WHERE TRUE"
                          + agent.map(a -> " AND agent_number = :agent").orElse("")
                          + (openOnly ? " AND decision IS NULL" : "")
                          + " ORDER BY raised_at DESC, id DESC LIMIT :most")
                  .bind("most", MOST);
          agent.ifPresent(a -> query.bind("agent", a.value()));
          return query.map((row, context) -> contest(row)).list();
        });
  }

  /** All to rows of [from, to); a state may have begun up to a day before. */
  Objections objections(Handle handle, Instant from, Instant to, Optional<String> agent) {
    Query query =
        handle
            .createQuery(
                SELECT
                    + "WHERE happened_at >= :from AND happened_at < :to"
                    + agent.map(a -> " AND agent_number = :agent").orElse(""))
            .bind("from", Timestamp.from(from.minus(Duration.ofDays(1))))
            .bind("to", Timestamp.from(to));
    agent.ifPresent(a -> query.bind("agent", a));
    return new Objections(query.map((row, context) -> contest(row)).list());
  }

  private static Optional<Contest> one(Handle handle, long id) {
    return handle
        .createQuery(SELECT + "WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> contest(row))
        .findOne();
  }

  private static Contest contest(ResultSet row) throws SQLException {
    Timestamp decided = row.getTimestamp("decided_at");
    return new Contest(
        row.getLong("id"),
        row.getString("agent_number"),
        row.getString("figure"),
        row.getString("row_id"),
        row.getString("call_id"),
        row.getTimestamp("happened_at").toInstant(),
        row.getString("text"),
        row.getString("raised_by"),
        row.getTimestamp("raised_at").toInstant(),
        row.getString("decision"),
        row.getString("reason"),
        row.getString("decided_by"),
        decided == null ? null : decided.toInstant());
  }
}

package org.careline.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/**
 * Calls as they stand in MySQL, which is milliseconds behind the living ones. Blocks on the
 * database; throws what JDBI throws when it is away. Thread-safe.
 */
public final class CallRepository {
  /** More digits than these are a number, not its end. */
  private static final int ENDING = 7;

  private static final String SELECT =
      "SELECT r.id, r.line_code, r.dialled, r.caller_e164, r.caller_raw, r.customer_id, c.code"
          + " customer_code, c.name customer_name, r.site_id, s.code site_code, s.name site_name,"
          + " r.tier_code, r.arrived_at, r.joined_at, r.answered_at, r.ended_at, r.outcome,"
          + " r.ended_by, r.agent_number, r.wait_ms, r.talk_ms, r.recording FROM call_record r LEFT"
          + " JOIN customer c ON c.id = r.customer_id LEFT JOIN site s ON s.id = r.site_id ";

  /**
   * A call and whose it was; what is not known, or not yet, is null.
   *
   * @param outcome null while it lives
   */
  public record Row(
      String id,
      String lineCode,
      String dialled,
      String callerE164,
      String callerRaw,
      Long customerId,
      String customerCode,
      String customerName,
      Long siteId,
      String siteCode,
      String siteName,
      String tierCode,
      Instant arrivedAt,
      Instant joinedAt,
      Instant answeredAt,
      Instant endedAt,
      String outcome,
      String endedBy,
      String agentNumber,
      Long waitMs,
      Long talkMs,
      String recording) {}

  /** One line of a call's history; {@code detail} is the journal's whole payload. */
  public record Event(Instant at, String kind, JsonNode detail, boolean replayed) {}

  /**
   * @param agents everybody who was offered the call or talked in it
   */
  public record Story(Row call, List<Event> events, Set<String> agents) {}

  /**
   * @param next give it as cursor for the next page; null = this was the last
   */
  public record Page(List<Row> calls, String next) {}

  private final Jdbi jdbi;

  public CallRepository(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  public Optional<Row> find(CallId id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SELECT + "WHERE r.id = :id")
                .bind("id", id.value())
                .map((row, context) -> row(row))
                .findOne());
  }

  /**
   * Who the caller of a call that is over was, as found out later.
   *
   * @param by see {@link Caller#knownBy}; what said so before stays
   */
  public void known(CallId id, long customer, Optional<Long> site, String by) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE call_record SET customer_id = ?, site_id = ?,"
                    + " known_by = COALESCE(known_by, ?) WHERE id = ?",
                customer,
                site.orElse(null),
                by,
                id.value()));
  }

  /** The whole story, in the order in which it happened. */
  public Optional<Story> story(CallId id) {
    Optional<Row> row = find(id);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    List<Event> events =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT at, kind, detail, replayed FROM call_event WHERE call_id = :id"
                            + " ORDER BY epoch, seq")
                    .bind("id", id.value())
                    .map((line, context) -> event(line))
                    .list());
    Set<String> agents = new LinkedHashSet<>();
    for (Event event : events) {
      JsonNode agent = event.detail().get("agent");
      if (agent != null && agent.isTextual()) {
        agents.add(agent.asText());
      }
    }
    return Optional.of(new Story(row.get(), events, agents));
  }

  /**
   * Calls that arrived in [from, to), newest first.
   *
   * @param cursor {@link Page#next} of the page before
   */
  public Page list(
      Instant from, Instant to, int limit, Optional<String> cursor, CallFilter filter) {
    Optional<Cursor> after = cursor.map(Cursor::parse);
    List<Row> rows =
        jdbi.withHandle(
            handle -> {
              Query query =
                  handle
                      .createQuery(
                          SELECT
                              + "WHERE r.arrived_at >= :from AND r.arrived_at < :to "
                              + where(filter)
                              + after
                                  .map(
                                      c ->
                                          "AND (r.arrived_at < :at OR r.arrived_at = :at AND r.id <"
                                              + " :id) ")
                                  .orElse("")
                              + "ORDER BY r.arrived_at DESC, r.id DESC LIMIT :limit")
                      .bind("from", Timestamp.from(from))
                      .bind("to", Timestamp.from(to))
                      .bind("limit", limit + 1);
              filter.agent().ifPresent(agent -> query.bind("agent", agent));
              filter.line().ifPresent(line -> query.bind("line", line));
              filter.number().ifPresent(number -> query.bind("number", pattern(number)));
              filter.outcome().ifPresent(outcome -> query.bind("outcome", outcome.key()));
              after.ifPresent(c -> query.bind("at", Timestamp.from(c.at())).bind("id", c.id()));
              return query.map((row, context) -> row(row)).list();
            });
    if (rows.size() <= limit) {
      return new Page(rows, null);
    }
    List<Row> page = new ArrayList<>(rows.subList(0, limit));
    Row last = page.getLast();
    return new Page(page, new Cursor(last.arrivedAt(), last.id()).text());
  }

  /** An offer comes after its call, so the agent's offers since then are enough. */
  private static String where(CallFilter filter) {
    return filter
            .agent()
            .map(
                agent ->
                    "AND (r.agent_number = :agent OR r.id IN (SELECT l.call_id FROM call_leg l"
                        + " WHERE l.agent_number = :agent AND l.offered_at >= :from)) ")
            .orElse("")
        + filter.line().map(line -> "AND r.line_code = :line ").orElse("")
        + filter.number().map(number -> "AND r.caller_e164 LIKE :number ").orElse("")
        + filter.outcome().map(outcome -> "AND r.outcome = :outcome ").orElse("");
  }

  /** Digits only; a number as it is dialled here has no + and may begin with zeros. */
  private static String pattern(String number) {
    return number.startsWith("+")
        ? number
        : "%" + (number.length() > ENDING ? number.replaceFirst("^0+", "") : number);
  }

  /** The last calls of a site, newest first. */
  public List<Row> lastOfSite(long siteId, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    SELECT + "WHERE r.site_id = :site ORDER BY r.arrived_at DESC LIMIT :limit")
                .bind("site", siteId)
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list());
  }

  /** The last calls from a number, newest first. */
  public List<Row> lastOfNumber(String e164, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    SELECT
                        + "WHERE r.caller_e164 = :number ORDER BY r.arrived_at DESC LIMIT :limit")
                .bind("number", e164)
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list());
  }

  private record Cursor(Instant at, String id) {
    String text() {
      return at.toEpochMilli() + ":" + id;
    }

    /**
     * @throws IllegalArgumentException when it is not one of ours
     */
    static Cursor parse(String text) {
      if (!text.matches("[0-9]{1,15}:[A-Za-z0-9._-]{1,64}")) {
        throw new IllegalArgumentException("not a cursor");
      }
      int colon = text.indexOf(':');
      return new Cursor(
          Instant.ofEpochMilli(Long.parseLong(text.substring(0, colon))),
          text.substring(colon + 1));
    }
  }

  private static Event event(ResultSet row) throws SQLException {
    try {
      return new Event(
          row.getTimestamp("at").toInstant(),
          row.getString("kind"),
          Journal.JSON.readTree(row.getString("detail")),
          row.getBoolean("replayed"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a call's history cannot be read", e);
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString("id"),
        row.getString("line_code"),
        row.getString("dialled"),
        row.getString("caller_e164"),
        row.getString("caller_raw"),
        number(row, "customer_id"),
        row.getString("customer_code"),
        row.getString("customer_name"),
        number(row, "site_id"),
        row.getString("site_code"),
        row.getString("site_name"),
        row.getString("tier_code"),
        instant(row, "arrived_at"),
        instant(row, "joined_at"),
        instant(row, "answered_at"),
        instant(row, "ended_at"),
        row.getString("outcome"),
        row.getString("ended_by"),
        row.getString("agent_number"),
        number(row, "wait_ms"),
        number(row, "talk_ms"),
        row.getString("recording"));
  }

  private static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }
}

package org.careline.report.hotline;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Calls and agents as a queue log in Asterisk's format, for the programs that read one. Lines are
 * in order of time; a queue is a line's code, an agent is named as the fallback queue names him.
 * Blocks; thread-safe.
 */
public final class QueueLog {
  /** Memory holds this much at a time. */
  private static final Duration PART = Duration.ofHours(6);

  private final Jdbi jdbi;

  public QueueLog(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** With whole numbers. */
  public void write(Instant from, Instant to, Appendable out) throws IOException {
    write(from, to, UnaryOperator.identity(), out);
  }

  /**
   * Appends what happened in [from, to), each line with its end.
   *
   * @param numbers how callers' numbers are shown
   * @throws IOException from {@code out}
   */
  public void write(Instant from, Instant to, UnaryOperator<String> numbers, Appendable out)
      throws IOException {
    for (Instant at = from; at.isBefore(to); at = at.plus(PART)) {
      Instant end = at.plus(PART).isBefore(to) ? at.plus(PART) : to;
      Instant begin = at;
      List<QueueLogLine> part = jdbi.inTransaction(handle -> part(handle, begin, end, numbers));
      for (QueueLogLine line : part) {
        out.append(line.text()).append('\n');
      }
    }
  }

  private static List<QueueLogLine> part(
      Handle handle, Instant from, Instant to, UnaryOperator<String> numbers) {
    Set<String> queues =
        new TreeSet<>(handle.createQuery("SELECT code FROM line").mapTo(String.class).list());
    List<QueueLogLine> lines = new ArrayList<>();
    for (QueueLogCall call : calls(handle, from, to, queues, numbers)) {
      lines.addAll(call.story());
    }
    lines.addAll(agents(handle, from, to, queues));
    return lines.stream()
        .filter(line -> !line.at().isBefore(from) && line.at().isBefore(to))
        .sorted(Comparator.comparing(QueueLogLine::at))
        .toList();
  }

  /** Those that may have lines in the time: a call lasts no longer than the longest. */
  private static List<QueueLogCall> calls(
      Handle handle, Instant from, Instant to, Set<String> queues, UnaryOperator<String> numbers) {
    Timestamp begin = Timestamp.from(from.minus(CallRows.LONGEST));
    Timestamp end = Timestamp.from(to);
    Map<String, List<LegFacts>> legs = new HashMap<>();
    handle
        .createQuery(CallRows.LEG + " ORDER BY l.call_id, l.n")
        .bind(0, begin)
        .bind(1, end)
        .map((row, context) -> CallRows.leg(row))
        .forEach(leg -> legs.computeIfAbsent(leg.callId(), id -> new ArrayList<>()).add(leg));
    Map<String, List<QueueLogCall.Event>> events = new HashMap<>();
    handle
        .createQuery(
            "SELECT e.call_id, e.at, e.kind, COALESCE(e.detail ->> '$.agent', ''),"
                + " COALESCE(e.detail ->> '$.target', e.detail ->> '$.why', '')"
                + " FROM call_record r JOIN call_event e ON e.call_id = r.id"
                + " WHERE r.entered_at >= ? AND r.entered_at < ? AND e.kind IN ('asked', 'turned',"
                + " 'transferred', 'entered_room') ORDER BY e.call_id, e.epoch, e.seq")
        .bind(0, begin)
        .bind(1, end)
        .map(
            (row, context) ->
                Map.entry(
                    row.getString(1),
                    new QueueLogCall.Event(
                        row.getTimestamp(2).toInstant(),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5))))
        .forEach(
            event ->
                events
                    .computeIfAbsent(event.getKey(), id -> new ArrayList<>())
                    .add(event.getValue()));
    return handle
        .createQuery(
            CallRows.CALL_COLUMNS
                + ", r.caller_e164, r.ended_at, r.position_joined, r.position_left FROM call_record"
                + " r WHERE r.entered_at >= ? AND r.entered_at < ? AND r.joined_at IS NOT NULL")
        .bind(0, begin)
        .bind(1, end)
        .map(
            (row, context) -> {
              CallFacts call = CallRows.call(row);
              return call(
                  row,
                  call,
                  legs.getOrDefault(call.id(), List.of()),
                  events.getOrDefault(call.id(), List.of()),
                  queues,
                  numbers);
            })
        .list();
  }

  private static QueueLogCall call(
      ResultSet row,
      CallFacts call,
      List<LegFacts> legs,
      List<QueueLogCall.Event> events,
      Set<String> queues,
      UnaryOperator<String> numbers)
      throws SQLException {
    String number = row.getString("caller_e164");
    Timestamp ended = row.getTimestamp("ended_at");
    return new QueueLogCall(
        call,
        number == null ? "" : numbers.apply(number),
        ended == null ? null : ended.toInstant(),
        row.getInt("position_joined"),
        row.getInt("position_left"),
        legs,
        events,
        queues);
  }

  private static List<QueueLogLine> agents(
      Handle handle, Instant from, Instant to, Set<String> queues) {
    Map<String, QueueLogAgent> agents = new TreeMap<>();
    AgentRows.before(handle, from)
        .forEach(
            (agent, event) ->
                agents
                    .computeIfAbsent(agent, number -> new QueueLogAgent(number, queues))
                    .was(event.presence(), event.reason()));
    List<QueueLogLine> lines = new ArrayList<>();
    AgentRows.events(handle, from, to)
        .forEach(
            event ->
                lines.addAll(
                    agents
                        .computeIfAbsent(event.agent(), number -> new QueueLogAgent(number, queues))
                        .next(event.at(), event.presence(), event.reason())));
    return lines;
  }
}

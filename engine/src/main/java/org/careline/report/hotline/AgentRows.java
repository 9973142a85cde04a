package org.careline.report.hotline;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What agents did, as it stands in MySQL. Stateless. */
final class AgentRows {
  /** In ms, of this very leg: he may have had the call twice. */
  private static final String WRAP =
      "SELECT SUM(TIMESTAMPDIFF(MICROSECOND, w.began_at, w.ended_at)) DIV 1000"
          + " FROM after_call_work w WHERE w.call_id = l.call_id"
          + " AND w.agent_number = l.agent_number AND w.began_at >= l.answered_at"
          + " AND NOT EXISTS (SELECT 1 FROM call_leg later WHERE later.call_id = l.call_id AND"
          + " later.agent_number = l.agent_number AND later.n > l.n AND later.answered_at <="
          + " w.began_at)";

  private AgentRows() {}

  /**
   * One offer with what its call says of the agent who had it last.
   *
   * @param last nobody answered the call after him
   * @param hungUp he ended the call: he was the last, and handed it to nobody
   */
  record Offer(LegFacts leg, boolean last, boolean hungUp, boolean surveyOffered, Integer survey) {}

  /**
   * What an agent has promised to answer or to do about a matter.
   *
   * @param dueAt until when
   * @param doneAt null = not done
   */
  record Promise(long matter, String agent, Instant dueAt, Instant doneAt) {
    String rowId() {
      return "matter:" + matter;
    }

    boolean kept() {
      return doneAt != null && !doneAt.isAfter(dueAt);
    }
  }

  /** Promises of agents due in [from, to), by agent, in order of time. */
  static List<Promise> promises(Handle handle, Instant from, Instant to, Optional<String> agent) {
    Query query =
        handle
            .createQuery(
                "SELECT m.id, u.agent_number, m.due_at, m.done_at FROM matter m"
                    + " JOIN user_account u ON u.login = m.assigned_to"
                    + " WHERE m.due_at >= :from AND m.due_at < :to AND u.agent_number IS NOT NULL"
                    + agent.map(a -> " AND u.agent_number = :agent").orElse("")
                    + " ORDER BY u.agent_number, m.due_at, m.id")
            .bind("from", Timestamp.from(from))
            .bind("to", Timestamp.from(to));
    agent.ifPresent(a -> query.bind("agent", a));
    return query
        .map(
            (row, context) -> {
              Timestamp done = row.getTimestamp(4);
              return new Promise(
                  row.getLong(1),
                  row.getString(2),
                  row.getTimestamp(3).toInstant(),
                  done == null ? null : done.toInstant());
            })
        .list();
  }

  /** A change of an agent's state. */
  record Event(
      String agent,
      long epoch,
      long seq,
      Instant at,
      String presence,
      String reason,
      String work) {}

  /**
   * States of agents in [from, to), cut at its ends; logged-out times are left out. By agent, in
   * order of time.
   *
   * @param to not after now: the last state goes on until then
   * @param agent empty = all
   */
  static List<AgentSpan> spans(Handle handle, Instant from, Instant to, Optional<String> agent) {
    TreeMap<String, List<Event>> byAgent = new TreeMap<>();
    before(handle, from, agent)
        .forEach((number, event) -> byAgent.put(number, new ArrayList<>(List.of(event))));
    for (Event event : events(handle, from, to, agent)) {
      byAgent.computeIfAbsent(event.agent(), number -> new ArrayList<>()).add(event);
    }
    List<AgentSpan> spans = new ArrayList<>();
    byAgent.values().forEach(events -> spans(events, from, to, spans));
    return spans;
  }

  private static final String COLUMNS = "agent_number, epoch, seq, at, presence, reason, work";

  /** The last change of each agent before an instant. */
  static Map<String, Event> before(Handle handle, Instant at) {
    return before(handle, at, Optional.empty());
  }

  private static Map<String, Event> before(Handle handle, Instant at, Optional<String> agent) {
    Query query =
        handle
            .createQuery(
                "SELECT e.* FROM (SELECT DISTINCT agent_number FROM agent_event"
                    + agent.map(a -> " WHERE agent_number = :agent").orElse("")
                    + ") a JOIN LATERAL (SELECT "
                    + COLUMNS
                    + " FROM agent_event x WHERE x.agent_number = a.agent_number AND x.at < :at"
                    + " ORDER BY x.at DESC, x.epoch DESC, x.seq DESC LIMIT 1) e")
            .bind("at", Timestamp.from(at));
    agent.ifPresent(a -> query.bind("agent", a));
    Map<String, Event> found = new TreeMap<>();
    query.map((row, context) -> event(row)).forEach(event -> found.put(event.agent(), event));
    return found;
  }

  /** Changes in [from, to), by agent, in order of time. */
  static List<Event> events(Handle handle, Instant from, Instant to) {
    return events(handle, from, to, Optional.empty());
  }

  private static List<Event> events(
      Handle handle, Instant from, Instant to, Optional<String> agent) {
    Query query =
        handle
            .createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM agent_event WHERE at >= :from AND at < :to"
                    + agent.map(a -> " AND agent_number = :agent").orElse("")
                    + " ORDER BY agent_number, at, epoch, seq")
            .bind("from", Timestamp.from(from))
            .bind("to", Timestamp.from(to));
    agent.ifPresent(a -> query.bind("agent", a));
    return query.map((row, context) -> event(row)).list();
  }

  private static void spans(List<Event> events, Instant from, Instant to, List<AgentSpan> spans) {
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      Instant begin = event.at().isBefore(from) ? from : event.at();
      Instant end = i + 1 < events.size() ? events.get(i + 1).at() : to;
      if (!event.presence().equals("logged_out") && begin.isBefore(end)) {
        spans.add(
            new AgentSpan(
                "state:" + event.epoch() + ":" + event.seq(),
                event.agent(),
                begin,
                end,
                event.presence(),
                event.reason(),
                event.work()));
      }
    }
  }

  /** Offers made in [from, to), by agent, in order of time. */
  static List<Offer> offers(Handle handle, Instant from, Instant to, Optional<String> agent) {
    Query query =
        handle
            .createQuery(
                "SELECT l.call_id, l.n, r.line_code, r.tier_code, r.skill, r.entered_at,"
                    + " l.agent_number, l.offered_at, l.answered_at, l.ended_at, l.result,"
                    + " l.hold_ms, COALESCE(("
                    + WRAP
                    + "), 0), l.ended_by, r.survey_offered, r.survey_score,"
                    + " l.result = 'answered' AND NOT EXISTS (SELECT 1 FROM call_leg later WHERE"
                    + " later.call_id = l.call_id AND later.n > l.n AND later.result = 'answered'),"
                    + " l.ended_by = 'agent' AND EXISTS (SELECT 1 FROM call_event given WHERE"
                    + " given.call_id = l.call_id AND given.kind = 'transferred' AND"
                    + " given.detail ->> '$.agent' = l.agent_number AND given.at >= l.answered_at)"
                    + " FROM call_leg l JOIN call_record r ON r.id = l.call_id"
                    + " WHERE l.offered_at >= :from AND l.offered_at < :to"
                    + agent.map(a -> " AND l.agent_number = :agent").orElse("")
                    + " ORDER BY l.agent_number, l.offered_at, l.call_id, l.n")
            .bind("from", Timestamp.from(from))
            .bind("to", Timestamp.from(to));
    agent.ifPresent(a -> query.bind("agent", a));
    return query.map((row, context) -> offer(row)).list();
  }

  private static Offer offer(ResultSet row) throws SQLException {
    LegFacts leg = CallRows.leg(row);
    boolean surveyOffered = row.getBoolean(15);
    int score = row.getInt(16);
    Integer survey = row.wasNull() ? null : score;
    boolean last = row.getBoolean(17);
    boolean hungUp = last && "agent".equals(leg.endedBy()) && !row.getBoolean(18);
    return new Offer(leg, last, hungUp, surveyOffered, survey);
  }

  private static Event event(ResultSet row) throws SQLException {
    return new Event(
        row.getString(1),
        row.getLong(2),
        row.getLong(3),
        row.getTimestamp(4).toInstant(),
        row.getString(5),
        row.getString(6),
        row.getString(7));
  }
}

package org.careline.report.hotline;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.careline.agent.AgentNumber;
import org.careline.report.hotline.AgentRows.Offer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Figures of the agents and the rows behind them. An offer counts in the interval it was made in; a
 * state is cut at the ends of the interval. Blocks; thread-safe.
 */
public final class AgentFigures {
  /** Rows shown behind a figure; the newest of more. */
  public static final int MOST_ROWS = 500;

  /**
   * @param from begin of the interval; null when not asked for
   * @param notReadySeconds by reason
   */
  public record Row(
      Instant from,
      String agent,
      String name,
      Map<String, Amount> values,
      Map<String, Double> notReadySeconds) {}

  /**
   * @param total of all of them together
   * @param neverToSurvey who answered calls of lines with a survey and handed none of them over
   */
  public record Report(
      Instant from,
      Instant to,
      Instant at,
      List<Explained> figures,
      List<Row> rows,
      Map<String, Amount> total,
      List<NoSurvey> neverToSurvey) {}

  /**
   * @param calls answered on lines with a survey, of which he was the last agent
   */
  public record NoSurvey(String agent, String name, int calls) {}

  /** Of one agent on lines with a survey. */
  private static final class Surveys {
    int calls;
    int handedOver;
  }

  /**
   * One row behind a figure. What it is not about is null.
   *
   * @param id for an objection
   * @param kind offer, state or promise
   * @param n what it adds to the numerator: a count, or seconds
   */
  public record Behind(
      String id,
      String kind,
      String callId,
      Instant from,
      Instant answeredAt,
      Instant to,
      String what,
      String reason,
      String endedBy,
      Double talkSeconds,
      Double holdSeconds,
      Double wrapUpSeconds,
      Integer survey,
      double n,
      Contest contest) {}

  /**
   * The newest rows behind a figure.
   *
   * @param more there are older ones, which are not among them
   */
  public record Newest(List<Behind> rows, boolean more) {}

  private final Jdbi jdbi;
  private final Contests contests;
  private final ZoneId zone;
  private final InstantSource clock;

  public AgentFigures(Jdbi jdbi, Contests contests, ZoneId zone, InstantSource clock) {
    this.jdbi = jdbi;
    this.contests = contests;
    this.zone = zone;
    this.clock = clock;
  }

  /**
   * @param agent empty = all
   * @param interval null = the whole time in one
   */
  public Report report(
      Instant from, Instant to, Optional<AgentNumber> agent, Grouping.Interval interval) {
    Instant now = clock.instant();
    Optional<String> number = agent.map(AgentNumber::value);
    return jdbi.inTransaction(
        handle -> {
          Grouping grouping = new Grouping(Set.of(Grouping.Dimension.AGENT), interval, zone);
          Objections objections = contests.objections(handle, from, to, number);
          TreeMap<Grouping.Key, AgentTally> groups = new TreeMap<>();
          AgentTally total = new AgentTally(objections);
          Set<String> surveyed = linesWithSurvey(handle);
          TreeMap<String, Surveys> surveys = new TreeMap<>();
          for (Offer offer : AgentRows.offers(handle, from, to, number)) {
            Grouping.Key key = key(grouping, offer.leg().agent(), offer.leg().offeredAt());
            groups.computeIfAbsent(key, k -> new AgentTally(objections)).add(offer);
            total.add(offer);
            if (offer.last() && surveyed.contains(offer.leg().line())) {
              Surveys his = surveys.computeIfAbsent(offer.leg().agent(), k -> new Surveys());
              his.calls++;
              his.handedOver += offer.surveyOffered() ? 1 : 0;
            }
          }
          for (AgentSpan span : AgentRows.spans(handle, from, earlier(to, now), number)) {
            total.add(span);
            for (AgentSpan part : parts(span, grouping)) {
              Grouping.Key key = key(grouping, part.agent(), part.from());
              groups.computeIfAbsent(key, k -> new AgentTally(objections)).add(part);
            }
          }
          for (AgentRows.Promise promise :
              AgentRows.promises(handle, from, earlier(to, now), number)) {
            Grouping.Key key = key(grouping, promise.agent(), promise.dueAt());
            groups.computeIfAbsent(key, k -> new AgentTally(objections)).add(promise);
            total.add(promise);
          }
          if (groups.size() > HotlineFigures.MOST_GROUPS) {
            throw new HotlineFigures.TooManyGroups();
          }
          Map<String, String> names = names(handle);
          return new Report(
              from,
              to,
              now,
              Arrays.stream(AgentFigure.values()).map(AgentFigure::explained).toList(),
              groups.entrySet().stream().map(group -> row(group, names)).toList(),
              total.values(),
              surveys.entrySet().stream()
                  .filter(his -> his.getValue().handedOver == 0)
                  .map(
                      his ->
                          new NoSurvey(
                              his.getKey(),
                              names.getOrDefault(his.getKey(), ""),
                              his.getValue().calls))
                  .toList());
        });
  }

  /** As they are set now. */
  private static Set<String> linesWithSurvey(Handle handle) {
    return handle
        .createQuery(
            "SELECT code FROM line WHERE COALESCE(settings ->> '$.survey', 'off') <> 'off'")
        .mapTo(String.class)
        .set();
  }

  private static Row row(Map.Entry<Grouping.Key, AgentTally> group, Map<String, String> names) {
    Map<String, Double> reasons = new TreeMap<>();
    group.getValue().reasons().forEach((reason, ms) -> reasons.put(reason, ms / 1000.0));
    String agent = group.getKey().values().getFirst();
    return new Row(
        group.getKey().from(),
        agent,
        names.getOrDefault(agent, ""),
        group.getValue().values(),
        reasons);
  }

  private static Grouping.Key key(Grouping grouping, String agent, Instant at) {
    return new Grouping.Key(
        List.of(agent), grouping.interval() == null ? null : grouping.begin(at));
  }

  /** A state that goes over the end of an interval belongs to both, each its part. */
  private static List<AgentSpan> parts(AgentSpan span, Grouping grouping) {
    if (grouping.interval() == null) {
      return List.of(span);
    }
    List<AgentSpan> parts = new ArrayList<>();
    Instant at = span.from();
    while (at.isBefore(span.to())) {
      Instant end = earlier(grouping.end(at), span.to());
      parts.add(
          new AgentSpan(
              span.id(), span.agent(), at, end, span.presence(), span.reason(), span.work()));
      at = end;
    }
    return parts;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Map<String, String> names(Handle handle) {
    Map<String, String> names = new TreeMap<>();
    handle
        .createQuery("SELECT agent_number, name FROM user_account WHERE agent_number IS NOT NULL")
        .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(entry -> names.put(entry.getKey(), entry.getValue()));
    return names;
  }

  /** The rows behind a figure of an agent, newest first, at most {@value #MOST_ROWS}. */
  public Newest rows(Instant from, Instant to, AgentNumber agent, AgentFigure figure) {
    Optional<String> number = Optional.of(agent.value());
    Instant until = earlier(to, clock.instant());
    return jdbi.inTransaction(
        handle -> {
          Objections objections = contests.objections(handle, from, to, number);
          List<Behind> rows = new ArrayList<>();
          if (figure == AgentFigure.PROMISES_KEPT) {
            for (AgentRows.Promise promise : AgentRows.promises(handle, from, until, number)) {
              rows.add(promise(promise, objections.of(agent.value(), figure, promise.rowId())));
            }
          } else if (figure.ofStates()) {
            for (AgentSpan span : AgentRows.spans(handle, from, until, number)) {
              AgentFigure.Part part = figure.part(span);
              if (part.counts()) {
                rows.add(state(span, part, objections.of(agent.value(), figure, span.id())));
              }
            }
          } else {
            for (Offer offer : AgentRows.offers(handle, from, to, number)) {
              AgentFigure.Part part = figure.part(offer);
              if (part.counts()) {
                String id = AgentTally.rowId(offer.leg());
                rows.add(offer(offer, id, part, figure, objections));
              }
            }
          }
          java.util.Collections.reverse(rows);
          return new Newest(
              List.copyOf(rows.subList(0, Math.min(MOST_ROWS, rows.size()))),
              rows.size() > MOST_ROWS);
        });
  }

  private static Behind promise(AgentRows.Promise promise, Optional<Contest> contest) {
    return new Behind(
        promise.rowId(),
        "promise",
        null,
        promise.dueAt(),
        null,
        promise.doneAt(),
        promise.kept() ? "kept" : "not_kept",
        null,
        null,
        null,
        null,
        null,
        null,
        promise.kept() ? 1 : 0,
        contest.orElse(null));
  }

  private static Behind state(AgentSpan span, AgentFigure.Part part, Optional<Contest> contest) {
    return new Behind(
        span.id(),
        "state",
        span.work().isEmpty() ? null : span.work(),
        span.from(),
        null,
        span.to(),
        span.presence(),
        span.reason(),
        null,
        null,
        null,
        null,
        null,
        part.n() / 1000.0,
        contest.orElse(null));
  }

  private static Behind offer(
      Offer offer, String id, AgentFigure.Part part, AgentFigure figure, Objections objections) {
    LegFacts leg = offer.leg();
    boolean time = figure.unit() == Unit.SECONDS;
    return new Behind(
        id,
        "offer",
        leg.callId(),
        leg.offeredAt(),
        leg.answeredAt(),
        leg.endedAt(),
        leg.result(),
        null,
        leg.endedBy(),
        leg.answered() ? (leg.talkMs() - leg.holdMs()) / 1000.0 : null,
        leg.answered() ? leg.holdMs() / 1000.0 : null,
        leg.answered() ? leg.wrapUpMs() / 1000.0 : null,
        offer.last() ? offer.survey() : null,
        time ? part.n() / 1000.0 : part.n(),
        objections.of(leg.agent(), figure, id).orElse(null));
  }
}

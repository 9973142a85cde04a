package org.careline.report.hotline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;

/**
 * A call that entered the queue, told as app_queue would have told it. Pure.
 *
 * <p>A caller who comes back to wait after his agent was lost, or who was transferred to a line,
 * enters the queue again. One transferred to an agent or to the outside has left it: app_queue
 * writes no second answer for him.
 *
 * @param number the caller's; empty = withheld
 * @param positionJoined place when he joined; 0 = not known
 * @param positionLeft place when he left; 0 = not known
 * @param legs in their order
 * @param events of the kinds {@link #KINDS}, in their order
 * @param lines codes of all lines: a transfer to one of them stays in the queue
 */
record QueueLogCall(
    CallFacts call,
    String number,
    Instant endedAt,
    int positionJoined,
    int positionLeft,
    List<LegFacts> legs,
    List<Event> events,
    Set<String> lines) {
  static final Set<String> KINDS = Set.of("asked", "turned", "transferred", "entered_room");

  /** The key that asks for a callback. */
  private static final String CALLBACK_KEY = "1";

  private static final Duration SAME_MOMENT = Duration.ofSeconds(2);

  /**
   * @param agent with transferred: who gave him away; else empty
   * @param text target of a transfer, or why he was turned
   */
  record Event(Instant at, String kind, String agent, String text) {}

  static String member(String agent) {
    return "PJSIP/" + new AgentNumber(agent).endpoint();
  }

  List<QueueLogLine> story() {
    List<QueueLogLine> story = new ArrayList<>();
    String queue = call.line() == null ? QueueLogLine.NONE : call.line();
    Instant joined = call.joinedAt();
    int position = Math.max(1, positionJoined);
    story.add(enters(joined, queue, position));
    for (int i = 0; i < legs.size(); i++) {
      LegFacts leg = legs.get(i);
      if (!leg.answered()) {
        missed(leg, queue).ifPresent(story::add);
        continue;
      }
      story.add(connects(leg, queue, joined));
      if (leg.endedAt() == null) {
        return story;
      }
      Optional<Event> transfer = transfer(leg);
      if (transfer.isPresent()) {
        story.add(transferred(leg, queue, joined, position, transfer.get(), i));
        String target = transfer.get().text();
        if (!lines.contains(target)) {
          return story;
        }
        queue = target;
      } else {
        story.add(completes(leg, queue, joined, position));
        if (!waitsAgain(leg, i)) {
          return story;
        }
      }
      joined = leg.endedAt();
      position = Math.max(1, positionLeft);
      story.add(enters(joined, queue, position));
    }
    leaves(queue, joined, position).ifPresent(story::add);
    return story;
  }

  private QueueLogLine enters(Instant at, String queue, int position) {
    return line(at, queue, QueueLogLine.NONE, "ENTERQUEUE", "", number, position);
  }

  /** The caller's leaving while it rang is no answer missed. */
  private Optional<QueueLogLine> missed(LegFacts leg, String queue) {
    boolean nobodys =
        LegFacts.ENGINE.equals(leg.result()) || LegFacts.ABANDONED.equals(leg.result());
    if (nobodys || leg.result() == null || leg.endedAt() == null) {
      return Optional.empty();
    }
    return Optional.of(
        line(
            leg.endedAt(),
            queue,
            member(leg.agent()),
            "RINGNOANSWER",
            Duration.between(leg.offeredAt(), leg.endedAt()).toMillis()));
  }

  private QueueLogLine connects(LegFacts leg, String queue, Instant joined) {
    return line(
        leg.answeredAt(),
        queue,
        member(leg.agent()),
        "CONNECT",
        seconds(joined, leg.answeredAt()),
        call.id() + "." + leg.n(),
        seconds(leg.offeredAt(), leg.answeredAt()));
  }

  private QueueLogLine completes(LegFacts leg, String queue, Instant joined, int position) {
    return line(
        leg.endedAt(),
        queue,
        member(leg.agent()),
        "caller".equals(leg.endedBy()) ? "COMPLETECALLER" : "COMPLETEAGENT",
        seconds(joined, leg.answeredAt()),
        seconds(leg.answeredAt(), leg.endedAt()),
        position);
  }

  private Optional<Event> transfer(LegFacts leg) {
    return events.stream()
        .filter(event -> event.kind().equals("transferred") && event.agent().equals(leg.agent()))
        .filter(
            event -> Duration.between(event.at(), leg.endedAt()).abs().compareTo(SAME_MOMENT) < 0)
        .findFirst();
  }

  /** Attended when the next one talks at once: he had been asked before. */
  private QueueLogLine transferred(
      LegFacts leg, String queue, Instant joined, int position, Event transfer, int index) {
    long hold = seconds(joined, leg.answeredAt());
    long talk = seconds(leg.answeredAt(), leg.endedAt());
    boolean attended =
        index + 1 < legs.size()
            && legs.get(index + 1).answeredAt() != null
            && Duration.between(leg.endedAt(), legs.get(index + 1).answeredAt())
                    .compareTo(SAME_MOMENT)
                < 0;
    return attended
        ? line(
            leg.endedAt(),
            queue,
            member(leg.agent()),
            "ATTENDEDTRANSFER",
            "BRIDGE",
            transfer.text(),
            hold,
            talk,
            position)
        : line(
            leg.endedAt(),
            queue,
            member(leg.agent()),
            "BLINDTRANSFER",
            transfer.text(),
            lines.contains(transfer.text()) ? "hotline" : "transfer",
            hold,
            talk,
            position);
  }

  private boolean waitsAgain(LegFacts leg, int index) {
    return index + 1 < legs.size()
        || events.stream()
            .anyMatch(
                event ->
                    event.kind().equals("entered_room") && !event.at().isBefore(leg.endedAt()));
  }

  private Optional<QueueLogLine> leaves(String queue, Instant joined, int position) {
    if (endedAt == null) {
      return Optional.empty();
    }
    int left = Math.max(1, positionLeft);
    Instant turned =
        events.stream()
            .filter(event -> event.kind().equals("turned"))
            .map(Event::at)
            .reduce((first, last) -> last)
            .orElse(endedAt);
    boolean answered = call.answeredAt() != null;
    return Optional.of(
        switch (answered ? "abandoned" : String.valueOf(call.outcome())) {
          case "callback_taken" ->
              events.stream().anyMatch(event -> event.kind().equals("asked"))
                  ? exit(turned, queue, "EXITWITHKEY", CALLBACK_KEY, left, position, joined)
                  : exit(turned, queue, "EXITWITHTIMEOUT", null, left, position, joined);
          case "overflowed" -> exit(turned, queue, "EXITWITHTIMEOUT", null, left, position, joined);
          case "voicemail", "after_hours" ->
              exit(turned, queue, "EXITEMPTY", null, left, position, joined);
          default -> exit(endedAt, queue, "ABANDON", null, left, position, joined);
        });
  }

  /**
   * @param key null = the event has none
   */
  private QueueLogLine exit(
      Instant at, String queue, String event, String key, int left, int position, Instant joined) {
    return key == null
        ? line(at, queue, QueueLogLine.NONE, event, left, position, seconds(joined, at))
        : line(at, queue, QueueLogLine.NONE, event, key, left, position, seconds(joined, at));
  }

  private QueueLogLine line(Instant at, String queue, String agent, String event, Object... data) {
    return QueueLogLine.of(at, call.id(), queue, agent, event, data);
  }

  private static long seconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toSeconds());
  }
}

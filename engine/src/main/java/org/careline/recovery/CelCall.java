package org.careline.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEvent;
import org.careline.call.CallId;
import org.careline.call.EndedBy;
import org.careline.call.Journal;
import org.careline.call.Outcome;

/**
 * A hotline call as the switch wrote it down: fed with the lines of its legs, it gives the events
 * the engine would have seen. Confined to its reader's thread.
 */
final class CelCall {
  private static final String WAITROOM = "careline-wait";
  private static final String FALLBACK = "careline-fallback";

  /** The guard of a question that nobody answers goes to the fallback queue without a Goto. */
  private static final String ASK = "careline-ask";

  private static final String OFFER = "careline-offer";
  private static final String STEP = "careline-step";
  private static final String VOICEMAIL = "careline-voicemail";
  private static final String EXTERNAL = "careline-external";
  private static final String MANY = "careline-many";
  private static final int REFUSED = 21;

  private final CallId id;
  private final Instant startedAt;
  private final String dialled;
  private final String caller;
  private final String channel;
  private final List<CallEvent> events = new ArrayList<>();
  private final Map<String, AgentNumber> agentLegs = new HashMap<>();
  private final Map<String, Set<String>> bridges = new HashMap<>();
  private final Set<String> answeredLegs = new HashSet<>();
  private String where = "";
  private AgentNumber offered;
  private AgentNumber talking;
  private Instant lostAt;
  private boolean ended;

  /**
   * @param start CHAN_START of the caller's channel
   */
  CelCall(CelRecord start) {
    this.id = new CallId(start.uniqueId());
    this.startedAt = start.at();
    this.dialled = start.extension();
    this.caller = start.caller();
    this.channel = start.channel();
  }

  CallId id() {
    return id;
  }

  Instant startedAt() {
    return startedAt;
  }

  String dialled() {
    return dialled;
  }

  /** Digits as the trunk sent them, perhaps empty. */
  String caller() {
    return caller;
  }

  String channel() {
    return channel;
  }

  /** What happened to it, in order of time. */
  List<CallEvent> events() {
    return List.copyOf(events);
  }

  boolean ended() {
    return ended;
  }

  void add(CelRecord line) {
    if (ended) {
      return;
    }
    if (line.uniqueId().equals(id.value())) {
      callerLeg(line);
    } else {
      AgentNumber.ofChannel(line.channel()).ifPresent(agent -> agentLeg(agent, line));
    }
  }

  private void callerLeg(CelRecord line) {
    switch (line.type()) {
      case "ANSWER" -> {
        if (line.context().equals(STEP)) {
          events.add(new CallEvent.Greeted(line.at()));
        }
      }
      case "APP_START" -> {
        if (line.application().equalsIgnoreCase("Queue")) {
          enteredQueue(line);
        } else if (line.context().equals(VOICEMAIL)) {
          // whether he has left a message with something to be heard, the file will say
          events.add(new CallEvent.Turned(line.at(), Outcome.AFTER_HOURS, "closed"));
        }
      }
      case "BRIDGE_ENTER" -> {
        if (line.context().equals(EXTERNAL)) {
          events.add(new CallEvent.OverflowMade(line.at(), "outside"));
          events.add(new CallEvent.OverflowAnswered(line.at()));
        }
        enter(line);
      }
      case "BRIDGE_EXIT" -> leave(line);
      case "HANGUP" -> hungUp(line);
      default -> {}
    }
  }

  /** Each lap of the dialplan's loops enters the queue again; only the first says something. */
  private void enteredQueue(CelRecord line) {
    if (talking != null) {
      events.add(new CallEvent.AgentLost(lostAt == null ? line.at() : lostAt, talking));
      talking = null;
      where = "";
    }
    String queue = line.context().equals(ASK) ? FALLBACK : line.context();
    if (queue.equals(where)) {
      return;
    }
    if (queue.equals(WAITROOM)) {
      events.add(new CallEvent.EnteredRoom(line.at()));
    } else if (queue.equals(FALLBACK)) {
      events.add(new CallEvent.EnteredFallback(line.at()));
    }
    where = queue;
  }

  private void agentLeg(AgentNumber agent, CelRecord line) {
    switch (line.type()) {
      case "CHAN_START" -> {
        agentLegs.put(line.uniqueId(), agent);
        if (!where.equals(FALLBACK)) {
          offered = agent;
          where = OFFER;
          events.add(new CallEvent.OfferMade(line.at(), agent));
        }
      }
      case "BRIDGE_ENTER" -> enter(line);
      case "BRIDGE_EXIT" -> leave(line);
      case "HANGUP" -> {
        if (!answeredLegs.contains(line.uniqueId()) && agent.equals(offered)) {
          offered = null;
          events.add(new CallEvent.OfferFailed(line.at(), agent, CallEvent.Miss.ENGINE));
        }
      }
      default -> {}
    }
  }

  /** Talk begins when the caller's leg and an agent's leg are in one bridge. */
  private void enter(CelRecord line) {
    Set<String> inside =
        bridges.computeIfAbsent(extra(line, "bridge_id"), bridge -> new HashSet<>());
    inside.add(line.uniqueId());
    if (!inside.contains(id.value())) {
      return;
    }
    for (String leg : inside) {
      AgentNumber agent = agentLegs.get(leg);
      if (agent != null && agent.equals(talking)) {
        lostAt = null; // together again after a hold
      }
      if (agent != null && answeredLegs.add(leg)) {
        offered = null;
        talking = agent;
        lostAt = null;
        events.add(new CallEvent.Answered(line.at(), agent));
      }
    }
  }

  private void leave(CelRecord line) {
    Set<String> inside = bridges.get(extra(line, "bridge_id"));
    if (inside != null) {
      inside.remove(line.uniqueId());
    }
    if (talking != null && lostAt == null) {
      lostAt = line.at();
    }
  }

  private void hungUp(CelRecord line) {
    ended = true;
    boolean turnedAway = extra(line, "hangupcause").equals(Integer.toString(REFUSED));
    boolean refused = turnedAway && line.context().equals(STEP);
    if (turnedAway && line.context().equals(MANY)) {
      events.add(new CallEvent.Turned(line.at(), Outcome.BLOCKED, "flood"));
      events.add(new CallEvent.HungUp(line.at(), EndedBy.SYSTEM, false));
      return;
    }
    events.add(new CallEvent.HungUp(line.at(), by(line, refused), refused));
  }

  private EndedBy by(CelRecord line, boolean refused) {
    String source = extra(line, "hangupsource");
    if (refused) {
      return EndedBy.SYSTEM;
    }
    if (AgentNumber.ofChannel(source).isPresent()) {
      return EndedBy.AGENT;
    }
    return source.equals(channel) ? EndedBy.CALLER : EndedBy.SYSTEM;
  }

  static String extra(CelRecord line, String name) {
    if (line.extra().isEmpty()) {
      return "";
    }
    try {
      JsonNode value = Journal.JSON.readTree(line.extra()).path(name);
      return Optional.ofNullable(value.asText("")).orElse("");
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}

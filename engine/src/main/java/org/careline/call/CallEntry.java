package org.careline.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEvent.AgentLost;
import org.careline.call.CallEvent.Answered;
import org.careline.call.CallEvent.EnteredFallback;
import org.careline.call.CallEvent.EnteredRoom;
import org.careline.call.CallEvent.Greeted;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Joined;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;

/**
 * One line of a call's history as the journal keeps it (kind {@code call}). The events of one call
 * in their order, put through {@link CallTransitions}, give its state again. Immutable.
 *
 * @param event {@link #ARRIVED}, {@link #RECOGNISED} or the kind of a {@link CallEvent}
 * @param state kind of the state after it
 * @param reasonEn why this agent and why now, with an offer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CallEntry(
    String event,
    String state,
    Instant at,
    String channel,
    Caller caller,
    Handling handling,
    String agent,
    String miss,
    String by,
    Boolean refused,
    String reasonEn,
    String reasonZh,
    boolean replayed) {
  public static final String ARRIVED = "arrived";
  public static final String RECOGNISED = "recognised";

  /** Why an offer was made, in both languages of the product. */
  public record Reason(String en, String zh) {
    public static final Reason NONE = new Reason(null, null);
  }

  static CallEntry arrived(
      Instant at, String channel, Caller caller, Handling handling, boolean replayed) {
    return new CallEntry(
        ARRIVED, ARRIVED, at, channel, caller, handling, null, null, null, null, null, null,
        replayed);
  }

  static CallEntry recognised(
      Instant at, CallState state, String channel, Caller caller, Handling handling) {
    return new CallEntry(
        RECOGNISED,
        state.kind(),
        at,
        channel,
        caller,
        handling,
        null,
        null,
        null,
        null,
        null,
        null,
        false);
  }

  static CallEntry of(CallEvent event, CallState after, Reason reason, boolean replayed) {
    String kind = kind(event);
    return switch (event) {
      case OfferMade e -> entry(kind, after, e, e.agent(), null, null, null, reason, replayed);
      case OfferFailed e ->
          entry(kind, after, e, e.agent(), e.miss(), null, null, reason, replayed);
      case Answered e -> entry(kind, after, e, e.agent(), null, null, null, reason, replayed);
      case AgentLost e -> entry(kind, after, e, e.agent(), null, null, null, reason, replayed);
      case HungUp e -> entry(kind, after, e, null, null, e.by(), e.refused(), reason, replayed);
      case Greeted e -> entry(kind, after, e, null, null, null, null, reason, replayed);
      case Joined e -> entry(kind, after, e, null, null, null, null, reason, replayed);
      case EnteredRoom e -> entry(kind, after, e, null, null, null, null, reason, replayed);
      case EnteredFallback e -> entry(kind, after, e, null, null, null, null, reason, replayed);
    };
  }

  private static CallEntry entry(
      String kind,
      CallState after,
      CallEvent event,
      AgentNumber agent,
      Miss miss,
      EndedBy by,
      Boolean refused,
      Reason reason,
      boolean replayed) {
    return new CallEntry(
        kind,
        after.kind(),
        event.at(),
        null,
        null,
        null,
        agent == null ? null : agent.value(),
        miss == null ? null : miss.name(),
        by == null ? null : by.name(),
        refused,
        reason.en(),
        reason.zh(),
        replayed);
  }

  /** Names of events in the history; never translated, never renamed. */
  static String kind(CallEvent event) {
    return switch (event) {
      case Greeted e -> "greeted";
      case Joined e -> "joined";
      case EnteredRoom e -> "entered_room";
      case OfferMade e -> "offer_made";
      case OfferFailed e -> "offer_failed";
      case Answered e -> "answered";
      case EnteredFallback e -> "entered_fallback";
      case AgentLost e -> "agent_lost";
      case HungUp e -> "hung_up";
    };
  }

  /**
   * The event again; empty for the two lines that are not events.
   *
   * @throws IllegalArgumentException for a line this version does not know
   */
  public Optional<CallEvent> toEvent() {
    return switch (event) {
      case ARRIVED, RECOGNISED -> Optional.empty();
      case "greeted" -> Optional.of(new Greeted(at));
      case "joined" -> Optional.of(new Joined(at));
      case "entered_room" -> Optional.of(new EnteredRoom(at));
      case "offer_made" -> Optional.of(new OfferMade(at, number()));
      case "offer_failed" -> Optional.of(new OfferFailed(at, number(), Miss.valueOf(miss)));
      case "answered" -> Optional.of(new Answered(at, number()));
      case "entered_fallback" -> Optional.of(new EnteredFallback(at));
      case "agent_lost" -> Optional.of(new AgentLost(at, number()));
      case "hung_up" ->
          Optional.of(new HungUp(at, EndedBy.valueOf(by), Boolean.TRUE.equals(refused)));
      case String other -> throw new IllegalArgumentException("unknown event: " + other);
    };
  }

  private AgentNumber number() {
    return new AgentNumber(agent);
  }
}

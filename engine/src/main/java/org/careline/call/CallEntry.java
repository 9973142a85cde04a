package org.careline.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEvent.AgentLeft;
import org.careline.call.CallEvent.AgentLost;
import org.careline.call.CallEvent.Answered;
import org.careline.call.CallEvent.Asked;
import org.careline.call.CallEvent.EnteredFallback;
import org.careline.call.CallEvent.EnteredRoom;
import org.careline.call.CallEvent.Greeted;
import org.careline.call.CallEvent.Held;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Joined;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;
import org.careline.call.CallEvent.OverflowAnswered;
import org.careline.call.CallEvent.OverflowFailed;
import org.careline.call.CallEvent.OverflowMade;
import org.careline.call.CallEvent.Resumed;
import org.careline.call.CallEvent.SurveyAnswered;
import org.careline.call.CallEvent.SurveyOffered;
import org.careline.call.CallEvent.Transferred;
import org.careline.call.CallEvent.Turned;
import org.careline.routing.Decision;

/**
 * One line of a call's history as the journal keeps it (kind {@code call}). The events of one call
 * in their order, put through {@link CallTransitions}, give its state again. What an event does not
 * have is null. Immutable.
 *
 * @param event {@link #ARRIVED}, {@link #RECOGNISED} or the kind of a {@link CallEvent}
 * @param state kind of the state after it
 * @param position in the queue at this moment; null = not known, or not in it
 * @param outcome with {@code turned}: how it will end
 * @param why with {@code turned}: a word of ours
 * @param target with an overflow or a transfer: who is rung
 * @param score of the survey
 * @param reasonEn why this agent and why now, with an offer
 * @param decision the same for programs
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
    Integer position,
    String outcome,
    String why,
    String target,
    Integer score,
    String reasonEn,
    String reasonZh,
    Decision decision,
    boolean replayed) {
  public static final String ARRIVED = "arrived";
  public static final String RECOGNISED = "recognised";

  /** Why an offer was made, in both languages of the product. */
  public record Reason(String en, String zh, Decision decision) {
    public static final Reason NONE = new Reason(null, null, null);
  }

  /** What an event has besides its kind and its time. */
  private record Detail(
      AgentNumber agent,
      Miss miss,
      EndedBy by,
      Boolean refused,
      int position,
      Outcome outcome,
      String why,
      String target,
      Integer score) {
    static final Detail NONE = agent(null, 0);

    static Detail agent(AgentNumber agent, int position) {
      return new Detail(agent, null, null, null, position, null, null, null, null);
    }

    static Detail target(AgentNumber agent, String target) {
      return new Detail(agent, null, null, null, 0, null, null, target, null);
    }
  }

  static CallEntry arrived(
      Instant at, String channel, Caller caller, Handling handling, boolean replayed) {
    return who(ARRIVED, ARRIVED, at, channel, caller, handling, replayed);
  }

  static CallEntry recognised(
      Instant at, CallState state, String channel, Caller caller, Handling handling) {
    return who(RECOGNISED, state.kind(), at, channel, caller, handling, false);
  }

  /** Something that happened in a talk, for the story; the target is a number. */
  static CallEntry note(TalkNote note, CallState state, Instant at, String target) {
    return new CallEntry(
        note.kind(),
        state.kind(),
        at,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        target,
        null,
        null,
        null,
        null,
        false);
  }

  /** Whether this line pauses the recording, or ends that; empty = it does neither. */
  Optional<Boolean> pauses() {
    if (event.equals(TalkNote.RECORDING_PAUSED.kind())) {
      return Optional.of(true);
    }
    return event.equals(TalkNote.RECORDING_GOES_ON.kind())
            || event.equals("transferred")
            || event.equals("agent_lost")
        ? Optional.of(false)
        : Optional.empty();
  }

  private static CallEntry who(
      String event,
      String state,
      Instant at,
      String channel,
      Caller caller,
      Handling handling,
      boolean replayed) {
    return new CallEntry(
        event, state, at, channel, caller, handling, null, null, null, null, null, null, null, null,
        null, null, null, null, replayed);
  }

  /** A step as it is written down. */
  public static CallEntry of(CallEvent event, CallState after) {
    return of(event, after, Reason.NONE, false);
  }

  static CallEntry of(CallEvent event, CallState after, Reason reason, boolean replayed) {
    Detail detail = detail(event);
    return new CallEntry(
        kind(event),
        after.kind(),
        event.at(),
        null,
        null,
        null,
        detail.agent() == null ? null : detail.agent().value(),
        detail.miss() == null ? null : detail.miss().name(),
        detail.by() == null ? null : detail.by().name(),
        detail.refused(),
        detail.position() == 0 ? null : detail.position(),
        detail.outcome() == null ? null : detail.outcome().name(),
        detail.why(),
        detail.target(),
        detail.score(),
        reason.en(),
        reason.zh(),
        reason.decision(),
        replayed);
  }

  private static Detail detail(CallEvent event) {
    return switch (event) {
      case Joined e -> Detail.agent(null, e.position());
      case OfferMade e -> Detail.agent(e.agent(), e.position());
      case OfferFailed e -> new Detail(e.agent(), e.miss(), null, null, 0, null, null, null, null);
      case Answered e -> Detail.agent(e.agent(), 0);
      case AgentLost e -> new Detail(e.agent(), e.why(), null, null, 0, null, null, null, null);
      case AgentLeft e -> Detail.agent(e.agent(), 0);
      case HungUp e ->
          new Detail(null, null, e.by(), e.refused(), e.position(), null, null, null, null);
      case Turned e ->
          new Detail(null, null, null, null, e.position(), e.outcome(), e.why(), null, null);
      case OverflowMade e -> Detail.target(null, e.target());
      case Transferred e -> Detail.target(e.from(), e.target());
      case SurveyAnswered e -> new Detail(null, null, null, null, 0, null, null, null, e.score());
      case Greeted e -> Detail.NONE;
      case EnteredRoom e -> Detail.NONE;
      case EnteredFallback e -> Detail.NONE;
      case Asked e -> Detail.NONE;
      case OverflowAnswered e -> Detail.NONE;
      case OverflowFailed e -> Detail.NONE;
      case Held e -> Detail.NONE;
      case Resumed e -> Detail.NONE;
      case SurveyOffered e -> Detail.NONE;
    };
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
      case AgentLeft e -> "agent_left";
      case Turned e -> "turned";
      case Asked e -> "asked";
      case OverflowMade e -> "overflow_made";
      case OverflowAnswered e -> "overflow_answered";
      case OverflowFailed e -> "overflow_failed";
      case Held e -> "held";
      case Resumed e -> "resumed";
      case Transferred e -> "transferred";
      case SurveyOffered e -> "survey_offered";
      case SurveyAnswered e -> "survey_answered";
      case HungUp e -> "hung_up";
    };
  }

  /**
   * The event again; empty for the lines that are not events.
   *
   * @throws IllegalArgumentException for a line this version does not know
   */
  public Optional<CallEvent> toEvent() {
    if (TalkNote.isNote(event)) {
      return Optional.empty();
    }
    return switch (event) {
      case ARRIVED, RECOGNISED -> Optional.empty();
      case "greeted" -> Optional.of(new Greeted(at));
      case "joined" -> Optional.of(new Joined(at, place()));
      case "entered_room" -> Optional.of(new EnteredRoom(at));
      case "offer_made" -> Optional.of(new OfferMade(at, number(), place()));
      case "offer_failed" -> Optional.of(new OfferFailed(at, number(), Miss.valueOf(miss)));
      case "answered" -> Optional.of(new Answered(at, number()));
      case "entered_fallback" -> Optional.of(new EnteredFallback(at));
      case "agent_lost" ->
          // lines from before the cause was kept have none
          Optional.of(
              miss == null
                  ? new AgentLost(at, number())
                  : new AgentLost(at, number(), Miss.valueOf(miss)));
      case "agent_left" -> Optional.of(new AgentLeft(at, number()));
      case "turned" -> Optional.of(new Turned(at, Outcome.valueOf(outcome), why, place()));
      case "asked" -> Optional.of(new Asked(at));
      case "overflow_made" -> Optional.of(new OverflowMade(at, target));
      case "overflow_answered" -> Optional.of(new OverflowAnswered(at));
      case "overflow_failed" -> Optional.of(new OverflowFailed(at));
      case "held" -> Optional.of(new Held(at));
      case "resumed" -> Optional.of(new Resumed(at));
      case "transferred" -> Optional.of(new Transferred(at, number(), target));
      case "survey_offered" -> Optional.of(new SurveyOffered(at));
      case "survey_answered" -> Optional.of(new SurveyAnswered(at, score));
      case "hung_up" ->
          Optional.of(new HungUp(at, EndedBy.valueOf(by), Boolean.TRUE.equals(refused), place()));
      case String other -> throw new IllegalArgumentException("unknown event: " + other);
    };
  }

  private int place() {
    return position == null ? 0 : position;
  }

  private AgentNumber number() {
    return new AgentNumber(agent);
  }
}

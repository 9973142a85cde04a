package org.careline.report.hotline;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.LiveCall;

/**
 * A call as the figures count it. Immutable; what is not known is null.
 *
 * @param agent who answered it first
 * @param joinedAt into the queue; null = not offered
 * @param outcome key of the outcome; null = not over yet
 * @param waitMs from joining to the first answer, or to the end without one
 * @param talkMs all talks, time on hold not among them
 * @param withheld the caller's number was withheld or not understood
 * @param recognised his number said at the door who he is; not a code, nor an agent later
 * @param survey score given; null = none
 */
public record CallFacts(
    String id,
    String line,
    String tier,
    String skill,
    String agent,
    Instant arrivedAt,
    Instant joinedAt,
    Instant answeredAt,
    String outcome,
    String endedBy,
    long waitMs,
    long talkMs,
    long holdMs,
    boolean withheld,
    boolean recognised,
    boolean surveyOffered,
    Integer survey) {

  /** Into the queue, or to us for a caller who never came so far: the interval he is counted in. */
  public Instant enteredAt() {
    return joinedAt == null ? arrivedAt : joinedAt;
  }

  boolean joined() {
    return joinedAt != null;
  }

  /** A call that lives, as memory has it: its outcome is open. */
  public static CallFacts of(LiveCall call, Instant now) {
    Caller caller = call.caller();
    Instant joined = call.joinedAt().orElse(null);
    Optional<CallState.Answer> answer = call.state().place().flatMap(CallState.Place::answered);
    Instant waitedUntil = answer.map(CallState.Answer::at).orElse(now);
    return new CallFacts(
        call.id().value(),
        caller.lineCode(),
        caller.tierCode(),
        caller.skill(),
        answer.map(a -> a.agent().value()).orElse(null),
        call.arrivedAt(),
        joined,
        answer.map(CallState.Answer::at).orElse(null),
        null,
        null,
        joined == null ? 0 : Math.max(0, Duration.between(joined, waitedUntil).toMillis()),
        0,
        0,
        caller.e164() == null,
        Caller.BY_NUMBER.equals(caller.knownBy()),
        false,
        null);
  }

  CallId callId() {
    return new CallId(id);
  }

  /** The same with the joining found in its history. */
  CallFacts joinedAt(Instant joined) {
    return new CallFacts(
        id,
        line,
        tier,
        skill,
        agent,
        arrivedAt,
        joined,
        answeredAt,
        outcome,
        endedBy,
        waitMs,
        talkMs,
        holdMs,
        withheld,
        recognised,
        surveyOffered,
        survey);
  }
}

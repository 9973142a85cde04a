package org.careline.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import org.careline.call.CallState.Answer;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.Place;

/**
 * A call when it is over, as it stands in {@code call_record}: what the figures count. Written once
 * (kind {@code outcome} of the journal). Unknown = null. Immutable.
 *
 * @param waitMs from joining to the first answer, or to the end without one; null = never joined
 * @param talkMs all talks; null = none
 * @param recording path below the folder of recordings; null = nothing was said
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CallRecord(
    String id,
    String lineCode,
    String dialled,
    String callerE164,
    String callerRaw,
    Long customerId,
    Long siteId,
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
    String recording) {

  static CallRecord of(CallId id, Caller caller, Instant arrivedAt, Ended end) {
    Place place = end.last().orElse(null);
    Answer answer = place == null ? null : place.answered().orElse(null);
    Instant waitedUntil = answer == null ? end.at() : answer.at();
    return new CallRecord(
        id.value(),
        caller.lineCode(),
        caller.dialled(),
        caller.e164(),
        caller.raw(),
        caller.customerId(),
        caller.siteId(),
        caller.tierCode(),
        arrivedAt,
        place == null ? null : place.joinedAt(),
        answer == null ? null : answer.at(),
        end.at(),
        end.outcome().key(),
        end.by().key(),
        answer == null ? null : answer.agent().value(),
        place == null ? null : millis(place.joinedAt(), waitedUntil),
        answer == null ? null : place.talked().toMillis(),
        answer == null ? null : Recordings.pathOf(id).orElse(null));
  }

  private static long millis(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis());
  }
}

package org.careline.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.careline.call.CallState.Answer;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.Place;
import org.careline.call.CallState.Survey;

/**
 * A call when it is over, as it stands in {@code call_record}: what the figures count. Written once
 * (kind {@code outcome} of the journal). Unknown = null. Immutable.
 *
 * @param waitMs from joining to the first answer, or to the end without one; null = never joined
 * @param talkMs all talks with their holds; null = none
 * @param holdMs of these; null = none
 * @param recording path below the folder of recordings; null = nothing was said
 * @param skill see {@link Caller#skill}
 * @param positionJoined in the queue when he joined; null = not known, or never waited
 * @param positionLeft in the queue when he was last offered, turned or lost; null as above
 * @param surveyOffered null = no
 * @param surveyScore see {@link CallState.Survey}; null = none
 * @param endedLeg n of the leg that talked last; null = nobody talked
 * @param legs rows of {@code call_leg}; null in what older versions wrote
 * @param knownBy see {@link Caller#knownBy}
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
    String recording,
    String skill,
    String menuChoice,
    String language,
    Integer positionJoined,
    Integer positionLeft,
    Long holdMs,
    Boolean surveyOffered,
    Integer surveyScore,
    Integer endedLeg,
    List<CallLeg> legs,
    String knownBy) {

  static CallRecord of(CallId id, Caller caller, Instant arrivedAt, Ended end, List<CallLeg> legs) {
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
        answer == null && !recorded(end.outcome()) ? null : Recordings.pathOf(id).orElse(null),
        caller.skill(),
        caller.menuChoice(),
        caller.language(),
        place == null ? null : known(place.positionJoined()),
        place == null ? null : known(place.positionLeft()),
        answer == null ? null : place.held().toMillis(),
        place == null || place.survey().isEmpty() ? null : true,
        place == null ? null : place.survey().flatMap(Survey::score).orElse(null),
        legs.stream()
            .filter(leg -> leg.answeredAt() != null)
            .map(CallLeg::n)
            .reduce((first, next) -> next)
            .orElse(null),
        legs,
        caller.knownBy());
  }

  /** Something is said although no agent answers. */
  private static boolean recorded(Outcome outcome) {
    return outcome == Outcome.VOICEMAIL || outcome == Outcome.OVERFLOWED;
  }

  private static Integer known(int position) {
    return position == 0 ? null : position;
  }

  private static long millis(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis());
  }
}

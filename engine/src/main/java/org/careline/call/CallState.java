package org.careline.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;

/**
 * Where a hotline call stands. Immutable.
 *
 * <pre>
 *            greeted             joined
 *  Arrived ----------> Greeting --------> Waiting <---------------------+--------------.
 *    |  |                 |               |    ^                        |              |
 *    |  '-- offer --------+---------------+-.  | not answered           | agent lost   |
 *    |                                    | |  |                        |              |
 *    |                              offer v v  |                        |              |
 *    |                                  Offered --- answered ---> Talking              |
 *    |                                    |                                            |
 *    |  no engine, or no step from it     v                                            |
 *    '-------------------------------> InFallback --- answered ---> FallbackTalking ---+
 *                                         |                                            |
 *                                         '--- engine is back: entered room -----------'
 *
 *  any of them --- the caller's channel is gone ---> Ended, with one outcome
 * </pre>
 */
public sealed interface CallState {

  /** The name in the story and on screens. */
  default String kind() {
    return switch (this) {
      case Arrived state -> "arrived";
      case Greeting state -> "greeting";
      case Waiting state -> "waiting";
      case Offered state -> "offered";
      case Talking state -> "talking";
      case InFallback state -> "in_fallback";
      case FallbackTalking state -> "fallback_talking";
      case Ended state -> "ended";
    };
  }

  /** His place in the queue, where he has one. */
  default Optional<Place> place() {
    return switch (this) {
      case Arrived state -> Optional.empty();
      case Greeting state -> Optional.empty();
      case Waiting state -> Optional.of(state.spot());
      case Offered state -> Optional.of(state.spot());
      case Talking state -> Optional.of(state.spot());
      case InFallback state -> Optional.of(state.spot());
      case FallbackTalking state -> Optional.of(state.spot());
      case Ended state -> state.last();
    };
  }

  /** The agent who belongs to the call now. */
  default Optional<AgentNumber> agent() {
    return switch (this) {
      case Offered state -> Optional.of(state.to());
      case Talking state -> Optional.of(state.with());
      case FallbackTalking state -> Optional.of(state.with());
      case Arrived state -> Optional.empty();
      case Greeting state -> Optional.empty();
      case Waiting state -> Optional.empty();
      case InFallback state -> Optional.empty();
      case Ended state -> Optional.empty();
    };
  }

  /**
   * The place in the queue and what came of it, kept for the call's whole life.
   *
   * @param joinedAt order and age count from here, whatever happens later
   * @param answered the first answer
   * @param talked sum of all finished talks
   */
  record Place(Instant joinedAt, Optional<Answer> answered, Duration talked) {
    static Place from(Instant joinedAt) {
      return new Place(joinedAt, Optional.empty(), Duration.ZERO);
    }

    Place answeredBy(AgentNumber agent, Instant at, boolean fallback) {
      return answered.isPresent()
          ? this
          : new Place(joinedAt, Optional.of(new Answer(agent, at, fallback)), talked);
    }

    Place talked(Instant from, Instant to) {
      Duration talk = Duration.between(from, to);
      return new Place(joinedAt, answered, talk.isNegative() ? talked : talked.plus(talk));
    }
  }

  record Answer(AgentNumber agent, Instant at, boolean fallback) {}

  /**
   * Reached us, nothing decided. Recovery: the channel lives in a hotline context and stays as it
   * is; the dialplan's next step brings the event.
   */
  record Arrived(Instant at) implements CallState {}

  /** Hears the greeting. Recovery: stays; the dialplan asks for the next step after it. */
  record Greeting(Instant at) implements CallState {}

  /**
   * Waits with music. Recovery: found in the waitroom; his place comes from the journal, for a call
   * of a dead host from the switch's event file.
   *
   * @param inRoom the switch has confirmed it: he can be pulled out
   */
  record Waiting(Place spot, boolean inRoom) implements CallState {}

  /**
   * An agent's phone rings for him. Recovery: found dialling that phone, stays; found bridged =
   * answered; found in the waitroom = the offer failed.
   */
  record Offered(Place spot, AgentNumber to, Instant since) implements CallState {}

  /** Talks. Recovery: found bridged with the agent's leg, stays. */
  record Talking(Place spot, AgentNumber with, Instant since) implements CallState {}

  /**
   * Waits where the switch serves alone. Recovery: found in the fallback queue; sent to the
   * waitroom with his old place unless a phone rings for him.
   */
  record InFallback(Place spot) implements CallState {}

  /** Talks with an agent the switch chose alone. Recovery: found bridged, stays. */
  record FallbackTalking(Place spot, AgentNumber with, Instant since) implements CallState {}

  /** Over. Recovery: nothing; a call found missing in the switch comes here by a hang-up. */
  record Ended(Outcome outcome, Instant at, EndedBy by, Optional<Place> last)
      implements CallState {}
}

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
 *
 *  Waiting --- pressed a key: Asking --- back in the room: Waiting
 *          --- an external number rings: Overflowing --- answered: Leaving, else Waiting
 *  Talking --- the agent has ended, the caller is still there: Surveying
 *          --- handed over: Waiting, with his place
 *  any but a talk --- decided how it ends, he hears or does the rest: Leaving
 * </pre>
 */
public sealed interface CallState {

  /** The name in the story and on screens. */
  default String kind() {
    return switch (this) {
      case Arrived state -> "arrived";
      case Greeting state -> "greeting";
      case Waiting state -> "waiting";
      case Asking state -> "asking";
      case Offered state -> "offered";
      case Overflowing state -> "overflowing";
      case Talking state -> "talking";
      case Surveying state -> "surveying";
      case Leaving state -> "leaving";
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
      case Asking state -> Optional.of(state.spot());
      case Offered state -> Optional.of(state.spot());
      case Overflowing state -> Optional.of(state.spot());
      case Talking state -> Optional.of(state.spot());
      case Surveying state -> Optional.of(state.spot());
      case Leaving state -> state.last();
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
      case Asking state -> Optional.empty();
      case Overflowing state -> Optional.empty();
      case Surveying state -> Optional.empty();
      case Leaving state -> Optional.empty();
      case InFallback state -> Optional.empty();
      case Ended state -> Optional.empty();
    };
  }

  /** He is in the queue and nobody serves him at this moment: his age counts. */
  default boolean queued() {
    return switch (this) {
      case Waiting state -> true;
      case Asking state -> true;
      case Offered state -> true;
      case Overflowing state -> true;
      case InFallback state -> true;
      case Arrived state -> false;
      case Greeting state -> false;
      case Talking state -> false;
      case Surveying state -> false;
      case FallbackTalking state -> false;
      case Leaving state -> false;
      case Ended state -> false;
    };
  }

  /**
   * The place in the queue and what came of it, kept for the call's whole life.
   *
   * @param joinedAt when he joined, whatever happens later
   * @param answered the first answer
   * @param talked sum of all finished talks, holds included
   * @param held sum of all finished holds
   * @param positionJoined his position when he joined, 1 = next; 0 = not known, or never waited
   * @param positionLeft his position when he was last offered, turned or lost; 0 = not known
   * @param survey empty = not asked for his opinion
   */
  record Place(
      Instant joinedAt,
      Optional<Answer> answered,
      Duration talked,
      Duration held,
      int positionJoined,
      int positionLeft,
      Optional<Survey> survey) {

    /** His age counts from here: when he joined, later by all he has talked since. */
    Instant waitsSince() {
      return joinedAt.plus(talked);
    }

    /** A place without a known position. */
    public static Place from(Instant joinedAt) {
      return from(joinedAt, 0);
    }

    static Place from(Instant joinedAt, int position) {
      return new Place(
          joinedAt,
          Optional.empty(),
          Duration.ZERO,
          Duration.ZERO,
          position,
          position,
          Optional.empty());
    }

    Place answeredBy(AgentNumber agent, Instant at, boolean fallback) {
      return answered.isPresent()
          ? this
          : new Place(
              joinedAt,
              Optional.of(new Answer(agent, at, fallback)),
              talked,
              held,
              positionJoined,
              positionLeft,
              survey);
    }

    Place talked(Instant from, Instant to) {
      return new Place(
          joinedAt,
          answered,
          talked.plus(span(from, to)),
          held,
          positionJoined,
          positionLeft,
          survey);
    }

    Place held(Duration more) {
      return new Place(
          joinedAt, answered, talked, held.plus(more), positionJoined, positionLeft, survey);
    }

    /** {@code position} 0 = not known: the last known one stays. */
    Place left(int position) {
      return position == 0
          ? this
          : new Place(joinedAt, answered, talked, held, positionJoined, position, survey);
    }

    Place surveyed(Survey said) {
      return new Place(
          joinedAt, answered, talked, held, positionJoined, positionLeft, Optional.of(said));
    }

    static Duration span(Instant from, Instant to) {
      Duration span = Duration.between(from, to);
      return span.isNegative() ? Duration.ZERO : span;
    }
  }

  /**
   * His opinion was asked for.
   *
   * @param score 1 satisfied, 2 so-so, 3 dissatisfied, 4 unresolved; empty = he said nothing
   */
  record Survey(Optional<Integer> score) {
    /** From this score on somebody has to look after him. */
    public static final int DISSATISFIED = 3;
  }

  record Answer(AgentNumber agent, Instant at, boolean fallback) {}

  /**
   * Reached us, nothing decided. Recovery: the channel lives in a hotline context and stays as it
   * is; the dialplan's next step brings the event.
   */
  record Arrived(Instant at) implements CallState {}

  /**
   * In the dialogue before the queue: notice, greeting, code, menu. Recovery: stays; the dialplan
   * asks for the next step after it, and nothing of the dialogue is kept here.
   */
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

  /**
   * Waits, but is in a short dialogue out of the waitroom, of which he is brought back. Keeps his
   * place and is never offered meanwhile. Recovery: found in the waitroom = back; found elsewhere,
   * stays: the dialplan asks what is next.
   */
  record Asking(Place spot, Instant since) implements CallState {}

  /**
   * A number outside rings for him. Recovery: found bridged = answered; found in the waitroom =
   * failed; else stays, the dialplan asks after it.
   *
   * @param group the number, or the name of the group
   */
  record Overflowing(Place spot, String group, Instant since) implements CallState {}

  /**
   * Talks. Recovery: found bridged with the agent's leg, stays; found out of it where the dialplan
   * asks what is next = the agent has left.
   *
   * @param heldSince he is on hold
   * @param held finished holds of this talk
   */
  record Talking(
      Place spot, AgentNumber with, Instant since, Optional<Instant> heldSince, Duration held)
      implements CallState {
    public Talking(Place spot, AgentNumber with, Instant since) {
      this(spot, with, since, Optional.empty(), Duration.ZERO);
    }

    /** The holds of this talk when it ends at that instant. */
    Duration heldUntil(Instant end) {
      return held.plus(heldSince.map(from -> Place.span(from, end)).orElse(Duration.ZERO));
    }

    /** The place when this talk ends at that instant. */
    Place over(Instant end) {
      return spot.talked(since, end).held(heldUntil(end));
    }
  }

  /**
   * The agent has ended, the caller is still there: the survey, or a goodbye. Recovery: stays; the
   * dialplan asks what is next, and ends the call when nobody answers.
   */
  record Surveying(Place spot, Instant since) implements CallState {}

  /**
   * It is decided how this ends, and he hears or does the rest: voicemail, a message, a refusal, a
   * talk outside. His hang-up writes exactly this outcome. Recovery: stays; found in a queue = he
   * waits again.
   *
   * @param last his place, when he had one
   */
  record Leaving(Outcome outcome, Optional<Place> last, Instant at) implements CallState {}

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

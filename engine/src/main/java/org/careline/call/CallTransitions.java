package org.careline.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEvent.AgentLost;
import org.careline.call.CallEvent.Answered;
import org.careline.call.CallEvent.Asked;
import org.careline.call.CallEvent.EnteredFallback;
import org.careline.call.CallEvent.EnteredRoom;
import org.careline.call.CallEvent.Greeted;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Joined;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfOverflow;
import org.careline.call.CallEvent.OfTalk;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;
import org.careline.call.CallEvent.OverflowAnswered;
import org.careline.call.CallEvent.OverflowFailed;
import org.careline.call.CallEvent.OverflowMade;
import org.careline.call.CallEvent.Turned;
import org.careline.call.CallState.Arrived;
import org.careline.call.CallState.Asking;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.FallbackTalking;
import org.careline.call.CallState.Greeting;
import org.careline.call.CallState.InFallback;
import org.careline.call.CallState.Leaving;
import org.careline.call.CallState.Offered;
import org.careline.call.CallState.Overflowing;
import org.careline.call.CallState.Place;
import org.careline.call.CallState.Surveying;
import org.careline.call.CallState.Talking;
import org.careline.call.CallState.Waiting;

/**
 * The rules of a hotline call: what follows from an event in a state. Pure. An event that means
 * nothing in a state changes nothing, because events come late, doubled or not at all. Here the
 * states until somebody talks; those from then on are in {@link TalkTransitions}, how a call ends
 * in {@link Ends}.
 */
public final class CallTransitions {
  private final Ends ends;
  private final TalkTransitions talks;

  /**
   * @param shortAbandon who leaves the queue sooner than this is a short abandon
   */
  public CallTransitions(Duration shortAbandon) {
    this.ends = new Ends(shortAbandon);
    this.talks = new TalkTransitions(ends);
  }

  /** The next state, which may be the same, and what is to be done, in this order. */
  public record Step(CallState next, List<Effect> effects) {
    static Step to(CallState next, Effect... effects) {
      return new Step(next, List.of(effects));
    }
  }

  /** What is to be done. */
  public sealed interface Effect {}

  /** The agent was set aside for this call and is not needed any more. */
  public record FreeAgent(AgentNumber agent, Miss why) implements Effect {}

  /** The agent talks in this call. */
  public record AgentTalks(AgentNumber agent) implements Effect {}

  /** The agent has talked and has work to do after it. */
  public record WrapUp(AgentNumber agent) implements Effect {}

  /** Music for the caller until the next agent. */
  public record SendToWaitroom() implements Effect {}

  /** The call is over: its record, once. */
  public record WriteOutcome() implements Effect {}

  public Step next(CallState state, CallEvent event) {
    return switch (state) {
      case Arrived arrived -> beforeQueue(arrived, arrived.at(), event);
      case Greeting greeting -> beforeQueue(greeting, greeting.at(), event);
      case Waiting waiting -> waiting(waiting, event);
      case Asking asking -> asking(asking, event);
      case Offered offered -> offered(offered, event);
      case Overflowing overflowing -> overflowing(overflowing, event);
      case InFallback fallback -> inFallback(fallback, event);
      case Talking talking -> talks.talking(talking, event);
      case Surveying surveying -> talks.surveying(surveying, event);
      case FallbackTalking talking -> talks.fallbackTalking(talking, event);
      case Leaving leaving -> talks.leaving(leaving, event);
      case Ended ended -> Step.to(ended);
    };
  }

  private Step beforeQueue(CallState state, Instant since, CallEvent event) {
    return switch (event) {
      case Greeted greeted ->
          Step.to(state instanceof Greeting ? state : new Greeting(greeted.at()));
      case Joined joined -> Step.to(new Waiting(Place.from(joined.at(), joined.position()), false));
      case EnteredRoom entered -> Step.to(new Waiting(Place.from(entered.at()), true));
      case OfferMade offer ->
          Step.to(new Offered(Place.from(offer.at(), offer.position()), offer.agent(), offer.at()));
      case EnteredFallback entered -> Step.to(new InFallback(Place.from(entered.at())));
      case Answered answered -> Ends.talk(Place.from(since), answered);
      case Turned turned -> Step.to(new Leaving(turned.outcome(), Optional.empty(), turned.at()));
      case HungUp end ->
          Step.to(
              new Ended(
                  end.refused() ? Outcome.FAILED : Outcome.LEFT_BEFORE_QUEUE,
                  end.at(),
                  end.by(),
                  Optional.empty()),
              new WriteOutcome());
      case OfOverflow outside -> rings(state, Place.from(outside.at()), outside);
      case Asked early -> Step.to(state);
      case OfferFailed stale -> Step.to(state);
      case AgentLost stale -> Step.to(state);
      case OfTalk none -> Step.to(state);
    };
  }

  private Step waiting(Waiting state, CallEvent event) {
    return switch (event) {
      case EnteredRoom entered -> Step.to(new Waiting(state.spot(), true));
      case OfferMade offer ->
          Step.to(new Offered(state.spot().left(offer.position()), offer.agent(), offer.at()));
      case EnteredFallback entered -> Step.to(new InFallback(state.spot()));
      case Answered answered -> Ends.talk(state.spot(), answered);
      case Asked asked -> Step.to(new Asking(state.spot(), asked.at()));
      case OfOverflow outside -> rings(state, state.spot(), outside);
      case Turned turned -> Ends.turned(state.spot(), turned);
      case HungUp end -> ends.over(state.spot(), end);
      case Greeted late -> Step.to(state);
      case Joined again -> Step.to(state);
      case OfferFailed stale -> Step.to(state);
      case AgentLost stale -> Step.to(state);
      case OfTalk none -> Step.to(state);
    };
  }

  /** A number outside is rung for him, or was answered when nobody here had heard of it. */
  private static Step rings(CallState state, Place place, OfOverflow event) {
    return switch (event) {
      case OverflowMade made -> Step.to(new Overflowing(place, made.target(), made.at()));
      case OverflowAnswered answered -> Step.to(state);
      case OverflowFailed stale -> Step.to(state);
    };
  }

  private Step asking(Asking state, CallEvent event) {
    return switch (event) {
      case EnteredRoom back -> Step.to(new Waiting(state.spot(), true));
      case EnteredFallback entered -> Step.to(new InFallback(state.spot()));
      case Answered answered -> Ends.talk(state.spot(), answered);
      case Turned turned -> Ends.turned(state.spot(), turned);
      case HungUp end -> ends.over(state.spot(), end);
      case Asked again -> Step.to(state);
      case OfOverflow none -> Step.to(state);
      case OfferMade none -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case OfferFailed stale -> Step.to(state);
      case AgentLost stale -> Step.to(state);
      case OfTalk none -> Step.to(state);
    };
  }

  private Step offered(Offered state, CallEvent event) {
    FreeAgent notNeeded = new FreeAgent(state.to(), Miss.ENGINE);
    return switch (event) {
      case Answered answered ->
          answered.agent().equals(state.to())
              ? Ends.talk(state.spot(), answered)
              : Ends.first(notNeeded, Ends.talk(state.spot(), answered));
      case OfferFailed failed ->
          failed.agent().equals(state.to())
              ? Step.to(new Waiting(state.spot(), false), new FreeAgent(state.to(), failed.miss()))
              : Step.to(state);
      case AgentLost lost ->
          lost.agent().equals(state.to())
              ? Step.to(
                  new Waiting(state.spot(), false),
                  new FreeAgent(state.to(), lost.why()),
                  new SendToWaitroom())
              : Step.to(state);
      case EnteredFallback entered -> Step.to(new InFallback(state.spot()), notNeeded);
      case Turned turned -> Ends.first(notNeeded, Ends.turned(state.spot(), turned));
      case HungUp end -> Ends.first(notNeeded, ends.over(state.spot(), end));
      case EnteredRoom undecided -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case OfferMade second -> Step.to(state);
      case Asked late -> Step.to(state);
      case OfOverflow none -> Step.to(state);
      case OfTalk none -> Step.to(state);
    };
  }

  private Step overflowing(Overflowing state, CallEvent event) {
    return switch (event) {
      case OfOverflow outside ->
          switch (outside) {
            case OverflowAnswered answered ->
                Ends.turned(
                    state.spot(), new Turned(answered.at(), Outcome.OVERFLOWED, state.group()));
            case OverflowFailed failed -> Step.to(new Waiting(state.spot(), false));
            case OverflowMade next ->
                Step.to(new Overflowing(state.spot(), next.target(), next.at()));
          };
      case EnteredRoom back -> Step.to(new Waiting(state.spot(), true));
      case EnteredFallback entered -> Step.to(new InFallback(state.spot()));
      case Answered answered -> Ends.talk(state.spot(), answered);
      case Turned turned -> Ends.turned(state.spot(), turned);
      case HungUp end -> ends.over(state.spot(), end);
      case OfferMade none -> Step.to(state);
      case Asked late -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case OfferFailed stale -> Step.to(state);
      case AgentLost stale -> Step.to(state);
      case OfTalk none -> Step.to(state);
    };
  }

  private Step inFallback(InFallback state, CallEvent event) {
    return switch (event) {
      case Answered answered ->
          Step.to(
              new FallbackTalking(
                  state.spot().answeredBy(answered.agent(), answered.at(), true),
                  answered.agent(),
                  answered.at()),
              new AgentTalks(answered.agent()));
      case EnteredRoom taken -> Step.to(new Waiting(state.spot(), true));
      case Turned turned -> Ends.turned(state.spot(), turned);
      case HungUp end -> ends.over(state.spot(), end);
      case EnteredFallback again -> Step.to(state);
      case OfferMade late -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case OfferFailed stale -> Step.to(state);
      case AgentLost stale -> Step.to(state);
      case Asked late -> Step.to(state);
      case OfOverflow none -> Step.to(state);
      case OfTalk none -> Step.to(state);
    };
  }
}

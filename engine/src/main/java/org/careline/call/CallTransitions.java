package org.careline.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import org.careline.call.CallState.Arrived;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.FallbackTalking;
import org.careline.call.CallState.Greeting;
import org.careline.call.CallState.InFallback;
import org.careline.call.CallState.Offered;
import org.careline.call.CallState.Place;
import org.careline.call.CallState.Talking;
import org.careline.call.CallState.Waiting;

/**
 * The rules of a hotline call: what follows from an event in a state. Pure. An event that means
 * nothing in a state changes nothing, because events come late, doubled or not at all.
 */
public final class CallTransitions {
  private final Duration shortAbandon;

  /**
   * @param shortAbandon who leaves the queue sooner than this is a short abandon
   */
  public CallTransitions(Duration shortAbandon) {
    this.shortAbandon = shortAbandon;
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
      case Offered offered -> offered(offered, event);
      case Talking talking -> talking(talking, event);
      case InFallback fallback -> inFallback(fallback, event);
      case FallbackTalking talking -> fallbackTalking(talking, event);
      case Ended ended -> Step.to(ended);
    };
  }

  private Step beforeQueue(CallState state, Instant since, CallEvent event) {
    return switch (event) {
      case Greeted greeted ->
          Step.to(state instanceof Greeting ? state : new Greeting(greeted.at()));
      case Joined joined -> Step.to(new Waiting(Place.from(joined.at()), false));
      case EnteredRoom entered -> Step.to(new Waiting(Place.from(entered.at()), true));
      case OfferMade offer ->
          Step.to(new Offered(Place.from(offer.at()), offer.agent(), offer.at()));
      case EnteredFallback entered -> Step.to(new InFallback(Place.from(entered.at())));
      case Answered answered -> talk(Place.from(since), answered);
      case HungUp end ->
          Step.to(
              new Ended(
                  end.refused() ? Outcome.FAILED : Outcome.LEFT_BEFORE_QUEUE,
                  end.at(),
                  end.by(),
                  Optional.empty()),
              new WriteOutcome());
      case OfferFailed stale -> Step.to(state);
      case AgentLost stale -> Step.to(state);
    };
  }

  private Step waiting(Waiting state, CallEvent event) {
    return switch (event) {
      case EnteredRoom entered -> Step.to(new Waiting(state.spot(), true));
      case OfferMade offer -> Step.to(new Offered(state.spot(), offer.agent(), offer.at()));
      case EnteredFallback entered -> Step.to(new InFallback(state.spot()));
      case Answered answered -> talk(state.spot(), answered);
      case HungUp end -> over(state.spot(), end);
      case Greeted late -> Step.to(state);
      case Joined again -> Step.to(state);
      case OfferFailed stale -> Step.to(state);
      case AgentLost stale -> Step.to(state);
    };
  }

  private Step offered(Offered state, CallEvent event) {
    return switch (event) {
      case Answered answered ->
          answered.agent().equals(state.to())
              ? talk(state.spot(), answered)
              : first(new FreeAgent(state.to(), Miss.ENGINE), talk(state.spot(), answered));
      case OfferFailed failed ->
          failed.agent().equals(state.to())
              ? Step.to(new Waiting(state.spot(), false), new FreeAgent(state.to(), failed.miss()))
              : Step.to(state);
      case AgentLost lost ->
          lost.agent().equals(state.to())
              ? Step.to(
                  new Waiting(state.spot(), false),
                  new FreeAgent(state.to(), Miss.UNREACHABLE),
                  new SendToWaitroom())
              : Step.to(state);
      case EnteredFallback entered ->
          Step.to(new InFallback(state.spot()), new FreeAgent(state.to(), Miss.ENGINE));
      case HungUp end -> first(new FreeAgent(state.to(), Miss.ENGINE), over(state.spot(), end));
      case EnteredRoom undecided -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case OfferMade second -> Step.to(state);
    };
  }

  private Step talking(Talking state, CallEvent event) {
    return switch (event) {
      case HungUp end -> talkOver(state.spot(), state.with(), state.since(), end);
      case AgentLost lost ->
          lost.agent().equals(state.with())
              ? waitAgain(state.spot().talked(state.since(), lost.at()), state.with())
              : Step.to(state);
      case Answered again -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case EnteredRoom late -> Step.to(state);
      case OfferMade late -> Step.to(state);
      case OfferFailed late -> Step.to(state);
      case EnteredFallback late -> Step.to(state);
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
      case HungUp end -> over(state.spot(), end);
      case EnteredFallback again -> Step.to(state);
      case OfferMade late -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case OfferFailed stale -> Step.to(state);
      case AgentLost stale -> Step.to(state);
    };
  }

  private Step fallbackTalking(FallbackTalking state, CallEvent event) {
    return switch (event) {
      case HungUp end -> talkOver(state.spot(), state.with(), state.since(), end);
      case AgentLost lost ->
          lost.agent().equals(state.with())
              ? waitAgain(state.spot().talked(state.since(), lost.at()), state.with())
              : Step.to(state);
      case Answered again -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case EnteredRoom late -> Step.to(state);
      case OfferMade late -> Step.to(state);
      case OfferFailed late -> Step.to(state);
      case EnteredFallback late -> Step.to(state);
    };
  }

  private static Step talk(Place place, Answered answered) {
    return Step.to(
        new Talking(
            place.answeredBy(answered.agent(), answered.at(), false),
            answered.agent(),
            answered.at()),
        new AgentTalks(answered.agent()));
  }

  private static Step waitAgain(Place place, AgentNumber lost) {
    return Step.to(
        new Waiting(place, false), new FreeAgent(lost, Miss.UNREACHABLE), new SendToWaitroom());
  }

  private Step talkOver(Place place, AgentNumber agent, Instant since, HungUp end) {
    return first(new WrapUp(agent), over(place.talked(since, end.at()), end));
  }

  /** A second wait after a lost agent does not undo the first answer. */
  private Step over(Place place, HungUp end) {
    Outcome outcome =
        place
            .answered()
            .map(answer -> answer.fallback() ? Outcome.FALLBACK_ANSWERED : Outcome.ANSWERED)
            .orElseGet(() -> abandoned(place, end));
    return Step.to(new Ended(outcome, end.at(), end.by(), Optional.of(place)), new WriteOutcome());
  }

  private Outcome abandoned(Place place, HungUp end) {
    Duration waited = Duration.between(place.joinedAt(), end.at());
    return waited.compareTo(shortAbandon) < 0 ? Outcome.SHORT_ABANDONED : Outcome.ABANDONED;
  }

  private static Step first(Effect effect, Step step) {
    List<Effect> effects = new ArrayList<>();
    effects.add(effect);
    effects.addAll(step.effects());
    return new Step(step.next(), List.copyOf(effects));
  }
}

package org.careline.call;

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
import org.careline.call.CallEvent.OfOverflow;
import org.careline.call.CallEvent.OfTalk;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;
import org.careline.call.CallEvent.Resumed;
import org.careline.call.CallEvent.SurveyAnswered;
import org.careline.call.CallEvent.SurveyOffered;
import org.careline.call.CallEvent.Transferred;
import org.careline.call.CallEvent.Turned;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.FallbackTalking;
import org.careline.call.CallState.InFallback;
import org.careline.call.CallState.Leaving;
import org.careline.call.CallState.Place;
import org.careline.call.CallState.Survey;
import org.careline.call.CallState.Surveying;
import org.careline.call.CallState.Talking;
import org.careline.call.CallState.Waiting;
import org.careline.call.CallTransitions.FreeAgent;
import org.careline.call.CallTransitions.SendToWaitroom;
import org.careline.call.CallTransitions.Step;
import org.careline.call.CallTransitions.WrapUp;
import org.careline.call.CallTransitions.WriteOutcome;

/** The rules of {@link CallTransitions} while somebody talks and after it. Pure. */
final class TalkTransitions {
  private final Ends ends;

  TalkTransitions(Ends ends) {
    this.ends = ends;
  }

  Step talking(Talking state, CallEvent event) {
    return switch (event) {
      case HungUp end -> Ends.first(new WrapUp(state.with()), ends.over(state.over(end.at()), end));
      case AgentLost lost ->
          lost.agent().equals(state.with())
              ? waitAgain(state.over(lost.at()), state.with())
              : Step.to(state);
      case OfTalk talk -> inTalk(state, talk);
      case Answered again -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case EnteredRoom late -> Step.to(state);
      case OfferMade late -> Step.to(state);
      case OfferFailed late -> Step.to(state);
      case EnteredFallback late -> Step.to(state);
      case Turned none -> Step.to(state);
      case Asked late -> Step.to(state);
      case OfOverflow none -> Step.to(state);
    };
  }

  private static Step inTalk(Talking state, OfTalk event) {
    return switch (event) {
      case Held held ->
          state.heldSince().isPresent()
              ? Step.to(state)
              : Step.to(talk(state, Optional.of(held.at()), held.at()));
      case Resumed resumed ->
          state.heldSince().isEmpty()
              ? Step.to(state)
              : Step.to(talk(state, Optional.empty(), resumed.at()));
      case AgentLeft left ->
          left.agent().equals(state.with())
              ? Step.to(new Surveying(state.over(left.at()), left.at()), new WrapUp(state.with()))
              : Step.to(state);
      case Transferred given ->
          given.from().equals(state.with())
              ? Step.to(new Waiting(state.over(given.at()), false), new WrapUp(state.with()))
              : Step.to(state);
      case SurveyOffered early -> Step.to(state);
      case SurveyAnswered early -> Step.to(state);
    };
  }

  private static Talking talk(Talking state, Optional<Instant> heldSince, Instant now) {
    return new Talking(state.spot(), state.with(), state.since(), heldSince, state.heldUntil(now));
  }

  Step surveying(Surveying state, CallEvent event) {
    return switch (event) {
      case OfTalk talk -> survey(state, talk);
      case HungUp end -> ends.over(state.spot(), end);
      case Turned turned -> Ends.turned(state.spot(), turned);
      case Answered answered ->
          answered.at().isAfter(state.since()) ? Ends.talk(state.spot(), answered) : Step.to(state);
      case EnteredRoom back ->
          back.at().isAfter(state.since())
              ? Step.to(new Waiting(state.spot(), true))
              : Step.to(state);
      case EnteredFallback back ->
          back.at().isAfter(state.since()) ? Step.to(new InFallback(state.spot())) : Step.to(state);
      case AgentLost late -> Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case OfferMade none -> Step.to(state);
      case OfferFailed late -> Step.to(state);
      case Asked late -> Step.to(state);
      case OfOverflow none -> Step.to(state);
    };
  }

  /** The first answer stays. */
  private static Step survey(Surveying state, OfTalk event) {
    Optional<Survey> before = state.spot().survey();
    return switch (event) {
      case SurveyOffered offered ->
          before.isPresent() ? Step.to(state) : said(state, new Survey(Optional.empty()));
      case SurveyAnswered answered ->
          before.flatMap(Survey::score).isPresent()
              ? Step.to(state)
              : said(state, new Survey(Optional.of(answered.score())));
      case AgentLeft again -> Step.to(state);
      case Held late -> Step.to(state);
      case Resumed late -> Step.to(state);
      case Transferred late -> Step.to(state);
    };
  }

  private static Step said(Surveying state, Survey survey) {
    return Step.to(new Surveying(state.spot().surveyed(survey), state.since()));
  }

  Step fallbackTalking(FallbackTalking state, CallEvent event) {
    return switch (event) {
      case HungUp end ->
          Ends.first(
              new WrapUp(state.with()),
              ends.over(state.spot().talked(state.since(), end.at()), end));
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
      case Turned none -> Step.to(state);
      case Asked late -> Step.to(state);
      case OfOverflow none -> Step.to(state);
      case OfTalk none -> Step.to(state);
    };
  }

  /** What the switch shows later than the decision is believed: he is where he is. */
  Step leaving(Leaving state, CallEvent event) {
    return switch (event) {
      case HungUp end -> gone(state, end);
      case Turned turned ->
          Step.to(
              new Leaving(
                  state.last().flatMap(Ends::answered).orElse(turned.outcome()),
                  state.last(),
                  state.at()));
      case Answered answered ->
          answered.at().isAfter(state.at())
              ? Ends.talk(place(state, answered.at()), answered)
              : Step.to(state);
      case EnteredRoom back ->
          back.at().isAfter(state.at())
              ? Step.to(new Waiting(place(state, back.at()), true))
              : Step.to(state);
      case EnteredFallback back ->
          back.at().isAfter(state.at())
              ? Step.to(new InFallback(place(state, back.at())))
              : Step.to(state);
      case Greeted late -> Step.to(state);
      case Joined late -> Step.to(state);
      case OfferMade none -> Step.to(state);
      case OfferFailed late -> Step.to(state);
      case AgentLost late -> Step.to(state);
      case Asked late -> Step.to(state);
      case OfOverflow none -> Step.to(state);
      case OfTalk none -> Step.to(state);
    };
  }

  private static Step gone(Leaving state, HungUp end) {
    return Step.to(
        new Ended(state.outcome(), end.at(), end.by(), state.last()), new WriteOutcome());
  }

  private static Place place(Leaving state, Instant now) {
    return state.last().orElseGet(() -> Place.from(now));
  }

  private static Step waitAgain(Place place, AgentNumber lost) {
    return Step.to(
        new Waiting(place, false), new FreeAgent(lost, Miss.UNREACHABLE), new SendToWaitroom());
  }
}

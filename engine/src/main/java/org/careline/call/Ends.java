package org.careline.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.call.CallEvent.Answered;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Turned;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.Leaving;
import org.careline.call.CallState.Place;
import org.careline.call.CallState.Talking;
import org.careline.call.CallTransitions.AgentTalks;
import org.careline.call.CallTransitions.Effect;
import org.careline.call.CallTransitions.Step;
import org.careline.call.CallTransitions.WriteOutcome;

/** How a wait ends: in a talk, by a decision, or with a hang-up and its one outcome. Pure. */
final class Ends {
  private final Duration shortAbandon;

  Ends(Duration shortAbandon) {
    this.shortAbandon = shortAbandon;
  }

  static Step talk(Place place, Answered answered) {
    return Step.to(
        new Talking(
            place.answeredBy(answered.agent(), answered.at(), false),
            answered.agent(),
            answered.at()),
        new AgentTalks(answered.agent()));
  }

  /** What is decided after a talk does not undo the first answer. */
  static Step turned(Place place, Turned turned) {
    return Step.to(
        new Leaving(
            answered(place).orElse(turned.outcome()),
            Optional.of(place.left(turned.position())),
            turned.at()));
  }

  /** A second wait after a lost agent does not undo the first answer. */
  Step over(Place place, HungUp end) {
    return ended(
        answered(place).orElseGet(() -> abandoned(place, end)), end, place.left(end.position()));
  }

  static Step ended(Outcome outcome, HungUp end, Place place) {
    return Step.to(new Ended(outcome, end.at(), end.by(), Optional.of(place)), new WriteOutcome());
  }

  static Optional<Outcome> answered(Place place) {
    return place
        .answered()
        .map(answer -> answer.fallback() ? Outcome.FALLBACK_ANSWERED : Outcome.ANSWERED);
  }

  private Outcome abandoned(Place place, HungUp end) {
    Duration waited = Duration.between(place.joinedAt(), end.at());
    return waited.compareTo(shortAbandon) < 0 ? Outcome.SHORT_ABANDONED : Outcome.ABANDONED;
  }

  static Step first(Effect effect, Step step) {
    List<Effect> effects = new ArrayList<>();
    effects.add(effect);
    effects.addAll(step.effects());
    return new Step(step.next(), List.copyOf(effects));
  }
}

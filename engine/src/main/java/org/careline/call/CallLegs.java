package org.careline.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEvent.AgentLeft;
import org.careline.call.CallEvent.AgentLost;
import org.careline.call.CallEvent.Answered;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;
import org.careline.call.CallEvent.Transferred;
import org.careline.call.CallState.Talking;

/**
 * Collects the legs of a living call from its events, living or replayed. Only events that changed
 * something may be given to it. Confined to the mailbox.
 */
final class CallLegs {
  private static final String ANSWERED = "answered";

  /** The caller left while it rang: nobody has missed anything. */
  private static final String ABANDONED = "abandoned";

  private final List<CallLeg> legs = new ArrayList<>();

  List<CallLeg> all() {
    return List.copyOf(legs);
  }

  /** The agent of the last leg that was answered. */
  Optional<AgentNumber> lastAnswered() {
    return legs.reversed().stream()
        .filter(leg -> leg.answeredAt() != null)
        .findFirst()
        .map(leg -> new AgentNumber(leg.agent()));
  }

  /**
   * @param before the state in which the event came
   */
  void add(CallState before, CallEvent event, CallState after) {
    CallLeg last = legs.isEmpty() || !legs.getLast().open() ? null : legs.getLast();
    if (event instanceof OfferMade offer) {
      open(last, offer.agent(), offer.at(), false);
    } else if (event instanceof Answered answered) {
      answered(last, answered.agent(), answered.at());
    } else if (last != null && over(event, after)) {
      legs.set(legs.size() - 1, ended(last, before, event));
    }
  }

  private static boolean over(CallEvent event, CallState after) {
    return event instanceof OfferFailed
        || event instanceof AgentLost
        || event instanceof AgentLeft
        || event instanceof Transferred
        || event instanceof HungUp
        || after.agent().isEmpty();
  }

  private void open(CallLeg last, AgentNumber agent, Instant at, boolean answered) {
    if (last != null) {
      legs.set(legs.size() - 1, over(last, at, key(Miss.ENGINE)));
    }
    legs.add(
        new CallLeg(
            legs.size() + 1,
            agent.value(),
            at,
            answered ? at : null,
            null,
            answered ? ANSWERED : null,
            null,
            null));
  }

  private void answered(CallLeg last, AgentNumber agent, Instant at) {
    if (last != null && last.answeredAt() == null && last.agent().equals(agent.value())) {
      legs.set(
          legs.size() - 1,
          new CallLeg(last.n(), last.agent(), last.offeredAt(), at, null, ANSWERED, null, null));
    } else {
      open(last, agent, at, true);
    }
  }

  private static CallLeg ended(CallLeg leg, CallState before, CallEvent event) {
    if (leg.answeredAt() == null) {
      return over(
          leg,
          event.at(),
          switch (event) {
            case OfferFailed failed -> key(failed.miss());
            case AgentLost lost -> key(lost.why());
            case HungUp end -> end.by() == EndedBy.CALLER ? ABANDONED : key(Miss.ENGINE);
            case CallEvent other -> key(Miss.ENGINE);
          });
    }
    Duration held =
        before instanceof Talking talking ? talking.heldUntil(event.at()) : Duration.ZERO;
    EndedBy by =
        switch (event) {
          case HungUp end -> end.by();
          case AgentLeft left -> EndedBy.AGENT;
          case Transferred given -> EndedBy.AGENT;
          case CallEvent other -> EndedBy.SYSTEM;
        };
    return new CallLeg(
        leg.n(),
        leg.agent(),
        leg.offeredAt(),
        leg.answeredAt(),
        event.at(),
        ANSWERED,
        held.toMillis(),
        by.key());
  }

  private static String key(Miss miss) {
    return miss.name().toLowerCase(Locale.ROOT);
  }

  private static CallLeg over(CallLeg leg, Instant at, String unanswered) {
    return new CallLeg(
        leg.n(),
        leg.agent(),
        leg.offeredAt(),
        leg.answeredAt(),
        at,
        leg.answeredAt() == null ? unanswered : ANSWERED,
        leg.answeredAt() == null ? null : 0L,
        leg.answeredAt() == null ? null : EndedBy.SYSTEM.key());
  }
}

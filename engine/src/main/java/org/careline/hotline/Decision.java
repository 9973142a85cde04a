package org.careline.hotline;

import java.util.Arrays;
import java.util.List;
import org.careline.call.Outcome;
import org.careline.customer.NumberOwner;
import org.careline.telephony.Step;

/**
 * What {@link Dialogue} decides: what is now known or settled, in this order, and what the caller
 * gets next. Immutable.
 */
record Decision(List<Effect> effects, Next next) {
  Decision {
    effects = List.copyOf(effects);
  }

  static Decision of(Next next, Effect... effects) {
    return new Decision(Arrays.asList(effects), next);
  }

  /** What the caller gets. */
  sealed interface Next {}

  /** This step, in the line's language. */
  record Play(Step step) implements Next {}

  /** An agent, or a place in the queue. */
  record Serve() implements Next {}

  /** The end, without a word. */
  record Refuse() implements Next {}

  /** What is now known or settled. */
  sealed interface Effect {}

  /** The dialogue before the queue has begun. */
  record Greeted() implements Effect {}

  /** His code says who he is. */
  record Identified(NumberOwner owner) implements Effect {}

  /**
   * @param choice word of the menu; null = none
   * @param skill what an agent must have; null = nothing in particular
   */
  record Chosen(String choice, String skill) implements Effect {}

  /** How the call will end. */
  record Turned(Outcome outcome, String why) implements Effect {}

  record SurveyOffered() implements Effect {}

  record Scored(int score) implements Effect {}
}

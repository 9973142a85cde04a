package org.careline.callback;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A visit that follows something that happened at a site. Immutable.
 *
 * @param amount hours, or days by the wall clock of the site
 * @param campaign whose questions are asked; empty = the customer's usual ones
 * @param gap days after a contact before which it is not made either
 */
public record EventRule(
    Event after, int amount, boolean hours, Optional<String> campaign, int gap) {
  /** What happened, as past visits and settled matters tell it. */
  public enum Event {
    HAND_OVER,
    INSTALLATION,
    ACCEPTANCE,
    REPAIR;

    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** So long an event is remembered that nobody could ask about; then it is too late to ask. */
  static final Duration REMEMBERED = Duration.ofDays(14);
}

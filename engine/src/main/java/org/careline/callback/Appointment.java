package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;

/**
 * A time at which a site is to be rung because it was promised. Immutable.
 *
 * @param agent who is wanted; empty = anybody
 * @param asked who asked for it and how, when the rules would not permit it; empty = they do
 */
public record Appointment(Instant at, Optional<AgentNumber> agent, String asked) {
  /** Placed within this it is kept. */
  public static final Duration KEPT_WITHIN = Duration.ofMinutes(5);

  /** So long only who is wanted is asked; then anybody, so that it is kept. */
  static final Duration FOR_WHO_IS_WANTED = Duration.ofMinutes(2);

  /** Longest account of who asked. */
  static final int LONGEST = 400;

  Optional<Asked> wish() {
    return asked.isEmpty() ? Optional.empty() : Optional.of(new Asked(at, asked));
  }
}

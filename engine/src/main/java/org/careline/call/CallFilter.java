package org.careline.call;

import java.util.Optional;

/**
 * Which calls a list shows. Immutable.
 *
 * @param agent only calls he answered first or was offered
 * @param line code of their line
 * @param number digits the caller's number ends with, or all of it with +
 */
public record CallFilter(
    Optional<String> agent,
    Optional<String> line,
    Optional<String> number,
    Optional<Outcome> outcome) {
  public static final CallFilter ALL =
      new CallFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}

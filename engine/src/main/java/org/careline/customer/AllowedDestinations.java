package org.careline.customer;

import java.util.List;
import java.util.Optional;

/**
 * The last gate before a number is dialled, whatever put it into the database: only numbers with an
 * allowed beginning, and never a short one (110, 120 and the like are the emergency services).
 * Guards against toll fraud by planted numbers. Immutable.
 */
public final class AllowedDestinations {
  private final List<String> prefixes;

  /**
   * @param prefixes beginnings in international form, such as +86; an empty list allows nothing
   */
  public AllowedDestinations(List<String> prefixes) {
    this.prefixes = List.copyOf(prefixes);
  }

  /** Why the number must not be dialled: a stable id; empty = it may. */
  public Optional<String> refusal(PhoneNumber number) {
    if (number.kind() == PhoneNumber.Kind.SHORT) {
      return Optional.of("short_number");
    }
    return prefixes.stream().anyMatch(number.e164()::startsWith)
        ? Optional.empty()
        : Optional.of("destination_not_allowed");
  }
}

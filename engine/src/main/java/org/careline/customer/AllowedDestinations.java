package org.careline.customer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The last gate before a number is dialled, whatever put it into the database: only numbers with an
 * allowed beginning, never a short one (110, 120 and the like are the emergency services), never an
 * expensive one. Guards against toll fraud by planted numbers. Immutable.
 */
public final class AllowedDestinations {
  /**
   * Voice services that look like mobiles (of 16x only 162, 165, 166 and 167 are mobiles), and
   * those behind an area code: no subscriber's own number begins with 1 or 9 there.
   */
  private static final Pattern PREMIUM =
      Pattern.compile("\\+86(?:16[013489][0-9]{8}|(?:10|2[0-9]|[3-9][0-9]{2})[19][0-9]{2,})");

  private final List<String> prefixes;

  /** Why a number must not be dialled. */
  public enum Why {
    SHORT("short_number"),
    /** Costs whoever calls it: 168 and the like. */
    PREMIUM("premium_number"),
    NOT_ALLOWED("destination_not_allowed");

    private final String id;

    Why(String id) {
      this.id = id;
    }

    /** Stable, for logs and interfaces. */
    public String id() {
      return id;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param prefixes beginnings in international form, such as +86; an empty list allows nothing
   */
  public AllowedDestinations(List<String> prefixes) {
    this.prefixes = List.copyOf(prefixes);
  }

  /** For a number that an administrator has given a site; empty = it may be dialled. */
  public Optional<Why> refusal(PhoneNumber number) {
    if (number.kind() == PhoneNumber.Kind.SHORT) {
      return Optional.of(Why.SHORT);
    }
    if (PREMIUM.matcher(number.e164()).matches()) {
      return Optional.of(Why.PREMIUM);
    }
    return prefixes.stream().anyMatch(number.e164()::startsWith)
        ? Optional.empty()
        : Optional.of(Why.NOT_ALLOWED);
  }

  /**
   * For a number that somebody types or a policy names, to reach a person: besides, none that is
   * only ever called (400, 800 and the like); empty = it may be dialled.
   */
  public Optional<Why> toPerson(PhoneNumber number) {
    return number.kind() == PhoneNumber.Kind.HOTLINE ? Optional.of(Why.PREMIUM) : refusal(number);
  }
}

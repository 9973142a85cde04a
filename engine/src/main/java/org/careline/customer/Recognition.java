package org.careline.customer;

import java.util.List;
import java.util.Optional;

/**
 * Who is calling, as far as the switch's headers tell. Immutable.
 *
 * @param raw what the deciding header said, at most 128 printable characters; for the record only
 * @param number empty = withheld or not understood
 * @param withheld the caller, or the carrier, hides the number
 * @param owner empty = unknown or shared by several customers
 * @param tierCode the owner's tier, else {@link #STANDARD}
 * @param candidates the customers who share the number, when there are several: a code decides
 * @param blocked calls from this number are not served now
 * @param source the deciding header, or empty
 */
public record Recognition(
    String raw,
    Optional<PhoneNumber> number,
    boolean withheld,
    Optional<NumberOwner> owner,
    String tierCode,
    List<NumberOwner.Customer> candidates,
    boolean blocked,
    String source) {
  /** The tier of everybody who is not known; always present in the database. */
  public static final String STANDARD = "standard";

  public Recognition {
    candidates = List.copyOf(candidates);
  }

  /** Several customers share the number. */
  public boolean ambiguous() {
    return !candidates.isEmpty();
  }

  /** The same caller, known by what he has typed. */
  public Recognition as(NumberOwner typed) {
    return new Recognition(
        raw, number, withheld, Optional.of(typed), typed.tierCode(), List.of(), blocked, source);
  }
}

package org.careline.customer;

import java.util.Optional;

/**
 * Who is calling, as far as the switch's headers tell. Immutable.
 *
 * @param raw what the deciding header said, at most 128 printable characters; for the record only
 * @param number empty = withheld or not understood
 * @param withheld the caller, or the carrier, hides the number
 * @param owner empty = unknown or shared by several customers
 * @param tierCode the owner's tier, else {@link #STANDARD}
 * @param ambiguous several customers share the number
 * @param source the deciding header, or empty
 */
public record Recognition(
    String raw,
    Optional<PhoneNumber> number,
    boolean withheld,
    Optional<NumberOwner> owner,
    String tierCode,
    boolean ambiguous,
    String source) {
  /** The tier of everybody who is not known; always present in the database. */
  public static final String STANDARD = "standard";
}

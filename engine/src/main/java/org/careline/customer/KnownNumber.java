package org.careline.customer;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A number of a site or a customer, with where it came from. Immutable.
 *
 * @param site empty = the whole customer's
 * @param call the call in which an agent bound it
 * @param boundBy login; of a contact's number the file it came with, empty = not known
 * @param boundAt null = not known, of contacts' numbers only
 */
public record KnownNumber(
    long id,
    String e164,
    NumberOwner.Customer customer,
    Optional<NumberOwner.Site> site,
    Source source,
    Optional<String> call,
    String note,
    String boundBy,
    Instant boundAt) {

  /** Where it came from. The key never changes. */
  public enum Source {
    /** An agent bound it in a call. */
    CALL,
    /** Somebody entered it. */
    HAND,
    /** A file that was imported: a contact's number. */
    FILE;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Source of(String key) {
      return valueOf(key.toUpperCase(Locale.ROOT));
    }
  }
}

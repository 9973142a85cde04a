package org.careline.customer;

import java.util.Optional;

/**
 * To whom a number belongs, as far as the number alone tells. A number kept at one site names the
 * site; at several sites of one customer only the customer; at several customers nobody. Immutable.
 *
 * @param site empty when the number stands at several sites
 * @param tierCode the site's tier, or the customer's when the number stands at several sites
 */
public record NumberOwner(Customer customer, Optional<Site> site, String tierCode) {

  /**
   * @param tierCode the best tier among the customer's sites
   */
  public record Customer(long id, String code, String name, String tierCode) {}

  public record Site(long id, String code, String name) {}

  /** Asked with an international number; answers from memory. */
  @FunctionalInterface
  public interface Book {
    /** Empty when nobody has the number. */
    Optional<Entry> find(String e164);
  }

  /** What the book says about a number. */
  public sealed interface Entry {}

  public record Known(NumberOwner owner) implements Entry {}

  /** Several customers share the number, so that it must not decide anything. */
  public record Shared() implements Entry {}

  /** Puts together what two rows say about one number; the order does not matter. */
  public static Entry merge(Entry one, Entry other) {
    if (!(one instanceof Known first) || !(other instanceof Known second)) {
      return new Shared();
    }
    Customer customer = first.owner().customer();
    if (customer.id() != second.owner().customer().id()) {
      return new Shared();
    }
    if (first.owner().site().isPresent() && first.owner().site().equals(second.owner().site())) {
      return first;
    }
    return new Known(new NumberOwner(customer, Optional.empty(), customer.tierCode()));
  }
}

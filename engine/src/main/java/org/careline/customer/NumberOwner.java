package org.careline.customer;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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

    /** Whose code this is, as typed on a keypad: all it may mean, see {@link KeypadCode}. */
    default List<NumberOwner> code(String typed) {
      return List.of();
    }

    /** Whether calls from this number are not served now. */
    default boolean blocked(String e164) {
      return false;
    }

    /** Digits of our own lines, as trunks deliver them: nobody calls from there. */
    default Set<String> ownNumbers() {
      return Set.of();
    }
  }

  /** What the book says about a number. */
  public sealed interface Entry {}

  public record Known(NumberOwner owner) implements Entry {}

  /**
   * Several customers share the number, so that it must not decide anything.
   *
   * @param candidates those who share it, in order of their codes; at most {@link #MOST}
   */
  public record Shared(List<Customer> candidates) implements Entry {
    public static final int MOST = 20;

    public Shared {
      candidates =
          candidates.stream()
              .distinct()
              .sorted(Comparator.comparing(Customer::code))
              .limit(MOST)
              .toList();
    }
  }

  /** Puts together what two rows say about one number; the order does not matter. */
  public static Entry merge(Entry one, Entry other) {
    if (!(one instanceof Known first) || !(other instanceof Known second)) {
      return new Shared(Stream.concat(customers(one), customers(other)).toList());
    }
    Customer customer = first.owner().customer();
    if (customer.id() != second.owner().customer().id()) {
      return new Shared(List.of(customer, second.owner().customer()));
    }
    if (first.owner().site().isPresent() && first.owner().site().equals(second.owner().site())) {
      return first;
    }
    return new Known(new NumberOwner(customer, Optional.empty(), customer.tierCode()));
  }

  /**
   * Whom all these mean together: one and the same, or the customer of several sites. Empty when
   * there are none, or several customers.
   */
  public static Optional<NumberOwner> together(Collection<NumberOwner> owners) {
    return owners.stream()
        .map(owner -> (Entry) new Known(owner))
        .reduce(NumberOwner::merge)
        .filter(Known.class::isInstance)
        .map(entry -> ((Known) entry).owner());
  }

  private static Stream<Customer> customers(Entry entry) {
    return switch (entry) {
      case Known known -> Stream.of(known.owner().customer());
      case Shared shared -> shared.candidates().stream();
    };
  }
}

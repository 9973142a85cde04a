package org.careline.callback;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attempts that caps, spacing and slots look at. Immutable.
 *
 * @param site on the site, in any round
 * @param person on any number of the person who is to be rung, for whichever site
 * @param referredAt somebody at the site has named who is to be rung now: the calls until then do
 *     not hold him back
 * @param number when the number was rung, from any site
 */
public record History(
    List<Past> site, List<Past> person, List<Instant> number, Optional<Instant> referredAt) {
  /** Nothing has been tried yet. */
  public static final History NONE = new History(List.of(), List.of(), List.of());

  public History(List<Past> site, List<Past> person, List<Instant> number) {
    this(site, person, number, Optional.empty());
  }

  public History {
    site = List.copyOf(site);
    person = List.copyOf(person);
    number = List.copyOf(number);
  }

  /** Without what goes on. */
  History settled() {
    return new History(settled(site), settled(person), number, referredAt);
  }

  private static List<Past> settled(List<Past> attempts) {
    return attempts.stream().filter(past -> past.disposition().isPresent()).toList();
  }

  /** With a call in which somebody was spoken to. */
  History with(Past call) {
    return new History(with(site, call), with(person, call), number, referredAt);
  }

  private static List<Past> with(List<Past> attempts, Past call) {
    List<Past> all = new ArrayList<>(attempts);
    all.add(call);
    return all;
  }

  /** The same for one who was named then. */
  History referred(Optional<Instant> at) {
    return new History(site, person, number, at);
  }

  static History of(List<Past> site) {
    return new History(site, List.of(), List.of());
  }
}

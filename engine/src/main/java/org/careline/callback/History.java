package org.careline.callback;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Attempts that caps, spacing and slots look at. Immutable.
 *
 * @param site on the site, in any round
 * @param person on any number of the person who is to be rung, for whichever site
 * @param number when the number was rung, from any site
 */
public record History(List<Past> site, List<Past> person, List<Instant> number) {
  /** Nothing has been tried yet. */
  public static final History NONE = new History(List.of(), List.of(), List.of());

  public History {
    site = List.copyOf(site);
    person = List.copyOf(person);
    number = List.copyOf(number);
  }

  /** Without what goes on. */
  History settled() {
    return new History(settled(site), settled(person), number);
  }

  private static List<Past> settled(List<Past> attempts) {
    return attempts.stream().filter(past -> past.disposition().isPresent()).toList();
  }

  /** With a call in which somebody was spoken to. */
  History with(Past call) {
    return new History(with(site, call), with(person, call), number);
  }

  private static List<Past> with(List<Past> attempts, Past call) {
    List<Past> all = new ArrayList<>(attempts);
    all.add(call);
    return all;
  }

  static History of(List<Past> site) {
    return new History(site, List.of(), List.of());
  }
}

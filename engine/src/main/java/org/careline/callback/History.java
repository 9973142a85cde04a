package org.careline.callback;

import java.time.Instant;
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

  static History of(List<Past> site) {
    return new History(site, List.of(), List.of());
  }
}

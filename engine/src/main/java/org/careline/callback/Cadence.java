package org.careline.callback;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How often sites are rung, as a tier, a customer or a site has it. Immutable.
 *
 * @param campaign whose rounds are opened; only a customer says it
 * @param events empty list = none; absent = as the wider owner says
 * @param warranty at least so many visits within a device's warranty
 * @param served a site served within so many days before a round opens is answered by record
 */
public record Cadence(
    Optional<String> campaign,
    Optional<Visits> visits,
    Optional<List<EventRule>> events,
    OptionalInt warranty,
    OptionalInt served) {
  public static final Cadence NONE =
      new Cadence(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty());

  public Cadence {
    events = events.map(List::copyOf);
  }

  /** The most exact setting wins, each for itself: of a site over its customer over its tier. */
  public Cadence over(Cadence wider) {
    return new Cadence(
        campaign.or(wider::campaign),
        visits.or(wider::visits),
        events.or(wider::events),
        warranty.isPresent() ? warranty : wider.warranty,
        served.isPresent() ? served : wider.served);
  }
}

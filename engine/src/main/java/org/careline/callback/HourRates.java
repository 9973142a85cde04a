package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.careline.callback.CallingWindow.Span;

/**
 * How often people of a trade were spoken to, by the hour of their wall clock, and what follows for
 * the next attempt. An hour with too few attempts says nothing, and a difference that may be chance
 * moves nobody. Immutable, pure.
 *
 * @param hours by hour of the day, 0 to 23
 */
record HourRates(Map<Integer, Rate> hours) {
  /** Fewer attempts in an hour are no experience. */
  static final int ENOUGH = 50;

  /** Normal quantile of 95 %, one side. */
  private static final double Z = 1.645;

  static final HourRates NONE = new HourRates(Map.of());

  /** Attempts, and how many of them reached a person. */
  record Rate(int attempts, int contacts) {
    double share() {
      return (double) contacts / attempts;
    }

    /** Wilson's lower bound of the share: 3 of 3 are worth less than 40 of 50. */
    double atLeast() {
      double n = attempts;
      double p = share();
      double middle = p + Z * Z / (2 * n);
      double half = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
      return (middle - half) / (1 + Z * Z / n);
    }
  }

  HourRates {
    hours = Map.copyOf(hours);
  }

  /** Empty when there is too little experience with the hour. */
  Optional<Rate> rate(int hour) {
    return Optional.ofNullable(hours.get(hour)).filter(rate -> rate.attempts() >= ENOUGH);
  }

  /** The hour of the day that reaches people best; the earlier of two alike. */
  Optional<Map.Entry<Integer, Rate>> best() {
    return hours.entrySet().stream()
        .filter(each -> each.getValue().attempts() >= ENOUGH)
        .max(
            Comparator.comparingDouble((Map.Entry<Integer, Rate> each) -> each.getValue().atLeast())
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())));
  }

  /**
   * The begin of a later hour in the same part of the same day, when it reaches people better
   * beyond chance and everybody permits it then; else the instant itself.
   *
   * @param earliest permitted
   */
  Instant prefer(SiteRules site, Instant earliest, History history) {
    ZonedDateTime local = earliest.atZone(site.zone());
    Optional<Rate> now = rate(local.getHour());
    int slot = site.slot(earliest).orElse(-1);
    if (now.isEmpty() || slot < 0) {
      return earliest;
    }
    Span span = site.slots(local.toLocalDate()).get(slot);
    Instant best = earliest;
    double least = now.get().share();
    for (int hour = local.getHour() + 1; hour * 60 < span.to(); hour++) {
      Optional<Rate> later = rate(hour);
      Instant begin =
          local
              .truncatedTo(ChronoUnit.HOURS)
              .toInstant()
              .plus(Duration.ofHours(hour - local.getHour()));
      if (later.isPresent()
          && later.get().atLeast() > least
          // also where the clocks change in between
          && begin.atZone(site.zone()).getHour() == hour
          && CallingRules.permits(site, begin, history)) {
        best = begin;
        least = later.get().atLeast();
      }
    }
    return best;
  }
}

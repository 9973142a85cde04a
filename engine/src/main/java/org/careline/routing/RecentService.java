package org.careline.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What service was like of late: how long a call keeps an agent, who comes, who gives up. Confined
 * to one thread.
 */
public final class RecentService {
  /** Handling times remembered. */
  static final int CALLS = 400;

  /** Fewer say nothing. */
  static final int FEW = 5;

  static final int ENDS = 400;
  static final Duration WINDOW = Duration.ofMinutes(15);

  /**
   * @param handling mean seconds of a call and the work after it; empty = too few calls yet
   * @param leaving share of the waiting callers who give up each second (1 / mean patience)
   */
  public record Pace(OptionalDouble handling, double leaving, List<Arrivals> arrivals) {
    public Pace {
      arrivals = List.copyOf(arrivals);
    }
  }

  /** Callers of like terms. */
  public record Arrivals(Terms terms, double perSecond) {}

  private record Wait(double seconds, boolean gaveUp) {}

  /** Of a tier: when they came, and the terms of the last. */
  private static final class Tier {
    final Deque<Instant> arrivals = new ArrayDeque<>();
    Terms terms;
  }

  private final Deque<Double> handling = new ArrayDeque<>();
  private final Deque<Wait> waits = new ArrayDeque<>();
  private final Map<String, Tier> tiers = new HashMap<>();
  private Instant first;
  private double handled;

  /** A call kept an agent so long: talk and the work after it. */
  public void handled(Duration time) {
    double seconds = time.toNanos() / 1e9;
    handled += seconds;
    handling.add(seconds);
    if (handling.size() > CALLS) {
      handled -= handling.remove();
    }
  }

  /** Somebody came, whether he had to wait or not. */
  public void arrived(Terms terms, Instant at) {
    if (first == null) {
      first = at;
    }
    Tier tier = tiers.computeIfAbsent(terms.tier(), code -> new Tier());
    tier.terms = terms;
    tier.arrivals.add(at);
    forget(tier, at);
  }

  /** A wait is over: an agent, or he gave up. */
  public void waited(Duration time, boolean gaveUp) {
    waits.add(new Wait(Math.max(0, time.toNanos() / 1e9), gaveUp));
    if (waits.size() > ENDS) {
      waits.remove();
    }
  }

  /** As seen now. */
  public Pace pace(Instant now) {
    return new Pace(
        handling.size() < FEW
            ? OptionalDouble.empty()
            : OptionalDouble.of(Math.max(1, handled / handling.size())),
        leaving(),
        arrivals(now));
  }

  /**
   * The most likely rate of an exponential patience: those who left / all the waiting there was.
   */
  private double leaving() {
    double all = 0;
    int left = 0;
    for (Wait wait : waits) {
      all += wait.seconds();
      left += wait.gaveUp() ? 1 : 0;
    }
    return all < 60 ? 0 : left / all;
  }

  private List<Arrivals> arrivals(Instant now) {
    List<Arrivals> found = new ArrayList<>();
    if (first == null) {
      return found;
    }
    double seconds =
        Math.max(60, Math.min(WINDOW.toSeconds(), Duration.between(first, now).toSeconds()));
    for (Tier tier : tiers.values()) {
      forget(tier, now);
      if (!tier.arrivals.isEmpty()) {
        found.add(new Arrivals(tier.terms, tier.arrivals.size() / seconds));
      }
    }
    return found;
  }

  private static void forget(Tier tier, Instant now) {
    while (!tier.arrivals.isEmpty() && tier.arrivals.peek().isBefore(now.minus(WINDOW))) {
      tier.arrivals.remove();
    }
  }
}

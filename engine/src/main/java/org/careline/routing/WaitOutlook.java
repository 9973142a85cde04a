package org.careline.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.careline.call.CallId;

/**
 * What may be said to each waiting caller about the rest of his wait. Keeps two estimates: {@link
 * WaitEstimate}, and the wait of the one of his tier who was served last (LES, Ibrahim and Whitt
 * 2009) less what he has waited himself. The one that has been nearer the truth of late counts.
 *
 * <p><b>Never growing:</b> as long as no fewer agents are on duty, a later estimate is at most the
 * one before: neither time nor who comes later can lengthen it.
 *
 * <p><b>Good enough:</b> the first estimate of each caller is kept and compared with his real wait.
 * An estimate is told only when the root mean square of the last relative errors of his tier, or of
 * all tiers while his has too few, is at most {@link #TOLERANCE}.
 *
 * <p>Confined to one thread.
 */
public final class WaitOutlook {
  /** Waits shorter than this are not worth a word. */
  public static final Duration SHORTEST = Duration.ofSeconds(30);

  /** Root mean square of (real - estimated) / estimated. */
  public static final double TOLERANCE = 0.5;

  /** So many estimates must have been put to the test within {@link #FRESH}. */
  static final int LEAST = 10;

  static final int REMEMBERED = 50;
  static final Duration FRESH = Duration.ofHours(1);

  private static final String ALL = "";

  private record Error(Instant at, double relative) {}

  /** The last errors of one way to estimate. */
  private static final class Errors {
    private final Deque<Error> last = new ArrayDeque<>();
    private double squares;

    void add(Instant at, double estimated, double real) {
      Error error = new Error(at, (real - estimated) / estimated);
      last.add(error);
      squares += error.relative() * error.relative();
      if (last.size() > REMEMBERED) {
        forget();
      }
    }

    /** Root of the mean square; empty while there are too few. */
    OptionalDouble size(Instant now) {
      while (!last.isEmpty() && last.peek().at().isBefore(now.minus(FRESH))) {
        forget();
      }
      return last.size() < LEAST
          ? OptionalDouble.empty()
          : OptionalDouble.of(Math.sqrt(Math.max(0, squares) / last.size()));
    }

    private void forget() {
      double relative = last.remove().relative();
      squares = last.isEmpty() ? 0 : squares - relative * relative;
    }
  }

  private static final class Tier {
    final Errors run = new Errors();
    final Errors last = new Errors();
    Duration lastWait;
  }

  private static final class Waiting {
    final WaitingCaller who;
    Instant firstAt;
    double firstRun = Double.NaN;
    double firstLast = Double.NaN;
    Duration now;

    Waiting(WaitingCaller who) {
      this.who = who;
    }
  }

  private final Map<CallId, Waiting> waiting = new HashMap<>();
  private final Map<String, Tier> tiers = new HashMap<>();
  private int onDuty;

  /** He waits. Twice is harmless. */
  public void joined(WaitingCaller caller) {
    waiting.putIfAbsent(caller.id(), new Waiting(caller));
  }

  /** He waits no longer; {@code served} = by an agent, so that his estimate can be judged. */
  public void left(CallId id, Instant at, boolean served) {
    Waiting gone = waiting.remove(id);
    if (gone == null || !served) {
      return;
    }
    tier(gone).lastWait = gone.who.waited(at);
    tier(ALL).lastWait = gone.who.waited(at);
    if (gone.firstAt == null) {
      return;
    }
    double real = Duration.between(gone.firstAt, at).toNanos() / 1e9;
    for (Tier tier : new Tier[] {tier(gone), tier(ALL)}) {
      if (gone.firstRun >= SHORTEST.toSeconds()) {
        tier.run.add(at, gone.firstRun, real);
      }
      if (gone.firstLast >= SHORTEST.toSeconds()) {
        tier.last.add(at, gone.firstLast, real);
      }
    }
  }

  /**
   * New estimates.
   *
   * @param run by {@link WaitEstimate}; who is not named has none
   * @param agents on duty at that moment
   */
  public void estimated(Map<CallId, Duration> run, int agents, Instant at) {
    boolean fewer = agents < onDuty;
    onDuty = agents;
    for (Waiting caller : waiting.values()) {
      Optional<Duration> byRun = Optional.ofNullable(run.get(caller.who.id()));
      Optional<Duration> byLast = byLast(caller, at);
      if (caller.firstAt == null && (byRun.isPresent() || byLast.isPresent())) {
        caller.firstAt = at;
        caller.firstRun = byRun.map(d -> d.toNanos() / 1e9).orElse(Double.NaN);
        caller.firstLast = byLast.map(d -> d.toNanos() / 1e9).orElse(Double.NaN);
      }
      Duration fresh = lastIsBetter(caller, at) ? byLast.orElse(null) : byRun.orElse(null);
      caller.now =
          fresh != null && caller.now != null && !fewer && caller.now.compareTo(fresh) < 0
              ? caller.now
              : fresh;
    }
  }

  /** The present estimate, good or not. */
  public Optional<Duration> estimate(CallId id) {
    return Optional.ofNullable(waiting.get(id)).map(caller -> caller.now);
  }

  /** The estimate that may be shown and told; empty when it is not good enough. */
  public Optional<Duration> good(CallId id, Instant now) {
    Waiting caller = waiting.get(id);
    if (caller == null || caller.now == null) {
      return Optional.empty();
    }
    boolean byLast = lastIsBetter(caller, now);
    OptionalDouble error = error(caller, byLast, now);
    return error.isPresent() && error.getAsDouble() <= TOLERANCE
        ? Optional.of(caller.now)
        : Optional.empty();
  }

  private Optional<Duration> byLast(Waiting caller, Instant at) {
    Duration last = tier(caller).lastWait;
    if (last == null) {
      return Optional.empty();
    }
    Duration left = last.minus(caller.who.waited(at));
    return Optional.of(left.isNegative() ? Duration.ZERO : left);
  }

  private boolean lastIsBetter(Waiting caller, Instant now) {
    OptionalDouble run = error(caller, false, now);
    OptionalDouble last = error(caller, true, now);
    return last.isPresent() && run.isPresent() && last.getAsDouble() < run.getAsDouble();
  }

  private OptionalDouble error(Waiting caller, boolean byLast, Instant now) {
    OptionalDouble own = (byLast ? tier(caller).last : tier(caller).run).size(now);
    return own.isPresent() ? own : (byLast ? tier(ALL).last : tier(ALL).run).size(now);
  }

  private Tier tier(Waiting caller) {
    return tier(caller.who.terms().tier());
  }

  private Tier tier(String code) {
    return tiers.computeIfAbsent(code, key -> new Tier());
  }
}

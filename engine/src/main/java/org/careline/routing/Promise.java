package org.careline.routing;

import java.time.Duration;

/**
 * X percent within Y: a caller whose promise is about to break rises. Immutable.
 *
 * <p>His score is
 *
 * <pre>weight x (w + X/100 x Y x r(w)),  r(w) = min(1, max(0, 2 w / Y - 1))</pre>
 *
 * for a wait of w seconds: nothing is added until half the promised time has passed, then more and
 * more until its end; afterwards the lead stays. It never falls with age, so that among like
 * callers the older one stays ahead; and it is bounded, so that nobody starves: a caller of weight
 * b_high is ahead of one of weight b_low who has waited w only if he himself has waited more than w
 * x b_low / b_high - X/100 x Y. (House rule; compare the slack-based dispatching of Panwalkar and
 * Iskander, Operations Research 25, 1977.)
 *
 * @param share 0 to 1; 0 = no promise
 * @param seconds the promised time
 */
public record Promise(double share, double seconds) {
  public static final Promise NONE = new Promise(0, 0);

  public static Promise of(double percent, Duration within) {
    return new Promise(percent / 100, within.toMillis() / 1e3);
  }

  /** Seconds by which a caller who has waited so long counts as older. */
  public double lead(double waited) {
    return share == 0 ? 0 : share * seconds * Math.min(1, Math.max(0, 2 * waited / seconds - 1));
  }
}

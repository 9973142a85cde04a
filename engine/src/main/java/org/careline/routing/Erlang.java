package org.careline.routing;

/**
 * Formulas of queueing theory for like agents and, where nothing else is said, exponential handling
 * times. {@code load} is in erlangs: arrivals per second times mean handling seconds. Pure. Checked
 * against recomputed numbers, because published tables are often wrong.
 */
public final class Erlang {
  private Erlang() {}

  /** Share of calls that find all agents busy when nobody may wait (Erlang 1917). */
  public static double b(double load, int agents) {
    require(load, agents);
    double b = 1;
    for (int k = 1; k <= agents; k++) {
      b = load * b / (k + load * b);
    }
    return b;
  }

  /** Share of calls that have to wait when all wait; 1 when the agents cannot keep up. */
  public static double c(double load, int agents) {
    require(load, agents);
    if (load >= agents) {
      return 1;
    }
    double b = b(load, agents);
    return b / (1 - load / agents * (1 - b));
  }

  /** Mean wait over all calls, in the unit of the handling time; infinite under overload. */
  public static double meanWait(double load, int agents, double handling) {
    return load >= agents ? Double.POSITIVE_INFINITY : c(load, agents) * handling / (agents - load);
  }

  /**
   * Mean wait for a single agent whose handling times have any distribution (Pollaczek 1930,
   * Khinchine 1932): {@code A (1 + c^2) / (2 (1 - A))} handling times.
   *
   * @param variation standard deviation of the handling times / their mean: 1 = exponential
   */
  public static double oneAgent(double load, double handling, double variation) {
    require(load, 1);
    return load >= 1
        ? Double.POSITIVE_INFINITY
        : load * (1 + variation * variation) / 2 / (1 - load) * handling;
  }

  /** Share of all calls answered within {@code target}, first come first served. */
  public static double serviceLevel(double load, int agents, double handling, double target) {
    return load >= agents
        ? 0
        : 1 - c(load, agents) * Math.exp(-(agents - load) * target / handling);
  }

  /**
   * Mean waits under strict priority (Cobham 1954).
   *
   * @param loads of the classes, first served first, in erlangs
   */
  public static double[] strictWaits(double[] loads, int agents, double handling) {
    double load = sum(loads);
    double base = c(load, agents) * handling / agents;
    double[] waits = new double[loads.length];
    double before = 0;
    for (int k = 0; k < loads.length; k++) {
      double with = before + loads[k] / agents;
      waits[k] = with >= 1 ? Double.POSITIVE_INFINITY : base / ((1 - before) * (1 - with));
      before = with;
    }
    return waits;
  }

  /**
   * Mean waits under accumulating priority (Kleinrock 1964; Stanford, Taylor, Ziedins 2014).
   *
   * @param loads of the classes in erlangs
   * @param weights of the classes, in the same order, above 0
   */
  public static double[] ageingWaits(
      double[] loads, double[] weights, int agents, double handling) {
    double load = sum(loads);
    double first = meanWait(load, agents, handling);
    Integer[] lowToHigh = new Integer[loads.length];
    for (int i = 0; i < loads.length; i++) {
      lowToHigh[i] = i;
    }
    java.util.Arrays.sort(lowToHigh, (one, other) -> Double.compare(weights[one], weights[other]));
    double[] waits = new double[loads.length];
    for (int p = 0; p < lowToHigh.length; p++) {
      double own = weights[lowToHigh[p]];
      double above = first;
      double below = 1;
      for (int i = 0; i < lowToHigh.length; i++) {
        double rho = loads[lowToHigh[i]] / agents;
        double weight = weights[lowToHigh[i]];
        if (i < p) {
          above -= rho * waits[lowToHigh[i]] * (1 - weight / own);
        } else if (i > p) {
          below -= rho * (1 - own / weight);
        }
      }
      waits[lowToHigh[p]] = above / below;
    }
    return waits;
  }

  /**
   * A queue whose callers lose patience after an exponential time (Erlang A, Palm 1957; Garnett,
   * Mandelbaum, Reiman 2002).
   *
   * @param meanWait over all calls, those who left included
   * @param abandoned share of all calls
   * @param waiting share of all calls that do not find an agent at once
   */
  public record Impatient(double meanWait, double abandoned, double waiting) {}

  /** See {@link Impatient}. Times in one unit. */
  public static Impatient impatient(double load, int agents, double handling, double patience) {
    require(load, agents);
    double arrivals = load / handling;
    // Weights of the states relative to the largest, summed until they no longer count.
    double weight = 1;
    double total = 1;
    double busy = agents == 0 ? 1 : 0;
    double queue = 0;
    for (int k = 1; ; k++) {
      double deaths = Math.min(k, agents) / handling + Math.max(k - agents, 0) / patience;
      weight *= arrivals / deaths;
      total += weight;
      if (k >= agents) {
        busy += weight;
        queue += (k - agents) * weight;
      }
      if (k > agents && arrivals < deaths && weight * k < total * 1e-15) {
        break;
      }
      if (total > 1e250) {
        weight /= 1e250;
        total /= 1e250;
        busy /= 1e250;
        queue /= 1e250;
      }
    }
    double meanWait = queue / total / arrivals;
    return new Impatient(meanWait, meanWait / patience, busy / total);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static void require(double load, int agents) {
    if (!(load >= 0) || agents < 0) {
      throw new IllegalArgumentException("no such queue: " + load + " erlangs, " + agents);
    }
  }
}

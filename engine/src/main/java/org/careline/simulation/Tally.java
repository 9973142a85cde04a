package org.careline.simulation;

import java.util.Arrays;

/**
 * Waits and ends of callers, with batch means: waits that follow each other are alike, so that the
 * usual sd / sqrt(n) is many times too small. A caller's batch is given by his number of arrival.
 * Confined to one thread.
 */
final class Tally {
  static final int BATCHES = 40;

  private final double target;
  private final double promised;
  private final double[] waitSum = new double[BATCHES];
  private final int[] count = new int[BATCHES];
  private final int[] inTime = new int[BATCHES];
  private final int[] left = new int[BATCHES];
  private double[] waits = new double[1024];
  private int offered;
  private int kept;

  /**
   * @param promisedSeconds of the tier's promise; those answered within are counted apart
   */
  Tally(double targetSeconds, double promisedSeconds) {
    this.target = targetSeconds;
    this.promised = promisedSeconds;
  }

  void add(int batch, double wait, boolean answered) {
    if (offered == waits.length) {
      waits = Arrays.copyOf(waits, offered * 2);
    }
    waits[offered++] = wait;
    waitSum[batch] += wait;
    count[batch]++;
    if (answered && wait <= promised) {
      kept++;
    }
    if (!answered) {
      left[batch]++;
    } else if (wait <= target) {
      inTime[batch]++;
    }
  }

  int offered() {
    return offered;
  }

  int abandoned() {
    return Arrays.stream(left).sum();
  }

  /** Zero when nobody came. */
  double meanWait() {
    return offered == 0 ? 0 : Arrays.stream(waitSum).sum() / offered;
  }

  double serviceLevel() {
    return offered == 0 ? 0 : (double) Arrays.stream(inTime).sum() / offered;
  }

  /** Share of the offered who were answered within the promised time. */
  double kept() {
    return offered == 0 ? 0 : (double) kept / offered;
  }

  /** The smallest wait that nine of ten did not exceed. */
  double p90() {
    if (offered == 0) {
      return 0;
    }
    double[] sorted = Arrays.copyOf(waits, offered);
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(0.9 * offered) - 1];
  }

  Answer.Error error() {
    double[] inTimeAsDouble = Arrays.stream(inTime).asDoubleStream().toArray();
    double[] leftAsDouble = Arrays.stream(left).asDoubleStream().toArray();
    return new Answer.Error(error(waitSum), error(inTimeAsDouble), error(leftAsDouble));
  }

  /** Of the ratio sum / count, over the batches (ratio estimator: sizes differ a little). */
  private double error(double[] sums) {
    if (offered == 0) {
      return 0;
    }
    double ratio = Arrays.stream(sums).sum() / offered;
    double mean = (double) offered / BATCHES;
    double squares = 0;
    for (int i = 0; i < BATCHES; i++) {
      double residual = sums[i] - ratio * count[i];
      squares += residual * residual;
    }
    return Math.sqrt(squares / (BATCHES - 1) / BATCHES) / mean;
  }
}

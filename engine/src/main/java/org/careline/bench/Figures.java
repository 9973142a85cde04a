package org.careline.bench;

import java.util.Arrays;
import java.util.List;

/** Order statistics of a sample. */
public final class Figures {
  private Figures() {}

  /** The q-quantile, nearest rank, q from 0 to 1; NaN of an empty sample. */
  public static double quantile(List<Double> sample, double q) {
    if (sample.isEmpty()) {
      return Double.NaN;
    }
    double[] sorted = sample.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int rank = (int) Math.ceil(q * sorted.length) - 1;
    return sorted[Math.max(0, Math.min(sorted.length - 1, rank))];
  }

  public static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Median, smallest and largest. */
  public static double[] spread(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new double[] {median(values), sorted[0], sorted[sorted.length - 1]};
  }
}

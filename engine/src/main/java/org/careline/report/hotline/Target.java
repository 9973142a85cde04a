package org.careline.report.hotline;

import java.time.Duration;

/**
 * A promise about waiting: so many per cent are answered within so long. Immutable.
 *
 * @param percent 1 to 100
 */
public record Target(int percent, Duration within) {
  public static final Target DEFAULT = new Target(80, Duration.ofSeconds(20));

  /** Which promise holds where. Answers from memory; thread-safe. */
  @FunctionalInterface
  public interface Book {
    /**
     * @param line code, or null for a call without one
     */
    Target of(String line, String tier);

    static Book always(Target target) {
      return (line, tier) -> target;
    }
  }
}

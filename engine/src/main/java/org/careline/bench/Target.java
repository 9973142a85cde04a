package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a figure of a measurement must reach. Immutable.
 *
 * @param figure what is measured, with its unit
 * @param target in the same unit as the value
 */
public record Target(String figure, Bound bound, double target, double value) {

  /** On which side of the target the value must be. */
  public enum Bound {
    AT_MOST,
    BELOW,
    AT_LEAST
  }

  @JsonProperty
  public boolean met() {
    return switch (bound) {
      case AT_MOST -> value <= target;
      case BELOW -> value < target;
      case AT_LEAST -> value >= target;
    };
  }
}

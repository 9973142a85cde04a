package org.careline.config;

/** A text that must not be printed: {@link #toString()} shows stars. Immutable. */
public record Secret(String reveal) {
  public static final Secret NONE = new Secret("");

  public boolean isEmpty() {
    return reveal.isEmpty();
  }

  @Override
  public String toString() {
    return reveal.isEmpty() ? "" : "***";
  }
}

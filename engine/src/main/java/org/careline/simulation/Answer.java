package org.careline.simulation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * What a scenario comes to. Waits are in seconds and over all offered callers; rates are fractions
 * of the offered callers. Immutable; its JSON form has the names of the components.
 *
 * @param agents the fewest who keep every promise, where that was asked
 * @param occupancy share of the agents' time in which they worked
 * @param theory what a formula says, where one applies
 * @param standardError of the simulated figures, by batch means
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Answer(
    Optional<Integer> agents,
    List<Tier> tiers,
    Figures overall,
    double occupancy,
    Optional<Theory> theory,
    StandardError standardError) {

  Answer withAgents(int count) {
    return new Answer(Optional.of(count), tiers, overall, occupancy, theory, standardError);
  }

  /**
   * @param serviceLevel answered within the target / offered
   * @param promise what the tier was promised, where it was
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Tier(
      String name,
      int offered,
      int answered,
      int abandoned,
      double meanWaitSeconds,
      double p90WaitSeconds,
      double serviceLevel,
      Optional<Promise> promise) {}

  /**
   * @param kept share of the offered answered within {@code seconds}
   */
  public record Promise(double percent, double seconds, double kept) {}

  /** As {@link Tier}, over all tiers. */
  public record Figures(
      int offered,
      int answered,
      int abandoned,
      double meanWaitSeconds,
      double p90WaitSeconds,
      double serviceLevel) {}

  /** Of each figure; {@code batches} callers in a row make one observation each. */
  public record StandardError(int batches, List<TierError> tiers, Error overall) {}

  public record TierError(
      String name, double meanWaitSeconds, double serviceLevel, double abandonRate) {}

  public record Error(double meanWaitSeconds, double serviceLevel, double abandonRate) {}

  /**
   * @param formula its name: erlang_c, erlang_a, cobham, accumulating_priority, pollaczek_khinchine
   * @param tiers mean waits of each tier, where the formula gives them
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Theory(
      String formula,
      List<TierWait> tiers,
      double meanWaitSeconds,
      Optional<Double> serviceLevel,
      Optional<Double> abandonRate) {}

  public record TierWait(String name, double meanWaitSeconds) {}
}

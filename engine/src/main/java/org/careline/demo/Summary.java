package org.careline.demo;

import java.util.Map;

/**
 * What a demonstration adds up to. {@code callersIn} and {@code callsAtOutsideWorld} are counted at
 * the outside world's Asterisk, all else is what the engine recorded. Immutable; the names are the
 * keys of the JSON file.
 *
 * @param outcomes hotline calls by outcome
 * @param bins sites by bin, due and in progress included
 * @param attempts rows of attempts
 * @param attemptsFailedBeforeWire attempts of which no call left us, for example because the
 *     agent's phone did not answer
 */
public record Summary(
    int callersIn,
    Map<String, Integer> outcomes,
    int sitesLoaded,
    Map<String, Integer> bins,
    int attempts,
    int attemptsFailedBeforeWire,
    int callsAtOutsideWorld,
    boolean reconciles) {

  static Summary of(
      OutsideCount outside,
      Map<String, Integer> outcomes,
      int sitesLoaded,
      Map<String, Integer> bins,
      int attempts,
      int failedBeforeWire) {
    boolean reconciles =
        outside.callersIn() == sum(outcomes)
            && sitesLoaded == sum(bins)
            && attempts - failedBeforeWire == outside.sitesCalled();
    return new Summary(
        outside.callersIn(),
        outcomes,
        sitesLoaded,
        bins,
        attempts,
        failedBeforeWire,
        outside.sitesCalled(),
        reconciles);
  }

  static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}

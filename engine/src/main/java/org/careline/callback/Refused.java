package org.careline.callback;

import java.time.Instant;
import java.util.List;

/**
 * A call to a number of a site that found no channel and rang nobody.
 *
 * @param trunkFull not this number alone was refused: the trunk had no channel for anybody
 */
record Refused(Instant at, boolean trunkFull) {
  /** Those since a call to the number has last found a channel: only they are a row of them. */
  static List<Refused> since(List<Refused> refused, List<Past> history, String e164) {
    Instant found =
        history.stream()
            .filter(past -> past.thisRound() && past.e164().equals(e164))
            .map(Past::at)
            .max(Instant::compareTo)
            .orElse(Instant.MIN);
    return refused.stream().filter(each -> each.at().isAfter(found)).toList();
  }
}

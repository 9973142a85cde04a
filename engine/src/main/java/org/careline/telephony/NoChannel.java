package org.careline.telephony;

import java.util.Optional;
import java.util.Set;

/**
 * The hang-up causes (Q.850) that say: no channel was free, on our trunk or in the network behind
 * it. Nobody's phone has rung, unless it has: networks give the same causes to calls that end after
 * ringing, and such a call had its channel. Pure.
 */
public final class NoChannel {
  /** No circuit available; switching equipment congestion, also SIP 503; channel not available. */
  public static final Set<Integer> CAUSES = Set.of(34, 42, 44);

  private static final Set<String> STATUSES = Set.of("CONGESTION", "CHANUNAVAIL");

  private NoChannel() {}

  /**
   * @param cause 0 = the switch named none: only then its word for the end counts
   * @param dialStatus DIALSTATUS, which the switch also gives numbers that do not exist
   */
  public static boolean of(int cause, Optional<String> dialStatus) {
    return CAUSES.contains(cause)
        || cause == 0 && dialStatus.filter(STATUSES::contains).isPresent();
  }
}

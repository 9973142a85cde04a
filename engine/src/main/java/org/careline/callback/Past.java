package org.careline.callback;

import java.time.Instant;
import java.util.Optional;

/**
 * An attempt that counts: it was placed, or may have been.
 *
 * @param disposition empty while it is open
 * @param thisRound caps per round and tries per disposition look at these alone
 */
record Past(Instant at, String e164, Optional<Disposition> disposition, boolean thisRound) {
  /** Nobody was spoken to, or nobody knows yet. */
  boolean failed() {
    return disposition.isEmpty() || !disposition.get().contacted();
  }
}

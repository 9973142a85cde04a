package org.careline.recovery;

import java.util.Set;

/** The attempts whose end is not known; the engine plugs the callbacks in. */
public interface OpenAttempts {

  /**
   * Ids of all attempts that may have been dialled and have not ended, of this and of earlier
   * leases. Called on a thread of recovery; may ask MySQL.
   */
  Set<String> open();

  /**
   * Says what is known about one of them, at start, takeover and each reconnect; {@link
   * Evidence.Unknown} is followed by another word within half a minute. Called on a thread of
   * recovery.
   */
  void evidence(String attemptId, Evidence evidence);
}

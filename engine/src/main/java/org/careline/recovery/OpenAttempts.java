package org.careline.recovery;

import java.time.Instant;
import java.util.Set;

/** The attempts whose end is not known; the engine plugs the callbacks in. */
public interface OpenAttempts {

  /**
   * Ids of all attempts that were made before {@code before}, of this and of earlier leases, whose
   * site may have been dialled and which have not ended. Called on a thread of recovery; may ask
   * MySQL and throw when it is away: then it is asked again.
   */
  Set<String> open(Instant before);

  /**
   * Says what is known about one of them, at start, takeover and each reconnect; {@link
   * Evidence.Unknown} is followed by another word within half a minute. It is about the site's leg:
   * an attempt whose site has not been ordered yet goes on as it is. Called on a thread of
   * recovery.
   */
  void evidence(String attemptId, Evidence evidence);

  /** An engine without callbacks. */
  static OpenAttempts none() {
    return new OpenAttempts() {
      @Override
      public Set<String> open(Instant before) {
        return Set.of();
      }

      @Override
      public void evidence(String attemptId, Evidence evidence) {}
    };
  }
}

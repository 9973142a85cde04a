package org.careline.telephony;

import java.util.List;
import java.util.Map;

/**
 * Somebody who wants to see how the next call of a trunk comes in: all headers that may tell of it.
 * Thread-safe; must return at once.
 */
public interface TrunkWatch {
  /** What is read then, besides what recognition reads. */
  List<String> HEADERS =
      List.of("From", "P-Asserted-Identity", "Remote-Party-ID", "Diversion", "To", "Privacy");

  TrunkWatch NOBODY =
      new TrunkWatch() {
        @Override
        public boolean wants(String endpoint) {
          return false;
        }

        @Override
        public void came(Arrival arrival, Map<String, String> headers) {}
      };

  /** Whether the next call of this endpoint is wanted; asked for every caller. */
  boolean wants(String endpoint);

  /**
   * @param headers those of {@link #HEADERS} that are there, in that order: text of strangers, cut
   *     at 256 characters and without control characters
   */
  void came(Arrival arrival, Map<String, String> headers);
}

package org.careline.telephony;

import java.util.Optional;
import org.careline.language.Sentence;

/**
 * What may leave by the trunk that rings sites. A channel is set aside under the id it will have in
 * the switch, so that what is on its way and what lives are one count. Thread-safe.
 */
public interface Outbound {
  /** Without a limit. */
  Outbound UNBOUNDED =
      new Outbound() {
        @Override
        public int room() {
          return Integer.MAX_VALUE;
        }

        @Override
        public boolean keep(String id) {
          return true;
        }

        @Override
        public void adopt(String id) {}

        @Override
        public void free(String id) {}

        @Override
        public Leaving leaving(String wanted, boolean must) {
          return new Leaving("", wanted, Optional.empty());
        }
      };

  /** Calls that may still begin to leave. */
  int room();

  /** Sets a channel aside; true also when it was before. False = none is left. */
  boolean keep(String id);

  /** It may be on the wire already, whatever the limit. */
  void adopt(String id);

  /** Nothing was dialled under this id, and nothing will be; harmless when something was. */
  void free(String id);

  /**
   * The trunk and the number shown.
   *
   * @param wanted digits, or empty: no wish
   * @param must no other number instead of the one that is wanted
   */
  Leaving leaving(String wanted, boolean must);

  /**
   * @param trunk its name
   * @param shown digits; empty = the endpoint's own identity
   * @param refused why nobody is dialled
   */
  record Leaving(String trunk, String shown, Optional<Sentence> refused) {
    /** Nothing is known of it. */
    public static final Leaving UNKNOWN = new Leaving("", "", Optional.empty());
  }
}

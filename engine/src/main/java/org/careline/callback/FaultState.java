package org.careline.callback;

import java.util.Locale;

/**
 * Where a site, or one of its devices, stands after a round; of several the worst counts. The
 * database has the ordinal: the order stays as it is.
 */
public enum FaultState {
  NONE,
  /** No fault, but something that may become one. */
  HIDDEN_DANGER,
  RESOLVED,
  UNRESOLVED,
  /** It has not answered the question; its bin says why. */
  NOT_HEARD,
  NOT_LISTED;

  /** The name in JSON and on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean fault() {
    return this == RESOLVED || this == UNRESOLVED;
  }
}

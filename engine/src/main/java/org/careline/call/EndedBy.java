package org.careline.call;

import java.util.Locale;

/** Whose side ended the talk or the wait. */
public enum EndedBy {
  CALLER,
  AGENT,
  /** By our order, or found missing by recovery. */
  SYSTEM;

  /** The key in the database and in JSON. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}

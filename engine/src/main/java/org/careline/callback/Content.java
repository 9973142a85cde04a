package org.careline.callback;

import java.util.Locale;

/** Whether a site is content. The database has the ordinal: the order stays as it is. */
public enum Content {
  /** 4 or 5 of 5. */
  CONTENT,
  /** 1 to 3: neutral is not content. */
  NOT_CONTENT,
  NO_ANSWER,
  NOT_LISTED;

  /** The name in JSON and on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package org.careline.report.hotline;

import java.util.Locale;

/** In what a figure is given. */
public enum Unit {
  COUNT,
  /** A part of one; shown as a percentage. */
  SHARE,
  SECONDS;

  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package org.careline.callback;

import java.util.Locale;

/** What is looked at before a site is rung, in the order in which it is told. */
public enum CallingRule {
  DO_NOT_CALL,
  NIGHT,
  OFFICE_CALENDAR,
  TRADE_CALENDAR,
  WINDOW,
  SLOT,
  SPACING,
  PER_DAY,
  PER_WEEK,
  PER_ROUND,
  NUMBER_MINUTE,
  NUMBER_HOUR;

  /** With a dash, as commands and interfaces show it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package org.careline.report;

import java.util.Locale;
import org.careline.callback.FaultState;

/** Cells of the table that mean the same to a manager; each cell is in exactly one. */
public enum TransitionGroup {
  /** No fault now, and none that was open. */
  WELL,
  NEW_FAULT,
  /** It was unresolved and is not any more. */
  FIXED,
  STILL_UNRESOLVED,
  /** It was resolved, and there is one again. */
  REPEAT,
  SILENT_THIS_TIME,
  STILL_SILENT,
  HEARD_AGAIN,
  NEW_SITE,
  GONE;

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException for what is on neither list
   */
  public static TransitionGroup of(FaultState from, FaultState to) {
    return switch (from) {
      case NOT_LISTED ->
          switch (to) {
            case NONE, HIDDEN_DANGER, RESOLVED, UNRESOLVED, NOT_HEARD -> NEW_SITE;
            case NOT_LISTED -> throw new IllegalArgumentException("on neither list");
          };
      case NOT_HEARD ->
          switch (to) {
            case NONE, HIDDEN_DANGER, RESOLVED, UNRESOLVED -> HEARD_AGAIN;
            case NOT_HEARD -> STILL_SILENT;
            case NOT_LISTED -> GONE;
          };
      case UNRESOLVED ->
          switch (to) {
            case NONE, HIDDEN_DANGER, RESOLVED -> FIXED;
            case UNRESOLVED -> STILL_UNRESOLVED;
            case NOT_HEARD -> SILENT_THIS_TIME;
            case NOT_LISTED -> GONE;
          };
      case RESOLVED ->
          switch (to) {
            case NONE, HIDDEN_DANGER -> WELL;
            case RESOLVED, UNRESOLVED -> REPEAT;
            case NOT_HEARD -> SILENT_THIS_TIME;
            case NOT_LISTED -> GONE;
          };
      case NONE, HIDDEN_DANGER ->
          switch (to) {
            case NONE, HIDDEN_DANGER -> WELL;
            case RESOLVED, UNRESOLVED -> NEW_FAULT;
            case NOT_HEARD -> SILENT_THIS_TIME;
            case NOT_LISTED -> GONE;
          };
    };
  }
}

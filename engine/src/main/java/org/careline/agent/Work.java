package org.careline.agent;

import java.util.Locale;

/**
 * What an agent is set aside for: a hotline call or an attempt to reach a site. Immutable.
 *
 * @param id the call's or the attempt's id
 */
public record Work(Kind kind, String id) {
  public static Work call(String id) {
    return new Work(Kind.CALL, id);
  }

  public static Work attempt(String id) {
    return new Work(Kind.ATTEMPT, id);
  }

  /** Named in JSON by {@link #key()}. */
  public enum Kind {
    CALL,
    ATTEMPT;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

package org.careline.agent;

import java.util.Locale;

/**
 * What an agent is set aside for: a hotline call, an attempt to reach a site, or a call for a task.
 * Immutable.
 *
 * @param id of the call or the attempt
 */
public record Work(Kind kind, String id) {
  public static Work call(String id) {
    return new Work(Kind.CALL, id);
  }

  public static Work attempt(String id) {
    return new Work(Kind.ATTEMPT, id);
  }

  public static Work task(String id) {
    return new Work(Kind.TASK, id);
  }

  /** Named in JSON by {@link #key()}. */
  public enum Kind {
    CALL,
    ATTEMPT,
    TASK;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

package org.careline.agent;

/**
 * What an agent wants, or what was decided for him: ready, or not ready for a reason. Outlives the
 * engine. Immutable.
 *
 * @param reason one of {@link Reason}; empty when ready
 */
public record Wish(boolean ready, String reason) {
  public static final Wish READY = new Wish(true, "");

  public Wish {
    if (!reason.matches("[a-z_]{0,32}") || ready != reason.isEmpty()) {
      throw new IllegalArgumentException("not ready needs a reason, ready has none: " + reason);
    }
  }

  public static Wish notReady(String reason) {
    return new Wish(false, reason);
  }

  /** The form in which it is kept. */
  String text() {
    return ready ? "ready" : "not_ready:" + reason;
  }

  static Wish parse(String text) {
    return text.equals("ready") ? READY : notReady(text.substring(text.indexOf(':') + 1));
  }
}

package org.careline.call;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a hotline call ended. Each call has exactly one. */
public enum Outcome {
  /** Gone during the greeting or before it. */
  LEFT_BEFORE_QUEUE,
  ANSWERED,
  /** Gone while waiting or while an agent's phone rang. */
  ABANDONED,
  /** As abandoned, sooner than the threshold. */
  SHORT_ABANDONED,
  CALLBACK_TAKEN,
  VOICEMAIL,
  OVERFLOWED,
  BLOCKED,
  AFTER_HOURS,
  /** Ended by us without service: refused, or an error. */
  FAILED,
  /** Answered by the switch alone while no engine led. */
  FALLBACK_ANSWERED;

  /** The key in the database, in JSON and in figures. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one with this key. */
  public static Optional<Outcome> of(String key) {
    return Arrays.stream(values()).filter(outcome -> outcome.key().equals(key)).findFirst();
  }
}

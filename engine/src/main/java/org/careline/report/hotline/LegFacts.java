package org.careline.report.hotline;

import java.time.Duration;
import java.time.Instant;

/**
 * One offer of a call to an agent. Immutable; what is not known is null.
 *
 * @param n number of the offer within its call, from 1
 * @param result answered, missed, rejected, browser, network, unreachable, engine or abandoned
 * @param holdMs how long this agent kept the caller on hold
 * @param wrapUpMs his after-call work; 0 while it is not over
 * @param endedBy caller, agent or system, when this agent's leg ended
 */
public record LegFacts(
    String callId,
    int n,
    String line,
    String tier,
    String skill,
    Instant enteredAt,
    String agent,
    Instant offeredAt,
    Instant answeredAt,
    Instant endedAt,
    String result,
    long holdMs,
    long wrapUpMs,
    String endedBy) {
  /** Three rings of 1 s on and 4 s off: the missed-call limit is the same value. */
  static final Duration THREE_RINGS = Duration.ofSeconds(15);

  static final String ANSWERED = "answered";
  static final String MISSED = "missed";
  static final String REJECTED = "rejected";
  static final String UNREACHABLE = "unreachable";
  static final String BROWSER = "browser";
  static final String NETWORK = "network";
  static final String ENGINE = "engine";

  /** The caller left while it rang: nobody has missed it. */
  static final String ABANDONED = "abandoned";

  boolean answered() {
    return ANSWERED.equals(result);
  }

  /** Offered and not answered for a cause of the agent's own. */
  boolean byAgent() {
    return MISSED.equals(result) || REJECTED.equals(result);
  }

  boolean byBrowser() {
    return BROWSER.equals(result);
  }

  /** His phone could not be rung, or was lost while it rang; the browser had not gone. */
  boolean byNetwork() {
    return NETWORK.equals(result) || UNREACHABLE.equals(result);
  }

  boolean withinThreeRings() {
    return answeredAt != null
        && Duration.between(offeredAt, answeredAt).compareTo(THREE_RINGS) <= 0;
  }

  /** On the phone with the caller, time on hold among it. */
  long talkMs() {
    return answeredAt == null || endedAt == null
        ? 0
        : Math.max(0, Duration.between(answeredAt, endedAt).toMillis());
  }
}

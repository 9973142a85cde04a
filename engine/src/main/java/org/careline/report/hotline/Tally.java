package org.careline.report.hotline;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.careline.call.Outcome;

/**
 * The sums behind the figures of one group of calls. Confined to one thread.
 *
 * <p>A call is counted once, however often it was transferred: <em>answered</em> is its first
 * answer. A transfer adds talk, hold and after-call work, no call.
 */
public final class Tally {
  private static final Map<String, Outcome> OUTCOMES = new HashMap<>();

  static {
    for (Outcome outcome : Outcome.values()) {
      OUTCOMES.put(outcome.key(), outcome);
    }
  }

  private final long[] joined = new long[Outcome.values().length];
  private final long[] before = new long[Outcome.values().length];
  long callersIn;
  long offered;
  long stillBefore;
  long stillWaiting;
  long answeredWithin;
  long abandonedWithin;
  long waitAnsweredMs;
  long longestWaitMs;
  long talkMs;
  long holdMs;
  long wrapUpMs;
  long toVoiceMs;
  long agentFirst;
  long withheld;
  long recognised;
  long surveyOffered;
  long surveyTaken;
  long satisfied;
  long offers;
  long missedByAgent;
  long missedByBrowser;
  long missedByNetwork;
  long missedByEngine;
  long leftRinging;
  long answeredLegs;
  long inThreeRings;
  long matters;
  long settled;
  long promised;
  long kept;

  /**
   * @param within waits up to this long are in time
   */
  void add(CallFacts call, Duration within) {
    callersIn++;
    withheld += call.withheld() ? 1 : 0;
    recognised += call.recognised() ? 1 : 0;
    offered += call.joined() ? 1 : 0;
    if (call.joined()) {
      longestWaitMs = Math.max(longestWaitMs, call.waitMs());
    }
    if (call.outcome() == null) {
      stillWaiting += call.joined() ? 1 : 0;
      stillBefore += call.joined() ? 0 : 1;
      return;
    }
    Outcome outcome = outcome(call.outcome());
    if (outcome == null) {
      return;
    }
    (call.joined() ? joined : before)[outcome.ordinal()]++;
    boolean inTime = call.waitMs() <= within.toMillis();
    if (answered(outcome) && call.joined()) {
      answeredWithin += inTime ? 1 : 0;
      waitAnsweredMs += call.waitMs();
      talkMs += call.talkMs();
      holdMs += call.holdMs();
      agentFirst += "agent".equals(call.endedBy()) ? 1 : 0;
      if (call.answeredAt() != null) {
        toVoiceMs += Duration.between(call.arrivedAt(), call.answeredAt()).toMillis();
      }
      surveyOffered += call.surveyOffered() ? 1 : 0;
      surveyTaken += call.survey() != null ? 1 : 0;
      satisfied += call.survey() != null && call.survey() == 1 ? 1 : 0;
    } else if (abandoned(outcome) && call.joined()) {
      abandonedWithin += inTime ? 1 : 0;
    }
  }

  void add(LegFacts leg) {
    offers++;
    switch (leg.result() == null ? "" : leg.result()) {
      case LegFacts.ANSWERED -> {
        answeredLegs++;
        inThreeRings += leg.withinThreeRings() ? 1 : 0;
      }
      case LegFacts.MISSED, LegFacts.REJECTED -> missedByAgent++;
      case LegFacts.BROWSER -> missedByBrowser++;
      case LegFacts.NETWORK, LegFacts.UNREACHABLE -> missedByNetwork++;
      case LegFacts.ABANDONED -> leftRinging++;
      default -> missedByEngine++;
    }
  }

  /**
   * @param deadline until when nobody may come back to it
   */
  void matter(AfterFacts matter, Instant deadline) {
    matters++;
    settled += matter.settled(deadline) ? 1 : 0;
  }

  void promise(AfterFacts callback) {
    promised++;
    kept += callback.then() != null && !callback.then().isAfter(callback.begunAt()) ? 1 : 0;
  }

  void wrapped(LegFacts leg) {
    wrapUpMs += leg.wrapUpMs();
  }

  /** Null for one this version does not know. */
  static Outcome outcome(String key) {
    return OUTCOMES.get(key);
  }

  static boolean answered(Outcome outcome) {
    return outcome == Outcome.ANSWERED || outcome == Outcome.FALLBACK_ANSWERED;
  }

  static boolean abandoned(Outcome outcome) {
    return outcome == Outcome.ABANDONED || outcome == Outcome.SHORT_ABANDONED;
  }

  /** Calls with this outcome that had joined the queue. */
  long of(Outcome outcome) {
    return joined[outcome.ordinal()];
  }

  /** Calls with this outcome that had not. */
  long before(Outcome outcome) {
    return before[outcome.ordinal()];
  }

  long answered() {
    return of(Outcome.ANSWERED) + of(Outcome.FALLBACK_ANSWERED);
  }

  long shortAbandoned() {
    return of(Outcome.SHORT_ABANDONED);
  }

  long abandoned() {
    return of(Outcome.ABANDONED) + shortAbandoned();
  }
}

package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody at the site has asked to be rung at a time at which the rules would not: hours, days,
 * slots and spacing do not bind then. Do-not-call and the caps do. Immutable.
 *
 * @param words who asked and how, as the agent wrote it down; kept with the call it was said in
 */
public record Asked(Instant at, String words) {
  /** Who is rung later than this was not asked about. */
  static final Duration LASTS = Duration.ofMinutes(30);

  boolean covers(Instant when) {
    return !when.isBefore(at) && when.isBefore(at.plus(LASTS));
  }

  /** What a rule says that does not bind at the time somebody asked for. */
  static Verdict heed(Optional<Asked> asked, Instant when, Verdict verdict) {
    if (verdict.permitted() || asked.isEmpty()) {
      return verdict;
    }
    Asked wish = asked.get();
    if (wish.covers(when)) {
      return Verdict.permitted(verdict.rule(), RuleSource.SITE, "calling.asked", wish.words());
    }
    boolean sooner =
        when.isBefore(wish.at())
            && (verdict.until().isEmpty() || verdict.until().get().isAfter(wish.at()));
    return sooner
        ? new Verdict(
            verdict.rule(),
            verdict.source(),
            false,
            Optional.of(wish.at()),
            verdict.reason(),
            verdict.values())
        : verdict;
  }
}

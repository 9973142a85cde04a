package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careline.callback.CallingWindow.Slot;
import org.careline.callback.CampaignRules.Caps;

/** Folds delay, spacing, caps and window into the one instant a site is due at. Pure. */
final class NextCall {
  private static final Duration WEEK = Duration.ofDays(7);

  private NextCall() {}

  /**
   * An attempt that counts: it was placed, or may have been.
   *
   * @param disposition empty while it is open
   * @param thisRound caps per round and tries per disposition look at these alone
   */
  record Past(Instant at, String e164, Optional<Disposition> disposition, boolean thisRound) {}

  /**
   * The earliest permitted instant at or after {@code from}; empty when none is left, because the
   * round's cap is reached or no window opens any more.
   *
   * @param site all attempts on the site that count, of any round
   * @param number when the number was rung, from any site
   */
  static Optional<Instant> earliest(
      CampaignRules rules,
      CallingWindow window,
      List<Past> site,
      List<Instant> number,
      Instant from,
      Optional<Slot> avoid) {
    Caps caps = rules.caps();
    if (site.stream().filter(Past::thisRound).count() >= caps.perRound()) {
      return Optional.empty();
    }
    Instant at = from;
    // each pass only moves forward; a handful settles it, the bound is against bad rules
    for (int pass = 0; pass < 1000; pass++) {
      Instant capped = afterCaps(caps, window, site, number, at);
      Optional<Instant> open = window.opening(capped, avoid);
      if (open.isEmpty() || open.get().equals(at)) {
        return open;
      }
      at = open.get();
    }
    return Optional.empty();
  }

  private static Instant afterCaps(
      Caps caps, CallingWindow window, List<Past> site, List<Instant> number, Instant from) {
    Instant at = from;
    for (Past past : site) {
      at = later(at, past.at().plus(caps.spacing()));
    }
    Instant day = at;
    long today =
        site.stream().filter(past -> window.dateOf(past.at()).equals(window.dateOf(day))).count();
    if (today >= caps.perDay()) {
      at = window.nextDay(at);
    }
    at = within(site.stream().map(Past::at).toList(), caps.perWeek(), WEEK, at);
    at = within(number, caps.perNumberMinute(), Duration.ofMinutes(1), at);
    return within(number, caps.perNumberHour(), Duration.ofHours(1), at);
  }

  /** The earliest instant at or after {@code at} with fewer than {@code cap} in the span before. */
  private static Instant within(List<Instant> past, int cap, Duration span, Instant at) {
    List<Instant> counted =
        past.stream().filter(each -> each.plus(span).isAfter(at)).sorted().toList();
    return counted.size() < cap ? at : later(at, counted.get(counted.size() - cap).plus(span));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}

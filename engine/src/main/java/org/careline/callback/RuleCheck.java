package org.careline.callback;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.callback.SiteRules.Owners;
import org.careline.language.Sentence;

/**
 * Refuses rules under which a site could never be rung, when they are saved: a round would wait for
 * its end in silence. Says who is to blame. Pure.
 */
final class RuleCheck {
  private RuleCheck() {}

  /** Why a site with these rules is never rung; empty = there comes a time. */
  static Optional<Sentence> never(
      CampaignRules campaign,
      String trade,
      String province,
      Owners owners,
      RuleBook book,
      Instant now) {
    SiteRules whole = SiteRules.of(campaign, trade, province, owners, book.office(), false);
    if (opens(whole, now)) {
      return Optional.empty();
    }
    // one after the other: the one with which the last opening goes is named
    List<SiteRules.Window> windows = new ArrayList<>();
    for (SiteRules.Window window : whole.windows()) {
      if (window.hours().opening(now).isEmpty()) {
        return Optional.of(Sentence.of("rules.never-hours", window.source().sentence()));
      }
      windows.add(window);
      if (!CallingRules.everOpen(with(whole, windows, List.of()))) {
        return Optional.of(Sentence.of("rules.never-window", window.source().sentence()));
      }
    }
    List<SiteRules.Closed> closed = new ArrayList<>();
    for (SiteRules.Closed each : whole.closed()) {
      closed.add(each);
      if (!opens(with(whole, windows, closed), now)) {
        return Optional.of(Sentence.of("rules.never-days", each.source().sentence()));
      }
    }
    return Optional.of(Sentence.of("rules.never-office"));
  }

  private static boolean opens(SiteRules site, Instant now) {
    return CallingRules.nextPermitted(site, now, History.NONE).isPresent();
  }

  /** Without the office calendar. */
  private static SiteRules with(
      SiteRules site, List<SiteRules.Window> windows, List<SiteRules.Closed> closed) {
    return new SiteRules(
        site.zone(),
        windows,
        closed,
        new SiteRules.Office(site.office().calendar(), true, Set.of()),
        site.limits(),
        site.night(),
        site.differentSlots(),
        false);
  }
}

package org.careline.callback;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** When the sites of a round may be rung, as most of them may. Stateless. */
public final class RoundWindows {
  private RoundWindows() {}

  /**
   * Of trade and province that most sites of the round have; rules of single sites are not looked
   * at. Empty for a round that was never opened or has no sites.
   */
  public static Optional<Predicate<Instant>> of(Handle handle, Round round) {
    if (round.openedAt().isEmpty() || round.rules().isEmpty()) {
      return Optional.empty();
    }
    CampaignRules rules = RulesParser.parse(round.rules().get());
    RuleBook book = RuleBook.read(handle);
    return handle
        .createQuery(
            "SELECT s.trade, s.province, '' AS zone, '' AS trade_calendar,"
                + " MAX(cr.rules) AS customer_rules, NULL AS site_rules FROM round_site rs JOIN site s ON s.id = rs.site_id"
                + " LEFT JOIN customer_rules cr ON cr.customer_id = s.customer_id"
                + " WHERE rs.round_id = :round GROUP BY s.trade, s.province"
                + " ORDER BY COUNT(*) DESC, 1, 2 LIMIT 1")
        .bind("round", round.id())
        .map((row, context) -> book.site(rules, row, false))
        .findOne()
        .map(usual -> at -> CallingRules.open(usual, at));
  }
}

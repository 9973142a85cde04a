package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.careline.callback.WhyNot;

/** Calling rules as the interface shows them. */
public final class CallingViews {
  private CallingViews() {}

  /**
   * Rules of one owner.
   *
   * @param owner house, customer or site
   * @param version 0 = nobody has said anything yet
   */
  public record RulesView(
      String owner,
      String customerCode,
      String siteCode,
      JsonNode rules,
      int version,
      String changedBy,
      Instant changedAt) {}

  /**
   * One rule.
   *
   * @param source house rule, campaign, customer or site
   * @param until when refused: the first instant this rule alone would permit; null = never
   */
  public record RuleView(
      String rule, String source, boolean permitted, Instant until, String reason) {}

  /**
   * Why a site is not rung.
   *
   * @param round 0 = in no open one
   * @param zone whose wall clock counts
   * @param next null = never, as things stand
   */
  public record WhyNotView(
      String siteCode,
      String siteName,
      String customerCode,
      String campaign,
      int round,
      String zone,
      Instant at,
      boolean permitted,
      Instant next,
      List<RuleView> rules) {
    static WhyNotView of(WhyNot.Answer answer, Locale language) {
      return new WhyNotView(
          answer.siteCode(),
          answer.siteName(),
          answer.customerCode(),
          answer.campaign(),
          answer.round(),
          answer.zone().getId(),
          answer.at(),
          answer.permitted(),
          answer.next().orElse(null),
          answer.lines().stream()
              .map(
                  line ->
                      new RuleView(
                          line.rule(),
                          line.source().word(),
                          line.permitted(),
                          line.until().orElse(null),
                          line.reason().in(language)))
              .toList());
    }
  }
}

package org.careline.report.hotline;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.careline.report.hotline.AgentRows.Offer;

/**
 * The sums behind one agent's figures. A row whose objection was accepted is left out of the figure
 * it was raised against, and counted as left out. Confined to one thread.
 */
final class AgentTally {
  /** n of a denominator, with what was taken out. Times are in ms. */
  static final class Sum {
    long n;
    long of;
    long excluded;
    long contested;
  }

  private final Map<AgentFigure, Sum> sums = new EnumMap<>(AgentFigure.class);
  private final Map<String, Long> reasons = new TreeMap<>();
  private final Objections objections;

  AgentTally(Objections objections) {
    this.objections = objections;
    for (AgentFigure figure : AgentFigure.values()) {
      sums.put(figure, new Sum());
    }
  }

  Sum of(AgentFigure figure) {
    return sums.get(figure);
  }

  /** Not-ready time by reason, in ms. */
  Map<String, Long> reasons() {
    return reasons;
  }

  void add(Offer offer) {
    for (AgentFigure figure : AgentFigure.values()) {
      AgentFigure.Part part = figure.part(offer);
      if (part.counts()) {
        add(figure, offer.leg().agent(), rowId(offer.leg()), part);
      }
    }
  }

  void add(AgentSpan span) {
    for (AgentFigure figure : AgentFigure.values()) {
      AgentFigure.Part part = figure.part(span);
      if (part.counts()) {
        add(figure, span.agent(), span.id(), part);
      }
    }
    if (span.presence().equals("not_ready")) {
      reasons.merge(span.reason(), span.ms(), Long::sum);
    }
  }

  void add(AgentRows.Promise promise) {
    AgentFigure figure = AgentFigure.PROMISES_KEPT;
    add(figure, promise.agent(), promise.rowId(), AgentFigure.Part.of(promise.kept() ? 1 : 0, 1));
  }

  private void add(AgentFigure figure, String agent, String row, AgentFigure.Part part) {
    Sum sum = sums.get(figure);
    Contest contest = objections.of(agent, figure, row).orElse(null);
    if (contest != null && contest.accepted()) {
      sum.excluded++;
      return;
    }
    if (contest != null && contest.open()) {
      sum.contested++;
    }
    sum.n += part.n();
    sum.of += part.of();
  }

  static String rowId(LegFacts leg) {
    return "leg:" + leg.callId() + ":" + leg.n();
  }

  Map<String, Amount> values() {
    Map<String, Amount> values = new java.util.LinkedHashMap<>();
    sums.forEach((figure, sum) -> values.put(figure.id(), figure.amount(sum)));
    return values;
  }
}

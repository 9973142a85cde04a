package org.careline.report.hotline;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.careline.report.hotline.AgentRows.Offer;

/**
 * The figures of an agent. Each is a sum over rows, offers to him or times of his states, so that
 * the rows behind a figure are exactly those that {@link #part} lets count. Names and formulas in
 * words stand in Figures.properties under {@code agent.<id>}.
 */
public enum AgentFigure {
  OFFERS(Unit.COUNT, offer -> Part.of(1, 0), Part.none()),
  ANSWERED(Unit.COUNT, answered(leg -> Part.of(1, 0)), Part.none()),
  RONA(Unit.SHARE, offer -> Part.of(offer.leg().byAgent() ? 1 : 0, 1), Part.none()),
  RONA_BROWSER(Unit.SHARE, offer -> Part.of(offer.leg().byBrowser() ? 1 : 0, 1), Part.none()),
  RONA_NETWORK(Unit.SHARE, offer -> Part.of(offer.leg().byNetwork() ? 1 : 0, 1), Part.none()),
  RONA_ENGINE(
      Unit.SHARE,
      offer -> Part.of(LegFacts.ENGINE.equals(offer.leg().result()) ? 1 : 0, 1),
      Part.none()),
  LEFT_RINGING(
      Unit.SHARE,
      offer -> Part.of(LegFacts.ABANDONED.equals(offer.leg().result()) ? 1 : 0, 1),
      Part.none()),
  RING_ANSWER(
      Unit.SHARE,
      offer ->
          offer.leg().answered() || offer.leg().byAgent()
              ? Part.of(offer.leg().withinThreeRings() ? 1 : 0, 1)
              : Part.NONE,
      Part.none()),
  FIRST_HANGUP_BY_AGENT(
      Unit.SHARE, answered(offer -> Part.of(offer.hungUp() ? 1 : 0, 1)), Part.none()),
  AHT(
      Unit.SECONDS,
      answered(offer -> Part.of(offer.leg().talkMs() + offer.leg().wrapUpMs(), 1)),
      Part.none()),
  TALK(
      Unit.SECONDS,
      answered(offer -> Part.of(offer.leg().talkMs() - offer.leg().holdMs(), 1)),
      Part.none()),
  HOLD(Unit.SECONDS, answered(offer -> Part.of(offer.leg().holdMs(), 1)), Part.none()),
  ACW(Unit.SECONDS, answered(offer -> Part.of(offer.leg().wrapUpMs(), 1)), Part.none()),
  SURVEY_OFFERED(
      Unit.SHARE,
      offer -> offer.last() ? Part.of(offer.surveyOffered() ? 1 : 0, 1) : Part.NONE,
      Part.none()),
  SURVEY_TAKEN(
      Unit.SHARE,
      offer ->
          offer.last() && offer.surveyOffered()
              ? Part.of(offer.survey() == null ? 0 : 1, 1)
              : Part.NONE,
      Part.none()),
  SATISFIED(
      Unit.SHARE,
      offer ->
          offer.last() && offer.survey() != null
              ? Part.of(offer.survey() == 1 ? 1 : 0, 1)
              : Part.NONE,
      Part.none()),
  /** Its rows are neither offers nor states: see {@link AgentRows.Promise}. */
  PROMISES_KEPT(Unit.SHARE, Part.noOffer(), Part.none()),
  OCCUPANCY(
      Unit.SHARE,
      Part.noOffer(),
      span ->
          switch (span.presence()) {
            case "on_call", "after_call_work" -> Part.of(span.ms(), span.ms());
            case "ready" -> Part.of(0, span.ms());
            default -> Part.NONE;
          }),
  UTILISATION(
      Unit.SHARE,
      Part.noOffer(),
      span ->
          switch (span.presence()) {
            case "on_call", "after_call_work" -> Part.of(span.ms(), span.ms());
            default -> Part.of(0, span.ms());
          }),
  LOGGED_IN(Unit.SECONDS, Part.noOffer(), span -> Part.of(span.ms(), 0)),
  READY(Unit.SECONDS, Part.noOffer(), in("ready", span -> true)),
  NOT_READY(Unit.SECONDS, Part.noOffer(), in("not_ready", span -> true)),
  RINGING(Unit.SECONDS, Part.noOffer(), in("offered", span -> !span.outbound())),
  ON_CALL(Unit.SECONDS, Part.noOffer(), in("on_call", span -> !span.outbound())),
  WRAPPING(Unit.SECONDS, Part.noOffer(), in("after_call_work", span -> !span.outbound())),
  PREVIEW(Unit.SECONDS, Part.noOffer(), in("offered", AgentSpan::outbound)),
  OUTBOUND(
      Unit.SECONDS,
      Part.noOffer(),
      span ->
          span.outbound()
                  && (span.presence().equals("on_call")
                      || span.presence().equals("after_call_work"))
              ? Part.of(span.ms(), 0)
              : Part.NONE);

  /**
   * What one row adds.
   *
   * @param counts false = the row is not behind this figure
   */
  record Part(boolean counts, long n, long of) {
    static final Part NONE = new Part(false, 0, 0);

    static Part of(long n, long of) {
      return new Part(true, n, of);
    }

    static Function<AgentSpan, Part> none() {
      return span -> NONE;
    }

    static Function<Offer, Part> noOffer() {
      return offer -> NONE;
    }
  }

  private final Unit unit;
  private final Function<Offer, Part> ofOffer;
  private final Function<AgentSpan, Part> ofSpan;

  AgentFigure(Unit unit, Function<Offer, Part> ofOffer, Function<AgentSpan, Part> ofSpan) {
    this.unit = unit;
    this.ofOffer = ofOffer;
    this.ofSpan = ofSpan;
  }

  private static Function<Offer, Part> answered(Function<Offer, Part> part) {
    return offer -> offer.leg().answered() ? part.apply(offer) : Part.NONE;
  }

  private static Function<AgentSpan, Part> in(
      String presence, java.util.function.Predicate<AgentSpan> which) {
    return span ->
        span.presence().equals(presence) && which.test(span) ? Part.of(span.ms(), 0) : Part.NONE;
  }

  Part part(Offer offer) {
    return ofOffer.apply(offer);
  }

  Part part(AgentSpan span) {
    return ofSpan.apply(span);
  }

  /** Never translated, never renamed. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<AgentFigure> of(String id) {
    for (AgentFigure figure : values()) {
      if (figure.id().equals(id)) {
        return Optional.of(figure);
      }
    }
    return Optional.empty();
  }

  public Unit unit() {
    return unit;
  }

  /** Its rows are times of his states, not offers. */
  boolean ofStates() {
    return compareTo(OCCUPANCY) >= 0;
  }

  Amount amount(AgentTally.Sum sum) {
    Amount amount =
        switch (this) {
          case OFFERS, ANSWERED -> Amount.count(sum.n);
          case RONA,
              RONA_BROWSER,
              RONA_NETWORK,
              RONA_ENGINE,
              LEFT_RINGING,
              RING_ANSWER,
              FIRST_HANGUP_BY_AGENT,
              SURVEY_OFFERED,
              SURVEY_TAKEN,
              SATISFIED,
              PROMISES_KEPT ->
              Amount.share(sum.n, sum.of);
          case AHT, TALK, HOLD, ACW -> Amount.mean(sum.n, sum.of);
          case OCCUPANCY, UTILISATION -> Amount.part(sum.n, sum.of);
          case LOGGED_IN, READY, NOT_READY, RINGING, ON_CALL, WRAPPING, PREVIEW, OUTBOUND ->
              Amount.longest(sum.n);
        };
    return amount.objected(sum.excluded, sum.contested);
  }

  public Explained explained() {
    return Explained.of(id(), "agent." + id(), unit);
  }
}

package org.careline.report.hotline;

import java.util.Locale;
import java.util.function.Function;
import org.careline.call.Outcome;

/**
 * The figures of the hotline, each a formula over a {@link Tally}. Names and formulas in words
 * stand in Figures.properties.
 */
public enum HotlineFigure {
  CALLERS_IN(Unit.COUNT, t -> Amount.count(t.callersIn)),
  OFFERED(Unit.COUNT, t -> Amount.count(t.offered)),
  ANSWERED(Unit.COUNT, t -> Amount.count(t.answered())),
  ABANDONED(Unit.COUNT, t -> Amount.count(t.abandoned())),
  SHORT_ABANDONED(Unit.COUNT, t -> Amount.count(t.shortAbandoned())),
  LEFT_BEFORE_QUEUE(Unit.COUNT, t -> Amount.count(t.before(Outcome.LEFT_BEFORE_QUEUE))),
  BLOCKED(Unit.COUNT, t -> Amount.count(t.before(Outcome.BLOCKED))),
  AFTER_HOURS(Unit.COUNT, t -> Amount.count(t.before(Outcome.AFTER_HOURS))),
  FALLBACK_ANSWERED(Unit.COUNT, t -> Amount.count(t.of(Outcome.FALLBACK_ANSWERED))),
  CALLBACK_TAKEN(Unit.COUNT, t -> Amount.count(t.of(Outcome.CALLBACK_TAKEN))),
  VOICEMAIL(Unit.COUNT, t -> Amount.count(t.of(Outcome.VOICEMAIL))),
  OVERFLOWED(Unit.COUNT, t -> Amount.count(t.of(Outcome.OVERFLOWED))),
  FAILED(Unit.COUNT, t -> Amount.count(t.of(Outcome.FAILED) + t.before(Outcome.FAILED))),
  STILL_WAITING(Unit.COUNT, t -> Amount.count(t.stillWaiting)),

  SERVICE_LEVEL(
      Unit.SHARE,
      t -> Amount.share(t.answeredWithin, t.answered() + t.abandoned() - t.shortAbandoned())),
  SERVICE_LEVEL_ALL(
      Unit.SHARE,
      t ->
          Amount.share(
              t.answeredWithin,
              t.answered()
                  + t.abandoned()
                  + t.of(Outcome.CALLBACK_TAKEN)
                  + t.of(Outcome.VOICEMAIL)
                  + t.of(Outcome.OVERFLOWED))),
  SERVICE_LEVEL_STRICT(
      Unit.SHARE, t -> Amount.share(t.answeredWithin, t.answered() + t.abandoned())),
  SERVICE_LEVEL_ASTERISK(Unit.SHARE, t -> Amount.share(t.answeredWithin, t.answered())),
  SERVICE_LEVEL_ASTERISK_2(
      Unit.SHARE,
      t -> Amount.share(t.answeredWithin + t.abandonedWithin, t.answered() + t.abandoned())),

  ASA(Unit.SECONDS, t -> Amount.mean(t.waitAnsweredMs, t.answered())),
  LONGEST_WAIT(Unit.SECONDS, t -> Amount.longest(t.longestWaitMs)),
  ABANDONMENT(Unit.SHARE, t -> Amount.share(t.abandoned(), t.offered)),
  ABANDONMENT_LESS_SHORT(
      Unit.SHARE,
      t -> Amount.share(t.abandoned() - t.shortAbandoned(), t.offered - t.shortAbandoned())),
  AHT(Unit.SECONDS, t -> Amount.mean(t.talkMs + t.holdMs + t.wrapUpMs, t.answered())),
  TALK(Unit.SECONDS, t -> Amount.mean(t.talkMs, t.answered())),
  HOLD(Unit.SECONDS, t -> Amount.mean(t.holdMs, t.answered())),
  ACW(Unit.SECONDS, t -> Amount.mean(t.wrapUpMs, t.answered())),
  CALL_TO_VOICE(Unit.SECONDS, t -> Amount.mean(t.toVoiceMs, t.answered())),
  REACHED(Unit.SHARE, t -> Amount.share(t.answered(), t.callersIn)),
  FIRST_HANGUP_BY_AGENT(Unit.SHARE, t -> Amount.share(t.agentFirst, t.answered())),
  RING_ANSWER(Unit.SHARE, t -> Amount.share(t.inThreeRings, t.answeredLegs + t.missedByAgent)),
  RONA(
      Unit.SHARE,
      t ->
          Amount.share(
              t.missedByAgent + t.missedByBrowser + t.missedByNetwork + t.missedByEngine,
              t.offers)),
  RONA_AGENT(Unit.SHARE, t -> Amount.share(t.missedByAgent, t.offers)),
  RONA_BROWSER(Unit.SHARE, t -> Amount.share(t.missedByBrowser, t.offers)),
  RONA_NETWORK(Unit.SHARE, t -> Amount.share(t.missedByNetwork, t.offers)),
  RONA_ENGINE(Unit.SHARE, t -> Amount.share(t.missedByEngine, t.offers)),
  LEFT_RINGING(Unit.SHARE, t -> Amount.share(t.leftRinging, t.offers)),
  SURVEY_OFFERED(Unit.SHARE, t -> Amount.share(t.surveyOffered, t.answered())),
  SURVEY_TAKEN(Unit.SHARE, t -> Amount.share(t.surveyTaken, t.surveyOffered)),
  SATISFIED(Unit.SHARE, t -> Amount.share(t.satisfied, t.surveyTaken)),
  FCR(Unit.SHARE, t -> Amount.share(t.settled, t.matters)),
  PROMISES_KEPT(Unit.SHARE, t -> Amount.share(t.kept, t.promised)),
  RECOGNISED(Unit.SHARE, t -> Amount.share(t.recognised, t.callersIn)),
  WITHHELD(Unit.SHARE, t -> Amount.share(t.withheld, t.callersIn));

  private final Unit unit;
  private final Function<Tally, Amount> formula;

  HotlineFigure(Unit unit, Function<Tally, Amount> formula) {
    this.unit = unit;
    this.formula = formula;
  }

  /** Never translated, never renamed. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Unit unit() {
    return unit;
  }

  public Amount of(Tally tally) {
    return formula.apply(tally);
  }

  public Explained explained() {
    return Explained.of(id(), id(), unit);
  }
}

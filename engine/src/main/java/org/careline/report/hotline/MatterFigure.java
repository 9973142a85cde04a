package org.careline.report.hotline;

import java.util.Locale;
import java.util.function.Function;

/**
 * The figures of matters, each a formula over a {@link MatterTally}. Names and formulas in words
 * stand in Figures.properties.
 */
public enum MatterFigure {
  OPENED(Unit.COUNT, t -> Amount.count(t.opened)),
  DONE(Unit.COUNT, t -> Amount.count(t.done)),
  SOLVED_ON_PHONE(Unit.SHARE, t -> Amount.share(t.solved, t.opened)),
  TO_DISPATCH(Unit.SHARE, t -> Amount.share(t.dispatch, t.opened)),
  TO_ANSWER(Unit.SHARE, t -> Amount.share(t.answer, t.opened)),
  UNDECIDED(Unit.SHARE, t -> Amount.share(t.undecided, t.opened)),
  UNRESOLVED(Unit.SHARE, t -> Amount.share(t.opened - t.done, t.opened)),
  OVERDUE(Unit.COUNT, t -> Amount.count(t.overdue)),
  IN_TIME(Unit.SHARE, t -> Amount.share(t.inTime, t.due)),
  TIME_TO_DONE(Unit.SECONDS, t -> Amount.mean(t.toDoneMs, t.done)),
  FCR(Unit.SHARE, t -> Amount.share(t.settled, t.matters));

  private final Unit unit;
  private final Function<MatterTally, Amount> formula;

  MatterFigure(Unit unit, Function<MatterTally, Amount> formula) {
    this.unit = unit;
    this.formula = formula;
  }

  /** Never translated, never renamed. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  Amount of(MatterTally tally) {
    return formula.apply(tally);
  }

  /** First call resolution is the hotline's own figure, with its words. */
  public Explained explained() {
    return Explained.of(id(), this == FCR ? HotlineFigure.FCR.id() : "matter." + id(), unit);
  }
}

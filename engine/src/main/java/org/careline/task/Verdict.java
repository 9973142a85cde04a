package org.careline.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.careline.callback.Disposition;
import org.careline.line.LineSettings;

/**
 * What follows from a call made for a task. Pure.
 *
 * @param end the task is over; empty = it goes on
 * @param counts against the number of tries: his phone may have rung
 * @param next when the engine calls again, within the line's hours; empty = it does not
 */
record Verdict(Optional<Task.Result> end, boolean counts, Optional<Instant> next) {
  /** Trouble of our own is no try of his, and is soon over or lasts. */
  private static final Duration TROUBLE = Duration.ofSeconds(30);

  /** Somebody else there asks for another time. */
  static final Disposition AGAIN = Disposition.RESPONSIBLE_PERSON_ABSENT;

  static Verdict of(
      CalledTask task, Disposition disposition, boolean talked, Instant at, LineSettings settings) {
    LineSettings.Callback rules = settings.callback();
    if (disposition == Disposition.WRONG_NUMBER || disposition == Disposition.NUMBER_NOT_EXISTING) {
      return new Verdict(Optional.of(Task.Result.WRONG_NUMBER), true, Optional.empty());
    }
    if (talked && disposition != AGAIN) {
      return new Verdict(Optional.of(Task.Result.REACHED), true, Optional.empty());
    }
    boolean counts = disposition != Disposition.TECHNICAL;
    if (!task.byItself()) {
      return new Verdict(Optional.empty(), counts, Optional.empty());
    }
    if (counts && task.tries() + 1 >= rules.tries()) {
      return new Verdict(Optional.of(Task.Result.NOT_REACHED), true, Optional.empty());
    }
    boolean soon = !counts && TROUBLE.compareTo(rules.spacing()) < 0;
    Instant later = at.plus(soon ? TROUBLE : rules.spacing());
    Instant next =
        settings.openFor(task.caller().tierCode(), later)
            ? later
            : settings.hours().opening(later).orElse(later);
    return task.expired(next)
        ? new Verdict(Optional.of(Task.Result.TOO_LATE), counts, Optional.empty())
        : new Verdict(Optional.empty(), counts, Optional.of(next));
  }
}

package org.careline.hotline;

import java.time.Duration;
import java.time.InstantSource;
import org.careline.call.CallState;
import org.careline.call.CallState.Place;
import org.careline.call.CallState.Survey;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.Outcome;
import org.careline.task.NewTask;
import org.careline.task.Task;
import org.careline.task.Tasks;

/**
 * What an ended call leaves to be done: a message to be heard, a caller who is not content. Raised
 * with the outcome, so that a call whose end was only found out later leaves it too. Confined to
 * the mailbox.
 */
final class LeftTasks {
  private static final Duration WITHIN = Duration.ofHours(24);

  private final Tasks tasks;
  private final InstantSource clock;

  /** Begins to watch calls. */
  LeftTasks(Calls calls, Tasks tasks, InstantSource clock) {
    this.tasks = tasks;
    this.clock = clock;
    calls.watch(this::ended);
  }

  private void ended(LiveCall call) {
    if (!(call.state() instanceof CallState.Ended end)) {
      return;
    }
    if (end.outcome() == Outcome.VOICEMAIL) {
      raise(Task.Kind.VOICEMAIL, call, "");
    }
    end.last()
        .flatMap(Place::survey)
        .flatMap(Survey::score)
        .filter(score -> score >= Survey.DISSATISFIED)
        .ifPresent(score -> raise(Task.Kind.DISSATISFIED, call, note(score, call)));
  }

  /** The answer and whom he spoke to last: words for both languages are made where it is shown. */
  private static String note(int score, LiveCall call) {
    String agent = call.talkedLast().map(number -> " " + number.value()).orElse("");
    return (score == Survey.DISSATISFIED ? "dissatisfied" : "unresolved") + agent;
  }

  private void raise(Task.Kind kind, LiveCall call, String note) {
    tasks.raise(NewTask.of(kind, call.id(), call.caller(), note, clock.instant(), WITHIN));
  }
}

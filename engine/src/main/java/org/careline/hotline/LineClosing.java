package org.careline.hotline;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.Outcome;
import org.careline.customer.ReferenceData.Line;
import org.careline.line.LineSettings;
import org.careline.line.LineSettings.Closing;
import org.careline.task.NewTask;
import org.careline.task.Task;
import org.careline.task.Tasks;
import org.careline.telephony.Step;

/**
 * Callers who wait when their line closes. Where the line says so, each is told that he will be
 * called when it opens, and a task keeps the promise; who hides his number is served, and so are
 * all where the line serves them. Confined to the mailbox.
 */
final class LineClosing {
  /** Stage of the question that asks what the caller is told. */
  static final String STAGE = "closing";

  private final Calls calls;
  private final Function<String, Optional<Line>> lines;
  private final Tasks tasks;
  private final InstantSource clock;

  LineClosing(
      Calls calls, Function<String, Optional<Line>> lines, Tasks tasks, InstantSource clock) {
    this.calls = calls;
    this.lines = lines;
    this.tasks = tasks;
    this.clock = clock;
  }

  /** Call it each second. */
  void tick() {
    Instant now = clock.instant();
    for (LiveCall call : calls.live()) {
      if (call.offerable(now) && closed(call, now).isPresent()) {
        calls.ask(call.id(), STAGE);
      }
    }
  }

  /** The line of a caller to whom a callback is to be promised now. */
  private Optional<Line> closed(LiveCall call, Instant now) {
    if (call.caller().e164() == null || !(call.state() instanceof CallState.Waiting)) {
      return Optional.empty();
    }
    return lines
        .apply(call.caller().dialled())
        .filter(line -> line.settings().closing() == Closing.PROMISE)
        .filter(line -> overtaken(line.settings(), call, now));
  }

  /** The line was open for him when he joined and is not any more. */
  private static boolean overtaken(LineSettings settings, LiveCall call, Instant now) {
    String tier = call.caller().tierCode();
    return !settings.openFor(tier, now)
        && call.joinedAt().filter(joined -> settings.openFor(tier, joined)).isPresent();
  }

  /** He is out of the waitroom and asks: the promise is written down and told. */
  Step answer(LiveCall call, Line line) {
    CallId id = call.id();
    Instant now = clock.instant();
    Optional<Instant> opening = line.settings().hours().opening(now);
    if (call.caller().e164() == null || opening.isEmpty()) {
      return new Step.Wait();
    }
    tasks.raise(
        new NewTask(
            Task.Kind.CLOSING,
            id,
            call.caller().e164(),
            call.caller().customerId(),
            call.caller().siteId(),
            call.caller().lineCode(),
            call.caller().tierCode(),
            "",
            now,
            opening.get(),
            null,
            opening.get().plus(line.settings().callback().expiry()),
            call.joinedAt().orElse(now),
            opening.get(),
            call.caller(),
            call.handling()));
    calls.turned(id, Outcome.CALLBACK_TAKEN, STAGE);
    calls.ending(id);
    return new Step.Bye(java.util.List.of("closing-promise"));
  }
}

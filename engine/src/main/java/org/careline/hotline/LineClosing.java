package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.customer.ReferenceData.Line;
import org.careline.line.LineSettings;
import org.careline.line.LineSettings.Closing;
import org.careline.task.NewTask;
import org.careline.task.OpeningWords;
import org.careline.task.Promises;
import org.careline.task.Task;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;

/**
 * Callers who wait when their line closes. Where the line says so, each is told that he will be
 * called when it opens, and when that is; a task keeps the promise. Whom we may not call, because
 * he hides his number or has one that is not called, is served, and so are all where the line
 * serves them. Confined to the mailbox.
 */
final class LineClosing implements HotlineDialog.KeyDialogue {
  /** Stage of the question that asks what the caller is told; those after it begin with it. */
  static final String STAGE = "closing";

  private static final String WRITTEN = "closing-written";

  /** Who could not be promised anything waits so long before he is told again. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /**
   * Who may be promised a call.
   *
   * @param callable whether a number is one that we call
   * @param promised whether somebody is called at a number already
   */
  record Numbers(Predicate<String> callable, Predicate<String> promised) {}

  private final Calls calls;
  private final Function<String, Optional<Line>> lines;
  private final Promises promises;
  private final Numbers numbers;
  private final InstantSource clock;
  private final Map<CallId, Instant> notBefore = new HashMap<>();

  /** Begins to watch calls. */
  LineClosing(
      Calls calls,
      Function<String, Optional<Line>> lines,
      Promises promises,
      Numbers numbers,
      InstantSource clock) {
    this.calls = calls;
    this.lines = lines;
    this.promises = promises;
    this.numbers = numbers;
    this.clock = clock;
    calls.watch(
        call -> {
          if (call.state() instanceof CallState.Ended) {
            notBefore.remove(call.id());
          }
        });
  }

  /** Call it each second. */
  void tick() {
    Instant now = clock.instant();
    for (LiveCall call : calls.live()) {
      if (call.offerable(now)
          && !now.isBefore(notBefore.getOrDefault(call.id(), now))
          && closes(call, now)) {
        calls.ask(call.id(), STAGE);
      }
    }
  }

  /** A callback is to be promised to him now. */
  private boolean closes(LiveCall call, Instant now) {
    return call.state() instanceof CallState.Waiting
        && lines
            .apply(call.caller().servedNumber())
            .filter(line -> line.settings().closing() == Closing.PROMISE)
            .filter(line -> overtaken(line.settings(), call, now))
            .filter(line -> opening(call, line, now).isPresent())
            .isPresent();
  }

  /** The line was open for him when he joined and is not any more. */
  private static boolean overtaken(LineSettings settings, LiveCall call, Instant now) {
    String tier = call.caller().tierCode();
    return !settings.openFor(tier, now)
        && call.joinedAt().filter(joined -> settings.openFor(tier, joined)).isPresent();
  }

  /** When he can be called; empty = never, or not at his number. */
  private Optional<Instant> opening(LiveCall call, Line line, Instant now) {
    String e164 = call.caller().e164();
    return e164 == null || !numbers.callable().test(e164)
        ? Optional.empty()
        : line.settings().hours().opening(now);
  }

  /** He is out of the waitroom and asks: the promise is written down, then told. */
  @Override
  public Step next(LiveCall call, Line line, Heard heard) {
    return switch (heard.stage()) {
      case STAGE -> promise(call, line);
      case WRITTEN -> {
        Step told = promises.written(call, List.of("closing-promise"), new Step.Wait());
        if (told instanceof Step.Wait) {
          notBefore.put(call.id(), clock.instant().plus(AGAIN));
        }
        yield told;
      }
      default -> new Step.Wait();
    };
  }

  private Step promise(LiveCall call, Line line) {
    Instant now = clock.instant();
    Optional<Instant> opening = opening(call, line, now);
    if (opening.isEmpty()) {
      return new Step.Wait();
    }
    if (numbers.promised().test(call.caller().e164())) {
      return promises.already(call, STAGE, List.of("closing-now", "callback-already", "goodbye"));
    }
    LineSettings settings = line.settings();
    NewTask task =
        new NewTask(
            Task.Kind.CLOSING,
            call.id(),
            call.caller().e164(),
            call.caller().customerId(),
            call.caller().siteId(),
            call.caller().servedLine(),
            call.caller().tierCode(),
            "",
            now,
            opening.get(),
            null,
            opening.get().plus(settings.callback().expiry()),
            call.waitsSince().orElse(now),
            opening.get(),
            call.caller(),
            call.handling());
    return promises.give(
        call,
        task,
        new Promises.Words(
            STAGE,
            WRITTEN,
            List.of("closing-now"),
            OpeningWords.of(opening.get(), now, settings.hours().zone(), line.language())));
  }
}

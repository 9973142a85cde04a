package org.careline.task;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.Outcome;
import org.careline.customer.PhoneNumber;
import org.careline.customer.ReferenceData.Line;
import org.careline.hotline.HotlineDialog;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link CallbackDialogue} decides for a caller in the waitroom. A promise is on
 * disk before he hears of it: between his confirmation and ours he hears a thank-you, and the
 * question after it looks whether it is written. Confined to the mailbox.
 */
public final class CallbackKeys implements HotlineDialog.KeyDialogue {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackKeys.class);
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  /** He is still on the line, hearing our good-bye: his telephone is busy. */
  private static final Duration HANGS_UP = Duration.ofSeconds(20);

  /** So many thank-yous; then the disk has to be given up. */
  private static final int LOOKS = 3;

  /** A promise that is being written down. */
  private static final class Pending {
    final PromisedTime time;
    final CompletableFuture<Long> written;
    int looks;

    Pending(PromisedTime time, CompletableFuture<Long> written) {
      this.time = time;
      this.written = written;
    }
  }

  private final Calls calls;
  private final Tasks tasks;
  private final TaskCalls waiting;
  private final CallbackNumbers numbers;
  private final Function<CallId, Optional<Duration>> expected;
  private final InstantSource clock;
  private final Map<CallId, PhoneNumber> typed = new HashMap<>();
  private final Map<CallId, Pending> pending = new HashMap<>();

  /**
   * Begins to watch calls.
   *
   * @param expected how long a caller is expected to wait from now on; empty = nobody can say
   */
  public CallbackKeys(
      Calls calls,
      Tasks tasks,
      TaskCalls waiting,
      CallbackNumbers numbers,
      Function<CallId, Optional<Duration>> expected,
      InstantSource clock) {
    this.calls = calls;
    this.tasks = tasks;
    this.waiting = waiting;
    this.numbers = numbers;
    this.expected = expected;
    this.clock = clock;
    calls.watch(
        call -> {
          if (call.state() instanceof CallState.Ended) {
            typed.remove(call.id());
            pending.remove(call.id());
          }
        });
  }

  @Override
  public Step next(LiveCall call, Line line, Heard heard) {
    return switch (heard.stage()) {
      case CallbackDialogue.WRITTEN -> written(call);
      case CallbackDialogue.STAY -> new Step.Wait();
      default -> decide(call, line, heard);
    };
  }

  private Step decide(LiveCall call, Line line, Heard heard) {
    CallbackDialogue.Facts facts =
        new CallbackDialogue.Facts(
            line.settings().callback().offer(),
            shown(call.caller(), heard.stage()),
            Optional.ofNullable(typed.get(call.id())),
            number -> waiting.promisedAt(number.e164()).isPresent(),
            numbers::typed);
    return switch (CallbackDialogue.next(heard.stage(), heard.digits(), facts)) {
      case CallbackDialogue.Ask ask -> read(ask);
      case CallbackDialogue.Repeat repeat -> {
        typed.put(call.id(), repeat.number());
        yield read(repeat.ask());
      }
      case CallbackDialogue.Promise promise -> promise(call, line, promise.number());
      case CallbackDialogue.Stay stay -> stay(stay.prompts());
    };
  }

  /** The number he calls from is judged where it is needed: each judgement is counted. */
  private Optional<CallbackNumbers.Checked> shown(Caller caller, String stage) {
    return stage.equals(CallbackDialogue.KEY) || stage.equals(CallbackDialogue.CONFIRM)
        ? Optional.ofNullable(caller.e164()).map(numbers::shown)
        : Optional.empty();
  }

  private static Step read(CallbackDialogue.Ask ask) {
    return new Step.Read(ask.prompts(), ask.stage(), ask.most(), PATIENCE);
  }

  private static Step stay(List<String> prompts) {
    return prompts.isEmpty() ? new Step.Wait() : new Step.Say(prompts, CallbackDialogue.STAY);
  }

  private Step promise(LiveCall call, Line line, PhoneNumber number) {
    Instant now = clock.instant();
    Duration expiry = line.settings().callback().expiry();
    PromisedTime time = PromisedTime.of(expected.apply(call.id()), expiry);
    Caller caller = call.caller();
    CompletableFuture<Long> written =
        tasks.raise(
            new NewTask(
                Task.Kind.PROMISE,
                call.id(),
                number.e164(),
                caller.customerId(),
                caller.siteId(),
                caller.lineCode(),
                caller.tierCode(),
                "",
                now,
                now.plus(time.within()),
                null,
                now.plus(expiry),
                call.joinedAt().orElse(now),
                now.plus(HANGS_UP),
                caller,
                call.handling()));
    pending.put(call.id(), new Pending(time, written));
    return new Step.Say(List.of("code-thanks"), CallbackDialogue.WRITTEN);
  }

  private Step written(LiveCall call) {
    Pending promise = pending.get(call.id());
    if (promise == null) {
      // an engine before this one wrote it, or did not: he waits on, and is called if it did
      return stay(List.of("callback-kept"));
    }
    if (!promise.written.isDone() && promise.looks++ < LOOKS) {
      return new Step.Say(List.of("code-thanks"), CallbackDialogue.WRITTEN);
    }
    pending.remove(call.id());
    if (!promise.written.isDone() || promise.written.isCompletedExceptionally()) {
      LOG.error("call {}: the promise of a callback is not on disk, he waits on", call.id());
      return stay(List.of("callback-kept"));
    }
    calls.turned(call.id(), Outcome.CALLBACK_TAKEN, "callback");
    calls.ending(call.id());
    return new Step.Bye(CallbackDialogue.told(promise.time));
  }
}

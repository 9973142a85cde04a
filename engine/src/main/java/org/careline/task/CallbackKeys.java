package org.careline.task;

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
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.customer.PhoneNumber;
import org.careline.customer.ReferenceData.Line;
import org.careline.hotline.HotlineDialog;
import org.careline.line.LineSettings;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;

/**
 * Carries out what {@link CallbackDialogue} decides for a caller in the waitroom. Between his
 * confirmation and ours he hears a thank-you while {@link Promises} writes it down. Confined to the
 * mailbox.
 */
public final class CallbackKeys implements HotlineDialog.KeyDialogue {
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  /** He is still on the line, hearing our good-bye: his telephone is busy. */
  private static final Duration HANGS_UP = Duration.ofSeconds(20);

  private final Promises promises;
  private final Predicate<String> promised;
  private final CallbackNumbers numbers;
  private final Function<CallId, Optional<Duration>> expected;
  private final InstantSource clock;
  private final Map<CallId, PhoneNumber> typed = new HashMap<>();

  /**
   * Begins to watch calls.
   *
   * @param promised whether somebody is called at a number already
   * @param expected how long a caller is expected to wait from now on; empty = nobody can say
   */
  public CallbackKeys(
      Calls calls,
      Promises promises,
      Predicate<String> promised,
      CallbackNumbers numbers,
      Function<CallId, Optional<Duration>> expected,
      InstantSource clock) {
    this.promises = promises;
    this.promised = promised;
    this.numbers = numbers;
    this.expected = expected;
    this.clock = clock;
    calls.watch(
        call -> {
          if (call.state() instanceof CallState.Ended) {
            typed.remove(call.id());
          }
        });
  }

  @Override
  public Step next(LiveCall call, Line line, Heard heard) {
    return switch (heard.stage()) {
      case CallbackDialogue.WRITTEN ->
          promises.written(call, List.of("callback-taken"), stay(List.of("callback-kept")));
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
            number -> promised.test(number.e164()),
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
    LineSettings settings = line.settings();
    Duration expiry = settings.callback().expiry();
    Caller caller = call.caller();
    PromisedTime time =
        PromisedTime.of(
            expected.apply(call.id()),
            expiry,
            PromisedTime.Open.of(settings, caller.tierCode(), now));
    NewTask task =
        new NewTask(
            Task.Kind.PROMISE,
            call.id(),
            number.e164(),
            caller.customerId(),
            caller.siteId(),
            caller.servedLine(),
            caller.tierCode(),
            "",
            now,
            now.plus(time.within()),
            null,
            time.from().orElse(now).plus(expiry),
            call.waitsSince().orElse(now),
            time.from().orElse(now.plus(HANGS_UP)),
            caller,
            call.handling());
    return promises.give(
        call,
        task,
        new Promises.Words(
            "callback",
            CallbackDialogue.WRITTEN,
            List.of("code-thanks"),
            CallbackDialogue.told(time, now, settings.hours().zone(), line.language())));
  }
}

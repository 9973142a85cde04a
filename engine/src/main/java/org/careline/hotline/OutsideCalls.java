package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.careline.call.CallEvent;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.Outcome;
import org.careline.call.Turns;
import org.careline.routing.Outside;
import org.careline.routing.PolicyStep;
import org.careline.telephony.Telephony;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rings numbers outside for callers whose policy says so: each number once for a caller, and only
 * when no agent suits him. Confined to the mailbox.
 */
public final class OutsideCalls {
  private static final Logger LOG = LoggerFactory.getLogger(OutsideCalls.class);

  private static final Set<Outcome> TAKEN =
      Set.of(Outcome.OVERFLOWED, Outcome.ANSWERED, Outcome.FALLBACK_ANSWERED);

  private final Calls calls;
  private final Telephony telephony;
  private final Turns turns;
  private final InstantSource clock;
  private final Function<String, Optional<String>> numbers;
  private final Consumer<LiveCall> managerUnreached;
  private final Map<CallId, Set<String>> tried = new HashMap<>();
  private final Map<CallId, Outside> ringing = new HashMap<>();

  /**
   * Begins to watch calls.
   *
   * @param numbers as the trunk wants them; empty = must not be dialled
   * @param managerUnreached told of calls whose account manager did not take them on his mobile, or
   *     whose mobile must not be dialled
   */
  OutsideCalls(
      Calls calls,
      Telephony telephony,
      Turns turns,
      InstantSource clock,
      Function<String, Optional<String>> numbers,
      Consumer<LiveCall> managerUnreached) {
    this.calls = calls;
    this.telephony = telephony;
    this.turns = turns;
    this.clock = clock;
    this.numbers = numbers;
    this.managerUnreached = managerUnreached;
    calls.watch(this::changed);
  }

  private void changed(LiveCall call) {
    if (call.state() instanceof CallState.Overflowing) {
      return;
    }
    Outside outside = ringing.remove(call.id());
    if (outside != null && outside.manager() && !taken(call.state())) {
      managerUnreached.accept(call);
    }
    if (call.state() instanceof CallState.Ended) {
      tried.remove(call.id());
    }
  }

  /** Somebody outside took him; who has talked to an agent before stays answered by him. */
  private static boolean taken(CallState state) {
    return state instanceof CallState.Leaving leaving && TAKEN.contains(leaving.outcome())
        || state instanceof CallState.Ended ended && ended.outcome() == Outcome.OVERFLOWED;
  }

  /** Rings the next number that is due for a caller who can be pulled out of the waitroom now. */
  void look(LiveCall call, Iterable<Outside> steps, Duration waited) {
    for (Outside outside : steps) {
      if (outside.after().compareTo(waited) > 0) {
        continue;
      }
      if (tried.computeIfAbsent(call.id(), none -> new HashSet<>()).add(outside.number())) {
        Optional<String> number = numbers.apply(outside.number());
        if (number.isPresent()) {
          ring(call, outside, number.get());
          return;
        }
        LOG.warn("call {}: its policy's number outside must not be dialled", call.id());
        if (outside.manager()) {
          managerUnreached.accept(call);
        }
      }
    }
  }

  private void ring(LiveCall call, Outside outside, String number) {
    String target = outside.manager() ? PolicyStep.MANAGER_MOBILE : outside.number();
    ringing.put(call.id(), outside);
    if (!calls.overflowing(call.id(), target, outside.ring(), outside.press1())) {
      // he is somewhere else: nobody was rung, and the number is due when he waits again
      ringing.remove(call.id());
      tried.get(call.id()).remove(outside.number());
      return;
    }
    telephony
        .external(call.channel(), number, outside.ring(), outside.press1())
        .whenCompleteAsync(
            (answer, failure) -> {
              // a failure is unknown: what comes of it, or the belt, will tell
              if (failure == null && !answer.taken() && ringing.get(call.id()) == outside) {
                Instant now = clock.instant();
                calls.overflowFailed(call.id());
                calls.feed(call.id(), new CallEvent.EnteredRoom(now), false);
              }
            },
            turns);
  }
}

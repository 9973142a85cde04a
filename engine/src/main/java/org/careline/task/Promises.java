package org.careline.task;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.careline.call.CallEvent;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.Outcome;
import org.careline.telephony.Step;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Promises that callers on the line are given. The task goes to the journal first and the call's
 * outcome right behind it: whoever hangs up from then on has taken a callback. He hears of it only
 * when it is on disk; meanwhile he hears something else, and the question after that looks. When it
 * cannot be written he waits on in his place. Confined to the mailbox.
 */
public final class Promises {
  private static final Logger LOG = LoggerFactory.getLogger(Promises.class);

  /** So often he hears something else; then the disk has to be given up. */
  private static final int LOOKS = 3;

  /**
   * What a caller hears.
   *
   * @param why a word for the call's story
   * @param stage of the question that looks whether it is written
   * @param meanwhile while it is being written
   * @param told when it is written, and then nothing more
   */
  public record Words(String why, String stage, List<String> meanwhile, List<String> told) {}

  private static final class Pending {
    final Words words;
    final CompletableFuture<Long> written;
    int looks;

    Pending(Words words, CompletableFuture<Long> written) {
      this.words = words;
      this.written = written;
    }
  }

  private final Calls calls;
  private final Tasks tasks;
  private final InstantSource clock;
  private final Map<CallId, Pending> pending = new HashMap<>();

  /** Begins to watch calls. */
  public Promises(Calls calls, Tasks tasks, InstantSource clock) {
    this.calls = calls;
    this.tasks = tasks;
    this.clock = clock;
    calls.watch(
        call -> {
          if (call.state() instanceof CallState.Ended) {
            pending.remove(call.id());
          }
        });
  }

  /** Whether this caller has been promised a call and is only told so. */
  public static boolean given(LiveCall call) {
    return call.state() instanceof CallState.Leaving leaving
        && leaving.outcome() == Outcome.CALLBACK_TAKEN;
  }

  /** Writes it down and settles how his call ends. */
  public Step give(LiveCall call, NewTask task, Words words) {
    pending.put(call.id(), new Pending(words, tasks.raise(task)));
    calls.turned(call.id(), Outcome.CALLBACK_TAKEN, words.why());
    return new Step.Say(words.meanwhile(), words.stage());
  }

  /** He is promised a call already, by an earlier one of his. */
  public Step already(LiveCall call, String why, List<String> told) {
    calls.turned(call.id(), Outcome.CALLBACK_TAKEN, why);
    calls.ending(call.id());
    return new Step.Bye(told);
  }

  /**
   * He has heard the words meanwhile.
   *
   * @param untold what he hears of a promise that an engine before this one has written
   * @param otherwise what he does when there is none
   */
  public Step written(LiveCall call, List<String> untold, Step otherwise) {
    Pending promise = pending.get(call.id());
    if (promise == null) {
      return given(call) ? bye(call, untold) : otherwise;
    }
    if (!promise.written.isDone() && promise.looks++ < LOOKS) {
      return new Step.Say(promise.words.meanwhile(), promise.words.stage());
    }
    pending.remove(call.id());
    if (!promise.written.isDone() || promise.written.isCompletedExceptionally()) {
      LOG.error("call {}: the promise of a callback is not on disk, he waits on", call.id());
      calls.feed(call.id(), new CallEvent.EnteredRoom(clock.instant()), false);
      return otherwise;
    }
    return bye(call, promise.words.told());
  }

  private Step bye(LiveCall call, List<String> told) {
    calls.ending(call.id());
    return new Step.Bye(told);
  }
}

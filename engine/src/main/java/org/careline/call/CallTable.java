package org.careline.call;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.careline.agent.Agents;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Turned;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.InFallback;
import org.careline.call.CallState.Leaving;
import org.careline.call.CallState.Waiting;
import org.careline.telephony.Telephony;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The living calls and the one way in which they change: {@link #step}. Each step is decided by
 * {@link CallTransitions}, written to the journal, carried out and told to those who watch. A call
 * leaves the table with its outcome, which is written once: what comes for it later finds nothing.
 * Confined to the mailbox.
 */
final class CallTable {
  private static final Logger LOG = LoggerFactory.getLogger(CallTable.class);

  /** How many ended calls are remembered, so that late events cannot revive them. */
  private static final int ENDED_REMEMBERED = 20_000;

  private static final Duration TAKE_OVER = Duration.ofSeconds(2);
  private static final Duration TAKE_OVER_MAX = Duration.ofSeconds(30);

  private final Map<CallId, LivingCall> calls = new LinkedHashMap<>();
  private final Map<CallId, Boolean> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, Boolean> eldest) {
          return size() > ENDED_REMEMBERED;
        }
      };
  private final List<Consumer<LiveCall>> watchers = new ArrayList<>();
  private final CallTransitions transitions;
  private final Journal journal;
  private final Telephony telephony;
  private final Agents agents;
  private final Turns turns;
  private final InstantSource clock;
  private final BooleanSupplier serving;
  private ToIntFunction<CallId> positions = id -> 0;
  private Predicate<CallId> messageLeft = id -> false;

  CallTable(
      CallTransitions transitions,
      Journal journal,
      Telephony telephony,
      Agents agents,
      Turns turns,
      InstantSource clock,
      BooleanSupplier serving) {
    this.transitions = transitions;
    this.journal = journal;
    this.telephony = telephony;
    this.agents = agents;
    this.turns = turns;
    this.clock = clock;
    this.serving = serving;
  }

  void watch(Consumer<LiveCall> watcher) {
    watchers.add(watcher);
  }

  void messagesBy(Predicate<CallId> rule) {
    messageLeft = rule;
  }

  void positionsBy(ToIntFunction<CallId> rule) {
    positions = rule;
  }

  // --- who is there

  Collection<LivingCall> all() {
    return calls.values();
  }

  LivingCall get(CallId id) {
    return calls.get(id);
  }

  boolean over(CallId id) {
    return ended.containsKey(id);
  }

  boolean unheardOf(CallId id) {
    return !calls.containsKey(id) && !ended.containsKey(id);
  }

  /** For text of the switch: nothing happens when it names no living call. */
  void find(String id, Consumer<LivingCall> task) {
    id(id).map(calls::get).ifPresent(task);
  }

  static Optional<CallId> id(String text) {
    return text != null && text.matches("[A-Za-z0-9._-]{1,64}")
        ? Optional.of(new CallId(text))
        : Optional.empty();
  }

  /** His position in the queue, 1 = next; 0 = not in it, or not known. */
  int position(LivingCall call) {
    return call.state.queued() ? positions.applyAsInt(call.id) : 0;
  }

  /** The position he would have if he joined now. */
  int positionOf(CallId id) {
    return positions.applyAsInt(id);
  }

  // --- how they change

  void arrive(CallId id, String channel, Calls.Known known, Instant at, boolean replayed) {
    LivingCall call = new LivingCall(id, channel, known.caller(), known.handling(), at);
    calls.put(id, call);
    write(call, CallEntry.arrived(at, channel, known.caller(), known.handling(), replayed));
    notice(call);
  }

  /** What is known of the caller has changed. */
  void recognised(LivingCall call, Calls.Known known, Instant at) {
    call.known(known);
    write(
        call, CallEntry.recognised(at, call.state, call.channel, known.caller(), known.handling()));
    notice(call);
  }

  /** A line of the story that changes no state. */
  void note(LivingCall call, TalkNote note, String target) {
    write(call, CallEntry.note(note, call.state, now(), target));
    notice(call);
  }

  void step(LivingCall call, CallEvent event, boolean replayed) {
    step(call, event, replayed, CallEntry.Reason.NONE);
  }

  void step(LivingCall call, CallEvent event, boolean replayed, CallEntry.Reason reason) {
    if (calls.get(call.id) != call) {
      return;
    }
    if (event instanceof HungUp
        && call.state instanceof Leaving leaving
        && leaving.outcome() == Outcome.AFTER_HOURS
        && messageLeft.test(call.id)) {
      // he hung up behind his message, or no engine was there when it ended
      step(call, new Turned(event.at(), Outcome.VOICEMAIL, "voicemail"), replayed);
    }
    CallState before = call.state;
    CallTransitions.Step step = transitions.next(before, event);
    if (step.next().equals(before) && step.effects().isEmpty()) {
      return;
    }
    call.state = step.next();
    call.legs.add(before, event, call.state);
    write(call, CallEntry.of(event, call.state, reason, replayed));
    for (CallTransitions.Effect effect : step.effects()) {
      perform(call, effect, replayed);
    }
    if (call.state instanceof InFallback && !(before instanceof InFallback)) {
      takeOverLater(call, TAKE_OVER);
    }
    notice(call);
  }

  /**
   * @param replayed it has happened already: adoption looks where the caller is now. An order would
   *     reach who knows whom, because channels' names begin anew when the switch does.
   */
  private void perform(LivingCall call, CallTransitions.Effect effect, boolean replayed) {
    switch (effect) {
      case CallTransitions.FreeAgent free ->
          agents.release(
              free.agent(),
              call.work(),
              switch (free.why()) {
                case MISSED, REJECTED -> Agents.Release.MISSED;
                case UNREACHABLE, BROWSER, NETWORK -> Agents.Release.UNREACHABLE;
                case ENGINE -> Agents.Release.NOT_NEEDED;
              });
      case CallTransitions.AgentTalks talks -> {
        call.leftFirst = null;
        agents.talks(talks.agent(), call.work());
      }
      case CallTransitions.WrapUp wrapUp ->
          agents.wrapUp(wrapUp.agent(), call.work(), call.handling.wrapUp());
      case CallTransitions.SendToWaitroom send -> {
        if (!replayed) {
          sendToWaitroom(call);
        }
      }
      case CallTransitions.WriteOutcome outcome -> close(call);
    }
  }

  /** Ordered again while nothing shows that it was carried out. */
  void sendToWaitroom(LivingCall call) {
    telephony.waitroom(call.channel);
    turns.schedule(
        TAKE_OVER,
        () -> {
          if (calls.get(call.id) == call
              && call.state instanceof Waiting waiting
              && !waiting.inRoom()) {
            sendToWaitroom(call);
          }
        });
  }

  /** Where the switch serves alone nobody waits longer than needed once we are there. */
  private void takeOverLater(LivingCall call, Duration pause) {
    turns.schedule(
        pause,
        () -> {
          if (calls.get(call.id) != call || !(call.state instanceof InFallback)) {
            return;
          }
          Duration next = pause;
          if (serving.getAsBoolean() && !call.phoneRings) {
            telephony.waitroom(call.channel);
            next = pause.multipliedBy(2);
          }
          takeOverLater(call, next.compareTo(TAKE_OVER_MAX) > 0 ? TAKE_OVER_MAX : next);
        });
  }

  private void close(LivingCall call) {
    Ended end = (Ended) call.state;
    calls.remove(call.id);
    ended.put(call.id, true);
    journal
        .appendDurably(
            "outcome",
            call.id.value(),
            CallRecord.of(call.id, call.caller, call.arrivedAt, end, call.legs.all()))
        .whenComplete(
            (seq, failure) -> {
              if (failure != null) {
                LOG.error("call {}: outcome not yet on disk: {}", call.id, failure.getMessage());
              }
            });
  }

  private void write(LivingCall call, CallEntry entry) {
    entry.pauses().ifPresent(paused -> call.paused = paused);
    journal.append("call", call.id.value(), entry);
  }

  void notice(LivingCall call) {
    LiveCall view = call.view();
    watchers.forEach(watcher -> watcher.accept(view));
  }

  Instant now() {
    return clock.instant();
  }

  // --- what an earlier life of the engine knew

  /** At the start, oldest first: what the journal kept of calls (kinds call and outcome). */
  void replay(Journal.Entry entry) {
    CallId id = new CallId(entry.key());
    switch (entry.kind()) {
      case "outcome" -> {
        calls.remove(id);
        ended.put(id, true);
      }
      case "call" -> replay(id, entry.as(CallEntry.class));
      default -> {}
    }
  }

  private void replay(CallId id, CallEntry line) {
    if (ended.containsKey(id)) {
      return;
    }
    LivingCall call = calls.get(id);
    if (line.event().equals(CallEntry.ARRIVED)) {
      if (call == null) {
        calls.put(
            id, new LivingCall(id, line.channel(), line.caller(), line.handling(), line.at()));
      }
      return;
    }
    if (call == null) {
      LOG.warn("call {}: history without a beginning, left to the switch's own files", id);
      return;
    }
    if (line.event().equals(CallEntry.RECOGNISED)) {
      call.channel = line.channel();
      call.known(new Calls.Known(line.caller(), line.handling()));
    }
    line.pauses().ifPresent(paused -> call.paused = paused);
    line.toEvent()
        .ifPresent(
            event -> {
              CallState before = call.state;
              call.state = transitions.next(before, event).next();
              if (!call.state.equals(before)) {
                call.legs.add(before, event, call.state);
              }
            });
  }

  /** After the last {@link #replay}: see {@link Calls#replayed}. */
  void replayed() {
    for (LivingCall call : List.copyOf(calls.values())) {
      if (call.state instanceof Ended) {
        close(call);
      } else {
        boolean talks = !(call.state instanceof CallState.Offered);
        call.state.agent().ifPresent(agent -> agents.restore(agent, call.work(), talks));
      }
    }
  }
}

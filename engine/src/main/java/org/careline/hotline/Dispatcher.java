package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.careline.agent.Agents;
import org.careline.agent.Work;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.Handling;
import org.careline.call.LiveCall;
import org.careline.call.Turns;
import org.careline.routing.AgentChoice;
import org.careline.routing.Assignment;
import org.careline.routing.ReadyAgent;
import org.careline.routing.Score;
import org.careline.routing.WaitingCaller;

/**
 * Brings waiting callers and ready agents together, whenever one of them changes. Also says which
 * agents other work, such as callbacks, may have: nobody who waits on the line is passed over for
 * it.
 *
 * <p>Confined to the mailbox.
 */
public final class Dispatcher {
  private final Calls calls;
  private final Agents agents;
  private final AgentChoice choice;
  private final Turns turns;
  private final InstantSource clock;
  private final BooleanSupplier serving;
  private boolean woken;

  /**
   * Begins to watch calls and agents.
   *
   * @param widenAfter how long a caller is kept for agents of his tier's grade
   * @param serving this engine leads and knows what lives
   */
  public Dispatcher(
      Calls calls,
      Agents agents,
      Duration widenAfter,
      Turns turns,
      InstantSource clock,
      BooleanSupplier serving) {
    this.calls = calls;
    this.agents = agents;
    this.choice = new AgentChoice(widenAfter);
    this.turns = turns;
    this.clock = clock;
    this.serving = serving;
    calls.watch(
        call -> {
          if (call.state() instanceof CallState.Waiting) {
            wake();
          }
        });
    agents.watch(agent -> wake());
    agents.spareBy(this::spare);
  }

  /** Looks once after all that happens in this turn. Call it each second too: callers age. */
  public void wake() {
    if (!woken) {
      woken = true;
      turns.execute(
          () -> {
            woken = false;
            dispatch();
          });
    }
  }

  private void dispatch() {
    if (!serving.getAsBoolean()) {
      return;
    }
    List<ReadyAgent> ready = ready();
    if (ready.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    List<WaitingCaller> waiting = new ArrayList<>();
    for (LiveCall call : calls.live()) {
      if (call.offerable(now)) {
        waiting.add(waiting(call, call.joinedAt().orElse(now)));
      }
    }
    for (Assignment assignment : Assignment.all(waiting, ready, choice, now)) {
      Work work = Work.call(assignment.call().value());
      if (agents.reserve(assignment.agent(), work)
          && !calls.pull(assignment.call(), assignment.agent(), reason(assignment))) {
        agents.release(assignment.agent(), work, Agents.Release.NOT_NEEDED);
      }
    }
  }

  /**
   * An idle eligible agent for a caller at the door, set aside for him; empty = he has to wait.
   * Nobody who waits already is passed over, except by score.
   */
  Optional<Assignment> connect(CallId id) {
    Optional<LiveCall> call = calls.find(id);
    List<ReadyAgent> ready = ready();
    if (call.isEmpty() || ready.isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    List<WaitingCaller> callers = new ArrayList<>();
    callers.add(waiting(call.get(), now));
    for (LiveCall other : calls.live()) {
      if (other.offerable(now)) {
        callers.add(waiting(other, other.joinedAt().orElse(now)));
      }
    }
    for (Assignment assignment : Assignment.all(callers, ready, choice, now)) {
      Work work = Work.call(id.value());
      if (assignment.call().equals(id) && agents.reserve(assignment.agent(), work)) {
        if (calls.connect(id, assignment.agent(), reason(assignment))) {
          return Optional.of(assignment);
        }
        agents.release(assignment.agent(), work, Agents.Release.NOT_NEEDED);
      }
    }
    return Optional.empty();
  }

  /** See {@link Agents#spare}. Callers who can be served are served before the answer. */
  private List<Agents.Free> spare() {
    if (!serving.getAsBoolean()) {
      return List.of();
    }
    dispatch();
    List<Agents.Free> free = agents.ready();
    if (free.isEmpty()) {
      return free;
    }
    Instant now = clock.instant();
    List<WaitingCaller> onTheLine = new ArrayList<>();
    for (LiveCall call : calls.live()) {
      if (call.state() instanceof CallState.Waiting) {
        onTheLine.add(waiting(call, call.joinedAt().orElse(now)));
      }
    }
    return free.stream()
        .filter(agent -> onTheLine.stream().noneMatch(c -> choice.eligible(c, ready(agent), now)))
        .toList();
  }

  /** Callers who wait, in the order in which they will be served. */
  public List<LiveCall> order() {
    Instant now = clock.instant();
    Comparator<WaitingCaller> order = Score.order(now);
    return calls.live().stream()
        .filter(
            call ->
                call.state() instanceof CallState.Waiting
                    || call.state() instanceof CallState.InFallback)
        .sorted(
            (one, other) ->
                order.compare(
                    waiting(one, one.joinedAt().orElse(now)),
                    waiting(other, other.joinedAt().orElse(now))))
        .toList();
  }

  private List<ReadyAgent> ready() {
    return agents.ready().stream().map(Dispatcher::ready).toList();
  }

  private static ReadyAgent ready(Agents.Free free) {
    return new ReadyAgent(free.number(), free.grade(), free.skills(), free.idleSince());
  }

  private static WaitingCaller waiting(LiveCall call, Instant joinedAt) {
    Handling handling = call.handling();
    return new WaitingCaller(
        call.id(),
        call.caller().tierCode(),
        handling.weight(),
        handling.rank(),
        handling.minGrade(),
        Optional.empty(),
        joinedAt);
  }

  private static CallEntry.Reason reason(Assignment assignment) {
    return new CallEntry.Reason(assignment.reasonEn(), assignment.reasonZh());
  }
}

package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.careline.agent.Agents;
import org.careline.agent.Work;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.Handling;
import org.careline.call.LiveCall;
import org.careline.call.Turns;
import org.careline.routing.Assignment;
import org.careline.routing.Discipline;
import org.careline.routing.ReadyAgent;
import org.careline.routing.Router;
import org.careline.routing.Terms;
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
  private final Duration widenAfter;
  private final Turns turns;
  private final InstantSource clock;
  private final BooleanSupplier serving;
  private WaitingWork work = WaitingWork.none();
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
    this.widenAfter = widenAfter;
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
    calls.positionsBy(this::position);
  }

  /** Whom else the agents are for, besides those on the line; said once, before anybody waits. */
  public void alongside(WaitingWork others) {
    this.work = others;
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
    List<WaitingWork.Waiting> others = work.waiting(now);
    assign(router(ready, others, now), others, now);
    List<WaitingWork.Waiting> patient = others.stream().filter(other -> !other.pressing()).toList();
    if (!patient.isEmpty()) {
      Router rest = new Router(Discipline.AGEING);
      unneeded(now).forEach(free -> rest.ready(ready(free)));
      patient.forEach(other -> rest.join(waiting(other)));
      assign(rest, patient, now);
    }
  }

  private void assign(Router router, List<WaitingWork.Waiting> others, Instant now) {
    for (Assignment assignment : router.takeAll(now)) {
      if (others.stream().anyMatch(other -> other.id().equals(assignment.call()))) {
        work.take(assignment.call(), assignment.agent(), reason(assignment));
        continue;
      }
      Work call = Work.call(assignment.call().value());
      if (agents.reserve(assignment.agent(), call)
          && !calls.pull(assignment.call(), assignment.agent(), reason(assignment))) {
        agents.release(assignment.agent(), call, Agents.Release.NOT_NEEDED);
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
    Router router = router(ready, work.waiting(now), now);
    router.join(waiting(call.get(), now));
    for (Assignment assignment : router.takeAll(now)) {
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
    return unneeded(clock.instant());
  }

  /** The ready agents whom nobody on the line may have now. */
  private List<Agents.Free> unneeded(Instant now) {
    List<Agents.Free> free = agents.ready();
    if (free.isEmpty()) {
      return free;
    }
    List<WaitingCaller> onTheLine =
        calls.live().stream()
            .filter(call -> call.state() instanceof CallState.Waiting)
            .map(call -> waiting(call, call.joinedAt().orElse(now)))
            .toList();
    return free.stream()
        .filter(
            agent ->
                onTheLine.stream().noneMatch(c -> c.terms().admit(ready(agent), c.waited(now))))
        .toList();
  }

  /** Callers who wait, in the order in which they will be served. */
  public List<LiveCall> order() {
    return order(call -> call.state().queued() && !(call.state() instanceof CallState.Offered));
  }

  /** His position, 1 = next, or the one he would have if he joined now. */
  private int position(CallId id) {
    List<LiveCall> order =
        order(
            call ->
                call.id().equals(id)
                    || call.state().queued() && !(call.state() instanceof CallState.Offered));
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i).id().equals(id)) {
        return i + 1;
      }
    }
    return 0;
  }

  private List<LiveCall> order(Predicate<LiveCall> who) {
    Instant now = clock.instant();
    Map<CallId, LiveCall> waiting = new HashMap<>();
    Router router = new Router(Discipline.AGEING);
    for (LiveCall call : calls.live()) {
      if (who.test(call)) {
        waiting.put(call.id(), call);
        router.join(waiting(call, call.joinedAt().orElse(now)));
      }
    }
    return router.order(now).stream().map(caller -> waiting.get(caller.id())).toList();
  }

  /** Who can be served now and who can serve; of those not on the line the pressing ones. */
  private Router router(List<ReadyAgent> ready, List<WaitingWork.Waiting> others, Instant now) {
    Router router = new Router(Discipline.AGEING);
    ready.forEach(router::ready);
    for (LiveCall call : calls.live()) {
      if (call.offerable(now)) {
        router.join(waiting(call, call.joinedAt().orElse(now)));
      }
    }
    others.stream()
        .filter(WaitingWork.Waiting::pressing)
        .forEach(other -> router.join(waiting(other)));
    return router;
  }

  private List<ReadyAgent> ready() {
    return agents.ready().stream().map(Dispatcher::ready).toList();
  }

  private static ReadyAgent ready(Agents.Free free) {
    return new ReadyAgent(free.number(), free.grade(), free.skills(), free.idleSince());
  }

  private WaitingCaller waiting(LiveCall call, Instant joinedAt) {
    return new WaitingCaller(call.id(), terms(call.caller(), call.handling()), joinedAt);
  }

  private WaitingCaller waiting(WaitingWork.Waiting other) {
    return new WaitingCaller(other.id(), terms(other.caller(), other.handling()), other.joinedAt());
  }

  private Terms terms(Caller caller, Handling handling) {
    return new Terms(
        caller.tierCode(),
        handling.rank(),
        handling.weight(),
        Terms.graded(handling.minGrade(), Optional.ofNullable(caller.skill()), widenAfter));
  }

  private static CallEntry.Reason reason(Assignment assignment) {
    return new CallEntry.Reason(assignment.reasonEn(), assignment.reasonZh());
  }
}

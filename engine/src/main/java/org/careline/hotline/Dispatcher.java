package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Work;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.Turns;
import org.careline.routing.Assignment;
import org.careline.routing.Discipline;
import org.careline.routing.ReadyAgent;
import org.careline.routing.Router;
import org.careline.routing.Terms;
import org.careline.routing.WaitEstimate;
import org.careline.routing.WaitingCaller;

/**
 * Brings waiting callers and ready agents together, whenever one of them changes. Also says which
 * agents other work, such as callbacks, may have: nobody who waits on the line is passed over for
 * it.
 *
 * <p>Keeps two routers up to date by what calls and agents tell: one of all who wait, for their
 * places, and one of those who can be offered now, with the ready agents. Both are filled anew when
 * the rules change. Confined to the mailbox.
 */
public final class Dispatcher {
  private final Calls calls;
  private final Agents agents;
  private final Turns turns;
  private final InstantSource clock;
  private final BooleanSupplier serving;
  private final Asked asked = new Asked();
  private final Set<AgentNumber> signedOut = new HashSet<>();
  private final Map<CallId, WaitingCaller> known = new HashMap<>();
  private final Router line = new Router(Discipline.AGEING);
  private Router offers = new Router(Discipline.AGEING);
  private Rules rules;
  private WaitingWork work = WaitingWork.none();
  private Optional<OutsideCalls> outside = Optional.empty();
  private boolean woken;
  private boolean fresh;
  private Instant freshUntil = Instant.MAX;

  /**
   * Begins to watch calls and agents.
   *
   * @param widenAfter how long a caller is kept for agents of his tier's grade, while no {@link #by
   *     rules} are given
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
    this.rules = Rules.plain(widenAfter);
    this.turns = turns;
    this.clock = clock;
    this.serving = serving;
    calls.watch(this::changed);
    agents.watch(this::changed);
    agents.spareBy(this::spare);
    calls.positionsBy(this::position);
  }

  /** Decides by these from now on, for those who wait already too. */
  public void by(Rules newRules) {
    this.rules = newRules;
    changed();
  }

  /** What it decides by; the names in it may be asked for on any thread. */
  public Rules rules() {
    return rules;
  }

  /** The rules may say something else than before: looks at all anew. */
  public void changed() {
    fresh = false;
    wake();
  }

  /** Whom else the agents are for, besides those on the line; said once, before anybody waits. */
  public void alongside(WaitingWork others) {
    this.work = others;
  }

  /** Who rings numbers outside for callers whom no agent suits; without him none are rung. */
  public void outsideBy(OutsideCalls rings) {
    this.outside = Optional.of(rings);
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

  // --- what calls and agents tell

  private void changed(LiveCall call) {
    asked.on(call);
    track(call, clock.instant());
    if (call.state() instanceof CallState.Waiting) {
      wake();
    }
  }

  private void changed(AgentNumber agent) {
    track(agent);
    boolean out = agents.absent(agent);
    if (out ? signedOut.add(agent) : signedOut.remove(agent)) {
      fresh = false;
    }
    wake();
  }

  private void track(LiveCall call, Instant now) {
    if (!inOrder(call)) {
      known.remove(call.id());
      line.leave(call.id());
      offers.leave(call.id());
      return;
    }
    WaitingCaller waiting = waiting(call, call.waitsSince().orElse(now));
    known.put(call.id(), waiting);
    line.join(waiting);
    if (call.offerable(now)) {
      offers.join(waiting);
    } else {
      offers.leave(call.id());
    }
  }

  private void track(AgentNumber agent) {
    agents.free(agent).ifPresentOrElse(free -> offers.ready(ready(free)), () -> offers.busy(agent));
  }

  private static boolean inOrder(LiveCall call) {
    return call.state().queued() && !(call.state() instanceof CallState.Offered);
  }

  /** All anew: at the start, when the rules have changed, and when the leave calendar turns. */
  private void freshen(Instant now) {
    if (fresh && now.isBefore(freshUntil)) {
      return;
    }
    fresh = true;
    freshUntil = rules.nextChange(now).orElse(Instant.MAX);
    known.keySet().forEach(line::leave);
    known.clear();
    offers = new Router(Discipline.AGEING);
    calls.live().forEach(call -> track(call, now));
    agents.ready().forEach(free -> offers.ready(ready(free)));
  }

  // --- decisions

  private void dispatch() {
    if (!serving.getAsBoolean()) {
      fresh = false;
      return;
    }
    Instant now = clock.instant();
    freshen(now);
    if (offers.readyCount() > 0) {
      assign(now);
    }
    outside.ifPresent(rings -> outside(rings, now));
  }

  /** Those whom no agent has taken. */
  private void outside(OutsideCalls rings, Instant now) {
    for (WaitingCaller waiting : List.copyOf(known.values())) {
      if (!waiting.terms().outside().isEmpty()) {
        calls
            .find(waiting.id())
            .filter(call -> call.offerable(now))
            .ifPresent(call -> rings.look(call, waiting.terms().outside(), waiting.waited(now)));
      }
    }
  }

  private void assign(Instant now) {
    List<WaitingWork.Waiting> others = work.waiting(now);
    List<WaitingWork.Waiting> pressing =
        others.stream().filter(other -> other.pressing(now)).toList();
    pressing.forEach(other -> offers.join(waiting(other, now)));
    assign(offers, others, now);
    pressing.forEach(other -> offers.leave(other.id()));
    List<WaitingWork.Waiting> patient =
        others.stream().filter(other -> !other.pressing(now)).toList();
    if (!patient.isEmpty()) {
      Router rest = new Router(Discipline.AGEING);
      unneeded(now).forEach(free -> rest.ready(ready(free)));
      patient.forEach(other -> rest.join(waiting(other, now)));
      assign(rest, patient, now);
    }
  }

  /** Each once: who could not be served after all waits for the next occasion. */
  private void assign(Router router, List<WaitingWork.Waiting> others, Instant now) {
    List<WaitingCaller> again = new ArrayList<>();
    for (Optional<Assignment> next = router.next(now); next.isPresent(); next = router.next(now)) {
      Assignment assignment = next.get();
      CallEntry.Reason reason = reason(assignment, router);
      router.leave(assignment.call());
      router.busy(assignment.agent());
      if (others.stream().anyMatch(other -> other.id().equals(assignment.call()))) {
        if (!work.take(assignment.call(), assignment.agent(), reason)) {
          // nothing came of it and nobody will tell of him: he is there for the next one
          agents.free(assignment.agent()).ifPresent(free -> router.ready(ready(free)));
        }
        continue;
      }
      Work call = Work.call(assignment.call().value());
      if (!agents.reserve(assignment.agent(), call)) {
        again.add(assignment.caller());
      } else if (!calls.pull(assignment.call(), assignment.agent(), reason)) {
        agents.release(assignment.agent(), call, Agents.Release.NOT_NEEDED);
      }
    }
    again.stream().filter(caller -> known.containsKey(caller.id())).forEach(offers::join);
  }

  /**
   * An idle eligible agent for a caller at the door, set aside for him; empty = he has to wait.
   * Nobody who waits already is passed over: they are served first.
   */
  Optional<Assignment> connect(CallId id) {
    Optional<LiveCall> call = calls.find(id);
    if (call.isEmpty()) {
      return Optional.empty();
    }
    dispatch();
    Instant now = clock.instant();
    if (offers.readyCount() == 0) {
      return Optional.empty();
    }
    offers.join(waiting(call.get(), call.get().waitsSince().orElse(now)));
    Optional<Assignment> next = offers.next(now).filter(found -> found.call().equals(id));
    CallEntry.Reason reason =
        next.map(found -> reason(found, offers)).orElse(CallEntry.Reason.NONE);
    offers.leave(id);
    if (next.isEmpty()) {
      return next;
    }
    AgentNumber agent = next.get().agent();
    Work his = Work.call(id.value());
    if (agents.reserve(agent, his)) {
      if (calls.connect(id, agent, reason)) {
        return next;
      }
      agents.release(agent, his, Agents.Release.NOT_NEEDED);
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

  /**
   * The ready agents whom nobody on the line may have now, less those kept for better tiers. Who is
   * kept by one policy is there for the callers of the others too.
   */
  private List<Agents.Free> unneeded(Instant now) {
    List<Agents.Free> free = new ArrayList<>(agents.ready());
    free.removeIf(agent -> line.wants(ready(agent), now));
    List<Integer> kept = new ArrayList<>();
    for (Terms.Keep keep :
        rules.reserves().stream()
            .sorted(Comparator.comparingInt(Terms.Keep::minGrade).reversed())
            .toList()) {
      long missing =
          keep.agents() - kept.stream().filter(grade -> grade >= keep.minGrade()).count();
      for (int i = free.size() - 1; i >= 0 && missing > 0; i--) {
        if (free.get(i).grade() >= keep.minGrade()) {
          kept.add(free.remove(i).grade());
          missing--;
        }
      }
    }
    return free;
  }

  // --- questions

  /** Callers who wait, in the order in which they will be served. */
  public List<LiveCall> order() {
    freshen(clock.instant());
    return line.order(clock.instant()).stream()
        .map(caller -> calls.find(caller.id()).orElse(null))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Those who wait, as the router sees them, in their order. */
  public List<WaitingCaller> waiting() {
    freshen(clock.instant());
    return line.order(clock.instant());
  }

  /** Those who wait elsewhere and will stand among them, each from an instant on. */
  List<WaitEstimate.Joining> joining() {
    Instant now = clock.instant();
    return work.waiting(now).stream()
        .map(other -> new WaitEstimate.Joining(waiting(other, now), other.pressingFrom()))
        .toList();
  }

  /** His position, 1 = next, or the one he would have if he joined now; 0 = nobody knows him. */
  public int position(CallId id) {
    Instant now = clock.instant();
    freshen(now);
    OptionalInt place = line.place(id, now);
    if (place.isPresent()) {
      return place.getAsInt();
    }
    return calls
        .find(id)
        .map(
            call -> {
              line.join(waiting(call, call.waitsSince().orElse(now)));
              int position = line.place(id, now).orElse(0);
              line.leave(id);
              return position;
            })
        .orElse(0);
  }

  private static ReadyAgent ready(Agents.Free free) {
    return new ReadyAgent(free.number(), free.grade(), free.skills(), free.idleSince());
  }

  WaitingCaller waiting(LiveCall call, Instant since) {
    return new WaitingCaller(
        call.id(),
        rules.terms(call.caller(), call.handling(), clock.instant(), agents::absent),
        since);
  }

  private WaitingCaller waiting(WaitingWork.Waiting other, Instant now) {
    return new WaitingCaller(
        other.id(),
        rules.terms(other.caller(), other.handling(), now, agents::absent),
        other.joinedAt());
  }

  private CallEntry.Reason reason(Assignment assignment, Router router) {
    return new AssignmentReason(rules)
        .of(assignment, router.around(assignment), asked.of(assignment.call()));
  }
}

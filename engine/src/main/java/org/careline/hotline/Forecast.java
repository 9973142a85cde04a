package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Presence;
import org.careline.agent.Work;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.Outcome;
import org.careline.routing.Discipline;
import org.careline.routing.ReadyAgent;
import org.careline.routing.RecentService;
import org.careline.routing.WaitEstimate;
import org.careline.routing.WaitOutlook;
import org.careline.routing.WaitingCaller;

/**
 * How long waiting callers will still wait. Watches calls and agents to know what service is like;
 * the estimate itself runs beside the mailbox, from a picture of the line, at most one at a time.
 * Kept in memory only: after a start nothing is told until enough waits have been seen.
 *
 * <p>Confined to the mailbox.
 */
public final class Forecast {
  private final Dispatcher dispatcher;
  private final Agents agents;
  private final Executor mailbox;
  private final Executor beside;
  private final InstantSource clock;
  private final RecentService service = new RecentService();
  private final WaitOutlook outlook = new WaitOutlook();
  private final Set<CallId> came = new HashSet<>();
  private final Map<AgentNumber, Instant> takenSince = new HashMap<>();
  private final Set<AgentNumber> talked = new HashSet<>();
  private boolean running;

  /**
   * Begins to watch.
   *
   * @param beside where the estimates are made; it may drop nothing
   */
  Forecast(
      Calls calls,
      Agents agents,
      Dispatcher dispatcher,
      Executor mailbox,
      Executor beside,
      InstantSource clock) {
    this.dispatcher = dispatcher;
    this.agents = agents;
    this.mailbox = mailbox;
    this.beside = beside;
    this.clock = clock;
    calls.watch(this::changed);
    agents.watch(this::changed);
  }

  /** Looks anew at all who wait; call it each second. */
  void tick() {
    if (running) {
      return;
    }
    Instant now = clock.instant();
    List<WaitingCaller> waiting = dispatcher.waiting();
    if (waiting.isEmpty()) {
      return;
    }
    List<ReadyAgent> onDuty =
        agents.onDuty().stream()
            .map(a -> new ReadyAgent(a.number(), a.grade(), a.skills(), a.idleSince()))
            .toList();
    Set<AgentNumber> ready =
        agents.ready().stream().map(Agents.Free::number).collect(Collectors.toSet());
    WaitEstimate.Line line =
        new WaitEstimate.Line(
            Discipline.AGEING,
            waiting,
            dispatcher.joining(),
            onDuty,
            ready,
            service.pace(now),
            now);
    running = true;
    beside.execute(
        () -> {
          Map<CallId, Duration> found = new HashMap<>();
          try {
            found.putAll(WaitEstimate.of(line));
          } finally {
            mailbox.execute(
                () -> {
                  running = false;
                  outlook.estimated(found, onDuty.size(), now);
                });
          }
        });
  }

  /** The rest of his wait, as far as it may be told; empty when the estimate is not good enough. */
  public Optional<Duration> remaining(CallId id) {
    return outlook.good(id, clock.instant());
  }

  /** For tests, which have no hour to wait until estimates have proved good. */
  WaitOutlook outlook() {
    return outlook;
  }

  private void changed(LiveCall call) {
    CallState state = call.state();
    if (state.queued()) {
      if (came.add(call.id())) {
        WaitingCaller caller =
            dispatcher.waiting(call, call.waitsSince().orElseGet(clock::instant));
        service.arrived(caller.terms(), clock.instant());
        outlook.joined(caller);
      }
    } else if (came.remove(call.id())) {
      boolean served = state instanceof CallState.Talking;
      over(call, state instanceof CallState.Ended end ? end.at() : clock.instant(), served);
    }
  }

  private void over(LiveCall call, Instant at, boolean served) {
    call.waitsSince()
        .ifPresent(
            since -> {
              boolean gaveUp =
                  call.state() instanceof CallState.Ended ended
                      && (ended.outcome() == Outcome.ABANDONED
                          || ended.outcome() == Outcome.SHORT_ABANDONED);
              service.waited(Duration.between(since, at), gaveUp);
            });
    outlook.left(call.id(), at, served);
  }

  /** How long a call keeps an agent: from his being set aside to the end of the work after it. */
  private void changed(AgentNumber number) {
    Presence presence = agents.presence(number);
    boolean ours = presence.doing().map(work -> work.kind() == Work.Kind.CALL).orElse(false);
    if (!ours) {
      Instant since = takenSince.remove(number);
      if (since != null && talked.remove(number)) {
        service.handled(Duration.between(since, clock.instant()));
      }
      return;
    }
    takenSince.putIfAbsent(number, clock.instant());
    if (presence instanceof Presence.OnCall) {
      talked.add(number);
    }
  }
}

package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.careline.agent.Agents;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Mailbox;
import org.careline.routing.Discipline;
import org.careline.routing.ReadyAgent;
import org.careline.routing.Router;
import org.careline.routing.WaitingCaller;

/**
 * Looks every 50 ms for callers who wait although an agent whom they may have is ready, and keeps
 * how long that went on. A phone that rings for him is not waiting. Costs one short turn of the
 * mailbox per look. Time in which this thread itself was not given the processor does not count.
 */
final class WaitWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(50);
  private static final Duration TURN = Duration.ofSeconds(10);

  private final Mailbox mailbox;
  private final Hotline hotline;
  private final Map<CallId, Duration> passedOver = new HashMap<>();
  private final List<String> tooLong = new ArrayList<>();
  private final Duration limit;
  private final Thread thread;
  private Duration longest = Duration.ZERO;
  private long looks;
  private volatile boolean closed;

  /**
   * Begins to look.
   *
   * @param limit longer than this is a complaint
   */
  WaitWatch(Mailbox mailbox, Hotline hotline, Duration limit) {
    this.mailbox = mailbox;
    this.hotline = hotline;
    this.limit = limit;
    this.thread = Thread.ofPlatform().daemon().name("wait-watch").start(this::watch);
  }

  private void watch() {
    long last = System.nanoTime();
    while (!closed) {
      long began = System.nanoTime();
      LockSupport.parkNanos(EVERY.toNanos());
      long late = Math.max(0, System.nanoTime() - began - EVERY.toNanos());
      Map<CallId, String> now;
      try {
        now = mailbox.ask(TURN, this::passedOver);
      } catch (RuntimeException e) {
        if (!closed) {
          complain("the mailbox gave no turn in " + TURN.toSeconds() + " s: " + e);
        }
        return;
      }
      long at = System.nanoTime();
      look(now, Duration.ofNanos(at - last - late));
      last = at;
    }
  }

  private synchronized void look(Map<CallId, String> now, Duration since) {
    looks++;
    passedOver.keySet().retainAll(now.keySet());
    now.forEach(
        (id, what) -> {
          // the first look only finds him
          Duration before = passedOver.get(id);
          Duration sum = before == null ? Duration.ZERO : before.plus(since);
          passedOver.put(id, sum);
          if (sum.compareTo(longest) > 0) {
            longest = sum;
          }
          if (sum.compareTo(limit) > 0 && (before == null || before.compareTo(limit) <= 0)) {
            complain("call " + id + " for " + sum.toMillis() + " ms: " + what);
          }
        });
  }

  private synchronized void complain(String what) {
    tooLong.add(what);
  }

  /** In the mailbox: callers who wait although one of these agents is ready for them. */
  private Map<CallId, String> passedOver() {
    Map<CallId, String> found = new HashMap<>();
    List<Agents.Free> ready = hotline.agents().ready();
    if (ready.isEmpty()) {
      return found;
    }
    Instant now = Instant.now();
    Set<CallId> waiting = new HashSet<>();
    hotline
        .calls()
        .live()
        .forEach(
            call -> {
              if (call.state() instanceof CallState.Waiting
                  || call.state() instanceof CallState.InFallback) {
                waiting.add(call.id());
              }
            });
    for (WaitingCaller caller : hotline.dispatcher().waiting()) {
      if (!waiting.contains(caller.id())) {
        continue;
      }
      Router alone = new Router(Discipline.AGEING);
      alone.join(caller);
      for (Agents.Free agent : ready) {
        if (alone.wants(
            new ReadyAgent(agent.number(), agent.grade(), agent.skills(), agent.idleSince()),
            now)) {
          found.put(
              caller.id(),
              hotline.calls().find(caller.id()).orElseThrow().state() + ", ready " + agent);
          break;
        }
      }
    }
    return found;
  }

  /** Callers who waited longer than the limit although an agent was ready, so far. */
  synchronized List<String> complaints() {
    return List.copyOf(tooLong);
  }

  /** The longest such wait so far. */
  synchronized Duration longest() {
    return longest;
  }

  synchronized long looks() {
    return looks;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(15));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

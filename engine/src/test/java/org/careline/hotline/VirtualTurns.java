package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.careline.call.Turns;

/** The mailbox in virtual time. Single-threaded. */
public final class VirtualTurns implements Turns, InstantSource {
  private record Timed(Instant at, long order, Runnable task) {}

  private final ArrayDeque<Runnable> now = new ArrayDeque<>();
  private final PriorityQueue<Timed> later =
      new PriorityQueue<>(Comparator.comparing(Timed::at).thenComparing(Timed::order));
  private Instant clock = Instant.parse("2026-03-02T08:00:00Z");
  private long order;

  @Override
  public void execute(Runnable task) {
    now.add(task);
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    later.add(new Timed(clock.plus(delay), order++, task));
  }

  @Override
  public Instant instant() {
    return clock;
  }

  /** Does all that can be done at this instant. */
  public void settle() {
    while (!now.isEmpty()) {
      now.poll().run();
    }
  }

  /** The process whose turns these were is dead. */
  public void forget() {
    now.clear();
    later.clear();
  }

  /** Lets time pass, doing what becomes due in its order. */
  public void pass(Duration time) {
    Instant until = clock.plus(time);
    settle();
    while (!later.isEmpty() && !later.peek().at().isAfter(until)) {
      Timed next = later.poll();
      clock = next.at();
      next.task().run();
      settle();
    }
    clock = until;
  }
}

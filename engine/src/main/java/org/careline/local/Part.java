package org.careline.local;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.careline.language.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one child process alive from a thread of its own: when it ends it is started again, at
 * first after 200 ms, then each time twice as late, at most after 10 s; a child that lived for 30 s
 * counts as healthy again. One that lives but has lost its pulse is ended first. Thread-safe.
 */
final class Part {
  private static final Logger log = LoggerFactory.getLogger(Part.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration HEALTHY = Duration.ofSeconds(30);

  /** Tells whether a child that lives still works. */
  interface Pulse {
    /** Blocks for some seconds at most. */
    boolean beats() throws InterruptedException;

    /** Pause between two questions. */
    Duration every();

    /** A child without a beat for this long is killed, and so started again. */
    Duration silence();
  }

  /** As {@code status} prints them. */
  enum State {
    starting,
    running,
    restarting,
    failed,
    stopped
  }

  /** What a part looks like at one moment; {@code pid} 0 = none. */
  record Snapshot(String name, State state, long pid, int port) {}

  private final String name;
  private final int port;
  private final Duration grace;
  private final Supplier<ChildProcess> starter;
  private final Runnable changed;
  private final Optional<Pulse> pulse;
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final CompletableFuture<Void> ending = new CompletableFuture<>();
  private final Thread keeper;
  private volatile State state = State.starting;
  private volatile ChildProcess child;

  /**
   * @param starter starts the child and returns when it works
   * @param grace how long the child may take to end when asked to
   * @param changed called after each change of state, from the keeper's thread
   * @param pulse felt while the child lives; empty = living is enough
   */
  Part(
      String name,
      int port,
      Duration grace,
      Supplier<ChildProcess> starter,
      Runnable changed,
      Optional<Pulse> pulse) {
    this.name = name;
    this.port = port;
    this.grace = grace;
    this.starter = starter;
    this.changed = changed;
    this.pulse = pulse;
    this.keeper = Thread.ofPlatform().daemon().name("careline-keep-" + name).unstarted(this::keep);
  }

  void start() {
    keeper.start();
  }

  /**
   * Waits for the first start.
   *
   * @throws CannotStart with its reason
   */
  void awaitStarted() {
    try {
      first.get(5, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof CannotStart reason
          ? reason
          : new CannotStart(Sentence.of("start.cannot-start", name, e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new CannotStart(Sentence.of("start.part-late", name), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart(Sentence.of("start.interrupted", name), e);
    }
  }

  Snapshot snapshot() {
    ChildProcess current = child;
    boolean alive = current != null && current.alive();
    return new Snapshot(name, state, alive ? current.pid() : 0, port);
  }

  /** Ends the child for good; returns when it is gone. Harmless twice. */
  void stop() {
    ending.complete(null);
    if (state == State.starting || state == State.restarting) {
      keeper.interrupt();
    }
    try {
      keeper.join(grace.plusSeconds(15));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ChildProcess left = child;
    if (left != null && left.alive()) {
      left.kill();
    }
  }

  private void keep() {
    Duration pause = FIRST_PAUSE;
    while (!ending.isDone()) {
      try {
        child = starter.get();
        become(State.running);
        first.complete(null);
        long began = System.nanoTime();
        awaitEnd();
        if (ending.isDone()) {
          break;
        }
        Duration lived = Duration.ofNanos(System.nanoTime() - began);
        pause = lived.compareTo(HEALTHY) > 0 ? FIRST_PAUSE : pause;
        log.warn(
            "{} ended with exit code {}, starting it again in {} ms",
            name,
            child.exitCode().orElse(-1),
            pause.toMillis());
      } catch (RuntimeException e) {
        if (ending.isDone()) {
          break;
        }
        if (first.completeExceptionally(e)) {
          become(State.failed);
          return;
        }
        log.error("{} cannot be started, next try in {} ms", name, pause.toMillis(), e);
      }
      become(State.restarting);
      rest(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
    // Asked to end in the middle of a start: the interrupt has done its work.
    Thread.interrupted();
    first.completeExceptionally(new CannotStart(Sentence.of("start.stopped", name)));
    if (child != null) {
      child.stop(grace);
    }
    become(State.stopped);
  }

  /** Until the child has ended or shall end. */
  private void awaitEnd() {
    CompletableFuture<Object> over = CompletableFuture.anyOf(child.onExit(), ending);
    if (pulse.isEmpty()) {
      over.join();
      return;
    }
    Pulse felt = pulse.get();
    long beat = System.nanoTime();
    while (!isOver(over, felt.every())) {
      long asked = System.nanoTime();
      try {
        if (felt.beats()) {
          beat = asked;
        } else if (System.nanoTime() - beat > felt.silence().toNanos()) {
          log.error("{} lives but has not answered for {} s", name, felt.silence().toSeconds());
          child.kill();
        }
      } catch (InterruptedException e) {
        return; // only stop() interrupts
      }
    }
  }

  private static boolean isOver(CompletableFuture<Object> over, Duration within) {
    try {
      over.get(within.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | InterruptedException e) {
      return true;
    }
  }

  private void rest(Duration pause) {
    try {
      ending.get(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // The pause is over.
    } catch (InterruptedException | ExecutionException e) {
      // Ending: the loop sees it.
    }
  }

  private void become(State next) {
    state = next;
    changed.run();
  }
}

package org.careline.call;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which everything about living calls, agents and attempts is decided, in the
 * order in which it came in. No decision blocks, so one thread serves hundreds of calls a second,
 * and no lock lies between a caller and an agent. The queue is bounded: when it is full, whoever
 * brings work waits, never the mailbox itself. An exception ends only the task it came from.
 * Thread-safe.
 */
public final class Mailbox implements Turns, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
  private static final int CAPACITY = 50_000;

  private record Letter(Runnable task, long handedInNanos) {}

  private final BlockingQueue<Letter> letters = new ArrayBlockingQueue<>(CAPACITY);
  private final ScheduledExecutorService clock;
  private final Thread thread;
  private final AtomicLong longestWaitNanos = new AtomicLong();
  private final AtomicLong longestTaskNanos = new AtomicLong();
  private volatile boolean closed;

  public Mailbox() {
    clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("mailbox-clock").daemon(true).factory());
    thread = Thread.ofPlatform().name("mailbox").daemon(true).unstarted(this::run);
    thread.start();
  }

  /** Takes the task; it runs after all that came before. Dropped after {@link #close}. */
  @Override
  public void execute(Runnable task) {
    if (closed) {
      return;
    }
    Letter letter = new Letter(task, System.nanoTime());
    if (Thread.currentThread() == thread) {
      if (!letters.offer(letter)) {
        throw new RejectedExecutionException("the mailbox is full");
      }
      return;
    }
    try {
      letters.put(letter);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The answer to a question that is put on the mailbox's thread. A question whose answer nobody
   * wants any more (the future is done) is not put.
   */
  public <T> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    execute(
        () -> {
          if (answer.isDone()) {
            return;
          }
          try {
            answer.complete(question.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  /**
   * Asks and waits. Not for use on the mailbox's own thread.
   *
   * @throws IllegalStateException when there is no answer in time; a question that had not been put
   *     until then never will be
   */
  public <T> T ask(Duration atMost, Supplier<T> question) {
    CompletableFuture<T> answer = ask(question);
    try {
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      if (answer.cancel(false)) {
        throw new IllegalStateException("no decision within " + atMost.toMillis() + " ms", e);
      }
      return answer.join();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a decision", e);
    }
  }

  /** Runs the task on the mailbox's thread once the delay has passed. */
  @Override
  public void schedule(Duration delay, Runnable task) {
    try {
      clock.schedule(() -> execute(task), Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed, not scheduled");
    }
  }

  /** Runs the task again and again, {@code pause} after each hand-over, until closed. */
  public void repeat(Duration pause, Runnable task) {
    long millis = pause.toMillis();
    clock.scheduleWithFixedDelay(() -> execute(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Tasks waiting now. */
  public int waiting() {
    return letters.size();
  }

  /** The longest time a task waited for its turn since the last look. */
  public Duration longestWait() {
    return Duration.ofNanos(longestWaitNanos.getAndSet(0));
  }

  /** The longest time a task took since the last look. */
  public Duration longestTask() {
    return Duration.ofNanos(longestTaskNanos.getAndSet(0));
  }

  private void run() {
    while (!closed) {
      try {
        Letter letter = letters.poll(1, TimeUnit.SECONDS);
        if (letter == null) {
          continue;
        }
        long start = System.nanoTime();
        longestWaitNanos.accumulateAndGet(start - letter.handedInNanos(), Math::max);
        letter.task().run();
        longestTaskNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("a decision failed; the next one goes on", e);
      }
    }
  }

  /** Ends after the present task, at most 2 s; what waits is dropped. */
  @Override
  public void close() {
    closed = true;
    clock.shutdownNow();
    if (Thread.currentThread() == thread) {
      return;
    }
    letters.offer(new Letter(() -> {}, System.nanoTime())); // wakes it when it has nothing to do
    try {
      thread.join(Duration.ofSeconds(2));
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

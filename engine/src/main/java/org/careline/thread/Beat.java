package org.careline.thread;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that takes one turn after the other, with a pause between them, until it is closed. A
 * turn that fails is logged (the same reason once, until a turn succeeds) and the next one comes
 * after the pause. Turns never overlap. Thread-safe; the thread is a daemon with the name given.
 */
public final class Beat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Beat.class);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

  /** One turn. */
  @FunctionalInterface
  public interface Turn {
    void take() throws Exception;
  }

  /** One turn that says how long the pause after it is; zero or less = none. */
  @FunctionalInterface
  public interface Paced {
    Duration take() throws Exception;
  }

  private final String name;
  private final Duration pause;
  private final Duration closeWithin;
  private final Paced work;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // guarded by lock
  private boolean woken;
  private boolean closing;
  private String trouble = ""; // the thread's own

  Beat(String name, Duration pause, Duration closeWithin, Paced work) {
    this.name = name;
    this.pause = pause;
    this.closeWithin = closeWithin;
    this.work = work;
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
  }

  /** The first turn comes at once; close waits at most 5 s. */
  public static Beat every(String name, Duration pause, Turn turn) {
    return paced(
        name,
        pause,
        () -> {
          turn.take();
          return pause;
        });
  }

  /**
   * As {@link #every}, with a pause that each turn says.
   *
   * @param afterFailure pause after a turn that failed
   */
  public static Beat paced(String name, Duration afterFailure, Paced turn) {
    return new Beat(name, afterFailure, CLOSE_WITHIN, turn);
  }

  public void start() {
    thread.start();
  }

  /** Ends the pause; during a turn, the next one follows without a pause. Returns at once. */
  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits inside a turn, until the time is over or somebody wakes or closes. Only for the turn
   * itself.
   *
   * @return true when closing
   */
  public boolean pause(Duration time) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (!closing && !woken && left > 0) {
        left = changed.awaitNanos(left);
      }
      woken = false;
      return closing;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Duration next = Duration.ZERO;
    while (!pause(next)) {
      next = turn();
    }
  }

  private Duration turn() {
    try {
      Duration next = work.take();
      trouble = "";
      return next;
    } catch (Exception e) {
      boolean database = fromDatabase(e);
      String reason = database ? "the database" : e.toString();
      if (!reason.equals(trouble)) {
        trouble = reason;
        LOG.warn("{}: a turn failed, going on: {}", name, e, database ? null : e);
      }
      return pause;
    }
  }

  /** Nobody wants to read its stack, nor each wording of a pool that waits for it. */
  private static boolean fromDatabase(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException) {
        return true;
      }
    }
    return false;
  }

  /**
   * No turn begins any more; waits at most 5 s for the present one. Called from a turn, it does not
   * wait.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (Thread.currentThread() == thread || !thread.isAlive()) {
      return;
    }
    try {
      if (!thread.join(closeWithin)) {
        LOG.warn("{}: the present turn goes on beyond {} ms", name, closeWithin.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

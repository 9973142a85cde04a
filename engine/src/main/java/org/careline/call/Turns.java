package org.careline.call;

import java.time.Duration;
import java.util.concurrent.Executor;

/** One task after the other on one thread: the {@link Mailbox}, or virtual time in tests. */
public interface Turns extends Executor {
  /** Runs the task in its turn once the delay has passed. */
  void schedule(Duration delay, Runnable task);
}

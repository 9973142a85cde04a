package org.careline.callback;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.careline.call.CallId;
import org.careline.telephony.Outbound;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits, on a thread of its own, that a site may be rung. No database, no lease, no confirmation:
 * no permission. Thread-safe.
 */
public final class PlacingDesk implements Attempts.Placing, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PlacingDesk.class);
  private final AttemptRepository repository;
  private final Consumer<Runnable> mailbox;
  private final BooleanSupplier mayDial;
  private final LongSupplier epoch;
  private final InstantSource clock;
  private final ThreadPoolExecutor thread;

  /**
   * @param mailbox hands a task to the mailbox
   * @param mayDial leading with a confirmed lease, and the switch is up
   */
  public PlacingDesk(
      AttemptRepository repository,
      Consumer<Runnable> mailbox,
      BooleanSupplier mayDial,
      LongSupplier epoch,
      InstantSource clock) {
    this.repository = repository;
    this.mailbox = mailbox;
    this.mayDial = mayDial;
    this.epoch = epoch;
    this.clock = clock;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1000),
            Thread.ofPlatform().name("attempt-placing").daemon(true).factory());
  }

  @Override
  public void ask(CallId id, Runnable committed, Runnable refused) {
    ask(id, Outbound.Leaving.UNKNOWN, committed, refused);
  }

  @Override
  public void ask(CallId id, Outbound.Leaving leaving, Runnable committed, Runnable refused) {
    try {
      thread.execute(() -> mailbox.accept(permitted(id, leaving) ? committed : refused));
    } catch (RejectedExecutionException e) {
      mailbox.accept(refused);
    }
  }

  @Override
  public void still(CallId id, Runnable holds, Runnable ended) {
    try {
      thread.execute(() -> mailbox.accept(holds(id) ? holds : ended));
    } catch (RejectedExecutionException e) {
      mailbox.accept(ended);
    }
  }

  private boolean holds(CallId id) {
    try {
      return mayDial.getAsBoolean() && repository.still(id, clock.instant(), epoch.getAsLong());
    } catch (SQLException | RuntimeException e) {
      LOG.warn("attempt {} is not dialled any more: {}", id, e.getMessage());
      return false;
    }
  }

  private boolean permitted(CallId id, Outbound.Leaving leaving) {
    if (!mayDial.getAsBoolean()) {
      return false;
    }
    try {
      return repository.placing(id, leaving, clock.instant(), epoch.getAsLong());
    } catch (SQLException | RuntimeException e) {
      // nothing was sent, whatever MySQL has kept of it
      LOG.warn("attempt {} is not dialled: {}", id, e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(Duration.ofSeconds(2).toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}

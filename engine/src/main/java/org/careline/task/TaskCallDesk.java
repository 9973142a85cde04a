package org.careline.task;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.telephony.Outbound;
import org.careline.thread.Beat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of {@link TaskCalls} that speaks with MySQL: commits calls before they are made, and
 * tells each second who waits to be called. No database, no lease, no confirmation: no permission.
 * Works on the threads {@code task-commits} and {@code task-waiting}; thread-safe.
 */
public final class TaskCallDesk implements TaskCalls.Commits, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskCallDesk.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** What was read longer ago may be undone meanwhile: the next reading comes soon. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private static final int UNDELIVERED = 100_000;

  private final TaskCallRepository repository;
  private final Journal journal;
  private final Consumer<Runnable> mailbox;
  private final BooleanSupplier mayDial;
  private final LongSupplier epoch;
  private final InstantSource clock;
  private final ThreadPoolExecutor thread;
  private final Beat turns;
  private TaskCalls calls;

  /** The epoch under which what was left open has been taken over; 0 = none. */
  private volatile long takenOver;

  /**
   * @param mailbox hands a task to the mailbox
   * @param mayDial leading with a confirmed lease, and the switch is up
   */
  public TaskCallDesk(
      TaskCallRepository repository,
      Journal journal,
      Consumer<Runnable> mailbox,
      BooleanSupplier mayDial,
      LongSupplier epoch,
      InstantSource clock) {
    this.repository = repository;
    this.journal = journal;
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
            Thread.ofPlatform().name("task-commits").daemon(true).factory());
    this.turns = Beat.every("task-waiting", EVERY, this::beat);
  }

  /** Begins to tell them who waits. */
  public void start(TaskCalls listener) {
    listen(listener);
    turns.start();
  }

  /** Without looking by itself; package-private for tests. */
  void listen(TaskCalls listener) {
    this.calls = listener;
  }

  /** One look; package-private for tests. */
  void beat() throws SQLException {
    if (!mayDial.getAsBoolean()) {
      return;
    }
    long now = epoch.getAsLong();
    if (takenOver != now) {
      takeOver(now);
      takenOver = now;
    }
    Instant began = clock.instant();
    List<CalledTask> waiting = repository.waiting();
    Set<String> numbers = repository.numbers();
    mailbox.accept(
        () -> {
          if (takenOver == now && began.plus(FRESH).isAfter(clock.instant())) {
            calls.stored(waiting, numbers);
          }
        });
  }

  private void takeOver(long now) throws SQLException {
    List<Journal.Entry> undelivered = journal.undelivered(UNDELIVERED);
    mailbox.accept(() -> calls.replay(undelivered));
    repository.adopt(now);
    restoreOpen();
  }

  /** Brings back calls that are open in MySQL and not in memory. */
  List<TaskCallRepository.Open> restoreOpen() throws SQLException {
    List<TaskCallRepository.Open> open = repository.open();
    open.forEach(call -> mailbox.accept(() -> calls.restore(call)));
    return open;
  }

  /** Another engine leads from now on, or nobody. */
  public void leadershipLost() {
    takenOver = 0;
    mailbox.accept(calls::standDown);
  }

  @Override
  public void begin(
      CallId id,
      CalledTask task,
      AgentNumber agent,
      Optional<CallEntry.Reason> reason,
      Runnable committed,
      Runnable refused) {
    ask(
        id,
        () ->
            repository.begin(
                new TaskCallRepository.Wanted(id, task, agent, reason),
                clock.instant(),
                epoch.getAsLong()),
        committed,
        refused);
  }

  @Override
  public void placing(CallId id, Runnable committed, Runnable refused) {
    placing(id, Outbound.Leaving.UNKNOWN, committed, refused);
  }

  @Override
  public void placing(CallId id, Outbound.Leaving leaving, Runnable committed, Runnable refused) {
    ask(
        id,
        () ->
            repository.placing(
                id, leaving, clock.instant().truncatedTo(ChronoUnit.MILLIS), epoch.getAsLong()),
        committed,
        refused);
  }

  @Override
  public void still(CallId id, Runnable holds, Runnable ended) {
    ask(id, () -> repository.still(id, epoch.getAsLong()), holds, ended);
  }

  @FunctionalInterface
  private interface Question {
    boolean ask() throws SQLException;
  }

  private void ask(CallId id, Question question, Runnable committed, Runnable refused) {
    try {
      thread.execute(() -> mailbox.accept(permitted(id, question) ? committed : refused));
    } catch (RejectedExecutionException e) {
      mailbox.accept(refused);
    }
  }

  private boolean permitted(CallId id, Question question) {
    if (!mayDial.getAsBoolean()) {
      return false;
    }
    try {
      return question.ask();
    } catch (SQLException | RuntimeException e) {
      // nothing was sent, whatever MySQL has kept of it
      LOG.warn("call {} for a task is not made: {}", id, e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    turns.close();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}

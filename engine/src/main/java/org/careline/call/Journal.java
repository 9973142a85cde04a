package org.careline.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's own memory on disk: what happened to calls, agents and attempts, in order, before
 * MySQL hears of it. One file, one writer thread, one fsync for all that came meanwhile (group
 * commit), so that a call never waits for MySQL. What was acknowledged survives kill -9 and a power
 * cut; what was only appended may lose its last milliseconds.
 *
 * <p>Disk full: an alarm ({@link Health#alarm}) and an ERROR, entries stay in memory and are
 * written when there is room; once {@link Options#capacity} entries wait, new ones are lost and
 * counted. Calls go on in every case.
 *
 * <p>Thread-safe. Only one process can have the file open.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** How payloads are written: instants as ISO-8601, an absent value as null. */
  public static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * One thing that happened. Immutable.
   *
   * @param seq number in this journal, rising; with epoch and key it names the entry for ever
   * @param epoch the lease under which it was made
   */
  public record Entry(long seq, long epoch, Instant at, String kind, String key, String json) {

    /**
     * The payload as it was given.
     *
     * @throws IllegalArgumentException when it has another shape
     */
    public <T> T as(Class<T> type) {
      try {
        return JSON.readValue(json, type);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(
            "journal entry " + seq + " is not a " + type.getName(), e);
      }
    }
  }

  /**
   * @param capacity entries that may wait in memory for the disk
   * @param patience how long an append waits for room in that queue
   * @param linger how long the writer gathers entries nobody waits for
   * @param maxBytes size the file may reach before it counts as a full disk
   */
  public record Options(int capacity, Duration patience, Duration linger, long maxBytes) {
    public static final Options DEFAULT =
        new Options(50_000, Duration.ofMillis(100), Duration.ofMillis(3), 16L << 30);
  }

  /**
   * @param waiting entries in memory, not yet on disk
   * @param undelivered entries on disk that MySQL does not have yet
   * @param lost entries that found neither disk nor memory since the start
   * @param setAside entries MySQL or the lease refused
   * @param alarm why nothing can be written, in plain words; empty = all well
   */
  public record Health(
      int waiting, long undelivered, long lost, long setAside, Optional<String> alarm) {}

  private sealed interface Order {}

  private record Write(Entry entry, CompletableFuture<Long> done) implements Order {}

  private record SetMeta(String key, String value) implements Order {}

  private record Task(JournalFile.Work work, CompletableFuture<Void> done) implements Order {}

  private final InstantSource clock;
  private final Options options;
  private final JournalFile file;
  private final String instance;
  private final Thread writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition emptied = lock.newCondition();
  private final ArrayDeque<Order> queue = new ArrayDeque<>();
  // guarded by lock
  private long nextSeq;
  private int waiting;
  private boolean urgent;
  private boolean closing;
  private long lost;

  private volatile long epoch;
  private volatile String alarm;

  public Journal(Path path, InstantSource clock) {
    this(path, clock, Options.DEFAULT);
  }

  /**
   * Opens or makes the file. One that cannot be read is put beside itself with an ERROR and a new
   * one begun: calls matter more, and the switch's own event file knows what is missing.
   *
   * @throws IllegalStateException when another process has it, or the folder cannot be written
   */
  public Journal(Path path, InstantSource clock, Options options) {
    this.clock = clock;
    this.options = options;
    this.file = JournalFile.open(path, clock, options.maxBytes());
    this.instance = file.instance();
    this.nextSeq = file.lastSeq() + 1;
    this.epoch = file.meta("epoch").map(Long::parseLong).orElse(0L);
    this.writer = Thread.ofPlatform().name("journal").daemon(true).unstarted(this::run);
    this.writer.start();
  }

  /** Who this journal is, for ever: the name under which the lease is held. */
  public String instance() {
    return instance;
  }

  /** The lease under which entries are made from now on. Also kept for the next start. */
  public void epoch(long epoch) {
    this.epoch = epoch;
    meta("epoch", Long.toString(epoch));
  }

  public long epoch() {
    return epoch;
  }

  /**
   * Takes an entry and returns its number at once; it is on disk within milliseconds. Waits at most
   * {@link Options#patience} when the queue is full and loses the entry then, with an alarm.
   *
   * @throws IllegalArgumentException when the payload cannot be written as JSON
   */
  public long append(String kind, String key, Object payload) {
    return take(kind, key, payload, null);
  }

  /**
   * Takes an entry; the future completes with its number when it is on disk for good. It fails with
   * {@link JournalException} when the disk is full: unknown, the entry is still written when there
   * is room, unless the queue was full too. Completed on the journal's thread: hand over, do not
   * work there.
   */
  public CompletableFuture<Long> appendDurably(String kind, String key, Object payload) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    take(kind, key, payload, done);
    return done;
  }

  private long take(String kind, String key, Object payload, CompletableFuture<Long> done) {
    String json;
    try {
      json = JSON.writeValueAsString(payload);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be journalled: " + payload.getClass(), e);
    }
    Instant at = clock.instant();
    boolean taken = false;
    long seq;
    long gone = 0;
    lock.lock();
    try {
      long patience = alarm == null ? options.patience().toNanos() : 0;
      while (waiting >= options.capacity() && !closing && patience > 0) {
        patience = emptied.awaitNanos(patience);
      }
      seq = nextSeq++;
      taken = waiting < options.capacity() && !closing;
      if (taken) {
        waiting++;
        urgent |= done != null;
        queue.add(new Write(new Entry(seq, epoch, at, kind, key, json), done));
        filled.signal();
      } else {
        gone = ++lost;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the journal was busy", e);
    } finally {
      lock.unlock();
    }
    if (!taken) {
      if (gone == 1 || gone % 1000 == 0) {
        LOG.error("journal is full or closed, {} lost, now kind={} key={}", gone, kind, key);
      }
      if (done != null) {
        done.completeExceptionally(new JournalException("the journal has no room", null));
      }
    }
    return seq;
  }

  /** A small fact that outlives the process, such as an offset. */
  public Optional<String> meta(String key) {
    return file.meta(key);
  }

  /** Kept after all entries appended before it: an offset is never ahead of what it stands for. */
  public void meta(String key, String value) {
    order(new SetMeta(key, value));
  }

  /**
   * Gives the entries that are kept, oldest first, on the caller's thread. What was delivered and
   * has ended is no longer kept.
   */
  public void replay(long fromSeq, Consumer<Entry> reader) {
    file.replay(fromSeq, reader);
  }

  /** The oldest entries that MySQL does not have yet; at most {@code max}. Blocks on the disk. */
  public List<Entry> undelivered(int max) {
    return file.undelivered(0, max);
  }

  /** As above, from a number on: for a reader whose marks are still under way. */
  public List<Entry> undelivered(long fromSeq, int max) {
    return file.undelivered(fromSeq, max);
  }

  /** When the oldest entry MySQL does not have was made. Blocks on the disk. */
  public Optional<Instant> oldestUndelivered() {
    OptionalLong at = file.oldestUndelivered();
    return at.isPresent() ? Optional.of(Instant.ofEpochMilli(at.getAsLong())) : Optional.empty();
  }

  /** MySQL has committed these. */
  public CompletableFuture<Void> delivered(Collection<Long> seqs) {
    List<Long> copy = List.copyOf(seqs);
    return task(open -> open.delivered(copy));
  }

  /** This entry cannot be delivered; it stays in the file with its reason. */
  public CompletableFuture<Void> setAside(long seq, String reason) {
    return task(open -> open.setAside(seq, reason));
  }

  /**
   * Makes entries that were set aside wait for delivery again, once, for example after a repair.
   */
  public CompletableFuture<Void> retrySetAside() {
    return task(JournalFile::retrySetAside);
  }

  /** Removes delivered entries of ended calls, and all delivered ones older than {@code before}. */
  public CompletableFuture<Void> prune(Instant before) {
    return task(open -> open.prune(before));
  }

  /** Completes when everything taken so far is on disk; fails like {@link #appendDurably}. */
  public CompletableFuture<Void> flush() {
    return task(open -> {});
  }

  /** Blocks on the disk for a moment. */
  public Health health() {
    int inMemory;
    long gone;
    lock.lock();
    try {
      inMemory = waiting;
      gone = lost;
    } finally {
      lock.unlock();
    }
    return new Health(
        inMemory, file.undeliveredCount(), gone, file.setAsideCount(), Optional.ofNullable(alarm));
  }

  private CompletableFuture<Void> task(JournalFile.Work work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!order(new Task(work, done))) {
      done.completeExceptionally(new JournalException("the journal is closed", null));
    }
    return done;
  }

  private boolean order(Order order) {
    lock.lock();
    try {
      if (closing) {
        return false;
      }
      urgent |= order instanceof Task;
      queue.add(order);
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    List<Order> batch = new ArrayList<>();
    while (true) {
      if (!gather(batch)) {
        return;
      }
      if (!write(batch)) {
        return;
      }
      batch.clear();
    }
  }

  /** False when closed and empty. */
  private boolean gather(List<Order> batch) {
    lock.lock();
    try {
      while (queue.isEmpty()) {
        if (closing) {
          return false;
        }
        filled.awaitUninterruptibly();
      }
      long linger = options.linger().toNanos();
      while (!urgent && !closing && linger > 0 && queue.size() < JournalFile.BATCH) {
        linger = filled.awaitNanos(linger);
      }
      while (!queue.isEmpty() && batch.size() < JournalFile.BATCH) {
        batch.add(queue.poll());
      }
      urgent = !queue.isEmpty() && urgent;
      return true;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Tries until the batch is on disk; false when closed meanwhile. */
  private boolean write(List<Order> batch) {
    while (true) {
      try {
        file.inTransaction(open -> perform(open, batch));
        break;
      } catch (RuntimeException | SQLException e) {
        fail(batch, e);
        makeRoom(batch);
        if (pause()) {
          return false;
        }
      }
    }
    if (alarm != null) {
      LOG.warn("journal can be written again");
      alarm = null;
    }
    int written = 0;
    for (Order order : batch) {
      switch (order) {
        case Write write -> {
          written++;
          if (write.done() != null) {
            write.done().complete(write.entry().seq());
          }
        }
        case SetMeta ignored -> {}
        case Task task -> task.done().complete(null);
      }
    }
    lock.lock();
    try {
      waiting -= written;
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
    return true;
  }

  private static void perform(JournalFile open, List<Order> batch) throws SQLException {
    for (Order order : batch) {
      switch (order) {
        case Write write -> open.insert(write.entry());
        case SetMeta meta -> open.setMeta(meta.key(), meta.value());
        case Task task -> task.work().run(open);
      }
    }
  }

  /** Those who wait hear at once that it is unknown; the entries stay. */
  private void fail(List<Order> batch, Exception cause) {
    String reason = "journal cannot be written: " + cause.getMessage();
    if (!reason.equals(alarm)) {
      LOG.error("{}; calls go on, entries are kept in memory", reason);
      alarm = reason;
    }
    JournalException failure = new JournalException(reason, cause);
    for (Order order : batch) {
      switch (order) {
        case Write write -> {
          if (write.done() != null) {
            write.done().completeExceptionally(failure);
          }
        }
        case SetMeta ignored -> {}
        case Task task -> task.done().completeExceptionally(failure);
      }
    }
  }

  /** Marking as delivered and pruning may be what frees the disk: they do not wait for entries. */
  private void makeRoom(List<Order> batch) {
    List<Task> tasks = new ArrayList<>();
    batch.removeIf(order -> order instanceof Task);
    lock.lock();
    try {
      queue.stream().filter(Task.class::isInstance).map(Task.class::cast).forEach(tasks::add);
      queue.removeIf(Task.class::isInstance);
    } finally {
      lock.unlock();
    }
    for (Task task : tasks) {
      try {
        file.inTransaction(task.work());
        task.done().complete(null);
      } catch (RuntimeException | SQLException e) {
        task.done().completeExceptionally(new JournalException(e.getMessage(), e));
      }
    }
  }

  /** A moment before the next try; true when closed meanwhile. */
  private boolean pause() {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(250);
      while (!closing && left > 0) {
        left = filled.awaitNanos(left);
      }
      return closing;
    } catch (InterruptedException e) {
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Writes what waits, at most 5 s, and frees the file. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      filled.signalAll();
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      writer.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    file.close();
  }
}

package org.careline.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.careline.call.Applier;
import org.careline.call.Journal;
import org.careline.call.JournalException;
import org.careline.thread.Beat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the journal into MySQL, in batches, one transaction each, for ever: MySQL being away only
 * makes the next batches longer. In each transaction the lease is read first and held: an entry
 * made under an older epoch is refused unless its applier merges it. Inside a batch the kinds go in
 * the order the appliers were given, each kind's entries in the order they were made. An entry
 * MySQL will never take is set aside with an ERROR and stops nothing else.
 *
 * <p>Delivery is at least once (a crash between both commits repeats a batch); the appliers are
 * idempotent. Thread-safe; works on the thread {@code journal-writer}.
 */
public final class JournalWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

  /**
   * @param batch entries per transaction
   * @param pollEvery longest pause when there is nothing to do
   * @param backOffMax longest pause while MySQL is away
   * @param keep how long delivered entries stay in the journal for a restart
   */
  public record Options(int batch, Duration pollEvery, Duration backOffMax, Duration keep) {
    public static final Options DEFAULT =
        new Options(1000, Duration.ofMillis(20), Duration.ofSeconds(2), Duration.ofHours(24));
  }

  /**
   * How far MySQL is behind.
   *
   * @param entries on disk, not yet in MySQL
   * @param oldest age of the oldest of them, zero when there is none
   * @param trouble why the last try failed; empty = all well
   */
  public record Lag(long entries, Duration oldest, Optional<String> trouble) {}

  private static final int MARKS_UNDER_WAY = 8;

  private final Journal journal;
  private final DataSource source;
  private final InstantSource clock;
  private final Options options;
  private final Map<String, Applier> appliers = new LinkedHashMap<>();
  private final Beat turns;
  private volatile String trouble;
  // confined to the writer's thread
  private long cursor;
  private Duration backOff;
  private long pruneAt = System.nanoTime();
  private final Deque<CompletableFuture<Void>> marks = new ArrayDeque<>();

  public JournalWriter(
      Journal journal, DataSource source, List<Applier> appliers, InstantSource clock) {
    this(journal, source, appliers, clock, Options.DEFAULT);
  }

  public JournalWriter(
      Journal journal,
      DataSource source,
      List<Applier> appliers,
      InstantSource clock,
      Options options) {
    this.journal = journal;
    this.source = source;
    this.clock = clock;
    this.options = options;
    for (Applier applier : appliers) {
      if (this.appliers.put(applier.kind(), applier) != null) {
        throw new IllegalArgumentException("two appliers for " + applier.kind());
      }
    }
    this.backOff = options.pollEvery();
    this.turns = Beat.paced("journal-writer", options.pollEvery(), this::turn);
  }

  /** Entries set aside earlier get one more chance: the start may bring the repair. */
  public void start() {
    journal
        .retrySetAside()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("entries set aside wait for the next start: {}", failure.getMessage());
              }
            });
    turns.start();
  }

  /** Blocks on the disk for a moment. */
  public Lag lag() {
    Duration oldest =
        journal
            .oldestUndelivered()
            .map(at -> Duration.between(at, clock.instant()))
            .filter(age -> !age.isNegative())
            .orElse(Duration.ZERO);
    return new Lag(journal.health().undelivered(), oldest, Optional.ofNullable(trouble));
  }

  private Duration turn() {
    try {
      boolean more = drain();
      if (trouble != null) {
        LOG.info("journal writer: MySQL takes entries again");
        trouble = null;
      }
      backOff = options.pollEvery();
      if (System.nanoTime() - pruneAt > 0) {
        journal.prune(clock.instant().minus(options.keep()));
        cursor = 0;
        pruneAt = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      }
      return more ? Duration.ZERO : options.pollEvery();
    } catch (SQLException | RuntimeException e) {
      if (trouble == null) {
        LOG.warn("journal writer: waiting for MySQL: {}", e.getMessage());
      }
      trouble = String.valueOf(e.getMessage());
      backOff = backOff.multipliedBy(2);
      if (backOff.compareTo(options.backOffMax()) > 0) {
        backOff = options.backOffMax();
      }
      return backOff;
    }
  }

  /** One batch; true when there may be more. */
  private boolean drain() throws SQLException {
    List<Journal.Entry> batch = journal.undelivered(cursor, options.batch());
    if (batch.isEmpty()) {
      return false;
    }
    Outcome outcome;
    try {
      outcome = deliver(batch);
    } catch (SQLException | RuntimeException e) {
      if (away(e)) {
        throw e;
      }
      outcome = oneByOne(batch);
    }
    for (Refusal refusal : outcome.refused()) {
      Journal.Entry entry = refusal.entry();
      LOG.error(
          "journal entry set aside: seq={} epoch={} kind={} key={}: {}",
          entry.seq(),
          entry.epoch(),
          entry.kind(),
          entry.key(),
          refusal.reason());
      mark(journal.setAside(entry.seq(), refusal.reason()));
    }
    mark(journal.delivered(outcome.delivered()));
    cursor = batch.getLast().seq() + 1;
    return batch.size() >= options.batch();
  }

  /**
   * Marking goes on behind the next batch; at most a few are under way. Not marked = delivered
   * again, which is harmless.
   */
  private void mark(CompletableFuture<Void> done) {
    marks.add(done);
    while (marks.size() > MARKS_UNDER_WAY || !marks.isEmpty() && marks.peek().isDone()) {
      try {
        marks.poll().get(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException | TimeoutException e) {
        cursor = 0;
        throw new JournalException("delivered entries cannot be marked: " + e.getMessage(), e);
      }
    }
  }

  private record Refusal(Journal.Entry entry, String reason) {}

  private record Outcome(List<Long> delivered, List<Refusal> refused) {}

  private Outcome oneByOne(List<Journal.Entry> batch) throws SQLException {
    Outcome all = new Outcome(new ArrayList<>(), new ArrayList<>());
    for (Journal.Entry entry : batch) {
      try {
        Outcome one = deliver(List.of(entry));
        all.delivered().addAll(one.delivered());
        all.refused().addAll(one.refused());
      } catch (SQLException | RuntimeException e) {
        if (away(e)) {
          throw e;
        }
        all.refused().add(new Refusal(entry, String.valueOf(e.getMessage())));
      }
    }
    return all;
  }

  private Outcome deliver(List<Journal.Entry> batch) throws SQLException {
    Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        long epoch = leaseEpoch(connection);
        Map<String, List<Journal.Entry>> byKind = new LinkedHashMap<>();
        appliers.keySet().forEach(kind -> byKind.put(kind, new ArrayList<>()));
        for (Journal.Entry entry : batch) {
          Applier applier = appliers.get(entry.kind());
          if (applier == null) {
            outcome.refused().add(new Refusal(entry, "nobody takes this kind"));
          } else if (entry.epoch() < epoch && !applier.takesOlderEpochs(entry)) {
            outcome.refused().add(new Refusal(entry, "made under an older lease than " + epoch));
          } else {
            byKind.get(entry.kind()).add(entry);
            outcome.delivered().add(entry.seq());
          }
        }
        for (Map.Entry<String, List<Journal.Entry>> kind : byKind.entrySet()) {
          if (!kind.getValue().isEmpty()) {
            appliers.get(kind.getKey()).apply(connection, kind.getValue());
          }
        }
        connection.commit();
        return outcome;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  /** Held until the commit, so that no takeover happens between the look and the write. */
  private static long leaseEpoch(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT epoch FROM lease WHERE name = ? FOR SHARE")) {
      statement.setString(1, Lease.NAME);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  /** True when trying the same again later helps. */
  static boolean away(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof JournalException) {
        return true;
      }
      if (cause instanceof java.sql.SQLTransientException
          || cause instanceof java.sql.SQLRecoverableException
          || cause instanceof java.sql.SQLNonTransientConnectionException) {
        return true;
      }
      if (cause instanceof SQLException sql) {
        String state = String.valueOf(sql.getSQLState());
        int code = sql.getErrorCode();
        // 08 connection, 40 rolled back by the server, 1205/1213 locks, 1290/1836 read-only,
        // 1021/1114/3675 disk or table full, 1053 shutting down, 1317 interrupted
        if (state.startsWith("08")
            || state.startsWith("40")
            || List.of(1021, 1040, 1053, 1114, 1205, 1213, 1290, 1317, 1836, 3675).contains(code)) {
          return true;
        }
      }
      if (cause instanceof CompletionException && cause.getCause() == null) {
        return false;
      }
    }
    return false;
  }

  /**
   * Stops after the present batch, at most 5 s; the rest waits in the journal for the next start.
   */
  @Override
  public void close() {
    turns.close();
  }
}

package org.careline.database;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.careline.call.Journal;
import org.careline.thread.Beat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether this engine leads. One lease in MySQL, renewed each second; each takeover gets a
 * higher epoch. An engine that restarts gets its own lease back at once, with its epoch.
 *
 * <pre>
 *              lease free or own, switch up
 *   watching ------------------------------> leading, confirmed
 *      ^                                      |            ^
 *      | lease lost, or 5 s without switch    | MySQL away | renewed
 *      +--------------------------------------+--> leading, not confirmed (no callbacks)
 * </pre>
 *
 * With MySQL away nobody can take over, so the one who leads goes on with inbound calls, also
 * across its own restart; it dials no callbacks, because for them {@link #confirmed} must hold.
 * Thread-safe; listeners are called on the thread {@code leader}, one at a time, in order.
 */
public final class Leader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leader.class);
  private static final String LED = "leader.epoch";
  private static final Duration CLOCKS_AGREE = Duration.ofMinutes(1);

  /** Hears of leadership, on the leader's thread; must return soon. */
  public interface Listener {
    void onGained(long epoch);

    void onLost(String reason);
  }

  /**
   * @param ttl how long the lease holds without renewal
   * @param renewEvery pause between renewals, and between looks of a watching engine
   * @param withoutSwitch how long to lead without the switch
   */
  public record Options(Duration ttl, Duration renewEvery, Duration withoutSwitch) {
    public static final Options DEFAULT =
        new Options(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(5));
  }

  /** What is known of MySQL; without the switch an engine that watches asks for no lease. */
  public enum DatabaseState {
    NOT_ASKED,
    ANSWERS,
    AWAY
  }

  private final Lease lease;
  private final Journal journal;
  private final Options options;
  private final InstantSource clock;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Beat turns;

  private final ReentrantLock lock = new ReentrantLock();
  // guarded by lock
  private boolean switchUp;
  private long switchDownSince = System.nanoTime();

  private volatile boolean leading;
  private volatile long epoch;
  private volatile long confirmedAt;
  private volatile DatabaseState database = DatabaseState.NOT_ASKED;
  private volatile Duration clockDifference = Duration.ZERO;

  public Leader(DataSource source, Journal journal) {
    this(source, journal, Options.DEFAULT, InstantSource.system());
  }

  /**
   * @param clock by which windows and due times are decided; it is compared with the database's
   */
  public Leader(DataSource source, Journal journal, Options options, InstantSource clock) {
    this.lease = new Lease(source, options.ttl());
    this.journal = journal;
    this.options = options;
    this.clock = clock;
    this.epoch = journal.epoch();
    this.turns = Beat.every("leader", options.renewEvery(), this::step);
  }

  /** Before {@link #start}. */
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  public void start() {
    turns.start();
  }

  /** The link to the switch has come or gone; without it nobody leads for long. */
  public void switchUp(boolean up) {
    lock.lock();
    try {
      if (switchUp && !up) {
        switchDownSince = System.nanoTime();
      }
      switchUp = up;
    } finally {
      lock.unlock();
    }
    if (!leading) {
      turns.wake();
    }
  }

  public boolean leading() {
    return leading;
  }

  /** The lease under which this engine leads or last led; 0 = never. */
  public long epoch() {
    return epoch;
  }

  /**
   * True when MySQL has confirmed the lease within its life: nobody else can lead at this moment.
   * Whoever dials a callback asks this first.
   */
  public boolean confirmed() {
    return leading && System.nanoTime() - confirmedAt < options.ttl().toNanos();
  }

  /**
   * How far this engine's clock was ahead of the database's when the lease was last renewed;
   * negative = behind. One of the two is wrong then.
   */
  public Duration clockDifference() {
    return clockDifference;
  }

  /**
   * False while windows and due times would be decided by a clock that is a minute or more away
   * from the database's: no callback may be dialled then.
   */
  public boolean clockAgrees() {
    return clockDifference.abs().compareTo(CLOCKS_AGREE) < 0;
  }

  /** How MySQL was when the lease was last asked for. */
  public DatabaseState database() {
    return database;
  }

  private void step() {
    if (leading && withoutSwitch()) {
      giveUp();
      return;
    }
    if (!leading && !hasSwitch()) {
      return;
    }
    long asked = System.nanoTime();
    try {
      if (leading) {
        if (lease.renew(journal.instance(), epoch)) {
          confirmedAt = asked;
        } else {
          lose("another engine has taken over");
        }
      } else {
        OptionalLong taken = lease.take(journal.instance());
        if (taken.isPresent()) {
          confirmedAt = asked;
          gain(taken.getAsLong());
        }
      }
      compareClocks();
      if (database != DatabaseState.ANSWERS) {
        LOG.info("leadership: MySQL answers");
        database = DatabaseState.ANSWERS;
      }
    } catch (SQLException e) {
      if (database == DatabaseState.ANSWERS || !leading) {
        LOG.warn("leadership: MySQL is away: {}", e.getMessage());
      }
      database = DatabaseState.AWAY;
      goOnWithoutDatabase();
    }
  }

  /** The answer was given somewhere between asking and hearing it: the middle is taken. */
  private void compareClocks() throws SQLException {
    long began = System.nanoTime();
    Instant theirs = lease.databaseTime();
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    Duration before = clockDifference;
    clockDifference = Duration.between(theirs, clock.instant().minus(took.dividedBy(2)));
    if (before.abs().compareTo(CLOCKS_AGREE) < 0 && !clockAgrees()) {
      LOG.error(
          "the clock is {} s ahead of the database's: no callback is dialled",
          clockDifference.toSeconds());
    }
  }

  /** It led when it was last heard of, and nobody can have taken over since MySQL went. */
  private void goOnWithoutDatabase() {
    if (leading) {
      return;
    }
    journal
        .meta(LED)
        .map(Long::parseLong)
        .filter(led -> led > 0)
        .ifPresent(
            led -> {
              confirmedAt = System.nanoTime() - options.ttl().toNanos();
              gain(led);
            });
  }

  private void gain(long gained) {
    epoch = gained;
    journal.epoch(gained);
    journal.meta(LED, Long.toString(gained));
    leading = true;
    LOG.info("leading: epoch={} holder={}", gained, journal.instance());
    for (Listener listener : listeners) {
      try {
        listener.onGained(gained);
      } catch (RuntimeException e) {
        LOG.error("leadership gained: a listener failed", e);
      }
    }
  }

  private void giveUp() {
    lose("no switch for " + options.withoutSwitch().toSeconds() + " s");
    try {
      lease.release(journal.instance(), epoch);
    } catch (SQLException e) {
      LOG.warn("the lease could not be given back, it ends by itself: {}", e.getMessage());
    }
  }

  private void lose(String reason) {
    leading = false;
    journal.meta(LED, "0");
    LOG.warn("not leading any more: {} (epoch={})", reason, epoch);
    for (Listener listener : listeners) {
      try {
        listener.onLost(reason);
      } catch (RuntimeException e) {
        LOG.error("leadership lost: a listener failed", e);
      }
    }
  }

  private boolean hasSwitch() {
    lock.lock();
    try {
      return switchUp;
    } finally {
      lock.unlock();
    }
  }

  private boolean withoutSwitch() {
    lock.lock();
    try {
      return !switchUp && System.nanoTime() - switchDownSince > options.withoutSwitch().toNanos();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops renewing and keeps the lease: a restart gets it back at once, another engine waits for
   * its end. At most 5 s.
   */
  @Override
  public void close() {
    turns.close();
    leading = false;
  }
}

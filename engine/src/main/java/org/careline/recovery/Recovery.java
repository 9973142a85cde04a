package org.careline.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.careline.agent.Agents;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.database.Leader;
import org.careline.telephony.Heartbeat;
import org.careline.telephony.SwitchState;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.careline.thread.Beat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a leader serve: once it leads and the switch is there, what lives is adopted, and only then
 * the heartbeat begins, which tells the dialplan to ask this engine. Lost leadership or a lost link
 * ends it; what follows is the same again. A restart is nothing special.
 *
 * <pre>
 *   watching --- leads and link up ---> adopting --- done ---> serving (beats each second)
 *      ^                                   |                      |
 *      +------ lease lost or link down ----+----------------------+
 * </pre>
 *
 * Thread-safe; works on the thread {@code recovery}.
 */
public final class Recovery implements Leader.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final Duration SWEEP = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** Callers who were sent to the fallback queue just before have come to it after so long. */
  private static final Duration LAST_COMERS = Duration.ofSeconds(1);

  /** Whoever still waits in it then cannot be had: it serves him. */
  private static final Duration HAND_BACK = Duration.ofSeconds(20);

  private static final int PROOFS = 10;

  /** Attempts whose end nobody has seen are looked for so often; younger ones have time. */
  private static final Duration RECONCILE = Duration.ofMinutes(1);

  /** What recovery works with; the engine's parts. */
  public record Parts(
      Journal journal,
      Leader leader,
      DataSource database,
      Mailbox mailbox,
      Calls calls,
      Agents agents,
      OpenAttempts attempts,
      SwitchState state,
      Telephony telephony,
      Heartbeat heartbeat,
      Path celFile,
      InstantSource clock) {}

  private final Parts parts;
  private final LastSeen lastSeen = new LastSeen();
  private final Adoption adoption;
  private final AttemptEvidence evidence;
  private final List<Runnable> onServing = new CopyOnWriteArrayList<>();
  private final Beat turns;
  private final ReentrantLock lock = new ReentrantLock();
  // guarded by lock
  private boolean leads;
  private boolean linkUp;
  private long turn;
  private boolean closing;

  private volatile boolean serving;

  /** {@link System#nanoTime}; written before {@link #serving}. */
  private volatile long servingSince;

  private long adopted = -1; // the turn; recovery's thread only

  /** Open attempts made before this have to be settled; null = done. Recovery's thread only. */
  private Instant attemptsBefore;

  /** {@link System#nanoTime} of the last time it was done. Recovery's thread only. */
  private long settledAt;

  public Recovery(Parts parts) {
    this.parts = parts;
    this.adoption =
        new Adoption(
            parts.state(),
            parts.telephony(),
            parts.calls(),
            parts.agents(),
            parts.mailbox(),
            new CelReader(parts.celFile(), parts.journal()),
            new Outcomes(parts.database()),
            lastSeen,
            () -> parts.leader().database() == Leader.DatabaseState.ANSWERS,
            parts.clock());
    this.evidence = new AttemptEvidence(parts.state(), new CelScan(parts.celFile()));
    this.turns = Beat.paced("recovery", AGAIN, this::work);
  }

  /** Told each time this engine begins to serve, on recovery's thread. */
  public void onServing(Runnable listener) {
    onServing.add(listener);
  }

  /** True while this engine leads, has adopted what lives and has the switch. */
  public boolean serving() {
    return serving;
  }

  /** True while the switch answers. */
  public boolean linked() {
    lock.lock();
    try {
      return linkUp;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads the own journal, before the switch is asked for anything, and begins to work. Blocks for
   * the reading.
   */
  public void start() {
    long began = System.nanoTime();
    int[] entries = {0};
    parts
        .mailbox()
        .ask(
            Duration.ofMinutes(5),
            () -> {
              parts.journal().replay(0, entry -> replay(entry, entries));
              parts.calls().replayed();
              parts.calls().watch(call -> watched(call.id(), call.state()));
              return true;
            });
    LOG.info(
        "journal read: {} entries, {} calls may live, {} ms",
        entries[0],
        parts.calls().live().size(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    if (!Files.isDirectory(parts.celFile().toAbsolutePath().getParent())) {
      LOG.warn(
          "{} cannot be seen: calls that come and go while no engine runs will have no outcome",
          parts.celFile());
    }
    turns.start();
    beat();
  }

  private void replay(Journal.Entry entry, int[] entries) {
    entries[0]++;
    switch (entry.kind()) {
      case "call" -> {
        parts.calls().replay(entry);
        lastSeen.seen(new CallId(entry.key()), entry.as(CallEntry.class).at());
      }
      case "outcome" -> {
        parts.calls().replay(entry);
        lastSeen.forget(new CallId(entry.key()));
      }
      default -> {}
    }
  }

  private void watched(CallId id, CallState state) {
    if (state instanceof CallState.Ended) {
      lastSeen.forget(id);
    } else {
      lastSeen.seen(id, parts.clock().instant());
    }
  }

  /** From the switch's events; returns at once. */
  public void on(TelephonyEvent event) {
    switch (event) {
      case TelephonyEvent.LinkUp up -> link(true);
      case TelephonyEvent.LinkDown down -> link(false);
      case TelephonyEvent other -> {}
    }
  }

  private void link(boolean up) {
    change(() -> linkUp = up);
    parts.leader().switchUp(up);
  }

  @Override
  public void onGained(long epoch) {
    change(() -> leads = true);
  }

  @Override
  public void onLost(String reason) {
    change(() -> leads = false);
  }

  private void change(Runnable fact) {
    lock.lock();
    try {
      fact.run();
      turn++;
      serving = false;
    } finally {
      lock.unlock();
    }
    turns.wake();
  }

  /** Through the mailbox: a mailbox that stands still must not look alive. */
  private void beat() {
    if (serving) {
      parts.heartbeat().beat();
      handBack();
    }
    parts.mailbox().schedule(BEAT, this::beat);
  }

  /**
   * The fallback queue may ring agents again when those who waited in it have come to us: before,
   * it and we could choose the same agent. On the mailbox, with each beat.
   */
  private void handBack() {
    if (!parts.agents().takingOver()) {
      return;
    }
    long served = System.nanoTime() - servingSince;
    boolean waits =
        parts.calls().live().stream()
            .anyMatch(call -> call.state() instanceof CallState.InFallback);
    if (served >= LAST_COMERS.toNanos() && !waits || served >= HAND_BACK.toNanos()) {
      parts.agents().takenOver();
    }
  }

  /** One look; says when the next one is due, if nothing changes before. */
  private Duration work() {
    long now = turn();
    try {
      if (serving && now == adopted) {
        adoption.sweep(SWEEP);
        if (attemptsBefore != null) {
          settleAttempts(now, false);
        } else if (System.nanoTime() - settledAt > RECONCILE.toNanos()) {
          settledAt = System.nanoTime();
          attemptsBefore = parts.clock().instant().minus(RECONCILE);
          settleAttempts(now, true);
          attemptsBefore = null;
        }
      } else if (ready()) {
        adopt(now);
        adopted = now;
      }
    } catch (SwitchState.SwitchUnavailable | IllegalStateException | IOException e) {
      LOG.warn("adoption did not end, again in 1 s: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("recovery: a step failed, going on", e);
    }
    return serving ? SWEEP : AGAIN;
  }

  private void adopt(long began) throws IOException {
    Instant start = parts.clock().instant();
    int missed = adoption.run();
    lock.lock();
    try {
      if (turn != began || closing) {
        return;
      }
      servingSince = System.nanoTime();
      serving = true;
    } finally {
      lock.unlock();
    }
    parts.mailbox().execute(() -> parts.heartbeat().beat());
    LOG.info(
        "serving: {} events had been missed, {} ms",
        missed,
        Duration.between(start, parts.clock().instant()).toMillis());
    onServing.forEach(Runnable::run);
    attemptsBefore = start;
    settleAttempts(began, false);
  }

  /**
   * Needs MySQL; while it is away no callback is dialled either, and this is tried again.
   *
   * @param onlyMissing leaves those alone whose channel lives: their events will come
   */
  private void settleAttempts(long began, boolean onlyMissing) throws IOException {
    Set<String> open;
    try {
      open = parts.attempts().open(attemptsBefore);
    } catch (RuntimeException e) {
      LOG.warn("open attempts cannot be asked for now: {}", e.getMessage());
      return;
    }
    long session = parts.state().session();
    if (onlyMissing) {
      open = evidence.missing(open);
    }
    prove(tell(evidence.of(open, false, parts.clock().instant())), session, began);
    attemptsBefore = null;
    settledAt = System.nanoTime();
  }

  /** Gives those that are still unknown. */
  private Set<String> tell(Map<String, Evidence> known) {
    Set<String> unknown = new HashSet<>();
    known.forEach(
        (attempt, what) -> {
          parts.attempts().evidence(attempt, what);
          if (what instanceof Evidence.Unknown) {
            unknown.add(attempt);
          }
        });
    return unknown;
  }

  /** Ten answered pings, a second apart, on one session: what was ordered before has been seen. */
  private void prove(Set<String> unknown, long session, long began) throws IOException {
    if (unknown.isEmpty()) {
      return;
    }
    for (int answered = 0; answered < PROOFS; ) {
      if (turns.pause(Duration.ofSeconds(1))
          || turn() != began
          || parts.state().session() != session) {
        return; // the next adoption begins anew
      }
      answered = parts.state().ping(Duration.ofSeconds(2)) ? answered + 1 : 0;
    }
    tell(evidence.of(unknown, true, parts.clock().instant()));
  }

  private boolean ready() {
    lock.lock();
    try {
      return leads && linkUp;
    } finally {
      lock.unlock();
    }
  }

  /** Grows with each change of facts. */
  private long turn() {
    lock.lock();
    try {
      return turn;
    } finally {
      lock.unlock();
    }
  }

  /** At most 5 s. Calls live on in the switch. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      serving = false;
    } finally {
      lock.unlock();
    }
    turns.close();
  }
}

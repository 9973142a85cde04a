package org.careline.asterisk;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.asteriskjava.manager.AuthenticationFailedException;
import org.asteriskjava.manager.DefaultManagerConnection;
import org.asteriskjava.manager.EventTimeoutException;
import org.asteriskjava.manager.ManagerConnection;
import org.asteriskjava.manager.ResponseEvents;
import org.asteriskjava.manager.action.EventGeneratingAction;
import org.asteriskjava.manager.action.ManagerAction;
import org.asteriskjava.manager.action.PingAction;
import org.asteriskjava.manager.event.DisconnectEvent;
import org.asteriskjava.manager.event.ManagerEvent;
import org.asteriskjava.manager.response.ManagerResponse;
import org.careline.telephony.SwitchState.SwitchUnavailable;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.TelephonyEvent.LinkDown;
import org.careline.telephony.TelephonyEvent.LinkUp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One login at Asterisk's manager interface, supervised by ourselves: the library notices neither a
 * half-open connection nor a stalled Asterisk, and it repeats a wrong password without end. A ping
 * goes out each second; 5 s without an answer, or without any byte, end the session. Then a new one
 * is tried with growing, jittered pauses.
 *
 * <p>Orders leave in the order of the calls, on a thread of their own: no caller ever waits for a
 * socket. The library's listener thread only hands events on, because it also delivers the answers.
 *
 * <p>Events of a session come after its {@link LinkUp} and before its {@link LinkDown}; what
 * happened between two sessions is not repeated. Thread-safe.
 */
public final class AmiLink implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AmiLink.class);

  /** Where and as whom. {@code toString} hides the secret. */
  public record Login(String host, int port, String user, String secret) {
    @Override
    public String toString() {
      return user + "@" + host + ":" + port;
    }
  }

  /** Rhythm of the supervision. */
  public record Timing(
      Duration ping,
      Duration silence,
      Duration answer,
      Duration firstPause,
      Duration longestPause,
      Duration afterWrongPassword) {
    public static Timing usual() {
      return new Timing(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));
    }
  }

  private static final int ORDERS_WAITING = 2000;

  private final Login login;
  private final Timing timing;
  private final InstantSource clock;
  private final Consumer<TelephonyEvent> events;
  private final ThreadPoolExecutor orders;
  private final Thread supervisor;
  private final AtomicLong sessions = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by lock.
  private Session current;
  private boolean closed;

  private static final class Session {
    final long number;
    final DefaultManagerConnection connection;
    // Set on the library's threads.
    volatile boolean lost;
    volatile long pingAnswered = System.nanoTime();

    Session(long number, DefaultManagerConnection connection) {
      this.number = number;
      this.connection = connection;
    }
  }

  /**
   * @param events gets everything in order, on threads of the link; it must return within
   *     milliseconds
   */
  public AmiLink(Login login, Timing timing, InstantSource clock, Consumer<TelephonyEvent> events) {
    this.login = login;
    this.timing = timing;
    this.clock = clock;
    this.events = events;
    this.orders =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(ORDERS_WAITING),
            task -> daemon("ami-orders-" + login.user(), task));
    this.supervisor = daemon("ami-link-" + login.user(), this::supervise);
  }

  /** Starts trying to connect; returns at once. */
  public void start() {
    supervisor.start();
  }

  /** Number of the present session, 0 = none. */
  public long session() {
    lock.lock();
    try {
      return current == null ? 0 : current.number;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends one action. The future fails when the link is down (nothing was sent), when the link is
   * lost or no answer came in time (unknown), always with a {@link SwitchUnavailable}.
   */
  CompletableFuture<ManagerResponse> send(ManagerAction action) {
    CompletableFuture<ManagerResponse> answer = new CompletableFuture<>();
    try {
      orders.execute(() -> write(action, answer));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new SwitchUnavailable("too many orders are waiting", e));
    }
    return answer
        .orTimeout(timing.answer().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            e ->
                CompletableFuture.failedFuture(
                    e instanceof TimeoutException
                        ? new SwitchUnavailable("no answer in " + timing.answer(), e)
                        : e));
  }

  /** Sends one action that is answered by a list of events. Blocks; never on the link's threads. */
  ResponseEvents list(EventGeneratingAction action) {
    try {
      return required().connection.sendEventGeneratingAction(action, timing.answer().toMillis());
    } catch (IOException | EventTimeoutException | IllegalStateException e) {
      throw new SwitchUnavailable("the switch did not give its list: " + e.getMessage(), e);
    }
  }

  private void write(ManagerAction action, CompletableFuture<ManagerResponse> answer) {
    if (answer.isDone()) {
      return; // Timed out before it left: sending it now would surprise its owner.
    }
    try {
      required()
          .connection
          .sendAction(
              action,
              response -> {
                if (response == null) {
                  answer.completeExceptionally(new SwitchUnavailable("link lost", null));
                } else {
                  answer.complete(response);
                }
              });
    } catch (SwitchUnavailable e) {
      answer.completeExceptionally(e);
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(new SwitchUnavailable("link lost", e));
    }
  }

  private Session required() {
    lock.lock();
    try {
      if (current == null) {
        throw new SwitchUnavailable("no link to the switch", null);
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  private void supervise() {
    Duration pause = timing.firstPause();
    String lastFailure = "";
    boolean first = true;
    while (!isClosed()) {
      String failure;
      Duration wait = pause;
      try {
        Session session = connect();
        if (up(session, first)) {
          first = false;
          lastFailure = "";
          pause = timing.firstPause();
          wait = pause;
          log.info("AMI {}: session {} is up", login, session.number);
          watch(session);
          down(session);
        }
        disconnect(session);
        failure = lastFailure; // Already said.
      } catch (AuthenticationFailedException e) {
        if (e.getCause() != null) {
          // The library's name for a login that got no answer, too.
          failure = "cannot log in: " + e.getMessage();
        } else {
          failure = "the switch refuses this user or secret; check asterisk.*Secret";
          // No faster: a switch may lock out an address that guesses.
          wait = timing.afterWrongPassword();
        }
      } catch (IOException | org.asteriskjava.manager.TimeoutException | RuntimeException e) {
        failure = "cannot connect: " + e.getMessage();
      }
      if (!isClosed() && !failure.equals(lastFailure)) {
        log.error("AMI {}: {}", login, failure);
        lastFailure = failure;
      }
      await(jittered(wait));
      pause = min(pause.multipliedBy(2), timing.longestPause());
    }
  }

  private Session connect()
      throws IOException, AuthenticationFailedException, org.asteriskjava.manager.TimeoutException {
    DefaultManagerConnection connection =
        new DefaultManagerConnection(login.host(), login.port(), login.user(), login.secret());
    connection.setSocketTimeout(2000);
    connection.setSocketReadTimeout((int) timing.silence().toMillis());
    connection.setDefaultResponseTimeout(timing.answer().toMillis());
    connection.setKeepAliveAfterAuthenticationFailure(false);
    Session session = new Session(sessions.incrementAndGet(), connection);
    connection.addEventListener(event -> received(session, event));
    try {
      connection.login();
    } catch (IOException
        | AuthenticationFailedException
        | org.asteriskjava.manager.TimeoutException
        | RuntimeException e) {
      disconnect(session);
      throw e;
    }
    return session;
  }

  /** On the library's thread: hand on, nothing else. */
  private void received(Session session, ManagerEvent event) {
    if (event instanceof DisconnectEvent) {
      session.lost = true;
      wake();
      return;
    }
    lock.lock();
    try {
      // Before LinkUp and after LinkDown nothing is passed on: adoption looks afterwards.
      if (session == current) {
        Optional<TelephonyEvent> translated = EventTranslator.translate(event, clock.instant());
        translated.ifPresent(this::deliver);
      }
    } catch (RuntimeException e) {
      log.error("AMI {}: an event of {} was not understood", login, event.getClass(), e);
    } finally {
      lock.unlock();
    }
  }

  private void deliver(TelephonyEvent event) {
    try {
      events.accept(event);
    } catch (RuntimeException e) {
      // An exception here would end the library's reader thread and with it the session.
      log.error("AMI {}: a consumer failed on {}", login, event.getClass().getSimpleName(), e);
    }
  }

  private boolean up(Session session, boolean first) {
    lock.lock();
    try {
      if (closed || session.lost) {
        return false;
      }
      session.pingAnswered = System.nanoTime();
      current = session;
      deliver(new LinkUp(clock.instant(), first));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void down(Session session) {
    lock.lock();
    try {
      current = null;
      deliver(new LinkDown(clock.instant()));
    } finally {
      lock.unlock();
    }
    if (isClosed()) {
      log.info("AMI {}: session {} is closed", login, session.number);
    } else {
      log.warn("AMI {}: session {} is down", login, session.number);
    }
  }

  private void watch(Session session) {
    while (!session.lost && !isClosed()) {
      send(new PingAction())
          .whenComplete(
              (response, e) -> {
                if (response != null) {
                  session.pingAnswered = System.nanoTime();
                }
              });
      await(timing.ping());
      if (System.nanoTime() - session.pingAnswered > timing.silence().toNanos()) {
        log.warn("AMI {}: no answer to a ping for {}", login, timing.silence());
        return;
      }
    }
  }

  private static void disconnect(Session session) {
    // Ends the library's own reconnecting too.
    ManagerConnection connection = session.connection;
    try {
      connection.logoff();
    } catch (IllegalStateException e) {
      log.debug("was not logged in", e);
    }
  }

  private void await(Duration time) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (left > 0 && !closed && !(current != null && current.lost)) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed || supervisor.isInterrupted();
    } finally {
      lock.unlock();
    }
  }

  private static Duration jittered(Duration pause) {
    return pause.plusMillis(ThreadLocalRandom.current().nextLong(1 + pause.toMillis() / 2));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Ends the session and the threads; waits at most 5 s. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    orders.shutdown();
    try {
      supervisor.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package org.careline.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.careline.agent.AgentNumber;
import org.careline.web.Desks.Part;
import org.eclipse.jetty.websocket.api.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live feed of all consoles. Each gets a snapshot first, then the parts that changed, whole or
 * (agents) the changed rows, at most five times a second. A part is asked for once and sent to all;
 * it is asked for when {@link #changed} names it, and all of them each second, so that nothing
 * forgotten stays wrong. A browser that takes nothing for ten seconds is dropped. Thread-safe; one
 * thread asks and offers.
 */
public final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  static final int MOST_CLIENTS = 300;
  private static final Duration PACE = Duration.ofMillis(200);
  private static final Duration REFRESH = Duration.ofSeconds(1);
  private static final Duration SLOW = Duration.ofSeconds(10);

  /** Private codes: the console signs in again, or comes back later. */
  private static final int SIGNED_OUT = 4401;

  private static final int NOT_UNDERSTOOD = 1008;
  private static final int TRY_LATER = 1013;

  private final Desks desks;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Map<Session, FeedClient> clients = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final Set<Part> changed = EnumSet.noneOf(Part.class);
  private final Map<Part, Boolean> failing = new EnumMap<>(Part.class);
  private final Thread thread;
  private final ScheduledExecutorService roundReader =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("feed-rounds").daemon().factory());
  private volatile String rounds = "[]";
  private volatile boolean roundsFailing;

  /** As last asked for. Confined to the feed's thread. */
  private Shown.Rows agents;

  private boolean newcomer;
  private boolean closed;

  Feed(Desks desks, Sessions sessions, InstantSource clock) {
    this.desks = desks;
    this.sessions = sessions;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("feed").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
    roundReader.scheduleWithFixedDelay(this::readRounds, 0, 500, TimeUnit.MILLISECONDS);
  }

  /** These parts may be different now. Cheap, never blocks for long: call it from anywhere. */
  public void changed(Part first, Part... more) {
    lock.lock();
    try {
      changed.add(first);
      changed.addAll(List.of(more));
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  public int clients() {
    return clients.size();
  }

  void connected(Session socket, String idHash) {
    FeedClient client = new FeedClient(socket, idHash, clock);
    if (clients.size() >= MOST_CLIENTS) {
      client.close(TRY_LATER, "too many consoles");
      return;
    }
    clients.put(socket, client);
    lock.lock();
    try {
      newcomer = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  void left(Session socket) {
    FeedClient client = clients.remove(socket);
    if (client != null) {
      sessions
          .peek(client.idHash())
          .flatMap(session -> session.principal().agent())
          .ifPresent(desks.agents()::consoleGone);
    }
  }

  /** Only a heartbeat is understood. */
  void heard(Session socket, String text) {
    FeedClient client = clients.get(socket);
    if (client == null) {
      return;
    }
    Instant now = clock.instant();
    if (!client.heard(now) || !heartbeat(text)) {
      client.close(NOT_UNDERSTOOD, "not understood");
      return;
    }
    Optional<Sessions.Session> session = sessions.touch(client.idHash());
    if (session.isEmpty()) {
      client.close(SIGNED_OUT, "signed out");
      return;
    }
    session.get().principal().agent().ifPresent(desks.agents()::heartbeat);
    client.offer(
        "heartbeat", new Shown.Answer("{\"type\":\"heartbeat\",\"at\":\"" + now + "\"}"), now);
  }

  private static boolean heartbeat(String text) {
    try {
      JsonNode node = Json.MAPPER.readTree(text);
      return node != null && node.isObject() && "heartbeat".equals(node.path("type").textValue());
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private void run() {
    Instant refreshed = Instant.EPOCH;
    while (true) {
      Set<Part> parts = awaitWork();
      if (parts == null) {
        return;
      }
      Instant now = clock.instant();
      if (Duration.between(refreshed, now).compareTo(REFRESH) >= 0) {
        parts = Part.ALL;
        refreshed = now;
      }
      try {
        round(parts, now);
      } catch (RuntimeException e) {
        LOG.error("a round of the feed failed", e);
      }
      if (!pause()) {
        return;
      }
    }
  }

  /** What changed; everything when the second is over or somebody came; null = closed. */
  private Set<Part> awaitWork() {
    lock.lock();
    try {
      long nanos = REFRESH.toNanos();
      while (!closed && !newcomer && changed.isEmpty() && nanos > 0) {
        nanos = woken.awaitNanos(nanos);
      }
      if (closed) {
        return null;
      }
      Set<Part> parts = newcomer || changed.isEmpty() ? Part.ALL : Set.copyOf(changed);
      newcomer = false;
      changed.clear();
      return parts;
    } catch (InterruptedException e) {
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the pace; false = closed. */
  private boolean pause() {
    lock.lock();
    try {
      long nanos = PACE.toNanos();
      while (!closed && nanos > 0) {
        nanos = woken.awaitNanos(nanos);
      }
      return !closed;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void round(Set<Part> parts, Instant now) {
    if (clients.isEmpty()) {
      return;
    }
    Map<Part, Shown> shown = new EnumMap<>(Part.class);
    for (Part part : parts) {
      ask(part, shown);
    }
    for (Map.Entry<Session, FeedClient> entry : clients.entrySet()) {
      serve(entry.getKey(), entry.getValue(), parts, shown, now);
    }
  }

  private void serve(
      Session socket, FeedClient client, Set<Part> parts, Map<Part, Shown> shown, Instant now) {
    Optional<Sessions.Session> session = sessions.peek(client.idHash());
    if (session.isEmpty()) {
      clients.remove(socket);
      client.close(SIGNED_OUT, "signed out");
      return;
    }
    if (client.stuck(now, SLOW)) {
      LOG.warn("console of {} takes nothing, dropped", session.get().principal().login());
      clients.remove(socket);
      client.drop();
      return;
    }
    Principal who = session.get().principal();
    Map<Part, Shown> own = copy(shown);
    if (parts.contains(Part.WORK)) {
      work(who).ifPresent(json -> own.put(Part.WORK, shown(Part.WORK, json)));
    }
    if (!client.greeted()) {
      if (own.keySet().containsAll(Part.ALL)) {
        client.greet();
        own.forEach((part, seen) -> client.known(part.name(), seen));
        client.offer("snapshot", new Shown.Answer(snapshot(own)), now);
      }
      return;
    }
    own.forEach((part, seen) -> client.offer(part.name(), seen, now));
  }

  private static Map<Part, Shown> copy(Map<Part, Shown> parts) {
    Map<Part, Shown> copy = new EnumMap<>(Part.class);
    copy.putAll(parts);
    return copy;
  }

  /** The part, the same for everybody; left out when it cannot be had now. */
  private void ask(Part part, Map<Part, Shown> all) {
    try {
      switch (part) {
        case WAITING -> {
          List<Views.LiveCall> live = desks.calls().live();
          all.put(
              part, shown(part, Json.write(live.stream().map(Views.LiveCall::masked).toList())));
        }
        case AGENTS -> {
          agents = Shown.Rows.of(type(part), agentRows(), agents);
          all.put(part, agents);
        }
        case ROUND -> all.put(part, shown(part, rounds));
        case STATUS -> all.put(part, shown(part, Json.write(desks.status().status())));
        case WORK -> {}
      }
      failing.remove(part);
    } catch (RuntimeException e) {
      noteFailure(part, e);
    }
  }

  private Map<String, String> agentRows() {
    Map<String, String> rows = new LinkedHashMap<>();
    for (Views.AgentView agent : desks.agents().all()) {
      rows.put(agent.number(), Json.write(agent));
    }
    return rows;
  }

  /** Runs on its own thread: MySQL may be slow or away, the callers must stay on the screens. */
  private void readRounds() {
    if (clients.isEmpty()) {
      return;
    }
    try {
      String json =
          Json.write(
              desks.rounds().campaigns().stream()
                  .filter(campaign -> campaign.round() != null)
                  .map(Views.RoundProgress::of)
                  .toList());
      roundsFailing = false;
      if (!json.equals(rounds)) {
        rounds = json;
        changed(Part.ROUND);
      }
    } catch (RuntimeException e) {
      if (!roundsFailing) {
        roundsFailing = true;
        LOG.warn("the feed cannot show the rounds, the last known stay", e);
      }
    }
  }

  private Optional<String> work(Principal who) {
    try {
      Optional<AgentNumber> agent = who.agent();
      Optional<Views.Work> work = agent.flatMap(desks.agents()::work);
      failing.remove(Part.WORK);
      return Optional.of(work.map(own -> Json.write(own.masked())).orElse("null"));
    } catch (RuntimeException e) {
      noteFailure(Part.WORK, e);
      return Optional.empty();
    }
  }

  /** Once, until it works again. */
  private void noteFailure(Part part, RuntimeException e) {
    if (failing.put(part, true) == null) {
      LOG.warn("the feed cannot show {}", part, e);
    }
  }

  private static Shown shown(Part part, String json) {
    return new Shown.Whole(type(part), key(part), json);
  }

  private static String snapshot(Map<Part, Shown> parts) {
    StringBuilder text = new StringBuilder("{\"type\":\"snapshot\"");
    parts.forEach(
        (part, shown) -> text.append(",\"").append(key(part)).append("\":").append(shown.json()));
    return text.append('}').toString();
  }

  private static String type(Part part) {
    return switch (part) {
      case WAITING -> "waiting";
      case AGENTS -> "agents";
      case ROUND -> "round";
      case WORK -> "work";
      case STATUS -> "status";
    };
  }

  private static String key(Part part) {
    return part == Part.ROUND ? "rounds" : type(part);
  }

  @Override
  public void close() {
    roundReader.shutdownNow();
    lock.lock();
    try {
      closed = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
    clients.values().forEach(client -> client.close(1001, "the engine stops"));
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

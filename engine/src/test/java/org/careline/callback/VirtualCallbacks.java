package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.telephony.Telephony;

/** Switch, agents and time for tests of attempts; single-threaded. */
final class VirtualCallbacks implements Telephony, AgentPool {
  private record Timed(Instant at, long order, Runnable task) {}

  final List<String> orders = new ArrayList<>();
  final Map<String, Integer> dialled = new HashMap<>();

  /** Orders that wait at the trunk, by attempt, and what they ask before they leave. */
  final Map<String, CompletableFuture<Accepted>> held = new HashMap<>();

  final Map<String, Supplier<CompletableFuture<Boolean>>> asked = new HashMap<>();

  final Set<AgentNumber> free = new HashSet<>();
  final Map<AgentNumber, String> busy = new HashMap<>();
  final Map<AgentNumber, Integer> grades = new HashMap<>();
  final Set<AgentNumber> missed = new HashSet<>();
  final Map<AgentNumber, AgentNumber> deputies = new HashMap<>();
  private final PriorityQueue<Timed> later =
      new PriorityQueue<>(java.util.Comparator.comparing(Timed::at).thenComparing(Timed::order));
  Instant now;
  private long order;

  VirtualCallbacks(Instant now, String... agents) {
    this.now = now;
    for (String agent : agents) {
      free.add(new AgentNumber(agent));
    }
  }

  void after(Duration delay, Runnable task) {
    later.add(new Timed(now.plus(delay), order++, task));
  }

  void pass(Duration time) {
    Instant until = now.plus(time);
    while (!later.isEmpty() && !later.peek().at().isAfter(until)) {
      Timed next = later.poll();
      now = next.at();
      next.task().run();
    }
    now = until;
  }

  private CompletableFuture<Accepted> taken(String text) {
    orders.add(text);
    return CompletableFuture.completedFuture(new Accepted(true, ""));
  }

  @Override
  public CompletableFuture<Accepted> offer(
      String channel, AgentNumber agent, Duration ring, Optional<String> announceIn) {
    throw new AssertionError("not a callback's order");
  }

  @Override
  public CompletableFuture<Accepted> external(
      String channel, String number, Duration ring, boolean confirm) {
    throw new AssertionError("not a callback's order");
  }

  @Override
  public CompletableFuture<Accepted> ask(String channel, String stage) {
    throw new AssertionError("not a callback's order");
  }

  @Override
  public CompletableFuture<Accepted> waitroom(String channel) {
    throw new AssertionError("not a callback's order");
  }

  @Override
  public CompletableFuture<Accepted> callAgent(
      CallId attempt, int n, AgentNumber agent, Duration ring) {
    return taken("agent " + attempt + " " + agent);
  }

  @Override
  public CompletableFuture<Accepted> dialSite(
      CallId attempt, String destination, String shown, String agentChannel, Duration ring) {
    dialled.merge(attempt.value(), 1, Integer::sum);
    return taken("site " + attempt + " " + destination + " " + agentChannel);
  }

  @Override
  public CompletableFuture<Accepted> dialSite(
      CallId attempt,
      String destination,
      String shown,
      String agentChannel,
      Duration ring,
      Supplier<CompletableFuture<Boolean>> still) {
    asked.put(attempt.value(), still);
    return held.containsKey(attempt.value())
        ? held.get(attempt.value())
        : dialSite(attempt, destination, shown, agentChannel, ring);
  }

  @Override
  public CompletableFuture<Accepted> listen(CallId attempt, String agentChannel) {
    return taken("listen " + attempt + " " + agentChannel);
  }

  @Override
  public CompletableFuture<Accepted> hangUp(String channelOrId) {
    return taken("hangup " + channelOrId);
  }

  @Override
  public CompletableFuture<Accepted> sendDigits(String channel, String digits) {
    return taken("digits");
  }

  @Override
  public CompletableFuture<Accepted> standIns(java.util.Collection<AgentNumber> agents) {
    return taken("stand-ins");
  }

  @Override
  public CompletableFuture<Accepted> mirror(AgentNumber agent, boolean ready) {
    return taken("mirror");
  }

  @Override
  public List<AgentNumber> ready(int minGrade) {
    return free.stream()
        .filter(agent -> grades.getOrDefault(agent, 5) >= minGrade)
        .sorted(java.util.Comparator.comparing(AgentNumber::value))
        .toList();
  }

  @Override
  public List<Integer> readyGrades() {
    return free.stream().map(agent -> grades.getOrDefault(agent, 5)).toList();
  }

  @Override
  public Optional<AgentNumber> standIn(AgentNumber agent) {
    return Optional.ofNullable(deputies.get(agent));
  }

  @Override
  public boolean reserve(AgentNumber agent, String attemptId) {
    if (!free.remove(agent)) {
      return false;
    }
    busy.put(agent, attemptId);
    return true;
  }

  @Override
  public void talks(AgentNumber agent, String attemptId) {
    busy.put(agent, attemptId);
    free.remove(agent);
  }

  @Override
  public void wrapUp(AgentNumber agent, String attemptId, Duration atMost) {}

  @Override
  public void release(AgentNumber agent, String attemptId, How how) {
    if (attemptId.equals(busy.get(agent))) {
      busy.remove(agent);
      free.add(agent);
      if (how == How.MISSED) {
        missed.add(agent);
      }
    }
  }

  @Override
  public void restore(AgentNumber agent, String attemptId, boolean talking) {
    busy.put(agent, attemptId);
    free.remove(agent);
  }
}

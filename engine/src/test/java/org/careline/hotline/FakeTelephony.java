package org.careline.hotline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.telephony.Telephony;

/** Takes every order and remembers it. */
public class FakeTelephony implements Telephony {
  final List<String> orders = new ArrayList<>();
  final Map<String, Boolean> mirrored = new HashMap<>();
  List<String> standIns = List.of();
  CompletableFuture<Accepted> answer = CompletableFuture.completedFuture(new Accepted(true, ""));

  @Override
  public CompletableFuture<Accepted> offer(
      String channel, AgentNumber agent, Duration ring, Optional<String> announceIn) {
    orders.add("offer " + channel + " " + agent + " " + ring.toSeconds());
    return answer;
  }

  @Override
  public CompletableFuture<Accepted> external(
      String channel, String number, Duration ring, boolean confirm) {
    orders.add("external " + channel + " " + number + " " + ring.toSeconds() + " " + confirm);
    return answer;
  }

  @Override
  public CompletableFuture<Accepted> ask(String channel, String stage) {
    orders.add("ask " + channel + " " + stage);
    return answer;
  }

  @Override
  public CompletableFuture<Accepted> waitroom(String channel) {
    orders.add("waitroom " + channel);
    return answer;
  }

  @Override
  public CompletableFuture<Accepted> callAgent(
      CallId attempt, int n, AgentNumber agent, Duration ring) {
    throw new AssertionError("the hotline calls no agent");
  }

  @Override
  public CompletableFuture<Accepted> dialSite(
      CallId attempt, String destination, String shown, String agentChannel, Duration ring) {
    throw new AssertionError("the hotline dials nobody");
  }

  @Override
  public CompletableFuture<Accepted> hangUp(String channelOrId) {
    orders.add("hangup " + channelOrId);
    return answer;
  }

  @Override
  public CompletableFuture<Accepted> sendDigits(String channel, String digits) {
    throw new AssertionError("the hotline sends no digits");
  }

  @Override
  public CompletableFuture<Accepted> standIns(Collection<AgentNumber> agents) {
    standIns = agents.stream().map(AgentNumber::value).toList();
    return CompletableFuture.completedFuture(new Accepted(true, ""));
  }

  @Override
  public CompletableFuture<Accepted> mirror(AgentNumber agent, boolean ready) {
    mirrored.put(agent.value(), ready);
    return CompletableFuture.completedFuture(new Accepted(true, ""));
  }
}

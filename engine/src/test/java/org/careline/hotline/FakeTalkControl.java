package org.careline.hotline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.careline.call.CallId;
import org.careline.telephony.TalkControl;
import org.careline.telephony.Telephony.Accepted;

/** Takes every order about talks but the refused ones, and remembers it. */
final class FakeTalkControl implements TalkControl {
  final List<String> orders = new ArrayList<>();
  final Set<String> refused = new HashSet<>();

  /** Orders of this name are answered when the test says so; empty = at once. */
  String late = "";

  boolean room = true;

  @Override
  public boolean roomOutside() {
    return room;
  }

  CompletableFuture<Accepted> answer = new CompletableFuture<>();

  private CompletableFuture<Accepted> order(String name, String rest) {
    orders.add(name + " " + rest);
    if (name.equals(late)) {
      return answer;
    }
    boolean taken = !refused.contains(name);
    return CompletableFuture.completedFuture(new Accepted(taken, taken ? "" : "refused"));
  }

  @Override
  public CompletableFuture<Accepted> hold(String channel, String leg) {
    return order("hold", channel + " " + leg);
  }

  @Override
  public CompletableFuture<Accepted> join(String leg, String channel, boolean quiet) {
    return order("join", leg + " " + channel);
  }

  @Override
  public CompletableFuture<Accepted> rejoin(String channel, String leg, boolean quiet) {
    return order("rejoin", channel + " " + leg);
  }

  @Override
  public CompletableFuture<Accepted> consult(
      CallId call, int n, Party party, String channel, String leg, Duration ring) {
    return order("consult", TalkControl.consultLeg(call, n));
  }

  @Override
  public CompletableFuture<Accepted> forward(
      CallId call, int n, Outside outside, String channel, Duration ring) {
    return order("forward", TalkControl.consultLeg(call, n));
  }

  @Override
  public CompletableFuture<Accepted> conference(
      String channel, String leg, String third, boolean quiet) {
    return order("conference", channel + " " + leg + " " + third);
  }

  @Override
  public CompletableFuture<Accepted> mute(String leg, boolean muted) {
    return order("mute", leg + " " + muted);
  }

  @Override
  public CompletableFuture<Accepted> hangUp(String channelOrId) {
    return order("hangup", channelOrId);
  }
}

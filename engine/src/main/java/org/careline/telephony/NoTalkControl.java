package org.careline.telephony;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.careline.call.CallId;
import org.careline.telephony.Telephony.Accepted;

/** Refuses every order about a talk. */
final class NoTalkControl implements TalkControl {
  private static CompletableFuture<Accepted> no() {
    return CompletableFuture.completedFuture(new Accepted(false, "this switch cannot do it"));
  }

  @Override
  public CompletableFuture<Accepted> hold(String channel, String leg) {
    return no();
  }

  @Override
  public CompletableFuture<Accepted> join(String leg, String channel, boolean quiet) {
    return no();
  }

  @Override
  public CompletableFuture<Accepted> rejoin(String channel, String leg, boolean quiet) {
    return no();
  }

  @Override
  public CompletableFuture<Accepted> consult(
      CallId call, int n, Party party, String channel, String leg, Duration ring) {
    return no();
  }

  @Override
  public CompletableFuture<Accepted> forward(
      CallId call, int n, Outside outside, String channel, Duration ring) {
    return no();
  }

  @Override
  public CompletableFuture<Accepted> conference(
      String channel, String leg, String third, boolean quiet) {
    return no();
  }

  @Override
  public CompletableFuture<Accepted> mute(String leg, boolean muted) {
    return no();
  }

  @Override
  public CompletableFuture<Accepted> hangUp(String channelOrId) {
    return no();
  }
}

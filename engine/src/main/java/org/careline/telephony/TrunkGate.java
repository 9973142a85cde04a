package org.careline.telephony;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.language.Sentence;

/**
 * The one way out: every order that takes a channel of a trunk passes here and is held back when
 * the trunk's share is used up, when no number may be shown, or until its turn among the calls of a
 * second has come. What is held back has certainly not been carried out. All other orders go
 * through as they are. Thread-safe.
 */
public final class TrunkGate implements Telephony {
  /** So long an order's channel, whose id the switch gives, takes to appear at most. */
  private static final Duration APPEARS = Duration.ofSeconds(2);

  private final Telephony switchOrders;
  private final TrunkShares shares;
  private final BiConsumer<Duration, Runnable> timer;
  private final InstantSource clock;

  /** Orders that wait for their turn, by the id of their channel. */
  private final Map<String, CompletableFuture<Accepted>> waiting = new ConcurrentHashMap<>();

  private final AtomicInteger unnamed = new AtomicInteger();
  private final Outbound outbound = new Places();

  /**
   * @param timer runs a task after a delay
   */
  public TrunkGate(
      Telephony switchOrders,
      TrunkShares shares,
      BiConsumer<Duration, Runnable> timer,
      InstantSource clock) {
    this.switchOrders = switchOrders;
    this.shares = shares;
    this.timer = timer;
    this.clock = clock;
  }

  @Override
  public Outbound outbound() {
    return outbound;
  }

  /** Whoever needs no channel any more has no order waiting for its turn either. */
  private final class Places implements Outbound {
    @Override
    public int room() {
      return shares.room();
    }

    @Override
    public boolean keep(String id) {
      return shares.keep(id);
    }

    @Override
    public void adopt(String id) {
      shares.adopt(id);
    }

    @Override
    public void free(String id) {
      if (!withdrawn(id)) {
        shares.free(id);
      }
    }

    @Override
    public Leaving leaving(String wanted, boolean must) {
      return shares.leaving(wanted, must);
    }
  }

  @Override
  public CompletableFuture<Accepted> dialSite(
      CallId attempt, String destination, String shownNumber, String agentChannel, Duration ring) {
    return leave(
        shares.first(),
        attempt.value(),
        shownNumber,
        () -> switchOrders.dialSite(attempt, destination, shownNumber, agentChannel, ring));
  }

  @Override
  public CompletableFuture<Accepted> external(
      String channel, String number, Duration ring, boolean confirm) {
    TrunkShare share = shares.of(endpoint(channel));
    // the switch names this channel itself: a place is kept until it is there
    String id = "unnamed-" + unnamed.incrementAndGet();
    CompletableFuture<Accepted> order =
        leave(share, id, "", () -> switchOrders.external(channel, number, ring, confirm));
    order.whenComplete((answer, failure) -> timer.accept(APPEARS, () -> share.free(id)));
    return order;
  }

  /** Of a channel's name such as {@code PJSIP/trunk-00000012}. */
  private static String endpoint(String channel) {
    return channel.replaceFirst("^[^/]*/", "").replaceFirst("-[0-9a-f]+$", "");
  }

  private CompletableFuture<Accepted> leave(
      TrunkShare share, String id, String wanted, Supplier<CompletableFuture<Accepted>> order) {
    Optional<Sentence> refused = shares.leaving(share, wanted, false).refused();
    if (refused.isPresent()) {
      share.free(id);
      return CompletableFuture.completedFuture(Accepted.held(refused.get()));
    }
    if (!share.leave(id)) {
      return CompletableFuture.completedFuture(
          Accepted.held(Sentence.of("trunk.full", share.limits().name())));
    }
    CompletableFuture<Accepted> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    after(share.turn(clock.instant()), share, id, answer, order);
    return answer;
  }

  private void after(
      Duration wait,
      TrunkShare share,
      String id,
      CompletableFuture<Accepted> answer,
      Supplier<CompletableFuture<Accepted>> order) {
    if (wait.isPositive()) {
      timer.accept(wait, () -> after(Duration.ZERO, share, id, answer, order));
      return;
    }
    if (waiting.get(id) != answer) {
      return;
    }
    Duration more = share.leavesNow(clock.instant());
    if (more.isPositive()) {
      after(more, share, id, answer, order);
    } else if (waiting.remove(id, answer)) {
      sent(share, id, order.get())
          .whenComplete(
              (accepted, failure) -> {
                if (failure == null) {
                  answer.complete(accepted);
                } else {
                  answer.completeExceptionally(failure);
                }
              });
    }
  }

  /** Refused by the switch: its channel will not come. */
  private CompletableFuture<Accepted> sent(
      TrunkShare share, String id, CompletableFuture<Accepted> order) {
    order.whenComplete(
        (accepted, failure) -> {
          if (failure == null && !accepted.taken()) {
            timer.accept(Duration.ZERO, () -> share.free(id));
          }
        });
    return order;
  }

  /** Whoever gives up before its turn has rung nobody. */
  private boolean withdrawn(String id) {
    CompletableFuture<Accepted> order = waiting.remove(id);
    if (order == null) {
      return false;
    }
    shares.all().forEach(share -> share.free(id));
    order.complete(Accepted.held(Sentence.of("trunk.withdrawn")));
    return true;
  }

  @Override
  public CompletableFuture<Accepted> hangUp(String channelOrId) {
    return withdrawn(channelOrId)
        ? CompletableFuture.completedFuture(new Accepted(true, ""))
        : switchOrders.hangUp(channelOrId);
  }

  @Override
  public TalkControl talks() {
    return new Talks(switchOrders.talks());
  }

  // --- what takes no channel of a trunk

  @Override
  public CompletableFuture<Accepted> offer(
      String channel, AgentNumber agent, Duration ring, Optional<String> announceIn) {
    return switchOrders.offer(channel, agent, ring, announceIn);
  }

  @Override
  public CompletableFuture<Accepted> ask(String channel, String stage) {
    return switchOrders.ask(channel, stage);
  }

  @Override
  public CompletableFuture<Accepted> waitroom(String channel) {
    return switchOrders.waitroom(channel);
  }

  @Override
  public CompletableFuture<Accepted> callAgent(
      CallId attempt, int n, AgentNumber agent, Duration ring) {
    return switchOrders.callAgent(attempt, n, agent, ring);
  }

  @Override
  public CompletableFuture<Accepted> listen(CallId attempt, String agentChannel) {
    return switchOrders.listen(attempt, agentChannel);
  }

  @Override
  public CompletableFuture<Accepted> sendDigits(String channel, String digits) {
    return switchOrders.sendDigits(channel, digits);
  }

  @Override
  public CompletableFuture<Accepted> standIns(Collection<AgentNumber> agents) {
    return switchOrders.standIns(agents);
  }

  @Override
  public CompletableFuture<Accepted> mirror(AgentNumber agent, boolean ready) {
    return switchOrders.mirror(agent, ready);
  }

  /** Whom an agent rings outside. */
  private final class Talks implements TalkControl {
    private final TalkControl talks;

    Talks(TalkControl talks) {
      this.talks = talks;
    }

    @Override
    public CompletableFuture<Accepted> consult(
        CallId call, int n, Party party, String channel, String leg, Duration ring) {
      Supplier<CompletableFuture<Accepted>> order =
          () -> talks.consult(call, n, party, channel, leg, ring);
      return switch (party) {
        case Colleague colleague -> order.get();
        case Outside outside -> outside(call, n, outside, order);
      };
    }

    @Override
    public CompletableFuture<Accepted> forward(
        CallId call, int n, Outside outside, String channel, Duration ring) {
      return outside(call, n, outside, () -> talks.forward(call, n, outside, channel, ring));
    }

    @Override
    public boolean roomOutside() {
      return shares.room() > 0;
    }

    private CompletableFuture<Accepted> outside(
        CallId call, int n, Outside outside, Supplier<CompletableFuture<Accepted>> order) {
      return leave(shares.first(), TalkControl.consultLeg(call, n), outside.shownNumber(), order);
    }

    @Override
    public CompletableFuture<Accepted> hangUp(String channelOrId) {
      return withdrawn(channelOrId)
          ? CompletableFuture.completedFuture(new Accepted(true, ""))
          : talks.hangUp(channelOrId);
    }

    @Override
    public CompletableFuture<Accepted> hold(String channel, String leg) {
      return talks.hold(channel, leg);
    }

    @Override
    public CompletableFuture<Accepted> join(String leg, String channel, boolean quiet) {
      return talks.join(leg, channel, quiet);
    }

    @Override
    public CompletableFuture<Accepted> rejoin(String channel, String leg, boolean quiet) {
      return talks.rejoin(channel, leg, quiet);
    }

    @Override
    public CompletableFuture<Accepted> conference(
        String channel, String leg, String third, boolean quiet) {
      return talks.conference(channel, leg, third, quiet);
    }

    @Override
    public CompletableFuture<Accepted> mute(String leg, boolean muted) {
      return talks.mute(leg, muted);
    }
  }
}

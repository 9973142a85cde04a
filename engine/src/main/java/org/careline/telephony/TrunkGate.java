package org.careline.telephony;

import java.time.Duration;
import java.time.Instant;
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
 * second has come. One that has waited asks once more whether it may leave, and none waits for
 * ever. What is held back has certainly not been carried out. All other orders go through as they
 * are. Thread-safe.
 */
public final class TrunkGate implements Telephony {
  /** So long an order's channel, whose id the switch gives, takes to appear at most. */
  private static final Duration APPEARS = Duration.ofSeconds(2);

  /** Somebody waits at the phone for it: an order that cannot leave by then does not. */
  static final Duration LONGEST = Duration.ofSeconds(20);

  /** A permission younger than this is not asked for again. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Telephony switchOrders;
  private final TrunkShares shares;
  private final BiConsumer<Duration, Runnable> timer;
  private final InstantSource clock;

  /** An order that waits for its turn; what changes does so on the thread of its turn. */
  private static final class Order {
    final TrunkShare share;
    final String id;
    final Supplier<CompletableFuture<Accepted>> send;
    final Supplier<CompletableFuture<Boolean>> still;
    final CompletableFuture<Accepted> answer = new CompletableFuture<>();
    volatile Instant permittedAt;

    Order(
        TrunkShare share,
        String id,
        Supplier<CompletableFuture<Accepted>> send,
        Supplier<CompletableFuture<Boolean>> still,
        Instant permittedAt) {
      this.share = share;
      this.id = id;
      this.send = send;
      this.still = still;
      this.permittedAt = permittedAt;
    }
  }

  private static final Supplier<CompletableFuture<Boolean>> ALWAYS =
      () -> CompletableFuture.completedFuture(true);

  /** By the id of their channel. */
  private final Map<String, Order> waiting = new ConcurrentHashMap<>();

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
    return dialSite(attempt, destination, shownNumber, agentChannel, ring, ALWAYS);
  }

  @Override
  public CompletableFuture<Accepted> dialSite(
      CallId attempt,
      String destination,
      String shownNumber,
      String agentChannel,
      Duration ring,
      Supplier<CompletableFuture<Boolean>> still) {
    return leave(
        shares.first(),
        attempt.value(),
        shownNumber,
        () -> switchOrders.dialSite(attempt, destination, shownNumber, agentChannel, ring),
        still);
  }

  @Override
  public CompletableFuture<Accepted> external(
      String channel, String number, Duration ring, boolean confirm) {
    TrunkShare share = shares.of(endpoint(channel));
    // the switch names this channel itself: a place is kept until it is there
    String id = "unnamed-" + unnamed.incrementAndGet();
    CompletableFuture<Accepted> order =
        leave(share, id, "", () -> switchOrders.external(channel, number, ring, confirm), ALWAYS);
    order.whenComplete((answer, failure) -> timer.accept(APPEARS, () -> share.free(id)));
    return order;
  }

  /** Of a channel's name such as {@code PJSIP/trunk-00000012}. */
  private static String endpoint(String channel) {
    return channel.replaceFirst("^[^/]*/", "").replaceFirst("-[0-9a-f]+$", "");
  }

  private CompletableFuture<Accepted> leave(
      TrunkShare share,
      String id,
      String wanted,
      Supplier<CompletableFuture<Accepted>> send,
      Supplier<CompletableFuture<Boolean>> still) {
    Optional<Sentence> refused = shares.leaving(share, wanted, false).refused();
    if (refused.isPresent()) {
      share.free(id);
      return CompletableFuture.completedFuture(Accepted.held(refused.get()));
    }
    if (!share.leave(id)) {
      return CompletableFuture.completedFuture(
          Accepted.held(Sentence.of("trunk.full", share.limits().name())));
    }
    Instant now = clock.instant();
    Optional<Duration> turn = share.turn(now, LONGEST);
    if (turn.isEmpty()) {
      share.free(id);
      return CompletableFuture.completedFuture(Accepted.held(waited(share)));
    }
    Order order = new Order(share, id, send, still, now);
    waiting.put(id, order);
    if (turn.get().isPositive()) {
      timer.accept(LONGEST, () -> giveUp(order, waited(share)));
    }
    after(turn.get(), order);
    return order.answer;
  }

  private static Sentence waited(TrunkShare share) {
    return Sentence.of("trunk.waited", share.limits().name(), LONGEST.toSeconds());
  }

  private void after(Duration wait, Order order) {
    if (wait.isPositive()) {
      timer.accept(wait, () -> after(Duration.ZERO, order));
      return;
    }
    Instant now = clock.instant();
    if (waiting.get(order.id) != order) {
      return;
    }
    if (order.permittedAt.plus(FRESH).isBefore(now)) {
      order
          .still
          .get()
          .whenComplete(
              (may, failure) ->
                  timer.accept(Duration.ZERO, () -> asked(order, failure == null && may)));
      return;
    }
    Duration more = order.share.leavesNow(now);
    if (more.isPositive()) {
      after(more, order);
    } else if (waiting.remove(order.id, order)) {
      sent(order.share, order.id, order.send.get())
          .whenComplete(
              (accepted, failure) -> {
                if (failure == null) {
                  order.answer.complete(accepted);
                } else {
                  order.answer.completeExceptionally(failure);
                }
              });
    }
  }

  private void asked(Order order, boolean may) {
    if (may) {
      order.permittedAt = clock.instant();
      after(Duration.ZERO, order);
    } else {
      giveUp(order, Sentence.of("trunk.not-any-more"));
    }
  }

  private void giveUp(Order order, Sentence why) {
    if (waiting.remove(order.id, order)) {
      order.share.free(order.id);
      order.answer.complete(Accepted.held(why));
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
    Order order = waiting.remove(id);
    if (order == null) {
      return false;
    }
    shares.all().forEach(share -> share.free(id));
    order.answer.complete(Accepted.held(Sentence.of("trunk.withdrawn")));
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
      return leave(
          shares.first(), TalkControl.consultLeg(call, n), outside.shownNumber(), order, ALWAYS);
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

package org.careline.telephony;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.careline.call.CallId;
import org.careline.telephony.SwitchState.LivingChannel;

/**
 * What lives on one trunk and what may still leave by it. Counted by channel ids, so that an order
 * on its way, its channel and a restart are the same call. Nothing may leave before the switch has
 * once told what lives. Thread-safe.
 */
public final class TrunkShare {
  /** So many calls that found no channel in an hour are worth telling a supervisor. */
  static final int MANY = 3;

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * @param endpoint in the switch
   * @param channels both directions together
   * @param outbound of them, at most, calls that leave
   * @param perSecond most calls that leave in a second
   */
  public record Limits(String name, String endpoint, int channels, int outbound, int perSecond) {}

  /**
   * Calls that may leave at once: what is not kept for those who call in.
   *
   * @param reserveInbound per cent
   */
  public static int outbound(int channels, int reserveInbound) {
    return channels * (100 - reserveInbound) / 100;
  }

  /** The channels of this moment. */
  public record Count(int inbound, int outbound, int reserved) {}

  /**
   * @param rang a phone rang, or something was to be heard: it had its channel
   * @param status as the switch called the end of its ringing; null = not ended
   */
  private record Channel(boolean outbound, boolean rang, boolean answered, String status) {
    Channel rings() {
      return new Channel(outbound, true, answered, status);
    }
  }

  private final Limits limits;
  private final String prefix;
  private final Map<String, Channel> living = new HashMap<>();

  /** Ids whose channels are not there yet. */
  private final Set<String> kept = new HashSet<>();

  /** Those of them whose orders have left. */
  private final Set<String> ordered = new HashSet<>();

  /** Events since the switch was asked what lives; null = it is not being asked. */
  private List<TelephonyEvent> meanwhile;

  private boolean known;
  private Instant next = Instant.MIN;

  /** When the last orders of a second have left, oldest first. */
  private final Deque<Instant> lately = new ArrayDeque<>();

  private final List<Instant> busyAt = new ArrayList<>();
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong withoutChannel = new AtomicLong();
  private final AtomicLong heldBack = new AtomicLong();
  private volatile Count count = new Count(0, 0, 0);
  private volatile int busyInTheHour;

  public TrunkShare(Limits limits) {
    this.limits = limits;
    this.prefix = "PJSIP/" + limits.endpoint() + "-";
  }

  public Limits limits() {
    return limits;
  }

  // --- what lives

  /** In their order. */
  public synchronized void on(TelephonyEvent event) {
    if (meanwhile != null) {
      meanwhile.add(event);
    }
    switch (event) {
      case TelephonyEvent.ChannelEnded ended -> {
        Channel channel = living.get(ended.uniqueId());
        if (channel != null && channel.outbound() && !channel.answered()) {
          ended(ended, channel);
        }
        apply(event);
      }
      case TelephonyEvent.LinkUp up -> known = false;
      case TelephonyEvent.LinkDown down -> known = false;
      case TelephonyEvent other -> apply(event);
    }
    counted();
  }

  private void apply(TelephonyEvent event) {
    switch (event) {
      case TelephonyEvent.ChannelStarted started -> {
        if (ours(started.channel())) {
          // what goes out begins with nothing dialled, or has an id of ours
          boolean outbound =
              CallId.ofOurs(started.uniqueId()) || !started.extension().matches("\\+?[0-9]+");
          living.putIfAbsent(started.uniqueId(), new Channel(outbound, false, false, null));
          forget(started.uniqueId());
        }
      }
      case TelephonyEvent.ChannelAnswered answered ->
          living.computeIfPresent(
              answered.uniqueId(),
              (id, channel) -> new Channel(channel.outbound(), true, true, channel.status()));
      case TelephonyEvent.DialEnded ended -> {
        if (ended.status() != null) {
          living.computeIfPresent(
              ended.dialledUniqueId(),
              (id, channel) ->
                  new Channel(
                      channel.outbound(), channel.rang(), channel.answered(), ended.status()));
        }
      }
      case TelephonyEvent.ChannelRinging ringing ->
          living.computeIfPresent(ringing.uniqueId(), (id, channel) -> channel.rings());
      case TelephonyEvent.DialProgress progress ->
          living.computeIfPresent(progress.dialledUniqueId(), (id, channel) -> channel.rings());
      case TelephonyEvent.ChannelEnded ended -> {
        living.remove(ended.uniqueId());
        forget(ended.uniqueId());
      }
      case TelephonyEvent other -> {}
    }
  }

  private void forget(String id) {
    kept.remove(id);
    ordered.remove(id);
  }

  private void ended(TelephonyEvent.ChannelEnded ended, Channel channel) {
    if (!channel.rang() && NoChannel.of(ended.cause(), Optional.ofNullable(channel.status()))) {
      withoutChannel.incrementAndGet();
      busyAt.add(ended.at());
    }
  }

  /** The switch is about to be asked what lives. */
  public synchronized void asking() {
    meanwhile = new ArrayList<>();
  }

  /** What it has said since {@link #asking}; events that came meanwhile are newer. */
  public synchronized void living(List<LivingChannel> channels) {
    Map<String, Channel> before = new HashMap<>(living);
    living.clear();
    for (LivingChannel channel : channels) {
      if (ours(channel.channel())) {
        Channel was = before.get(channel.uniqueId());
        boolean answered = channel.state().equals("Up");
        living.put(
            channel.uniqueId(),
            new Channel(
                was == null ? outbound(channel) : was.outbound(),
                was == null || was.rang(),
                answered,
                was == null ? null : was.status()));
        forget(channel.uniqueId());
      }
    }
    if (meanwhile != null) {
      meanwhile.forEach(this::apply);
      meanwhile = null;
    }
    known = true;
    counted();
  }

  private boolean ours(String channel) {
    return channel != null
        && channel.startsWith(prefix)
        && channel.indexOf('-', prefix.length()) < 0;
  }

  /** A caller's channel names its own call, and its id is the switch's own, which has a dot. */
  private static boolean outbound(LivingChannel channel) {
    return channel.callId() != null
        && !(channel.callId().equals(channel.uniqueId()) && channel.uniqueId().contains("."));
  }

  // --- what may leave

  /** Calls that may still begin to leave. */
  public synchronized int room() {
    if (!known) {
      return 0;
    }
    int total = living.size() + kept.size();
    return Math.max(0, Math.min(limits.outbound() - outbound(), limits.channels() - total));
  }

  private int outbound() {
    return kept.size() + (int) living.values().stream().filter(Channel::outbound).count();
  }

  /** Sets a channel aside for the id; true also when it was before. */
  public synchronized boolean keep(String id) {
    if (kept.contains(id) || living.containsKey(id)) {
      return true;
    }
    if (room() < 1) {
      return false;
    }
    adopt(id);
    return true;
  }

  /** Counts an id whatever the limit. */
  public synchronized void adopt(String id) {
    if (!living.containsKey(id)) {
      kept.add(id);
    }
    counted();
  }

  /** Nothing will be dialled under the id. */
  public synchronized void free(String id) {
    forget(id);
    counted();
  }

  /**
   * Whether the order for this id may leave now, set aside before or not: callers may have come in
   * meanwhile and taken what was left of the trunk. Counts it as sent when it may, and sets it free
   * when not.
   */
  public synchronized boolean leave(String id) {
    int out = (int) living.values().stream().filter(Channel::outbound).count();
    boolean fits =
        keep(id)
            && limits.channels() - living.size() - ordered.size() > 0
            && limits.outbound() - out - ordered.size() > 0;
    if (fits) {
      ordered.add(id);
    } else {
      heldBack.incrementAndGet();
      free(id);
    }
    return fits;
  }

  /** Books the next turn to leave. How long it is until then. */
  public synchronized Duration turn(Instant now) {
    Instant at = next.isBefore(now) ? now : next;
    next = at.plusNanos(1_000_000_000L / limits.perSecond());
    return Duration.between(now, at);
  }

  /** The same, unless it would be later than that: then no turn is booked. */
  public synchronized Optional<Duration> turn(Instant now, Duration longest) {
    return next.isAfter(now.plus(longest)) ? Optional.empty() : Optional.of(turn(now));
  }

  /**
   * Whether an order whose turn has come leaves now: turns that were taken late must not make a
   * second too full. Zero = it leaves, and is counted; else to be asked again after so long.
   */
  public synchronized Duration leavesNow(Instant now) {
    if (lately.size() == limits.perSecond()) {
      Duration more = Duration.between(now, lately.getFirst().plus(SECOND));
      if (more.isPositive()) {
        return more;
      }
      lately.removeFirst();
    }
    lately.addLast(now);
    left.incrementAndGet();
    return Duration.ZERO;
  }

  // --- figures

  private void counted() {
    int out = (int) living.values().stream().filter(Channel::outbound).count();
    count = new Count(living.size() - out, out, kept.size());
  }

  /** Forgets what is older than an hour. */
  public synchronized void tick(Instant now) {
    busyAt.removeIf(at -> at.isBefore(now.minus(HOUR)));
    busyInTheHour = busyAt.size();
  }

  public Count count() {
    return count;
  }

  /** Orders that have left, since the start. */
  public long left() {
    return left.get();
  }

  /** Calls that the network refused for want of a channel, since the start. */
  public long withoutChannel() {
    return withoutChannel.get();
  }

  /** Orders that did not leave, because the share was used up, since the start. */
  public long heldBackTotal() {
    return heldBack.get();
  }

  /** Empty, or how many calls found no channel in the last hour: too many. */
  public Optional<Integer> alarm() {
    return busyInTheHour >= MANY ? Optional.of(busyInTheHour) : Optional.empty();
  }
}

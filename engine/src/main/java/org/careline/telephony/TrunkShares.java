package org.careline.telephony;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.careline.language.Sentence;
import org.careline.thread.Beat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shares of all trunks, kept in step with the switch: by its events, and by asking it every few
 * seconds what lives, since an event may be lost. The first trunk rings sites. Thread-safe; asks on
 * the thread {@code trunk-channels}.
 */
public final class TrunkShares implements Outbound, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrunkShares.class);
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** So long a number that may not be shown is told of after the last call that wanted it. */
  private static final Duration TOLD = Duration.ofMinutes(30);

  /** What number is shown to somebody outside. Answers from memory. */
  @FunctionalInterface
  public interface Numbers {
    /**
     * @param must no other number instead of the one that is wanted
     */
    Leaving leaving(TrunkShare.Limits trunk, String wanted, boolean must);
  }

  private record Refused(Instant at, Sentence why) {}

  private final Map<String, TrunkShare> shares = new LinkedHashMap<>();
  private final TrunkShare first;
  private final Numbers numbers;
  private final Supplier<List<SwitchState.LivingChannel>> switchChannels;
  private final Consumer<Runnable> mailbox;
  private final InstantSource clock;
  private final Map<String, Refused> refused = new ConcurrentHashMap<>();
  private final Beat turns;

  /**
   * @param trunks at least one
   * @param switchChannels what lives in the switch; blocks
   */
  public TrunkShares(
      List<TrunkShare.Limits> trunks,
      Numbers numbers,
      Supplier<List<SwitchState.LivingChannel>> switchChannels,
      Consumer<Runnable> mailbox,
      InstantSource clock) {
    trunks.forEach(trunk -> shares.put(trunk.endpoint(), new TrunkShare(trunk)));
    this.first = shares.get(trunks.getFirst().endpoint());
    this.numbers = numbers;
    this.switchChannels = switchChannels;
    this.mailbox = mailbox;
    this.clock = clock;
    this.turns = Beat.paced("trunk-channels", EVERY, this::look);
  }

  public void start() {
    turns.start();
  }

  /** From the switch, in their order. */
  public void on(TelephonyEvent event) {
    shares.values().forEach(share -> share.on(event));
    if (event instanceof TelephonyEvent.LinkUp) {
      turns.wake();
    }
  }

  private Duration look() {
    mailbox.accept(
        () -> {
          shares.values().forEach(share -> share.tick(clock.instant()));
          shares.values().forEach(TrunkShare::asking);
        });
    try {
      List<SwitchState.LivingChannel> channels = switchChannels.get();
      mailbox.accept(() -> shares.values().forEach(share -> share.living(channels)));
    } catch (SwitchState.SwitchUnavailable | IllegalStateException away) {
      LOG.debug("channels cannot be counted now: {}", away.getMessage());
    }
    return EVERY;
  }

  /** The share of an endpoint; of one that is not configured, that of the first trunk. */
  TrunkShare of(String endpoint) {
    return shares.getOrDefault(endpoint, first);
  }

  TrunkShare first() {
    return first;
  }

  /** As configured, for figures. */
  public List<TrunkShare> all() {
    return List.copyOf(shares.values());
  }

  @Override
  public int room() {
    return first.room();
  }

  @Override
  public boolean keep(String id) {
    return first.keep(id);
  }

  @Override
  public void adopt(String id) {
    first.adopt(id);
  }

  @Override
  public void free(String id) {
    first.free(id);
  }

  @Override
  public Leaving leaving(String wanted, boolean must) {
    return leaving(first, wanted, must);
  }

  Leaving leaving(TrunkShare share, String wanted, boolean must) {
    Leaving leaving = numbers.leaving(share.limits(), wanted, must);
    leaving
        .refused()
        .ifPresent(
            why -> {
              if (refused.put(
                      share.limits().name() + " " + wanted, new Refused(clock.instant(), why))
                  == null) {
                LOG.warn("trunk {}: {}", share.limits().name(), why);
              }
            });
    return leaving;
  }

  /** Why calls have not left for want of a number to show, lately. */
  public Optional<Sentence> numberRefused() {
    Instant now = clock.instant();
    refused.values().removeIf(each -> each.at().isBefore(now.minus(TOLD)));
    return refused.values().stream().findFirst().map(Refused::why);
  }

  @Override
  public void close() {
    turns.close();
  }
}

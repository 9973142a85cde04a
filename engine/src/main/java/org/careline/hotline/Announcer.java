package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.Whispers;

/**
 * Tells waiting callers their place and what is left of their wait, over the music. A caller is
 * told at whole intervals since he joined and comforted half way between them. Where his line calls
 * back, the key for it is named with the first of these and with each place; a tier to which
 * nothing is announced hears of it once. When his turn comes, and whenever else he leaves the
 * waitroom, the voice is stopped in the same moment.
 *
 * <p>What is due follows from his join time alone: after a restart a turn may be left out, and none
 * is spoken twice. A voice left on the air by an engine that is gone is hung up by its name.
 *
 * <p>Confined to the mailbox.
 */
final class Announcer {
  /** A voice of which no end was heard is over by now. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** To a tier without announcements the key is named after this wait. */
  private static final Duration KEY_AFTER = Duration.ofSeconds(30);

  /** So long after this engine began to serve a voice of another one may still be on the air. */
  private static final Duration INHERITED = Duration.ofSeconds(30);

  /**
   * @param atOnce most announcements on the air; what is too much is left out first of all
   */
  record Settings(int atOnce) {}

  private final Settings settings;
  private final Calls calls;
  private final Dispatcher dispatcher;
  private final Forecast forecast;
  private final Telephony telephony;
  private final Whispers whispers;
  private final Function<LiveCall, Duration> every;
  private final Predicate<LiveCall> offers;
  private final Function<LiveCall, Optional<String>> language;
  private final Executor mailbox;
  private final InstantSource clock;
  private final BooleanSupplier serving;
  private final Map<CallId, Told> told = new HashMap<>();
  private final Map<CallId, Instant> onAir = new HashMap<>();
  private final AtomicLong spoken = new AtomicLong();
  private Instant servingSince;

  /** What a caller knows. */
  private static final class Told {
    long turn;
    boolean key;
    Announcement.Known known = Announcement.Known.NOTHING;
  }

  /**
   * @param every how often a caller is told; zero = never
   * @param offers his line calls him back when he presses the key
   */
  Announcer(
      Settings settings,
      Calls calls,
      Dispatcher dispatcher,
      Forecast forecast,
      Telephony telephony,
      Whispers whispers,
      Function<LiveCall, Duration> every,
      Predicate<LiveCall> offers,
      Function<LiveCall, Optional<String>> language,
      Executor mailbox,
      InstantSource clock,
      BooleanSupplier serving) {
    this.settings = settings;
    this.calls = calls;
    this.dispatcher = dispatcher;
    this.forecast = forecast;
    this.telephony = telephony;
    this.whispers = whispers;
    this.every = every;
    this.offers = offers;
    this.language = language;
    this.mailbox = mailbox;
    this.clock = clock;
    this.serving = serving;
    calls.watch(this::changed);
  }

  /** Before any other order for him leaves: he must not hear us in his talk. */
  private void changed(LiveCall call) {
    if (!hears(call)) {
      boolean speaking = onAir.remove(call.id()) != null;
      boolean another =
          servingSince != null
              && call.state() instanceof CallState.Offered
              && clock.instant().isBefore(servingSince.plus(INHERITED));
      if (speaking || another) {
        telephony.hangUp(Whispers.leg(call.id()));
      }
    }
    if (call.state() instanceof CallState.Ended) {
      told.remove(call.id());
    }
  }

  private static boolean hears(LiveCall call) {
    return call.state() instanceof CallState.Waiting waiting && waiting.inRoom();
  }

  /** Announcements begun. Thread-safe. */
  long spoken() {
    return spoken.get();
  }

  /** An announcement is over. */
  void on(TelephonyEvent event) {
    if (event instanceof TelephonyEvent.ChannelEnded ended) {
      onAir.keySet().removeIf(id -> Whispers.leg(id).equals(ended.uniqueId()));
    }
  }

  /** Speaks to whom it is due, whoever is served first comes first; call it each second. */
  void tick() {
    if (!serving.getAsBoolean()) {
      servingSince = null;
      return;
    }
    Instant now = clock.instant();
    boolean first = servingSince == null;
    if (first) {
      servingSince = now;
    }
    onAir.values().removeIf(since -> since.plus(LONGEST).isBefore(now));
    List<LiveCall> order = dispatcher.order();
    for (int i = 0; i < order.size(); i++) {
      due(order.get(i), i + 1, now, first);
    }
  }

  private void due(LiveCall call, int place, Instant now, boolean unheard) {
    Duration interval = every.apply(call);
    boolean mute = interval.toMillis() < 2;
    boolean key = offers.test(call);
    if (!hears(call) || mute && !key) {
      return;
    }
    long waited = Duration.between(call.waitsSince().orElse(now), now).toMillis();
    long turn =
        mute ? Math.min(1, waited / KEY_AFTER.toMillis()) : waited / (interval.toMillis() / 2);
    Told before = told.get(call.id());
    if (before == null) {
      before = new Told();
      // whoever was here before us has heard an engine that is gone
      before.turn = unheard ? turn : 0;
      told.put(call.id(), before);
    }
    if (turn <= before.turn || onAir.containsKey(call.id())) {
      return;
    }
    Optional<Duration> left = forecast.remaining(call.id());
    boolean whole = turn % 2 == 0;
    Announcement said =
        mute
            ? Announcement.key(left, before.known)
            : whole
                ? Announcement.of(place, left, before.known)
                : Announcement.comfort(left, before.known);
    if (key && !mute && (whole || !before.key)) {
      said = said.withKey();
    }
    if (!said.prompts().isEmpty()) {
      if (onAir.size() >= settings.atOnce()) {
        return; // next second, unless his turn is over by then
      }
      speak(call, said.prompts(), now);
      before.key |= key;
    }
    before.turn = turn;
    before.known = said.known();
  }

  private void speak(LiveCall call, List<String> prompts, Instant now) {
    onAir.put(call.id(), now);
    spoken.incrementAndGet();
    whispers
        .whisper(
            call.id(),
            call.channel(),
            new Whispers.Words(language.apply(call).orElse("zh"), prompts))
        .whenCompleteAsync(
            (answer, failure) -> {
              if (failure == null && !answer.taken()) {
                onAir.remove(call.id(), now);
              }
            },
            mailbox);
  }
}

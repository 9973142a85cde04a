package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.call.CallId;
import org.careline.config.Configuration.Trunk;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.NumberReader;
import org.careline.customer.Recogniser;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceData.Line;
import org.careline.customer.ShownNumbers;
import org.careline.language.Sentence;
import org.careline.telephony.Arrival;
import org.careline.telephony.TrunkProbe;
import org.careline.telephony.TrunkWatch;

/**
 * Shows how a trunk delivers a call and what we send on it: the next call that comes in, with all
 * its headers and what was recognised, and one call out. The call that is looked at is served as
 * any other. Thread-safe.
 */
public final class TrunkChecks implements TrunkWatch {
  static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration RING = Duration.ofSeconds(20);

  private final List<Trunk> trunks;
  private final Recogniser recogniser;
  private final Function<String, Optional<Line>> lines;
  private final AllowedDestinations allowed;
  private final ShownNumbers shown;
  private final TrunkProbe probe;
  private final Supplier<CallId> ids;
  private final InstantSource clock;

  /** By endpoint: until when the next call is awaited, or the call that came. */
  private final Map<String, Progress> watched = new ConcurrentHashMap<>();

  /** How far the watch of a trunk is. */
  public sealed interface Progress {}

  public record Waiting(Instant until) implements Progress {}

  /**
   * The call that came.
   *
   * @param headers by their names, absent ones left out; text of strangers
   * @param line of the number that was dialled; empty = no line has it
   */
  public record Came(
      Instant at,
      String dialled,
      Map<String, String> headers,
      Recognition recognition,
      Optional<Line> line)
      implements Progress {}

  /** Nobody watches, or nothing came in time. */
  public record Nothing() implements Progress {}

  /**
   * One call out.
   *
   * @param dialled digits as the trunk got them
   * @param shown the number that was to be shown
   */
  public record Placed(String dialled, String shown, TrunkProbe.Sent sent) {}

  /**
   * @param lines by dialled number
   * @param ids new ones of ours
   */
  public TrunkChecks(
      List<Trunk> trunks,
      Recogniser recogniser,
      Function<String, Optional<Line>> lines,
      AllowedDestinations allowed,
      TrunkProbe probe,
      Supplier<CallId> ids,
      InstantSource clock) {
    this.trunks = List.copyOf(trunks);
    this.recogniser = recogniser;
    this.lines = lines;
    this.allowed = allowed;
    this.shown = new ShownNumbers(trunks);
    this.probe = probe;
    this.ids = ids;
    this.clock = clock;
  }

  /** Waits for the next call of a trunk from now on; an earlier watch of it is over. */
  public Waiting watch(String name, Duration atMost) {
    if (atMost.isNegative() || atMost.isZero() || atMost.compareTo(LONGEST) > 0) {
      throw new TrunkRefused("invalid", Sentence.of("trunk.seconds", LONGEST.toSeconds()));
    }
    Waiting waiting = new Waiting(clock.instant().plus(atMost));
    watched.put(trunk(name).endpoint(), waiting);
    return waiting;
  }

  public Progress progress(String name) {
    Progress now = watched.getOrDefault(trunk(name).endpoint(), new Nothing());
    return now instanceof Waiting waiting && over(waiting) ? new Nothing() : now;
  }

  private boolean over(Waiting waiting) {
    return !clock.instant().isBefore(waiting.until());
  }

  @Override
  public boolean wants(String endpoint) {
    return watched.get(endpoint) instanceof Waiting waiting && !over(waiting);
  }

  @Override
  public void came(Arrival arrival, Map<String, String> headers) {
    Came call =
        new Came(
            arrival.at(),
            arrival.dialled(),
            headers,
            recogniser.recognise(arrival.trunk(), arrival.callerHeaders()),
            lines.apply(arrival.dialled()));
    // of two at once the first
    watched.computeIfPresent(
        arrival.trunk(), (endpoint, now) -> now instanceof Waiting ? call : now);
  }

  /**
   * Rings a number on this trunk.
   *
   * @param number as a person writes it; only what callbacks may reach
   * @throws TrunkRefused when it must not be dialled, or the trunk has no number to show
   */
  public CompletableFuture<Placed> call(String name, String number) {
    Trunk trunk = trunk(name);
    String digits = dialled(trunk, number);
    String from = shown.on(trunk.endpoint(), "");
    if (from.isEmpty()) {
      throw new TrunkRefused("no_shown_number", Sentence.of("trunk.no-shown", name));
    }
    return probe
        .place(ids.get(), trunk.endpoint(), digits, from, RING)
        .thenApply(sent -> new Placed(digits, from, sent));
  }

  private String dialled(Trunk trunk, String text) {
    return switch (NumberReader.read(text, trunk.homeAreaCode())) {
      case NumberReader.Invalid invalid -> throw new TrunkRefused("invalid", invalid.reason());
      case NumberReader.Valid valid -> {
        if (allowed.refusal(valid.number()).isPresent()) {
          throw new TrunkRefused("not_allowed", Sentence.of("trunk.not-allowed", text));
        }
        yield valid.number().dialled(trunk.dialForm());
      }
    };
  }

  private Trunk trunk(String name) {
    return trunks.stream()
        .filter(trunk -> trunk.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TrunkRefused(
                    "not_found",
                    Sentence.of(
                        "trunk.unknown",
                        name,
                        String.join(", ", trunks.stream().map(Trunk::name).toList()))));
  }
}

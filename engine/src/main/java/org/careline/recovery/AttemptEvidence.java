package org.careline.recovery;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careline.telephony.SwitchState;

/**
 * Collects what is known of outbound attempts whose end nobody has seen. Asterisk may still have an
 * order in its receive buffer, so that not being there proves nothing at first: an attempt counts
 * as dialled until the switch has answered pings for 10 s on a session younger than the order and
 * still nobody knows it. Confined to recovery's thread.
 */
final class AttemptEvidence {
  /** Older files cannot know an attempt that is still open. */
  private static final Duration LOOK_BACK = Duration.ofDays(2);

  private final SwitchState state;
  private final CelScan scan;

  AttemptEvidence(SwitchState state, CelScan scan) {
    this.state = state;
    this.scan = scan;
  }

  /**
   * @param proven pings were answered for 10 s on the present session, which is younger than the
   *     orders
   */
  Map<String, Evidence> of(Collection<String> attempts, boolean proven, Instant now)
      throws IOException {
    if (attempts.isEmpty()) {
      return Map.of();
    }
    Set<String> living = living();
    Map<String, Trail> trails = trails(Set.copyOf(attempts), now);
    Map<String, Evidence> result = new HashMap<>();
    for (String attempt : attempts) {
      result.put(attempt, decide(living.contains(attempt), trails.get(attempt), proven));
    }
    return result;
  }

  /** Those without a channel in the switch. */
  Set<String> missing(Set<String> attempts) {
    if (attempts.isEmpty()) {
      return attempts;
    }
    Set<String> living = living();
    return attempts.stream().filter(each -> !living.contains(each)).collect(Collectors.toSet());
  }

  private Set<String> living() {
    return state.channels().stream()
        .map(SwitchState.LivingChannel::uniqueId)
        .collect(Collectors.toSet());
  }

  static Evidence decide(boolean living, Trail trail, boolean proven) {
    if (living) {
      return new Evidence.Living(trail == null ? Optional.empty() : trail.answeredAt);
    }
    if (trail == null) {
      return proven ? new Evidence.NeverSeen() : new Evidence.Unknown();
    }
    if (trail.endedAt.isPresent()) {
      return new Evidence.Ended(
          trail.startedAt, trail.answeredAt, trail.endedAt.get(), trail.cause);
    }
    // begun, not there any more, no end written: the switch itself died in the call
    return proven
        ? new Evidence.Ended(trail.startedAt, trail.answeredAt, trail.lastAt, 0)
        : new Evidence.Unknown();
  }

  private Map<String, Trail> trails(Set<String> attempts, Instant now) throws IOException {
    Map<String, Trail> trails = new HashMap<>();
    scan.read(
        now.minus(LOOK_BACK),
        line -> attempts.stream().anyMatch(line::contains),
        line -> {
          if (attempts.contains(line.uniqueId())) {
            trails.merge(line.uniqueId(), Trail.of(line), Trail::followedBy);
          }
        });
    return trails;
  }

  /** What the lines of the site's leg say, whose channel has the attempt's id. Immutable. */
  record Trail(
      Instant startedAt,
      Instant lastAt,
      Optional<Instant> answeredAt,
      Optional<Instant> endedAt,
      int cause) {

    static Trail of(CelRecord line) {
      boolean end = line.type().equals("HANGUP");
      return new Trail(
          line.at(),
          line.at(),
          line.type().equals("ANSWER") ? Optional.of(line.at()) : Optional.empty(),
          end ? Optional.of(line.at()) : Optional.empty(),
          end ? cause(line) : 0);
    }

    Trail followedBy(Trail next) {
      return new Trail(
          startedAt,
          next.lastAt,
          answeredAt.isPresent() ? answeredAt : next.answeredAt,
          endedAt.isPresent() ? endedAt : next.endedAt,
          endedAt.isPresent() ? cause : next.cause);
    }

    private static int cause(CelRecord line) {
      String cause = CelCall.extra(line, "hangupcause");
      return cause.matches("[0-9]{1,3}") ? Integer.parseInt(cause) : 0;
    }
  }
}

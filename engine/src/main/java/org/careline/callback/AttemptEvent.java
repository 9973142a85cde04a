package org.careline.callback;

import java.time.Instant;
import java.util.Optional;

/** What can happen to an attempt. Any of them can be lost, late or doubled. Immutable. */
public sealed interface AttemptEvent {
  Instant at();

  /** Time limits of single states. */
  enum Timer {
    PREVIEW,
    AGENT_RING,
    RING,
    /** The other half of an unanswered attempt's end should have come by now. */
    END,
    /** What is heard before an answer has been heard long enough. */
    EARLY_MEDIA,
    /** The agent should have said by now what he has heard. */
    HEARD,
    FORM
  }

  record Begun(Instant at) implements AttemptEvent {}

  record DialPressed(Instant at) implements AttemptEvent {}

  record HangUpPressed(Instant at) implements AttemptEvent {}

  record AgentAnswered(Instant at, String channel) implements AttemptEvent {}

  /** The agent's leg is gone or never came. */
  record AgentGone(Instant at) implements AttemptEvent {}

  record PlacingCommitted(Instant at) implements AttemptEvent {}

  /** The database forbids to dial, or cannot be asked: nothing was sent. */
  record PlacingRefused(Instant at) implements AttemptEvent {}

  /** The switch refused the order for the site: certainly not carried out. */
  record OrderRefused(Instant at) implements AttemptEvent {}

  record SiteAnswered(Instant at) implements AttemptEvent {}

  /** The site's phone rings. */
  record SiteRinging(Instant at) implements AttemptEvent {}

  /**
   * Something is to be heard, and nobody has answered.
   *
   * @param byTheAgent he is on the line
   */
  record EarlyMedia(Instant at, boolean byTheAgent) implements AttemptEvent {}

  record SiteDialEnded(Instant at, String status) implements AttemptEvent {}

  record SiteGone(Instant at, int cause) implements AttemptEvent {}

  record OriginateFailed(Instant at, int reason) implements AttemptEvent {}

  record Expired(Instant at, Timer timer) implements AttemptEvent {}

  /** The agent's form, already checked. */
  record FormDone(Instant at, Disposition disposition) implements AttemptEvent {}

  /** It lives in the switch. */
  record FoundLiving(Instant at, Optional<Instant> answeredAt) implements AttemptEvent {}

  /** The switch's event file tells its end. */
  record FoundEnded(Instant at, Optional<Instant> answeredAt, int cause) implements AttemptEvent {}

  /** Proven never to have been on the wire. */
  record FoundNever(Instant at) implements AttemptEvent {}

  record FoundNothing(Instant at) implements AttemptEvent {}
}

package org.careline.telephony;

import java.time.Instant;

/**
 * What the switch reports, in our words. Every event carries the instant the switch gave it. {@code
 * callId} is the value of CARELINE_CALL on the channel, or null where the channel has none yet; it
 * is text from the switch and must be checked before use. Immutable.
 */
public sealed interface TelephonyEvent {
  Instant at();

  /**
   * A channel has come into being. {@code context} tells what it is for; a hotline call begins
   * here.
   */
  record ChannelStarted(
      Instant at,
      String uniqueId,
      String channel,
      String callId,
      String context,
      String extension,
      String callerNumber)
      implements TelephonyEvent {}

  /** The channel is up (answered). */
  record ChannelAnswered(Instant at, String uniqueId, String channel, String callId)
      implements TelephonyEvent {}

  /** The channel named first rings the second one. {@code channel} is null on an originated leg. */
  record DialStarted(
      Instant at,
      String uniqueId,
      String channel,
      String callId,
      String dialledUniqueId,
      String dialledChannel)
      implements TelephonyEvent {}

  /**
   * The dialled leg ended ringing; {@code status} as Asterisk's DIALSTATUS (ANSWER, BUSY, NOANSWER,
   * CANCEL, ...).
   */
  record DialEnded(
      Instant at,
      String uniqueId,
      String channel,
      String callId,
      String dialledUniqueId,
      String dialledChannel,
      String status)
      implements TelephonyEvent {}

  /** Something is to be heard of the dialled leg, and nobody has answered (SIP 183). */
  record DialProgress(Instant at, String dialledUniqueId) implements TelephonyEvent {}

  /** The phone at the far end of the channel rings (SIP 180). */
  record ChannelRinging(Instant at, String uniqueId) implements TelephonyEvent {}

  record Bridged(Instant at, String uniqueId, String channel, String callId, String bridgeId)
      implements TelephonyEvent {}

  record Unbridged(Instant at, String uniqueId, String channel, String callId, String bridgeId)
      implements TelephonyEvent {}

  /** Somebody holds the talk at his own phone, or goes on; the switch plays music meanwhile. */
  record PhoneHeld(Instant at, String uniqueId, String channel, String callId, boolean held)
      implements TelephonyEvent {}

  /**
   * A caller waits in a queue of the switch. {@code callerNumber} is a stranger's text, or null.
   */
  record QueueJoined(
      Instant at, String uniqueId, String channel, String callId, String queue, String callerNumber)
      implements TelephonyEvent {
    /** With an unknown number. */
    public QueueJoined(Instant at, String uniqueId, String channel, String callId, String queue) {
      this(at, uniqueId, channel, callId, queue, null);
    }
  }

  record QueueLeft(Instant at, String uniqueId, String channel, String callId, String queue)
      implements TelephonyEvent {}

  /**
   * A channel is gone. {@code cause} is the Q.850 hang-up cause, 0 where the switch named none.
   *
   * @param flood the switch refused the call by itself: too many of this number live. What the
   *     switch shows as the number, a stranger's text; null = not refused so
   */
  record ChannelEnded(
      Instant at, String uniqueId, String channel, String callId, int cause, String flood)
      implements TelephonyEvent {
    public ChannelEnded(Instant at, String uniqueId, String channel, String callId, int cause) {
      this(at, uniqueId, channel, callId, cause, null);
    }
  }

  /**
   * The one event that always comes after an originate. {@code reason} as Asterisk's
   * OriginateResponse.
   */
  record OriginateEnded(Instant at, String uniqueId, boolean answered, int reason)
      implements TelephonyEvent {}

  /**
   * The phone of an endpoint (a8023) can or cannot be reached.
   *
   * @param removed it is not registered any more; false = it is, or nothing is known
   */
  record ContactChanged(Instant at, String endpoint, boolean reachable, boolean removed)
      implements TelephonyEvent {
    public ContactChanged(Instant at, String endpoint, boolean reachable) {
      this(at, endpoint, reachable, false);
    }
  }

  /** The link to the switch is up; {@code first} only once per process. Adoption starts here. */
  record LinkUp(Instant at, boolean first) implements TelephonyEvent {}

  record LinkDown(Instant at) implements TelephonyEvent {}
}

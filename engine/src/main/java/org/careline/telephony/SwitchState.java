package org.careline.telephony;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What lives in the switch at this moment; adoption compares it with what the engine believes. The
 * calls block, at most 5 s each, and throw {@link SwitchUnavailable}; never call them on the
 * mailbox or from an event consumer. Thread-safe.
 */
public interface SwitchState {

  List<LivingChannel> channels();

  /** Callers in the waitroom and in the fallback queue, first come first. */
  List<QueuedCaller> queued();

  /** Agents mirrored into the fallback queue. */
  List<FallbackMember> members();

  /** Phones the switch can reach or has lost; an endpoint that never registered is missing. */
  List<Phone> phones();

  /** One ping there and back. True = answered in time on the present session. Does not throw. */
  boolean ping(Duration deadline);

  /**
   * Number of the present session with the switch, +1 with each login; 0 = not connected. Orders on
   * one session are carried out in order: when a later one was answered, an earlier one has been
   * seen.
   */
  long session();

  /**
   * @param callId value of CARELINE_CALL, null where the channel has none
   * @param state Asterisk's word: Down, Ring, Ringing, Up, Busy ...
   * @param bridgeId null = talks with nobody
   * @param startedAt now minus the age the switch gave (whole seconds)
   */
  record LivingChannel(
      String uniqueId,
      String channel,
      String callId,
      String linkedId,
      String context,
      String extension,
      String application,
      String state,
      String bridgeId,
      String callerNumber,
      Instant startedAt) {}

  /** {@code since} restarts with each lap of the waitroom's loop: it is not the join time. */
  record QueuedCaller(
      String uniqueId,
      String channel,
      String callId,
      String queue,
      int position,
      String callerNumber,
      Instant since) {}

  record FallbackMember(String endpoint, boolean paused, boolean inCall) {}

  record Phone(String endpoint, boolean reachable) {}

  /** The switch did not answer in time or the link is down. Trying again later helps. */
  final class SwitchUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SwitchUnavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}

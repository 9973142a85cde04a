package org.careline.callback;

import java.util.Optional;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;

/** What an event of the switch means for an outbound attempt. Pure. */
public final class LegEvents {
  private LegEvents() {}

  /**
   * @param id of the attempt the event is about, if it is one: the channel may be anybody's
   */
  public record Heard(String id, AttemptEvent event) {}

  public static Optional<Heard> of(TelephonyEvent event) {
    return switch (event) {
      case TelephonyEvent.ChannelAnswered e -> {
        String attempt = Telephony.attemptOfAgentLeg(e.uniqueId());
        yield attempt != null
            ? heard(attempt, new AttemptEvent.AgentAnswered(e.at(), e.channel()))
            : heard(e.uniqueId(), new AttemptEvent.SiteAnswered(e.at()));
      }
      case TelephonyEvent.DialEnded e ->
          e.status() == null || e.status().equals("ANSWER")
              ? Optional.empty()
              : heard(e.dialledUniqueId(), new AttemptEvent.SiteDialEnded(e.at(), e.status()));
      case TelephonyEvent.DialProgress e ->
          heard(e.dialledUniqueId(), new AttemptEvent.EarlyMedia(e.at(), false));
      case TelephonyEvent.ChannelRinging e ->
          Telephony.attemptOfAgentLeg(e.uniqueId()) != null
              ? Optional.empty()
              : heard(e.uniqueId(), new AttemptEvent.SiteRinging(e.at()));
      case TelephonyEvent.ChannelEnded e -> {
        String attempt = Telephony.attemptOfAgentLeg(e.uniqueId());
        yield attempt != null
            ? heard(attempt, new AttemptEvent.AgentGone(e.at()))
            : heard(e.uniqueId(), new AttemptEvent.SiteGone(e.at(), e.cause()));
      }
      case TelephonyEvent.OriginateEnded e -> {
        String attempt = Telephony.attemptOfAgentLeg(e.uniqueId());
        if (e.answered()) {
          yield Optional.empty();
        }
        yield attempt != null
            ? heard(attempt, new AttemptEvent.AgentGone(e.at()))
            : heard(e.uniqueId(), new AttemptEvent.OriginateFailed(e.at(), e.reason()));
      }
      case TelephonyEvent other -> Optional.empty();
    };
  }

  private static Optional<Heard> heard(String id, AttemptEvent event) {
    return Optional.of(new Heard(id, event));
  }
}

package org.careline.asterisk;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.asteriskjava.manager.event.BridgeEnterEvent;
import org.asteriskjava.manager.event.BridgeLeaveEvent;
import org.asteriskjava.manager.event.ContactStatusEvent;
import org.asteriskjava.manager.event.DialBeginEvent;
import org.asteriskjava.manager.event.DialEndEvent;
import org.asteriskjava.manager.event.DialStateEvent;
import org.asteriskjava.manager.event.HangupEvent;
import org.asteriskjava.manager.event.HoldEvent;
import org.asteriskjava.manager.event.ManagerEvent;
import org.asteriskjava.manager.event.NewChannelEvent;
import org.asteriskjava.manager.event.NewStateEvent;
import org.asteriskjava.manager.event.OriginateResponseEvent;
import org.asteriskjava.manager.event.QueueCallerJoinEvent;
import org.asteriskjava.manager.event.QueueCallerLeaveEvent;
import org.asteriskjava.manager.event.UnholdEvent;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.TelephonyEvent.Bridged;
import org.careline.telephony.TelephonyEvent.ChannelAnswered;
import org.careline.telephony.TelephonyEvent.ChannelEnded;
import org.careline.telephony.TelephonyEvent.ChannelRinging;
import org.careline.telephony.TelephonyEvent.ChannelStarted;
import org.careline.telephony.TelephonyEvent.ContactChanged;
import org.careline.telephony.TelephonyEvent.DialEnded;
import org.careline.telephony.TelephonyEvent.DialProgress;
import org.careline.telephony.TelephonyEvent.DialStarted;
import org.careline.telephony.TelephonyEvent.OriginateEnded;
import org.careline.telephony.TelephonyEvent.PhoneHeld;
import org.careline.telephony.TelephonyEvent.QueueJoined;
import org.careline.telephony.TelephonyEvent.QueueLeft;
import org.careline.telephony.TelephonyEvent.Unbridged;

/**
 * Puts the manager's events into our words; what we have no word for is empty. Pure. Missing fields
 * become null (or 0), except the one that names the channel: without it there is no event. Values
 * may come from strangers and are passed on as they are; they are data, never looked into here.
 */
final class EventTranslator {
  private static final int RINGING = 5;
  private static final int UP = 6;

  /** Where the dialplan refuses by itself, and with which cause. */
  private static final String REFUSING = "careline-many";

  private static final int REFUSED = 21;

  private EventTranslator() {}

  /**
   * @param received used where the event carries no time of its own
   */
  static Optional<TelephonyEvent> translate(ManagerEvent event, Instant received) {
    Instant at = instant(event, received);
    TelephonyEvent translated =
        switch (event) {
          case NewChannelEvent e ->
              of(
                  e.getUniqueId(),
                  id ->
                      new ChannelStarted(
                          at,
                          id,
                          e.getChannel(),
                          call(e),
                          e.getContext(),
                          e.getExten(),
                          e.getCallerIdNum()));
          case NewStateEvent e ->
              of(
                  isUp(e) || rings(e) ? e.getUniqueId() : null,
                  id ->
                      isUp(e)
                          ? new ChannelAnswered(at, id, e.getChannel(), call(e))
                          : new ChannelRinging(at, id));
          case DialBeginEvent e ->
              of(
                  e.getDestUniqueId(),
                  dialled ->
                      new DialStarted(
                          at,
                          e.getUniqueId(),
                          e.getChannel(),
                          call(e),
                          dialled,
                          e.getDestChannel()));
          case DialEndEvent e ->
              of(
                  e.getDestUniqueId(),
                  dialled ->
                      new DialEnded(
                          at,
                          e.getUniqueId(),
                          e.getChannel(),
                          call(e),
                          dialled,
                          e.getDestChannel(),
                          e.getDialStatus()));
          case DialStateEvent e ->
              of(
                  "PROGRESS".equals(e.getDialStatus()) ? e.getDestUniqueId() : null,
                  dialled -> new DialProgress(at, dialled));
          case BridgeEnterEvent e ->
              of(
                  e.getUniqueId(),
                  id -> new Bridged(at, id, e.getChannel(), call(e), e.getBridgeUniqueId()));
          case BridgeLeaveEvent e ->
              of(
                  e.getUniqueId(),
                  id -> new Unbridged(at, id, e.getChannel(), call(e), e.getBridgeUniqueId()));
          case HoldEvent e ->
              of(e.getUniqueId(), id -> new PhoneHeld(at, id, e.getChannel(), call(e), true));
          case UnholdEvent e ->
              of(e.getUniqueId(), id -> new PhoneHeld(at, id, e.getChannel(), call(e), false));
          case QueueCallerJoinEvent e ->
              of(
                  e.getUniqueId(),
                  id ->
                      new QueueJoined(
                          at, id, e.getChannel(), call(e), e.getQueue(), e.getCallerIdNum()));
          case QueueCallerLeaveEvent e ->
              of(
                  e.getUniqueId(),
                  id -> new QueueLeft(at, id, e.getChannel(), call(e), e.getQueue()));
          case HangupEvent e ->
              of(
                  e.getUniqueId(),
                  id ->
                      new ChannelEnded(
                          at, id, e.getChannel(), call(e), zeroIfNull(e.getCause()), flood(e)));
          case OriginateResponseEvent e ->
              of(
                  e.getUniqueId(),
                  id -> new OriginateEnded(at, id, e.isSuccess(), zeroIfNull(e.getReason())));
          case ContactStatusEvent e ->
              of(
                  decided(e.getContactStatus()) ? endpoint(e) : null,
                  endpoint ->
                      new ContactChanged(
                          at,
                          endpoint,
                          reachable(e.getContactStatus()),
                          e.getContactStatus().equals("Removed")));
          default -> null;
        };
    return Optional.ofNullable(translated);
  }

  private static TelephonyEvent of(String name, Function<String, TelephonyEvent> event) {
    return named(name) ? event.apply(name) : null;
  }

  private static boolean named(String id) {
    return id != null && !id.isBlank();
  }

  private static boolean isUp(NewStateEvent event) {
    return Integer.valueOf(UP).equals(event.getChannelState())
        || "Up".equals(event.getChannelStateDesc());
  }

  /** At the far end; a phone that is being rung by us, not one that rings us. */
  private static boolean rings(NewStateEvent event) {
    return Integer.valueOf(RINGING).equals(event.getChannelState())
        || "Ringing".equals(event.getChannelStateDesc());
  }

  /** The number of a call that the dialplan refused by itself, perhaps empty; null = it did not. */
  private static String flood(HangupEvent event) {
    if (!REFUSING.equals(event.getContext())
        || !Integer.valueOf(REFUSED).equals(event.getCause())) {
      return null;
    }
    return event.getCallerIdNum() == null ? "" : event.getCallerIdNum();
  }

  /** The library keeps the variables' names; an empty value is no call. */
  private static String call(ManagerEvent event) {
    Map<String, String> variables = event.getChannelVariables();
    String value = variables == null ? null : variables.get("CARELINE_CALL");
    return named(value) ? value : null;
  }

  /** The aor is named like its endpoint; some events carry only one of the two. */
  private static String endpoint(ContactStatusEvent event) {
    return named(event.getEndpointName()) ? event.getEndpointName() : event.getAor();
  }

  /** Created and updated contacts are followed by what the first OPTIONS found. */
  private static boolean decided(String status) {
    return status != null && !status.equals("Updated") && !status.equals("Unknown");
  }

  /** An address that is not asked (no qualify) counts as reachable, as Dial would use it. */
  static boolean reachable(String status) {
    return status.equals("Reachable")
        || status.equals("NonQualified")
        || status.equals("Created")
        || status.equals("Avail");
  }

  private static int zeroIfNull(Integer number) {
    return number == null ? 0 : number;
  }

  private static Instant instant(ManagerEvent event, Instant received) {
    Double seconds = event.getTimestamp();
    if (seconds == null || seconds <= 0) {
      return received;
    }
    long micros = Math.round(seconds * 1e6);
    return Instant.ofEpochSecond(micros / 1_000_000, (micros % 1_000_000) * 1000);
  }
}

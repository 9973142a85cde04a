package org.careline.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.call.CallEvent.AgentLost;
import org.careline.call.CallEvent.Answered;
import org.careline.call.CallEvent.EnteredFallback;
import org.careline.call.CallEvent.EnteredRoom;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OverflowAnswered;
import org.careline.call.CallEvent.OverflowFailed;
import org.careline.call.CallEvent.Turned;
import org.careline.call.CallState.FallbackTalking;
import org.careline.call.CallState.Offered;
import org.careline.call.CallState.Overflowing;
import org.careline.call.CallState.Talking;
import org.careline.telephony.TelephonyEvent;

/** Puts what the switch reports into {@link CallEvent}s. Confined to the mailbox. */
final class SwitchReports {
  private static final String HOTLINE = "hotline";
  private static final String WAITROOM = "waitroom";
  private static final String FALLBACK = "fallback";

  /** A caller found in the waitroom although a phone should ring for him may just be turning. */
  private static final Duration TURN = Duration.ofMillis(400);

  /** A phone whose console lives has so long to be back; its sound may not be interrupted. */
  private static final Duration PHONE_GRACE = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(400);

  private final CallTable table;
  private final Agents agents;
  private final Calls.Strangers strangers;
  private final Turns turns;
  private BiPredicate<CallId, AgentNumber> lost = (call, agent) -> false;

  SwitchReports(CallTable table, Agents agents, Calls.Strangers strangers, Turns turns) {
    this.table = table;
    this.agents = agents;
    this.strangers = strangers;
    this.turns = turns;
  }

  void on(TelephonyEvent event) {
    switch (event) {
      case TelephonyEvent.ChannelStarted e -> started(e);
      case TelephonyEvent.DialStarted e -> table.find(e.uniqueId(), call -> dialStarted(call, e));
      case TelephonyEvent.DialEnded e -> table.find(e.uniqueId(), call -> dialEnded(call, e));
      case TelephonyEvent.Bridged e -> bridged(e);
      case TelephonyEvent.Unbridged e -> unbridged(e);
      case TelephonyEvent.QueueJoined e -> table.find(e.uniqueId(), call -> queueJoined(call, e));
      case TelephonyEvent.ChannelEnded e -> table.find(e.uniqueId(), call -> hungUp(call, e));
      case TelephonyEvent.ContactChanged e -> contact(e);
      case TelephonyEvent.QueueLeft other -> {}
      case TelephonyEvent.PhoneHeld other -> {}
      case TelephonyEvent.ChannelAnswered other -> {}
      case TelephonyEvent.DialProgress other -> {}
      case TelephonyEvent.ChannelRinging other -> {}
      case TelephonyEvent.OriginateEnded other -> {}
      case TelephonyEvent.LinkUp other -> {}
      case TelephonyEvent.LinkDown other -> {}
    }
  }

  private void started(TelephonyEvent.ChannelStarted event) {
    // a channel that goes out by the trunk begins there too, with nothing dialled
    if (!HOTLINE.equals(event.context())
        || CallId.ofOurs(event.uniqueId())
        || dialled(event.extension()).isEmpty()) {
      return;
    }
    CallTable.id(event.uniqueId())
        .filter(table::unheardOf)
        .ifPresent(
            id ->
                table.arrive(
                    id,
                    event.channel(),
                    strangers.of(dialled(event.extension()), event.callerNumber()),
                    event.at(),
                    false));
  }

  private void dialStarted(LivingCall call, TelephonyEvent.DialStarted event) {
    call.dialSeen = true;
    call.phoneRings = true;
  }

  private void dialEnded(LivingCall call, TelephonyEvent.DialEnded event) {
    call.phoneRings = false;
    Optional<AgentNumber> leg = AgentNumber.ofChannel(event.dialledChannel());
    if (leg.isEmpty()) {
      outsideEnded(call, event);
      return;
    }
    AgentNumber agent = leg.get();
    switch (String.valueOf(event.status())) {
      case "ANSWER" -> table.step(call, new Answered(event.at(), agent), false);
      case "NOANSWER" -> table.step(call, new OfferFailed(event.at(), agent, Miss.MISSED), false);
      case "BUSY" -> table.step(call, new OfferFailed(event.at(), agent, busy(call, agent)), false);
      case "CHANUNAVAIL", "CONGESTION" ->
          table.step(call, new OfferFailed(event.at(), agent, lostBy(agent)), false);
      // the caller has left or was pulled away: his own event follows or has come
      default -> {}
    }
  }

  /** He refused; or his phone has not yet heard that the call before is over: once. */
  private Miss busy(LivingCall call, AgentNumber agent) {
    return !call.notRung.contains(agent) && agents.excused(agent) && call.notRung.add(agent)
        ? Miss.ENGINE
        : Miss.REJECTED;
  }

  /** A number outside took the call only when its person is in the bridge. */
  private void outsideEnded(LivingCall call, TelephonyEvent.DialEnded event) {
    switch (String.valueOf(event.status())) {
      case "NOANSWER", "BUSY", "CHANUNAVAIL", "CONGESTION" ->
          table.step(call, new OverflowFailed(event.at()), false);
      default -> {}
    }
  }

  /**
   * He talks with somebody outside; and the belt for a lost answer of an agent, only where this
   * very agent rings.
   */
  private void bridged(TelephonyEvent.Bridged event) {
    table.find(
        event.uniqueId(),
        call -> {
          call.leftFirst = null;
          if (call.state instanceof Overflowing && !call.ringsOutside) {
            table.step(call, new OverflowAnswered(event.at()), false);
          }
        });
    AgentNumber.ofChannel(event.channel())
        .ifPresent(
            agent ->
                table.find(
                    event.callId(),
                    call -> {
                      if (call.state instanceof Offered offered && offered.to().equals(agent)) {
                        table.step(call, new Answered(event.at(), agent), false);
                      }
                    }));
  }

  /** Who leaves the talk first has ended it. */
  private void unbridged(TelephonyEvent.Unbridged event) {
    Optional<AgentNumber> agent = AgentNumber.ofChannel(event.channel());
    if (agent.isPresent()) {
      // somebody he consults is not his agent
      table.find(
          event.callId(),
          call -> {
            if (call.state.agent().equals(agent)) {
              leaves(call, EndedBy.AGENT);
            }
          });
    } else {
      table.find(event.uniqueId(), call -> leaves(call, EndedBy.CALLER));
    }
  }

  private static void leaves(LivingCall call, EndedBy by) {
    if (call.leftFirst == null
        && (call.state instanceof Talking talking && talking.heldSince().isEmpty()
            || call.state instanceof FallbackTalking)) {
      call.leftFirst = by;
    }
  }

  private void queueJoined(LivingCall call, TelephonyEvent.QueueJoined event) {
    if (FALLBACK.equals(event.queue())) {
      if (call.state instanceof CallState.Arrived
          && call.caller.e164() == null
          && event.callerNumber() != null) {
        // his question never reached us, or too late: the switch knows his number
        Calls.Known known = strangers.of(call.caller.dialled(), event.callerNumber());
        table.recognised(call, known, event.at());
      }
      table.step(call, new EnteredFallback(event.at()), false);
    } else if (WAITROOM.equals(event.queue())) {
      if (call.state instanceof Offered offered) {
        backAlthoughOffered(call, offered.to(), event.at());
      } else {
        table.step(call, new EnteredRoom(event.at()), false);
      }
    }
  }

  /**
   * Either the phone could not be rung and the dialplan sent him back, or his lap of the waitroom
   * ended in the instant of our order. Then the ringing begins in a moment.
   */
  private void backAlthoughOffered(LivingCall call, AgentNumber agent, Instant at) {
    int offer = call.offer;
    boolean hadRung = call.dialSeen;
    turns.schedule(
        TURN,
        () -> {
          if (call.ringsFor(offer, agent) && (hadRung || !call.dialSeen)) {
            Miss miss = hadRung ? Miss.ENGINE : notRung(call, agent);
            table.step(call, new OfferFailed(table.now(), agent, miss), false);
            table.step(call, new EnteredRoom(at), false);
          }
        });
  }

  /**
   * A phone that can be reached did not ring: the switch may have lost our order. Not twice for one
   * caller: then it is the phone.
   */
  private Miss notRung(LivingCall call, AgentNumber agent) {
    return agents.reachable(agent) && call.notRung.add(agent) ? Miss.ENGINE : lostBy(agent);
  }

  private void hungUp(LivingCall call, TelephonyEvent.ChannelEnded event) {
    Instant at = event.at();
    if (event.flood() != null && call.state instanceof CallState.Arrived) {
      // the dialplan refused him without asking
      table.recognised(call, strangers.of(call.caller.dialled(), event.flood()), at);
      table.step(call, new Turned(at, Outcome.BLOCKED, "flood"), false);
      call.orderedEnd = true;
    }
    EndedBy by = call.leftFirst == null ? EndedBy.CALLER : call.leftFirst;
    if (call.orderedEnd || call.refused) {
      by = EndedBy.SYSTEM;
    }
    table.step(call, new HungUp(at, by, call.refused, table.position(call)), false);
  }

  /**
   * A phone that rings and is gone cannot be answered: another agent is found. A phone in a browser
   * is gone: so is the voice, though the switch keeps the call up.
   */
  private void contact(TelephonyEvent.ContactChanged event) {
    if (event.reachable()) {
      return;
    }
    AgentNumber agent = AgentNumber.ofEndpoint(event.endpoint()).orElse(null);
    if (agent == null) {
      return;
    }
    for (LivingCall call : List.copyOf(table.all())) {
      if (call.state.agent().equals(Optional.of(agent))) {
        if (call.state instanceof Offered) {
          table.step(call, new AgentLost(event.at(), agent, lostBy(agent)), false);
        } else if (agents.browserPhone(agent)) {
          look(call, agent, call.view().since(), event.at().plus(PHONE_GRACE));
        }
      }
    }
  }

  /** As far as the switch knows what became of his phone. */
  private Miss lostBy(AgentNumber agent) {
    if (agents.reachable(agent)) {
      return Miss.UNREACHABLE;
    }
    return agents.browserPhone(agent) && agents.unregistered(agent) ? Miss.BROWSER : Miss.NETWORK;
  }

  /**
   * A phone without its console is a browser that is frozen or gone. With a living console only the
   * line to the switch may be broken, while both still hear each other: that may mend.
   */
  private void look(LivingCall call, AgentNumber agent, Instant talk, Instant patience) {
    turns.schedule(
        LOOK_AGAIN,
        () -> {
          if (!call.state.agent().equals(Optional.of(agent))
              || !call.view().since().equals(talk)
              || agents.reachable(agent)) {
            return;
          }
          if (agents.consoleSilent(agent) || !table.now().isBefore(patience)) {
            if (!lost.test(call.id, agent)) {
              table.step(call, new AgentLost(table.now(), agent, lostBy(agent)), false);
            }
          } else {
            look(call, agent, talk, patience);
          }
        });
  }

  void agentLostBy(BiPredicate<CallId, AgentNumber> rule) {
    lost = rule;
  }

  /** A stranger's text: kept only where it is a number. */
  static String dialled(String text) {
    return text != null && text.matches("\\+?[0-9]{1,19}") ? text : "";
  }
}

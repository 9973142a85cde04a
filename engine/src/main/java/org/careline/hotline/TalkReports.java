package org.careline.hotline;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Work;
import org.careline.call.CallEvent;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.CallState.Leaving;
import org.careline.call.CallState.Talking;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.TalkNote;
import org.careline.hotline.Talk.Consulted;
import org.careline.hotline.Talk.Phase;
import org.careline.hotline.TalkTarget.ToAgent;
import org.careline.telephony.TalkControl;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the switch tells about talks that are held, moved or shared. Confined to the mailbox. */
final class TalkReports {
  private static final Logger LOG = LoggerFactory.getLogger(TalkReports.class);

  /** Asterisk's reason of an originate that nobody answered in time. */
  private static final int NO_ANSWER = 3;

  private final Talks orders;
  private final Map<CallId, Talk> talks;
  private final Calls calls;
  private final Agents agents;
  private final TalkControl control;
  private final InstantSource clock;

  TalkReports(
      Talks orders,
      Map<CallId, Talk> talks,
      Calls calls,
      Agents agents,
      TalkControl control,
      InstantSource clock) {
    this.orders = orders;
    this.talks = talks;
    this.calls = calls;
    this.agents = agents;
    this.control = control;
    this.clock = clock;
  }

  void on(TelephonyEvent event) {
    switch (event) {
      case TelephonyEvent.ChannelStarted e -> started(e);
      case TelephonyEvent.ChannelAnswered e ->
          consulting(e.uniqueId()).ifPresent(talk -> answered(talk, e.channel()));
      case TelephonyEvent.OriginateEnded e -> {
        if (!e.answered()) {
          consulting(e.uniqueId()).ifPresent(talk -> notAnswered(talk, e.reason() == NO_ANSWER));
        }
      }
      case TelephonyEvent.DialEnded e -> {
        if ("ANSWER".equals(e.status())) {
          leg(e.dialledChannel(), e.uniqueId());
        }
      }
      case TelephonyEvent.Bridged e -> bridged(e);
      case TelephonyEvent.ChannelEnded e -> ended(e);
      case TelephonyEvent.PhoneHeld e -> phoneHolds(e);
      case TelephonyEvent.ContactChanged e -> contact(e);
      case TelephonyEvent.DialProgress other -> {}
      case TelephonyEvent.ChannelRinging other -> {}
      case TelephonyEvent.DialStarted other -> {}
      case TelephonyEvent.Unbridged other -> {}
      case TelephonyEvent.QueueJoined other -> {}
      case TelephonyEvent.QueueLeft other -> {}
      case TelephonyEvent.LinkUp other -> {}
      case TelephonyEvent.LinkDown other -> {}
    }
  }

  /** A leg of whom nobody wants any more to be rung would take an agent out of his talk. */
  private void started(TelephonyEvent.ChannelStarted event) {
    Optional<Talk> consulting = consulting(event.uniqueId());
    consulting.ifPresent(talk -> talk.consulted.channel = event.channel());
    if (consulting.map(talk -> talk.consulted.cancelled).orElseGet(() -> unwanted(event))) {
      control.hangUp(event.uniqueId());
    }
  }

  /** Recovery may have found the leg before the switch's word of it came: with the caller. */
  private boolean unwanted(TelephonyEvent.ChannelStarted event) {
    return TalkControl.callOfConsultLeg(event.uniqueId())
        .filter(id -> talks.get(id) == null || !talks.get(id).legs.containsValue(event.channel()))
        .filter(id -> calls.find(id).filter(call -> call.state() instanceof Leaving).isEmpty())
        .isPresent();
  }

  /** The call of a leg that was rung for it, while it still matters. */
  private Optional<Talk> consulting(String uniqueId) {
    return TalkControl.callOfConsultLeg(uniqueId)
        .map(talks::get)
        .filter(talk -> talk.consulted != null && talk.consulted.legId.equals(uniqueId));
  }

  private void answered(Talk talk, String channel) {
    Consulted who = talk.consulted;
    who.channel = channel;
    if (talk.phase == Phase.FORWARDED) {
      calls.outsideAnswered(talk.id);
    }
    if (who.answered) {
      return;
    }
    who.answered = true;
    if (who.target instanceof ToAgent to) {
      talk.legs.put(to.agent(), channel);
      agents.talks(to.agent(), work(talk));
    }
    if (talk.phase == Phase.CONSULTING) {
      calls.note(talk.id, TalkNote.CONSULT_ANSWERED, who.target.shown());
    }
  }

  private void notAnswered(Talk talk, boolean missed) {
    if (talk.phase == Phase.FORWARDED) {
      forwardFailed(talk);
    } else {
      consultOver(talk, missed);
    }
  }

  /** Nobody outside took the caller: other agents do. */
  void forwardFailed(Talk talk) {
    talk.consulted = null;
    talk.phase = Phase.TALKING;
    calls.overflowFailed(talk.id);
    calls.toWaitroom(talk.id);
  }

  /**
   * Who was consulted is out: the agent has his caller back.
   *
   * @param missed he let it ring
   */
  void consultOver(Talk talk, boolean missed) {
    Consulted who = talk.consulted;
    if (who == null) {
      return;
    }
    boolean conference = talk.phase == Phase.CONFERENCE;
    out(talk, who, missed && !who.cancelled, conference);
    calls.note(
        talk.id,
        who.answered ? TalkNote.CONSULT_ENDED : TalkNote.CONSULT_FAILED,
        who.target.shown());
    Optional<LiveCall> call = calls.find(talk.id);
    Optional<AgentNumber> agent = call.flatMap(c -> c.state().agent());
    if (agent.isEmpty()) {
      return;
    }
    String leg = talk.legs.get(agent.get());
    if (leg == null) {
      nobodyLeft(talk, agent.get());
    } else if (conference) {
      orders.back(talk, call.get().channel(), agent.get(), leg);
    } else {
      orders.join(talk, call.get().channel(), leg);
    }
  }

  /** Whom the agent consulted is not in this call any more. */
  private void out(Talk talk, Consulted who, boolean missed, boolean talkedWithCaller) {
    talk.consulted = null;
    if (!(who.target instanceof ToAgent to)) {
      return;
    }
    talk.legs.remove(to.agent());
    if (talkedWithCaller) {
      wrapUp(talk, to.agent());
    } else {
      Agents.Release how = missed ? Agents.Release.MISSED : Agents.Release.NOT_NEEDED;
      agents.release(to.agent(), work(talk), how);
    }
  }

  private void wrapUp(Talk talk, AgentNumber agent) {
    calls
        .find(talk.id)
        .ifPresentOrElse(
            call -> agents.wrapUp(agent, work(talk), call.handling().wrapUp()),
            () -> agents.release(agent, work(talk), Agents.Release.NOT_NEEDED));
  }

  /**
   * The caller goes to whom his agent consulted; the agent is out. The order is taken, the bridge
   * is still to come: until it is there nobody has him.
   */
  void handedTo(Talk talk, AgentNumber from, Consulted who) {
    // the switch's answers and its events come by different ways: the bridge may be there already
    boolean there = talk.bridgedBy == talk.orders;
    talk.paused = false;
    talk.orders++;
    if (who.target instanceof ToAgent to) {
      talk.consulted = null;
      calls.transferred(talk.id, from, who.target.shown());
      calls.feed(talk.id, new CallEvent.OfferMade(clock.instant(), to.agent()), false);
      calls.feed(talk.id, new CallEvent.Answered(clock.instant(), to.agent()), false);
      talk.phase = Phase.JOINING;
      if (there) {
        together(talk);
      }
    } else {
      talk.phase = Phase.FORWARDED;
      calls.transferred(talk.id, from, who.target.shown());
      talk.ringsOutside = calls.overflowing(talk.id, who.target.shown(), Talks.RING, false);
      if (there) {
        calls.feed(talk.id, new CallEvent.OverflowAnswered(clock.instant()), false);
      }
    }
  }

  private void bridged(TelephonyEvent.Bridged event) {
    leg(event.channel(), event.callId());
    Talk talk = event.uniqueId() == null ? null : talkOf(event.uniqueId());
    if (talk != null && talk.phase == Phase.JOINING) {
      together(talk);
    } else if (talk != null && talk.phase == Phase.COMPLETING) {
      talk.bridgedBy = talk.orders;
    }
  }

  private void together(Talk talk) {
    talk.phase = Phase.TALKING;
    talk.orders++;
    calls.resumed(talk.id);
  }

  private Talk talkOf(String caller) {
    return caller.matches("[A-Za-z0-9._-]{1,64}") ? talks.get(new CallId(caller)) : null;
  }

  /** Remembers an agent's leg of a living call. */
  private void leg(String channel, String call) {
    Optional<AgentNumber> agent = AgentNumber.ofChannel(channel);
    if (agent.isEmpty() || call == null || !call.matches("[A-Za-z0-9._-]{1,64}")) {
      return;
    }
    CallId id = new CallId(call);
    if (!CallId.ofAttempt(call) && calls.find(id).isPresent()) {
      talks.computeIfAbsent(id, Talk::new).legs.put(agent.get(), channel);
    }
  }

  private void ended(TelephonyEvent.ChannelEnded event) {
    Talk own = event.uniqueId() == null ? null : talkOf(event.uniqueId());
    if (own != null) {
      callerGone(own);
      return;
    }
    Optional<Talk> consulting = consulting(event.uniqueId());
    if (consulting.isPresent()) {
      if (consulting.get().phase == Phase.FORWARDED) {
        forwardFailed(consulting.get());
      } else if (consulting.get().consulted.answered || consulting.get().consulted.cancelled) {
        consultOver(consulting.get(), false);
      }
      return;
    }
    for (Talk talk : talks.values()) {
      if (talk.legs.containsValue(event.channel())) {
        AgentNumber agent = AgentNumber.ofChannel(event.channel()).orElseThrow();
        talk.legs.remove(agent);
        legGone(talk, agent);
        return;
      }
    }
  }

  /** The caller has hung up: those who are not with him would not notice. */
  private void callerGone(Talk talk) {
    if (talk.phase != Phase.TALKING) {
      talk.legs.values().forEach(control::hangUp);
    }
    Consulted who = talk.consulted;
    if (who != null) {
      if (!who.answered || !(who.target instanceof ToAgent)) {
        control.hangUp(who.legId);
      }
      out(talk, who, false, talk.phase == Phase.CONFERENCE);
    }
    talk.phase = Phase.TALKING;
  }

  /** The leg of the agent who has the caller, or had him. */
  void legGone(Talk talk, AgentNumber agent) {
    LiveCall call = calls.find(talk.id).orElse(null);
    if (call == null || !call.state().agent().equals(Optional.of(agent))) {
      return;
    }
    Consulted who = talk.consulted;
    boolean other = who != null && who.answered && who.channel != null;
    switch (talk.phase) {
      // the dialplan goes on with the caller and asks
      case TALKING, FORWARDED -> {}
      case CONSULTING, COMPLETING -> {
        if (other) {
          orders.complete(talk, call.channel(), agent, who, null);
        } else {
          nobodyLeft(talk, agent);
        }
      }
      case CONFERENCE -> {
        if (other) {
          orders.leave(talk, call.channel(), agent, who);
        } else {
          nobodyLeft(talk, agent);
        }
      }
      case HELD, JOINING -> nobodyLeft(talk, agent);
    }
  }

  /** Nobody has the caller, who hears music: other agents are found for him. */
  void nobodyLeft(Talk talk, AgentNumber agent) {
    Consulted who = talk.consulted;
    if (who != null) {
      control.hangUp(who.legId);
      out(talk, who, false, false);
    }
    talk.phase = Phase.TALKING;
    talk.paused = false;
    calls.find(talk.id).ifPresent(call -> LOG.info("call {}: agent {} left it", talk.id, agent));
    if (agents.reachable(agent) || !agents.browserPhone(agent)) {
      calls.transferred(talk.id, agent, "queue");
      calls.toWaitroom(talk.id);
    } else {
      calls.feed(talk.id, new CallEvent.AgentLost(clock.instant(), agent), false);
    }
  }

  /**
   * The agent's browser is gone while its leg may still be up.
   *
   * @return whether somebody else has the caller now; else he waits again
   */
  boolean agentLost(CallId id, AgentNumber agent) {
    Talk talk = talks.get(id);
    if (talk == null || talk.phase == Phase.TALKING || talk.phase == Phase.FORWARDED) {
      // his leg ends when the caller is taken out of the talk
      return false;
    }
    String leg = talk.legs.remove(agent);
    if (leg != null) {
      control.hangUp(leg);
    }
    legGone(talk, agent);
    return true;
  }

  /** Somebody consulted who is lost ends as if he had put the receiver down. */
  private void contact(TelephonyEvent.ContactChanged event) {
    AgentNumber agent = AgentNumber.ofEndpoint(event.endpoint()).orElse(null);
    if (event.reachable() || agent == null || !agents.browserPhone(agent)) {
      return;
    }
    for (Talk talk : talks.values()) {
      if (talk.consulted != null
          && talk.consulted.target instanceof ToAgent to
          && to.agent().equals(agent)) {
        control.hangUp(talk.consulted.legId);
      }
    }
  }

  private void phoneHolds(TelephonyEvent.PhoneHeld event) {
    AgentNumber agent = AgentNumber.ofChannel(event.channel()).orElse(null);
    Talk talk = event.callId() == null ? null : talkOf(event.callId());
    if (agent == null
        || talk == null
        || talk.phase != Phase.TALKING
        || calls
            .find(talk.id)
            .filter(call -> call.state() instanceof Talking)
            .filter(call -> call.state().agent().equals(Optional.of(agent)))
            .isEmpty()) {
      return;
    }
    talk.phoneHolds = event.held();
    if (event.held()) {
      calls.held(talk.id);
    } else {
      calls.resumed(talk.id);
    }
  }

  /** A call that is over has no talk; one that waits again begins anew. */
  void changed(LiveCall call) {
    Talk talk = talks.get(call.id());
    if (talk == null) {
      return;
    }
    if (call.state() instanceof CallState.Ended) {
      talks.remove(call.id());
      return;
    }
    if (talk.ringsOutside && !(call.state() instanceof CallState.Overflowing)) {
      talk.ringsOutside = false;
      if (call.state() instanceof CallState.Waiting && talk.consulted != null) {
        // given up: answered later, it would take him from where he is then
        control.hangUp(talk.consulted.legId);
        talk.consulted = null;
      }
    }
    if (call.state() instanceof Talking) {
      return;
    } else if (talk.consulted == null) {
      talk.phase = Phase.TALKING;
      talk.paused = false;
      talk.phoneHolds = false;
    }
  }

  private static Work work(Talk talk) {
    return Work.call(talk.id.value());
  }
}

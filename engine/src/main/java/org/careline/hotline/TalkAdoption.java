package org.careline.hotline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Work;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.CallState.Talking;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.hotline.Talk.Consulted;
import org.careline.hotline.Talk.Phase;
import org.careline.hotline.TalkTarget.ToAgent;
import org.careline.hotline.TalkTarget.ToNumber;
import org.careline.telephony.SwitchState.LivingChannel;
import org.careline.telephony.TalkControl;

/**
 * How far talks are, as the switch shows it after a start of the engine: legs by their names, who
 * is consulted by his leg's id, the rest by where the caller is. Confined to the mailbox.
 */
final class TalkAdoption {
  private final Map<CallId, Talk> talks;
  private final Calls calls;
  private final Agents agents;
  private final TalkReports reports;

  TalkAdoption(Map<CallId, Talk> talks, Calls calls, Agents agents, TalkReports reports) {
    this.talks = talks;
    this.calls = calls;
    this.agents = agents;
    this.reports = reports;
  }

  /**
   * @param channels all that live
   */
  void adopt(List<LivingChannel> channels) {
    for (LiveCall call : calls.live()) {
      String id = call.id().value();
      List<LivingChannel> own =
          channels.stream().filter(channel -> id.equals(channel.callId())).toList();
      own.stream()
          .filter(channel -> channel.uniqueId().equals(id))
          .findFirst()
          .ifPresent(caller -> adopt(call, caller, own));
    }
  }

  private void adopt(LiveCall call, LivingChannel caller, List<LivingChannel> own) {
    Talk talk = talks.computeIfAbsent(call.id(), Talk::new);
    talk.legs.clear();
    talk.consulted = null;
    for (LivingChannel channel : own) {
      if (TalkControl.callOfConsultLeg(channel.uniqueId()).isEmpty()) {
        AgentNumber.ofChannel(channel.channel())
            .ifPresent(agent -> talk.legs.put(agent, channel.channel()));
      } else {
        consulted(talk, call, caller, channel);
      }
    }
    talk.paused = calls.recordingPaused(call.id());
    talk.phase = phase(talk, call, caller);
    if (!(call.state() instanceof Talking talking)) {
      if (call.state() instanceof CallState.Overflowing
          && music(caller)
          && talk.consulted == null) {
        reports.forwardFailed(talk);
      }
      return;
    }
    if (caller.bridgeId() != null && talking.heldSince().isPresent()) {
      calls.resumed(call.id());
    }
    if (music(caller) && !talk.legs.containsKey(talking.with())) {
      reports.legGone(talk, talking.with());
    }
  }

  /** A leg that was rung for this call: its person has the caller by now, or is asked about him. */
  private void consulted(Talk talk, LiveCall call, LivingChannel caller, LivingChannel leg) {
    int n = TalkControl.numberOfConsultLeg(leg.uniqueId());
    talk.consults = Math.max(talk.consults, n);
    Optional<AgentNumber> agent = AgentNumber.ofChannel(leg.channel());
    agent.ifPresent(colleague -> talk.legs.put(colleague, leg.channel()));
    boolean withCaller = leg.bridgeId() != null && leg.bridgeId().equals(caller.bridgeId());
    if (agent.isEmpty()
        && call.state() instanceof CallState.Overflowing
        && "Up".equals(leg.state())) {
      // the bridge may have been heard of while the link was away, or is yet to be
      calls.outsideAnswered(call.id());
      if (withCaller) {
        calls.outsideTalks(call.id());
      }
    }
    if (withCaller && !caller.context().equals("careline-conference")) {
      return;
    }
    Consulted who =
        new Consulted(
            n,
            leg.uniqueId(),
            agent.<TalkTarget>map(ToAgent::new).orElseGet(() -> new ToNumber("outside", null)));
    who.channel = leg.channel();
    who.answered = "Up".equals(leg.state());
    agent.ifPresent(
        colleague -> agents.restore(colleague, Work.call(call.id().value()), who.answered));
    talk.consulted = who;
  }

  private static Phase phase(Talk talk, LiveCall call, LivingChannel caller) {
    if (call.state() instanceof CallState.Overflowing) {
      return Phase.FORWARDED;
    }
    if (!(call.state() instanceof Talking)) {
      return Phase.TALKING;
    }
    if ("careline-conference".equals(caller.context())) {
      return talk.consulted == null ? Phase.TALKING : Phase.CONFERENCE;
    }
    if (caller.bridgeId() != null || !music(caller)) {
      return Phase.TALKING;
    }
    return talk.consulted == null ? Phase.HELD : Phase.CONSULTING;
  }

  private static boolean music(LivingChannel caller) {
    return "careline-hold".equals(caller.context()) && caller.bridgeId() == null;
  }
}

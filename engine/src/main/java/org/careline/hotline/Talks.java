package org.careline.hotline;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Work;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.CallState.Talking;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.TalkNote;
import org.careline.call.Turns;
import org.careline.hotline.Talk.Consulted;
import org.careline.hotline.Talk.Phase;
import org.careline.hotline.TalkTarget.ToAgent;
import org.careline.hotline.TalkTarget.ToLine;
import org.careline.hotline.TalkTarget.ToNumber;
import org.careline.telephony.SwitchState.LivingChannel;
import org.careline.telephony.TalkControl;
import org.careline.telephony.TalkControl.Party;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent;

/**
 * What agents do with a talk: hold, hand over, consult, three together, pause of the recording. An
 * order that the moment does not allow is refused with its reason; what the switch answers comes
 * with the future. The caller is never left alone: whenever who has him is gone, he goes to whoever
 * is there, or back to the waitroom with his place.
 *
 * <p>Confined to the mailbox.
 */
public final class Talks {
  static final Duration RING = Duration.ofSeconds(30);

  /** Longer than the switch needs to bring two together. */
  private static final Duration BELT = Duration.ofSeconds(2);

  private final Map<CallId, Talk> talks = new HashMap<>();
  private final Calls calls;
  private final Agents agents;
  private final TalkControl control;
  private final Turns turns;
  private final TalkReports reports;

  public Talks(Calls calls, Agents agents, TalkControl control, Turns turns, InstantSource clock) {
    this.calls = calls;
    this.agents = agents;
    this.control = control;
    this.turns = turns;
    this.reports = new TalkReports(this, talks, calls, agents, control, clock);
    calls.watch(reports::changed);
    calls.agentLostBy(reports::agentLost);
    calls.adoptBy(this::adopt);
  }

  /** What the console shows of a talk. Immutable. */
  public record View(
      String phase, boolean phoneHolds, boolean paused, String consulted, boolean answered) {}

  public Optional<View> view(CallId id) {
    Talk talk = talks.get(id);
    if (talk == null) {
      return Optional.empty();
    }
    Consulted who = talk.consulted;
    return Optional.of(
        new View(
            switch (talk.phase) {
              case TALKING -> "talking";
              case HELD -> "held";
              case JOINING -> "joining";
              case CONSULTING, COMPLETING -> "consulting";
              case CONFERENCE -> "conference";
              case FORWARDED -> "forwarded";
            },
            talk.phoneHolds,
            talk.paused,
            who == null ? null : who.target.shown(),
            who != null && who.answered));
  }

  // --- orders

  /** Music for the caller, silence for the agent. */
  public CompletableFuture<Accepted> hold(CallId id) {
    Now now = in(id, Phase.TALKING);
    return hold(now);
  }

  private CompletableFuture<Accepted> hold(Now now) {
    Talk talk = now.talk();
    calls.held(talk.id);
    talk.phase = Phase.HELD;
    int order = ++talk.orders;
    return then(
        control.hold(now.channel(), now.leg()),
        answer -> {
          if (!answer.taken() && talk.orders == order) {
            talk.phase = Phase.TALKING;
            calls.resumed(talk.id);
          }
        });
  }

  /** The two talk again. */
  public CompletableFuture<Accepted> resume(CallId id) {
    Now now = in(id, Phase.HELD);
    return join(now.talk(), now.channel(), now.leg());
  }

  /** The agent leaves; the caller goes to another one, to a line's queue or to a number outside. */
  public CompletableFuture<Accepted> transfer(CallId id, TalkTarget target) {
    Now now = in(id, Phase.TALKING, Phase.HELD);
    return switch (target) {
      case ToAgent to -> transfer(now, to);
      case ToLine line -> transfer(now, line);
      case ToNumber number -> transfer(now, number);
    };
  }

  private CompletableFuture<Accepted> transfer(Now now, ToAgent to) {
    CallId id = now.talk().id;
    setAside(now, to.agent());
    calls.transferred(id, now.agent(), to.shown());
    CompletableFuture<Accepted> order =
        calls.handOver(
            id,
            to.agent(),
            new CallEntry.Reason(
                "agent " + to.agent() + " because agent " + now.agent() + " hands the caller over",
                "选择 " + to.agent() + ": 由 " + now.agent() + " 转接",
                null));
    if (calls.find(id).map(call -> call.state().agent().isEmpty()).orElse(true)) {
      agents.release(to.agent(), Work.call(id.value()), Agents.Release.NOT_NEEDED);
    }
    return left(now, order);
  }

  private CompletableFuture<Accepted> transfer(Now now, ToLine line) {
    CallId id = now.talk().id;
    calls.transferred(id, now.agent(), line.shown());
    Caller caller =
        now.call()
            .caller()
            .handedTo(new Caller.HandedTo(line.number(), line.code()), line.language());
    calls.recognised(id, new Calls.Known(caller, line.handling()));
    calls.toWaitroom(id);
    return left(now, CompletableFuture.completedFuture(new Accepted(true, "")));
  }

  private CompletableFuture<Accepted> transfer(Now now, ToNumber number) {
    roomOutside();
    Talk talk = now.talk();
    CallId id = talk.id;
    int n = ++talk.consults;
    talk.consulted = new Consulted(n, TalkControl.consultLeg(id, n), number);
    talk.phase = Phase.FORWARDED;
    talk.orders++;
    calls.transferred(id, now.agent(), number.shown());
    talk.ringsOutside = calls.forwarding(id, number.shown(), RING);
    return left(
        now,
        then(
            control.forward(id, n, number.party(), now.channel(), RING),
            answer -> {
              if (!answer.taken()) {
                reports.forwardFailed(talk);
              }
            }));
  }

  /** Before the agent leaves his caller for somebody who could not be rung. */
  private void roomOutside() {
    if (!control.roomOutside()) {
      throw new TalkRefused("talk.trunk-full");
    }
  }

  /** The leg of the agent who leaves ends, whatever it hears now. */
  private CompletableFuture<Accepted> left(Now now, CompletableFuture<Accepted> order) {
    return then(order, answer -> control.hangUp(now.leg()));
  }

  /** Rings a colleague or a number for the agent; the caller hears music meanwhile. */
  public CompletableFuture<Accepted> consult(CallId id, TalkTarget target) {
    Now now = in(id, Phase.TALKING, Phase.HELD);
    Party party =
        switch (target) {
          case ToAgent to -> {
            setAside(now, to.agent());
            yield new TalkControl.Colleague(to.agent());
          }
          case ToNumber number -> {
            roomOutside();
            yield number.party();
          }
          case ToLine line -> throw new TalkRefused("talk.consult-line");
        };
    Talk talk = now.talk();
    CompletableFuture<Accepted> held =
        talk.phase == Phase.HELD
            ? CompletableFuture.completedFuture(new Accepted(true, ""))
            : hold(now);
    int n = ++talk.consults;
    Consulted who = new Consulted(n, TalkControl.consultLeg(id, n), target);
    talk.consulted = who;
    talk.phase = Phase.CONSULTING;
    talk.orders++;
    calls.note(id, TalkNote.CONSULTED, target.shown());
    return then(
        held.thenCompose(
            answer ->
                answer.taken()
                    ? control.consult(id, n, party, now.channel(), now.leg(), RING)
                    : CompletableFuture.completedFuture(answer)),
        answer -> {
          if (!answer.taken() && talk.consulted == who) {
            reports.consultOver(talk, false);
          }
        });
  }

  /** The agent leaves, whom he consulted has the caller. */
  public CompletableFuture<Accepted> complete(CallId id) {
    Now now = in(id, Phase.CONSULTING, Phase.CONFERENCE);
    Consulted who = answered(now.talk());
    if (now.talk().phase == Phase.CONFERENCE) {
      // his leg's end does the rest
      return control.hangUp(now.leg());
    }
    return complete(now.talk(), now.channel(), now.agent(), who, now.leg());
  }

  /**
   * @param leg of the agent who leaves; null = it has ended
   */
  CompletableFuture<Accepted> complete(
      Talk talk, String channel, AgentNumber from, Consulted who, String leg) {
    return hand(talk, from, who, leg, () -> control.join(who.channel, channel, false));
  }

  /** The agent has left the conference: whom he consulted keeps the caller. */
  void leave(Talk talk, String channel, AgentNumber from, Consulted who) {
    hand(talk, from, who, null, () -> control.rejoin(channel, who.channel, false));
  }

  /** Whom he consulted has left the conference: the agent keeps the caller. */
  void back(Talk talk, String channel, AgentNumber agent, String leg) {
    talk.phase = Phase.JOINING;
    int order = ++talk.orders;
    then(
        control.rejoin(channel, leg, talk.paused),
        answer -> {
          if (!answer.taken() && talk.orders == order && talk.phase == Phase.JOINING) {
            reports.nobodyLeft(talk, agent);
            control.hangUp(leg);
          }
        });
  }

  private CompletableFuture<Accepted> hand(
      Talk talk,
      AgentNumber from,
      Consulted who,
      String leg,
      Supplier<CompletableFuture<Accepted>> order) {
    talk.phase = Phase.COMPLETING;
    int number = ++talk.orders;
    return then(
        order.get(),
        answer -> {
          if (talk.orders != number || talk.consulted != who) {
            return;
          }
          if (answer.taken()) {
            reports.handedTo(talk, from, who);
            if (leg != null) {
              control.hangUp(leg);
            }
          } else if (leg != null) {
            reports.consultOver(talk, false);
          } else {
            reports.nobodyLeft(talk, from);
          }
        });
  }

  /** Ends the consulting, or the conference's third part; the caller comes back. */
  public CompletableFuture<Accepted> cancel(CallId id) {
    Now now = in(id, Phase.CONSULTING, Phase.CONFERENCE);
    Consulted who = now.talk().consulted;
    who.cancelled = true;
    boolean begun = who.channel != null;
    turns.schedule(
        BELT,
        () -> {
          if (now.talk().consulted == who) {
            reports.consultOver(now.talk(), false);
          }
        });
    // a leg that is still to come cannot be found yet: it is hung up as soon as it starts
    return control.hangUp(who.legId).thenApply(answer -> begun ? answer : new Accepted(true, ""));
  }

  /** The caller, the agent and whom he consulted talk. */
  public CompletableFuture<Accepted> conference(CallId id) {
    Now now = in(id, Phase.CONSULTING);
    Talk talk = now.talk();
    Consulted who = answered(talk);
    talk.phase = Phase.CONFERENCE;
    talk.orders++;
    return then(
        control.conference(now.channel(), now.leg(), who.channel, talk.paused),
        answer -> {
          if (talk.consulted != who) {
            return;
          }
          if (answer.taken()) {
            calls.resumed(id);
            calls.note(id, TalkNote.CONFERENCE, who.target.shown());
          } else {
            control.hangUp(who.legId);
            reports.consultOver(talk, false);
          }
        });
  }

  /** Nothing of what is said from here on is in the recording. */
  public CompletableFuture<Accepted> pause(CallId id) {
    return mute(in(id, Phase.TALKING, Phase.CONFERENCE), true);
  }

  public CompletableFuture<Accepted> record(CallId id) {
    return mute(in(id, Phase.TALKING, Phase.CONFERENCE), false);
  }

  private CompletableFuture<Accepted> mute(Now now, boolean paused) {
    Talk talk = now.talk();
    if (talk.paused == paused) {
      throw new TalkRefused(paused ? "talk.already-paused" : "talk.not-paused");
    }
    paused(talk, paused);
    int order = ++talk.pauses;
    return then(
        control.mute(now.leg(), paused),
        answer -> {
          // what came of it is as before, unless it has been ordered anew or the talk is over
          if (!answer.taken() && talk.pauses == order && talk.paused == paused) {
            paused(talk, !paused);
          }
        });
  }

  private void paused(Talk talk, boolean paused) {
    talk.paused = paused;
    calls.note(talk.id, paused ? TalkNote.RECORDING_PAUSED : TalkNote.RECORDING_GOES_ON, null);
  }

  /** Brings caller and agent together out of music and silence. */
  CompletableFuture<Accepted> join(Talk talk, String channel, String leg) {
    talk.phase = Phase.JOINING;
    int order = ++talk.orders;
    turns.schedule(
        BELT,
        () -> {
          if (talk.orders == order && talk.phase == Phase.JOINING) {
            talk.phase = Phase.HELD;
          }
        });
    return then(
        control.join(leg, channel, talk.paused),
        answer -> {
          if (!answer.taken() && talk.orders == order && talk.phase == Phase.JOINING) {
            talk.phase = Phase.HELD;
          }
        });
  }

  // --- what the switch reports

  /** Before {@link Calls} sees it. */
  public void on(TelephonyEvent event) {
    reports.on(event);
  }

  /** Recovery: how far a talk is, as the switch shows it. */
  private void adopt(List<LivingChannel> channels) {
    new TalkAdoption(talks, calls, agents, reports).adopt(channels);
  }

  // --- inside

  /** What an order needs to know. */
  private record Now(LiveCall call, AgentNumber agent, Talk talk, String leg) {
    String channel() {
      return call.channel();
    }
  }

  private Now in(CallId id, Phase... allowed) {
    LiveCall call = calls.find(id).orElseThrow(() -> new TalkRefused("talk.over"));
    if (!(call.state() instanceof Talking talking)) {
      throw new TalkRefused(
          call.state() instanceof CallState.FallbackTalking
              ? "talk.fallback"
              : "talk.nobody-talks");
    }
    Talk talk = talks.get(id);
    String leg = talk == null ? null : talk.legs.get(talking.with());
    if (leg == null) {
      throw new TalkRefused("talk.nobody-talks");
    }
    if (talk.phoneHolds) {
      throw new TalkRefused("talk.phone-holds");
    }
    for (Phase phase : allowed) {
      if (talk.phase == phase) {
        return new Now(call, talking.with(), talk, leg);
      }
    }
    throw new TalkRefused(
        switch (talk.phase) {
          case TALKING -> "talk.not-held";
          case HELD -> "talk.held";
          case JOINING, COMPLETING, FORWARDED -> "talk.in-motion";
          case CONSULTING -> "talk.consulting";
          case CONFERENCE -> "talk.conference";
        });
  }

  private void setAside(Now now, AgentNumber to) {
    if (to.equals(now.agent())) {
      throw new TalkRefused("talk.to-yourself");
    }
    if (!agents.known(to)) {
      throw new TalkRefused("talk.no-agent", to.value());
    }
    if (!agents.reserve(to, Work.call(now.talk().id.value()))) {
      throw new TalkRefused("talk.agent-not-ready", to.value());
    }
  }

  private static Consulted answered(Talk talk) {
    if (talk.consulted == null || !talk.consulted.answered || talk.consulted.channel == null) {
      throw new TalkRefused("talk.not-answered-yet");
    }
    return talk.consulted;
  }

  /** What follows from the switch's answer, on the mailbox; unknown counts as taken. */
  private CompletableFuture<Accepted> then(
      CompletableFuture<Accepted> order, Consumer<Accepted> next) {
    return order
        .exceptionally(unknown -> new Accepted(true, ""))
        .thenApplyAsync(
            answer -> {
              next.accept(answer);
              return answer;
            },
            turns);
  }
}

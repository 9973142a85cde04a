package org.careline.hotline;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Wish;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.CallRecord;
import org.careline.call.CallTransitions;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.Handling;
import org.careline.call.Journal;
import org.careline.telephony.TelephonyEvent;

/** Calls, agents and dispatcher in virtual time, with a real journal and a fake switch. */
final class Stage implements AutoCloseable {
  final VirtualTurns turns = new VirtualTurns();
  final FakeTelephony telephony = new FakeTelephony();
  final Journal journal;
  final Agents agents;
  final Calls calls;
  final Dispatcher dispatcher;
  boolean serving = true;

  /** Null = talks are not looked at. */
  Talks talks;

  Stage(Path folder) {
    this(folder, true);
  }

  Stage(Path folder, boolean linkUp) {
    journal = new Journal(folder.resolve("journal.db"), turns);
    agents =
        new Agents(
            AgentDirectory.of(List.of(profile("8001", 1), profile("8002", 3), profile("8003", 1))),
            journal,
            telephony,
            turns::schedule,
            turns,
            Duration.ofSeconds(10));
    calls =
        new Calls(
            new CallTransitions(Duration.ofSeconds(5)),
            journal,
            telephony,
            agents,
            (dialled, number) -> known("standard", number == null ? "" : number),
            turns,
            turns,
            () -> serving);
    dispatcher = new Dispatcher(calls, agents, Duration.ofSeconds(30), turns, turns, () -> serving);
    if (linkUp) {
      on(new TelephonyEvent.LinkUp(turns.instant(), true));
    }
  }

  /** 8001 has a desk phone; the others use their browsers. */
  private static AgentDirectory.Profile profile(String number, int grade) {
    return new AgentDirectory.Profile(
        new AgentNumber(number), "agent " + number, grade, Set.of(), number.equals("8001"));
  }

  static Calls.Known known(String tier) {
    return known(tier, Caller.unknown("4001").raw());
  }

  private static Calls.Known known(String tier, String raw) {
    Caller caller =
        new Caller("4001", "hotline", raw, null, null, null, null, null, null, null, tier);
    int weight = tier.equals("platinum") ? 8 : 1;
    return new Calls.Known(
        caller,
        new Handling(
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            weight,
            tier.equals("platinum") ? 1 : 100,
            tier.equals("platinum") ? 3 : 1));
  }

  Instant now() {
    return turns.instant();
  }

  void on(TelephonyEvent event) {
    agents.on(event);
    if (talks != null) {
      talks.on(event);
    }
    calls.on(event);
    turns.settle();
  }

  void ready(String number) {
    AgentNumber agent = new AgentNumber(number);
    on(new TelephonyEvent.ContactChanged(now(), "a" + number, true));
    agents.heartbeat(agent);
    agents.wish(agent, Wish.READY);
    turns.settle();
  }

  /** Each second a heartbeat of these, and the tick. */
  void pass(int seconds, String... consoles) {
    for (int i = 0; i < seconds; i++) {
      turns.pass(Duration.ofSeconds(1));
      for (String console : consoles) {
        agents.heartbeat(new AgentNumber(console));
      }
      agents.tick();
      dispatcher.wake();
      turns.settle();
    }
  }

  /** A caller reaches us and waits. */
  CallId waits(String id, String tier) {
    CallId call = arrives(id, tier);
    calls.joined(call);
    room(id);
    return call;
  }

  CallId arrives(String id, String tier) {
    on(new TelephonyEvent.ChannelStarted(now(), id, channel(id), null, "hotline", "4001", "1"));
    CallId call = new CallId(id);
    calls.admitted(call, channel(id), known(tier), now());
    turns.settle();
    return call;
  }

  void room(String id) {
    on(new TelephonyEvent.QueueJoined(now(), id, channel(id), id, "waitroom"));
  }

  void rings(String id, String agent) {
    on(
        new TelephonyEvent.ChannelStarted(
            now(), id + "-leg-" + agent, leg(agent), id, "from-agent", "", ""));
    on(
        new TelephonyEvent.DialStarted(
            now(), id, channel(id), id, id + "-leg-" + agent, leg(agent)));
  }

  void dialEnded(String id, String agent, String status) {
    on(
        new TelephonyEvent.DialEnded(
            now(), id, channel(id), id, id + "-leg-" + agent, leg(agent), status));
    if (!status.equals("ANSWER")) {
      legEnds(id, agent);
    }
  }

  void legEnds(String id, String agent) {
    on(new TelephonyEvent.ChannelEnded(now(), id + "-leg-" + agent, leg(agent), id, 16));
  }

  void ends(String id) {
    on(new TelephonyEvent.ChannelEnded(now(), id, channel(id), id, 16));
  }

  static String channel(String id) {
    return "PJSIP/trunk-" + id;
  }

  static String leg(String agent) {
    return "PJSIP/a" + agent + "-00000001";
  }

  String state(String id) {
    return calls.find(new CallId(id)).map(call -> call.state().kind()).orElse("over");
  }

  String presence(String agent) {
    return agents.presence(new AgentNumber(agent)).key();
  }

  String why(String agent) {
    return agents.presence(new AgentNumber(agent)).why();
  }

  /** Outcomes the journal holds for a call, in their order. */
  List<CallRecord> outcomes(String id) {
    List<CallRecord> found = new ArrayList<>();
    journal.flush().join();
    journal.replay(
        0,
        entry -> {
          if (entry.kind().equals("outcome") && entry.key().equals(id)) {
            found.add(entry.as(CallRecord.class));
          }
        });
    return found;
  }

  /** History of a call: event>state. */
  List<String> history(String id) {
    List<String> found = new ArrayList<>();
    journal.flush().join();
    journal.replay(
        0,
        entry -> {
          if (entry.kind().equals("call") && entry.key().equals(id)) {
            CallEntry line = entry.as(CallEntry.class);
            found.add(line.event() + ">" + line.state());
          }
        });
    return found;
  }

  Set<String> livingAgentsOf(String id) {
    Set<String> found = new TreeSet<>();
    agents.all().stream()
        .filter(view -> view.presence().doing().map(w -> w.id().equals(id)).orElse(false))
        .forEach(view -> found.add(view.number().value()));
    return found;
  }

  @Override
  public void close() {
    journal.close();
  }
}

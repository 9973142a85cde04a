package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.agent.Wish;
import org.careline.call.CallId;
import org.careline.call.CallLeg;
import org.careline.call.CallRecord;
import org.careline.call.Outcome;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events in any order, doubled, lost and late: each call ends in one terminal state with one
 * outcome, and no agent ever belongs to two calls.
 */
class RandomEventsTest {
  private static final List<String> AGENTS = List.of("8001", "8002", "8003");
  @TempDir Path folder;

  @RepeatedTest(60)
  void oneOutcomePerCallAndOneCallPerAgent(RepetitionInfo info) {
    Random random = new Random(7_000 + info.getCurrentRepetition());
    try (Stage stage = new Stage(folder)) {
      AGENTS.forEach(stage::ready);
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        ids.add("c" + i);
      }
      List<TelephonyEvent> past = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        String id = ids.get(random.nextInt(ids.size()));
        String agent = AGENTS.get(random.nextInt(AGENTS.size()));
        act(stage, random, id, agent, past);
        if (random.nextInt(6) == 0 && !past.isEmpty()) {
          // late and doubled
          stage.on(past.get(random.nextInt(past.size())));
        }
        checkAgents(stage);
      }
      for (String id : ids) {
        stage.arrives(id, "standard");
        stage.ends(id);
        stage.ends(id);
      }
      stage.pass(60, AGENTS.toArray(String[]::new));
      assertThat(stage.calls.live()).isEmpty();
      for (String id : ids) {
        assertThat(stage.outcomes(id)).as(id).hasSize(1);
        CallRecord record = stage.outcomes(id).getFirst();
        assertThat(record.outcome()).isNotBlank();
        checkLegs(record);
        assertThat(record.endedAt()).isNotNull();
        assertThat(stage.history(id).stream().filter(line -> line.endsWith(">ended")))
            .as("terminal states of " + id)
            .hasSize(1);
        assertThat(stage.history(id).getLast()).endsWith(">ended");
      }
      for (String agent : AGENTS) {
        assertThat(stage.agents.presence(new AgentNumber(agent)).doing()).isEmpty();
      }
    }
  }

  /** Legs are whole and in order, and one was answered exactly when the call was. */
  private static void checkLegs(CallRecord record) {
    int n = 0;
    for (CallLeg leg : record.legs()) {
      assertThat(leg.n()).isEqualTo(++n);
      assertThat(leg.endedAt()).as("leg " + n + " of " + record.id()).isNotNull();
      assertThat(leg.result())
          .isIn(
              "answered",
              "missed",
              "rejected",
              "unreachable",
              "browser",
              "network",
              "engine",
              "abandoned");
      assertThat(leg.answeredAt() != null).isEqualTo(leg.result().equals("answered"));
    }
    assertThat(record.legs().stream().anyMatch(leg -> leg.result().equals("answered")))
        .as("a leg of " + record.id() + " was answered: " + record.outcome())
        .isEqualTo(Set.of("answered", "fallback_answered").contains(record.outcome()));
  }

  /** What the dialogue and the agents' consoles decide, whether it fits or not. */
  private static void decide(Stage stage, Random random, CallId call, String agent) {
    switch (random.nextInt(13)) {
      case 0 -> stage.calls.greeted(call);
      case 1 -> stage.calls.joined(call);
      case 2 ->
          stage.calls.turned(
              call,
              List.of(
                      Outcome.VOICEMAIL,
                      Outcome.AFTER_HOURS,
                      Outcome.CALLBACK_TAKEN,
                      Outcome.BLOCKED)
                  .get(random.nextInt(4)),
              "random");
      case 3 -> stage.calls.asked(call);
      case 4 -> stage.calls.ask(call, "closing");
      case 5 -> stage.calls.overflowing(call, "13900139000", Duration.ofSeconds(5), false);
      case 6 -> stage.calls.overflowFailed(call);
      case 7 -> stage.calls.agentLeft(call);
      case 8 -> stage.calls.held(call);
      case 9 -> stage.calls.resumed(call);
      case 10 -> stage.calls.transferred(call, new AgentNumber(agent), "8003");
      case 11 -> stage.calls.surveyOffered(call);
      default -> stage.calls.survey(call, 1 + random.nextInt(4));
    }
    stage.turns.settle();
  }

  /** Each call that says it has an agent is the one work of this agent, or the agent moved on. */
  private static void checkAgents(Stage stage) {
    Map<String, String> workOf = new HashMap<>();
    stage
        .agents
        .all()
        .forEach(
            view ->
                view.presence()
                    .doing()
                    .ifPresent(work -> workOf.put(view.number().value(), work.id())));
    Map<String, List<String>> rung = new HashMap<>();
    stage
        .calls
        .live()
        .forEach(
            call -> {
              if (call.state().kind().equals("offered")) {
                rung.computeIfAbsent(
                        call.state().agent().orElseThrow().value(), a -> new ArrayList<>())
                    .add(call.id().value());
              }
            });
    rung.forEach((agent, calls) -> assertThat(calls).as("offered to " + agent).hasSize(1));
  }

  private static void act(
      Stage stage, Random random, String id, String agent, List<TelephonyEvent> past) {
    CallId call = new CallId(id);
    String leg = Stage.leg(agent);
    TelephonyEvent event =
        switch (random.nextInt(20)) {
          case 0, 1 ->
              new TelephonyEvent.ChannelStarted(
                  stage.now(), id, Stage.channel(id), null, "hotline", "4001", "1");
          case 2, 3, 4 ->
              new TelephonyEvent.QueueJoined(stage.now(), id, Stage.channel(id), id, "waitroom");
          case 5 ->
              new TelephonyEvent.QueueJoined(stage.now(), id, Stage.channel(id), id, "fallback");
          case 6 ->
              new TelephonyEvent.DialStarted(
                  stage.now(), id, Stage.channel(id), id, "leg" + id, leg);
          case 7, 8 ->
              new TelephonyEvent.DialEnded(
                  stage.now(),
                  id,
                  Stage.channel(id),
                  id,
                  "leg" + id,
                  leg,
                  List.of("ANSWER", "NOANSWER", "BUSY", "CANCEL", "CHANUNAVAIL", "")
                      .get(random.nextInt(6)));
          case 9 -> new TelephonyEvent.Bridged(stage.now(), "leg" + id, leg, id, "b");
          case 10 -> new TelephonyEvent.Unbridged(stage.now(), "leg" + id, leg, id, "b");
          case 11 ->
              random.nextInt(3) == 0
                  ? new TelephonyEvent.ChannelEnded(stage.now(), id, Stage.channel(id), id, 16)
                  : null;
          case 12 -> {
            stage.pass(random.nextInt(4), AGENTS.toArray(String[]::new));
            yield null;
          }
          case 13 -> {
            stage.agents.wish(
                new AgentNumber(agent),
                random.nextInt(4) > 0 ? Wish.READY : Wish.notReady("break"));
            yield null;
          }
          case 16 -> {
            decide(stage, random, call, agent);
            yield null;
          }
          case 17 ->
              new TelephonyEvent.DialEnded(
                  stage.now(),
                  id,
                  Stage.channel(id),
                  id,
                  "out" + id,
                  "PJSIP/trunk-outside",
                  List.of("ANSWER", "NOANSWER", "BUSY", "CONGESTION").get(random.nextInt(4)));
          case 18 -> new TelephonyEvent.Bridged(stage.now(), id, Stage.channel(id), id, "b");
          case 14 -> {
            stage.calls.admitted(call, Stage.channel(id), Stage.known("standard"), stage.now());
            stage.dispatcher.connect(call);
            yield null;
          }
          default ->
              new TelephonyEvent.ContactChanged(stage.now(), "a" + agent, random.nextInt(3) > 0);
        };
    if (event != null) {
      past.add(event);
      if (random.nextInt(8) > 0) {
        stage.on(event);
      }
    }
  }
}

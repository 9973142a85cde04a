package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Reason;
import org.careline.agent.Wish;
import org.careline.agent.Work;
import org.careline.call.CallId;
import org.careline.call.CallRecord;
import org.careline.call.CallState;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherTest {
  @TempDir Path folder;
  private Stage stage;

  @BeforeEach
  void open() {
    stage = new Stage(folder);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void idleAgentIsConnectedInTheAnswer() {
    stage.ready("8001");
    CallId call = stage.arrives("c1", "standard");
    assertThat(stage.dispatcher.connect(call).orElseThrow().agent().value()).isEqualTo("8001");
    assertThat(stage.state("c1")).isEqualTo("offered");
    assertThat(stage.presence("8001")).isEqualTo("offered");
    assertThat(stage.telephony.orders).isEmpty();
    stage.rings("c1", "8001");
    stage.dialEnded("c1", "8001", "ANSWER");
    assertThat(stage.presence("8001")).isEqualTo("on_call");
    stage.pass(20, "8001");
    stage.legEnds("c1", "8001");
    stage.ends("c1");
    assertThat(stage.presence("8001")).isEqualTo("after_call_work");
    stage.pass(31, "8001");
    assertThat(stage.presence("8001")).isEqualTo("ready");
    CallRecord record = stage.outcomes("c1").getFirst();
    assertThat(record.outcome()).isEqualTo("answered");
    assertThat(record.talkMs()).isEqualTo(20_000);
    assertThat(record.agentNumber()).isEqualTo("8001");
    assertThat(stage.history("c1"))
        .containsExactly(
            "arrived>arrived",
            "recognised>arrived",
            "offer_made>offered",
            "answered>talking",
            "hung_up>ended");
  }

  @Test
  void waitingCallerGetsTheAgentWhoBecomesReady() {
    stage.waits("c1", "standard");
    assertThat(stage.telephony.orders).isEmpty();
    stage.ready("8001");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-c1 8001 15");
  }

  /** A cancel may come to a phone behind the next call, which it then calls busy. */
  @Test
  void aPhoneThatHasNotHeardOfTheLastCallersEndDoesNotCostTheAgentHisReadiness() {
    stage.ready("8001");
    CallId first = stage.arrives("c1", "standard");
    stage.dispatcher.connect(first);
    stage.rings("c1", "8001");
    stage.waits("c2", "standard");
    stage.legEnds("c1", "8001");
    stage.ends("c1");
    assertThat(stage.state("c2")).isEqualTo("offered");
    stage.rings("c2", "8001");
    stage.dialEnded("c2", "8001", "BUSY");
    assertThat(stage.presence("8001")).as("not his doing").isIn("ready", "offered");
    stage.room("c2");
    assertThat(stage.state("c2")).as("he is asked again").isEqualTo("offered");
    stage.rings("c2", "8001");
    stage.dialEnded("c2", "8001", "BUSY");
    assertThat(stage.presence("8001")).as("now he refused").isEqualTo("not_ready");
  }

  @Test
  void aPhoneThatIsBusyForTheNextTooIsNotTriedByAllWhoWait() {
    stage.ready("8001");
    CallId first = stage.arrives("c1", "standard");
    stage.dispatcher.connect(first);
    stage.rings("c1", "8001");
    stage.waits("c2", "standard");
    stage.waits("c3", "standard");
    stage.waits("c4", "standard");
    stage.legEnds("c1", "8001");
    stage.ends("c1");
    stage.rings("c2", "8001");
    stage.dialEnded("c2", "8001", "BUSY");
    assertThat(stage.state("c3")).as("c2 is on his way back").isEqualTo("offered");
    stage.rings("c3", "8001");
    stage.dialEnded("c3", "8001", "BUSY");
    assertThat(stage.presence("8001")).as("it is his phone").isEqualTo("not_ready");
    assertThat(stage.state("c4")).isEqualTo("waiting");
  }

  @Test
  void whoWasReadyIsLeftWithTheSwitchUntilItIsToldAnew() {
    AgentNumber agent = new AgentNumber("8001");
    stage.ready("8001");
    stage.ready("8002");
    stage.agents.wish(new AgentNumber("8002"), Wish.notReady(Reason.BREAK));
    stage.agents.adopt(Set.of(agent), Map.of());
    assertThat(stage.telephony.mirrored.get("8001")).as("paused while we take over").isFalse();
    assertThat(stage.telephony.standIns).containsExactly("8001");
    stage.agents.wish(agent, Wish.notReady(Reason.BREAK));
    assertThat(stage.telephony.standIns).isEmpty();
    stage.agents.wish(agent, Wish.READY);
    assertThat(stage.telephony.standIns).containsExactly("8001");
    stage.agents.takenOver();
    assertThat(stage.telephony.mirrored.get("8001")).isTrue();
    assertThat(stage.telephony.standIns).isEmpty();
  }

  @Test
  void nobodyIsPulledBeforeTheSwitchHasHimInTheRoom() {
    CallId call = stage.arrives("c1", "standard");
    stage.calls.joined(call);
    stage.ready("8001");
    assertThat(stage.telephony.orders).isEmpty();
    stage.room("c1");
    assertThat(stage.telephony.orders).hasSize(1);
  }

  @Test
  void missedOfferCostsTheAgentNotThePlace() {
    stage.waits("c1", "standard");
    stage.pass(10);
    stage.waits("c2", "standard");
    stage.ready("8001");
    stage.rings("c1", "8001");
    stage.pass(15, "8001");
    stage.dialEnded("c1", "8001", "NOANSWER");
    stage.room("c1");
    assertThat(stage.presence("8001")).isEqualTo("not_ready");
    assertThat(stage.why("8001")).isEqualTo("missed");
    assertThat(stage.dispatcher.order().getFirst().id().value()).isEqualTo("c1");
    stage.ready("8002");
    assertThat(stage.telephony.orders)
        .containsExactly("offer PJSIP/trunk-c1 8001 15", "offer PJSIP/trunk-c1 8002 15");
  }

  @Test
  void unreachablePhoneIsNoticedWithoutItsRinging() {
    stage.waits("c1", "standard");
    stage.ready("8001");
    // the switch could not ring: no dial, back in the room
    stage.room("c1");
    stage.turns.pass(Duration.ofMillis(500));
    assertThat(stage.presence("8001")).as("our order may have been lost").isEqualTo("offered");
    assertThat(stage.telephony.orders).as("rung again").hasSize(2);
    stage.room("c1");
    stage.turns.pass(Duration.ofMillis(500));
    assertThat(stage.why("8001")).isEqualTo("connection_lost");
    assertThat(stage.state("c1")).isEqualTo("waiting");
  }

  @Test
  void anOfferThatCameToNothingDoesNotMakeTheAgentTheLastOfTheIdleOnes() {
    stage.ready("8001");
    stage.pass(5, "8001");
    stage.ready("8003");
    stage.pass(5, "8001", "8003");
    stage.waits("c1", "standard");
    stage.rings("c1", "8001");
    stage.pass(2, "8001", "8003");
    stage.ends("c1");
    assertThat(stage.presence("8001")).as("his phone still rings").isEqualTo("on_call");
    stage.dialEnded("c1", "8001", "CANCEL");
    assertThat(stage.agents.ready().getFirst().number().value()).isEqualTo("8001");
    stage.waits("c2", "standard");
    stage.rings("c2", "8001");
    stage.dialEnded("c2", "8001", "ANSWER");
    stage.legEnds("c2", "8001");
    stage.ends("c2");
    stage.pass(31, "8001", "8003");
    assertThat(stage.agents.ready().getFirst().number().value())
        .as("he has worked")
        .isEqualTo("8003");
  }

  @Test
  void aQuestionTheSwitchRefusedCostsTheCallerHalfASecond() {
    CallId call = stage.waits("c1", "standard");
    stage.telephony.answer =
        CompletableFuture.completedFuture(new Accepted(false, "no such channel"));
    stage.calls.ask(call, "closing");
    stage.turns.settle();
    assertThat(stage.state("c1")).isEqualTo("waiting");
    stage.telephony.answer = CompletableFuture.completedFuture(new Accepted(true, ""));
    stage.ready("8001");
    assertThat(stage.telephony.orders).hasSize(1);
    stage.turns.pass(Duration.ofMillis(500));
    assertThat(stage.telephony.orders).last().asString().startsWith("offer");
  }

  @Test
  void whoAnswersOutsideHasTimeToPressOne() {
    CallId call = stage.waits("c1", "standard");
    stage.calls.overflowing(call, "13900139000", Duration.ofSeconds(5), true);
    stage.pass(44);
    assertThat(stage.state("c1")).isEqualTo("overflowing");
    stage.pass(2);
    assertThat(stage.state("c1")).isEqualTo("waiting");
  }

  @Test
  void anEndedCallIsToldOfOnceThoughAnOrderForHimWasRefused() {
    List<String> ended = new ArrayList<>();
    stage.calls.watch(
        call -> {
          if (call.state() instanceof CallState.Ended) {
            ended.add(call.id().value());
          }
        });
    stage.telephony.answer =
        CompletableFuture.completedFuture(new Accepted(false, "no such channel"));
    stage.waits("c1", "standard");
    stage.ready("8001");
    stage.ends("c1");
    stage.pass(2, "8001");
    assertThat(ended).containsExactly("c1");
  }

  @Test
  void whoTalkedLastIsKnownAfterARestart() {
    stage.ready("8001");
    stage.waits("c1", "standard");
    stage.rings("c1", "8001");
    stage.dialEnded("c1", "8001", "ANSWER");
    stage.calls.transferred(new CallId("c1"), new AgentNumber("8001"), "queue");
    stage.ready("8003");
    stage.room("c1");
    stage.rings("c1", "8003");
    stage.dialEnded("c1", "8003", "ANSWER");
    stage.journal.flush().join();
    stage.close();
    stage = new Stage(folder);
    stage.journal.replay(0, stage.calls::replay);
    stage.calls.replayed();
    assertThat(stage.calls.live().getFirst().talkedLast()).contains(new AgentNumber("8003"));
  }

  @Test
  void lapOfTheWaitroomInTheInstantOfTheOrderIsNoFailure() {
    stage.waits("c1", "standard");
    stage.ready("8001");
    stage.room("c1");
    stage.rings("c1", "8001");
    stage.turns.pass(Duration.ofSeconds(1));
    assertThat(stage.state("c1")).isEqualTo("offered");
    assertThat(stage.presence("8001")).isEqualTo("offered");
  }

  @Test
  void refusedOrderFreesBoth() {
    stage.telephony.answer =
        CompletableFuture.completedFuture(new Accepted(false, "no such channel"));
    stage.waits("c1", "standard");
    stage.ready("8001");
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(stage.presence("8001")).isEqualTo("ready");
    assertThat(stage.telephony.orders).hasSize(1);
    stage.telephony.answer = CompletableFuture.completedFuture(new Accepted(true, ""));
    stage.pass(2, "8001");
    assertThat(stage.telephony.orders).as("tried again after a moment").hasSize(2);
  }

  @Test
  void offerOfWhichNothingIsHeardEnds() {
    stage.telephony.answer = new CompletableFuture<>();
    stage.waits("c1", "standard");
    stage.ready("8001");
    stage.pass(21, "8001");
    assertThat(stage.telephony.orders.get(1)).isEqualTo("waitroom PJSIP/trunk-c1");
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(stage.presence("8001")).isEqualTo("ready");
  }

  @Test
  void browserThatDiesGivesTheCallerAFreshOffer() {
    stage.waits("c1", "standard");
    stage.ready("8002");
    stage.rings("c1", "8002");
    stage.dialEnded("c1", "8002", "ANSWER");
    stage.on(new TelephonyEvent.ContactChanged(stage.now(), "a8002", false));
    stage.pass(4, "8002");
    assertThat(stage.state("c1")).as("only its line may be broken").isEqualTo("talking");
    stage.pass(2, "8002");
    assertThat(stage.telephony.orders).contains("waitroom PJSIP/trunk-c1");
    assertThat(stage.state("c1")).isEqualTo("waiting");
    stage.legEnds("c1", "8002");
    assertThat(stage.why("8002")).isEqualTo("connection_lost");
    stage.ready("8001");
    stage.room("c1");
    assertThat(stage.telephony.orders.getLast()).isEqualTo("offer PJSIP/trunk-c1 8001 15");
  }

  @Test
  void browserThatIsClosedOrFrozenLosesTheCallerSooner() {
    stage.waits("c1", "standard");
    stage.ready("8002");
    stage.rings("c1", "8002");
    stage.dialEnded("c1", "8002", "ANSWER");
    stage.agents.consoleGone(new AgentNumber("8002"));
    stage.on(new TelephonyEvent.ContactChanged(stage.now(), "a8002", false));
    stage.pass(1);
    assertThat(stage.state("c1")).as("closed").isEqualTo("waiting");

    stage.waits("c2", "standard");
    stage.ready("8003");
    stage.rings("c2", "8003");
    stage.dialEnded("c2", "8003", "ANSWER");
    stage.pass(2);
    // frozen: the last heartbeat is 2 s old when the phone stops answering
    stage.on(new TelephonyEvent.ContactChanged(stage.now(), "a8003", false));
    stage.pass(2);
    assertThat(stage.state("c2")).as("frozen").isEqualTo("waiting");
  }

  @Test
  void deskPhoneThatMissesOneOptionsKeepsItsTalk() {
    stage.waits("c1", "standard");
    stage.ready("8001");
    stage.rings("c1", "8001");
    stage.dialEnded("c1", "8001", "ANSWER");
    stage.on(new TelephonyEvent.ContactChanged(stage.now(), "a8001", false));
    stage.pass(10);
    assertThat(stage.state("c1")).isEqualTo("talking");
  }

  @Test
  void keyAccountWaitsForASeniorOnlyForAWhile() {
    stage.ready("8001");
    stage.waits("c1", "platinum");
    assertThat(stage.telephony.orders).isEmpty();
    stage.pass(29, "8001");
    assertThat(stage.telephony.orders).isEmpty();
    stage.pass(2, "8001");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-c1 8001 15");
  }

  @Test
  void silentConsoleIsNotReady() {
    stage.ready("8001");
    stage.pass(10);
    assertThat(stage.presence("8001")).isEqualTo("not_ready");
    assertThat(stage.why("8001")).isEqualTo("connection_lost");
    stage.waits("c1", "standard");
    assertThat(stage.telephony.orders).isEmpty();
    stage.agents.heartbeat(new AgentNumber("8001"));
    stage.turns.settle();
    assertThat(stage.telephony.orders).as("his wish has lasted").hasSize(1);
  }

  @Test
  void pendingWishTakesEffectAfterTheWork() {
    stage.ready("8001");
    stage.waits("c1", "standard");
    stage.rings("c1", "8001");
    stage.dialEnded("c1", "8001", "ANSWER");
    stage.agents.wish(new AgentNumber("8001"), Wish.notReady("break"));
    assertThat(stage.presence("8001")).isEqualTo("on_call");
    stage.legEnds("c1", "8001");
    stage.ends("c1");
    assertThat(stage.presence("8001")).isEqualTo("after_call_work");
    stage.agents.endWrapUp(new AgentNumber("8001"));
    assertThat(stage.why("8001")).isEqualTo("break");
  }

  @Test
  void wishOutlivesTheEngine() throws Exception {
    stage.ready("8001");
    stage.journal.flush().join();
    stage.close();
    stage = new Stage(folder);
    AgentNumber agent = new AgentNumber("8001");
    stage.agents.tick();
    assertThat(stage.presence("8001")).isEqualTo("logged_out");
    stage.on(new TelephonyEvent.ContactChanged(stage.now(), "a8001", true));
    stage.agents.heartbeat(agent);
    assertThat(stage.presence("8001")).isEqualTo("ready");
  }

  @Test
  void readinessIsMirroredForTheSwitchAlone() {
    stage.ready("8001");
    assertThat(stage.telephony.mirrored.get("8001")).isTrue();
    stage.waits("c1", "standard");
    stage.rings("c1", "8001");
    stage.dialEnded("c1", "8001", "ANSWER");
    assertThat(stage.telephony.mirrored.get("8001")).isTrue();
    stage.legEnds("c1", "8001");
    stage.ends("c1");
    assertThat(stage.telephony.mirrored.get("8001")).as("in wrap-up").isFalse();
  }

  @Test
  void otherWorkGetsAgentsNobodyOnTheLineNeeds() {
    stage.ready("8001");
    AgentNumber agent = new AgentNumber("8001");
    Work attempt = Work.attempt("01J00000000000000000000000");
    assertThat(stage.agents.spare()).hasSize(1);
    assertThat(stage.agents.reserve(agent, attempt)).isTrue();
    assertThat(stage.presence("8001")).isEqualTo("offered");
    stage.waits("c1", "standard");
    assertThat(stage.telephony.orders).isEmpty();
    stage.agents.release(agent, attempt, Agents.Release.NOT_NEEDED);
    // asked in the very turn in which he became free: the caller is first
    assertThat(stage.agents.spare()).isEmpty();
    assertThat(stage.telephony.orders).hasSize(1);
    // on his way into the waitroom, not yet to be pulled out: kept for him
    CallId second = stage.arrives("c2", "standard");
    stage.calls.joined(second);
    stage.ready("8003");
    assertThat(stage.agents.ready()).hasSize(1);
    assertThat(stage.agents.spare()).isEmpty();
  }

  @Test
  void callerOfTheFallbackQueueIsTakenOverWithHisPlace() {
    stage.arrives("c1", "standard");
    stage.on(
        new TelephonyEvent.QueueJoined(stage.now(), "c1", Stage.channel("c1"), "c1", "fallback"));
    stage.pass(5);
    assertThat(stage.telephony.orders).contains("waitroom PJSIP/trunk-c1");
    stage.room("c1");
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(stage.calls.find(new CallId("c1")).orElseThrow().joinedAt().orElseThrow())
        .isEqualTo(stage.now().minusSeconds(5));
  }

  /** Of whom no question came the switch says the number when he waits there. */
  @Test
  void whoCameToTheFallbackQueueUnaskedIsRecognisedByWhatTheSwitchSays() {
    stage.on(
        new TelephonyEvent.ChannelStarted(
            stage.now(), "c1", Stage.channel("c1"), null, "hotline", "4001", "0"));
    assertThat(stage.calls.find(new CallId("c1")).orElseThrow().caller().raw()).isEqualTo("0");
    stage.on(
        new TelephonyEvent.QueueJoined(
            stage.now(), "c1", Stage.channel("c1"), "c1", "fallback", "13800138000"));
    assertThat(stage.calls.find(new CallId("c1")).orElseThrow().caller().raw())
        .isEqualTo("13800138000");
    assertThat(stage.state("c1")).isEqualTo("in_fallback");
  }

  @Test
  void ringingInTheFallbackQueueIsNotCut() {
    stage.arrives("c1", "standard");
    stage.on(
        new TelephonyEvent.QueueJoined(stage.now(), "c1", Stage.channel("c1"), "c1", "fallback"));
    stage.rings("c1", "8001");
    stage.pass(5);
    assertThat(stage.telephony.orders).isEmpty();
    stage.dialEnded("c1", "8001", "ANSWER");
    assertThat(stage.state("c1")).isEqualTo("fallback_talking");
    assertThat(stage.presence("8001")).isEqualTo("on_call");
    stage.ends("c1");
    assertThat(stage.outcomes("c1").getFirst().outcome()).isEqualTo("fallback_answered");
  }

  @Test
  void oneOutcomeWhateverTheStepOfTheHangUp() {
    stage.arrives("g", "standard");
    stage.calls.greeted(new CallId("g"));
    stage.ends("g");
    stage.waits("w", "standard");
    stage.ends("w");
    stage.ready("8001");
    stage.waits("r", "standard");
    stage.rings("r", "8001");
    stage.pass(6, "8001");
    stage.ends("r");
    stage.dialEnded("r", "8001", "CANCEL");
    assertThat(stage.presence("8001")).as("not his fault").isEqualTo("ready");
    for (String id : List.of("g", "w", "r")) {
      stage.ends(id);
      stage.room(id);
    }
    assertThat(stage.outcomes("g").stream().map(CallRecord::outcome))
        .containsExactly("left_before_queue");
    assertThat(stage.outcomes("w").stream().map(CallRecord::outcome))
        .containsExactly("short_abandoned");
    assertThat(stage.outcomes("r").stream().map(CallRecord::outcome)).containsExactly("abandoned");
  }

  @Test
  void restartRebuildsEachCallFromTheJournal() {
    stage.ready("8001");
    stage.waits("t", "standard");
    stage.rings("t", "8001");
    stage.dialEnded("t", "8001", "ANSWER");
    stage.waits("w", "platinum");
    stage.waits("o", "standard");
    stage.ends("o");
    stage.journal.flush().join();
    List<?> before = stage.calls.live();
    Stage old = stage;
    old.close();
    stage = new Stage(folder);
    stage.journal.replay(0, stage.calls::replay);
    stage.calls.replayed();
    assertThat(stage.calls.live().toString()).isEqualTo(before.toString());
    assertThat(stage.presence("8001")).isEqualTo("on_call");
    stage.ends("t");
    stage.ends("w");
    stage.ends("o");
    assertThat(stage.outcomes("t")).hasSize(1);
    assertThat(stage.outcomes("w")).hasSize(1);
    assertThat(stage.outcomes("o")).hasSize(1);
  }
}

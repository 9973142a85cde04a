package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.hotline.TalkTarget.ToAgent;
import org.careline.hotline.TalkTarget.ToNumber;
import org.careline.telephony.SwitchState.LivingChannel;
import org.careline.telephony.TalkControl.Outside;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a caller whose talk is moved, when the switch does not do all of it. */
class TalksTest {
  private static final CallId CALL = new CallId("c1");
  private static final String LEG = "c1-consult-1";
  private static final String OUTSIDE = "PJSIP/trunk-00000077";
  private static final ToAgent COLLEAGUE = new ToAgent(new AgentNumber("8002"));
  private static final ToNumber NUMBER =
      new ToNumber("+862155550007", new Outside("02155550007", ""));

  @TempDir Path folder;
  private final FakeTalkControl control = new FakeTalkControl();
  private Stage stage;

  @BeforeEach
  void heTalks() {
    stage = new Stage(folder);
    stage.talks = new Talks(stage.calls, stage.agents, control, stage.turns, stage.turns);
    stage.ready("8001");
    stage.waits("c1", "standard");
    stage.rings("c1", "8001");
    stage.dialEnded("c1", "8001", "ANSWER");
    stage.ready("8002");
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aColleagueWhoIsGoneBeforeTheBridgeDoesNotLeaveTheCallerInTheMusic() {
    consults(COLLEAGUE, Stage.leg("8002"));
    order(() -> stage.talks.complete(CALL));
    assertThat(stage.state("c1")).isEqualTo("talking");
    assertThat(phase()).as("nothing has shown yet that they talk").isEqualTo("joining");
    stage.turns.pass(Duration.ofSeconds(3));
    assertThat(phase()).isEqualTo("joining");
    ends(Stage.leg("8002"));
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(stage.telephony.orders).endsWith("waitroom PJSIP/trunk-c1");
  }

  @Test
  void aColleagueHasTheCallerFromTheBridgeOn() {
    consults(COLLEAGUE, Stage.leg("8002"));
    order(() -> stage.talks.complete(CALL));
    bridged();
    assertThat(phase()).isEqualTo("talking");
    assertThat(stage.presence("8001")).isEqualTo("after_call_work");
    assertThat(stage.presence("8002")).isEqualTo("on_call");
    ends(Stage.leg("8002"));
    assertThat(stage.state("c1")).as("the dialplan asks what is next").isEqualTo("talking");
  }

  /** Answers and events of the switch come by different ways. */
  @Test
  void aBridgeThatIsThereBeforeTheAnswerCountsToo() {
    control.late = "join";
    consults(COLLEAGUE, Stage.leg("8002"));
    order(() -> stage.talks.complete(CALL));
    bridged();
    order(() -> control.answer.complete(new Accepted(true, "")));
    assertThat(phase()).isEqualTo("talking");
    ends(Stage.leg("8002"));
    assertThat(stage.state("c1")).as("the dialplan asks what is next").isEqualTo("talking");
  }

  @Test
  void aBridgeWithANumberOutsideThatIsThereBeforeTheAnswerCountsToo() {
    control.late = "join";
    consults(NUMBER, OUTSIDE);
    order(() -> stage.talks.complete(CALL));
    bridged();
    order(() -> control.answer.complete(new Accepted(true, "")));
    assertThat(stage.state("c1")).isEqualTo("leaving");
    stage.turns.pass(Duration.ofSeconds(70));
    stage.turns.settle();
    assertThat(stage.state("c1")).isEqualTo("leaving");
  }

  @Test
  void aNumberOutsideHasTheCallerFromTheBridgeOn() {
    consults(NUMBER, OUTSIDE);
    order(() -> stage.talks.complete(CALL));
    assertThat(stage.state("c1")).isEqualTo("overflowing");
    bridged();
    assertThat(stage.state("c1")).isEqualTo("leaving");
    ends(OUTSIDE);
    assertThat(stage.state("c1")).isEqualTo("leaving");
    stage.ends("c1");
    assertThat(stage.history("c1"))
        .endsWith(
            "transferred>waiting",
            "overflow_made>overflowing",
            "overflow_answered>leaving",
            "hung_up>ended");
  }

  @Test
  void aNumberOutsideThatIsGoneBeforeTheBridgeBringsTheCallerBack() {
    consults(NUMBER, OUTSIDE);
    order(() -> stage.talks.complete(CALL));
    ends(OUTSIDE);
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(stage.telephony.orders).endsWith("waitroom PJSIP/trunk-c1");
  }

  /** He was handed over as soon as his agent had answered: their bridge is heard of afterwards. */
  @Test
  void theBridgeOfTheTalkIsNotTakenForTheNumberOutside() {
    order(() -> stage.talks.transfer(CALL, NUMBER));
    assertThat(stage.state("c1")).isEqualTo("overflowing");
    bridged();
    assertThat(stage.state("c1")).isEqualTo("overflowing");
    stage.legEnds("c1", "8001");
    ends(OUTSIDE);
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(stage.telephony.orders).endsWith("waitroom PJSIP/trunk-c1");
  }

  @Test
  void noCallerIsLeftForANumberThatCannotBeRungNow() {
    control.room = false;
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> stage.talks.transfer(CALL, NUMBER))
        .isInstanceOf(TalkRefused.class)
        .hasMessageContaining("channels");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> stage.talks.consult(CALL, NUMBER))
        .isInstanceOf(TalkRefused.class);
    assertThat(control.orders).as("he is not even put on hold").isEmpty();
    assertThat(stage.state("c1")).isEqualTo("talking");
    order(() -> stage.talks.consult(CALL, COLLEAGUE));
    assertThat(control.orders).as("a colleague takes no channel").isNotEmpty();
  }

  @Test
  void aNumberOutsideThatAnswersHasTheCallerHandedOver() {
    order(() -> stage.talks.transfer(CALL, NUMBER));
    starts(OUTSIDE);
    stage.on(new TelephonyEvent.ChannelAnswered(stage.now(), LEG, OUTSIDE, "c1"));
    bridged();
    assertThat(stage.state("c1")).isEqualTo("leaving");
  }

  /** The link to the switch was away in between, so nobody told of the bridge. */
  @Test
  void aNumberOutsideThatIsFoundWithTheCallerKeepsHim() {
    order(() -> stage.talks.transfer(CALL, NUMBER));
    starts(OUTSIDE);
    stage.calls.adopted(
        List.of(living("c1", Stage.channel("c1"), "b1"), living(LEG, OUTSIDE, "b1")));
    stage.turns.settle();
    assertThat(stage.state("c1")).isEqualTo("leaving");
    stage.turns.pass(Duration.ofMinutes(3));
    stage.turns.settle();
    assertThat(stage.state("c1")).isEqualTo("leaving");
    assertThat(stage.telephony.orders).noneMatch(order -> order.startsWith("waitroom"));
  }

  /** It had answered when the link came back, and their bridge is told of afterwards. */
  @Test
  void aNumberOutsideThatIsFoundAnsweredHasTheCallerFromTheBridgeOn() {
    order(() -> stage.talks.transfer(CALL, NUMBER));
    starts(OUTSIDE);
    stage.calls.adopted(
        List.of(living("c1", Stage.channel("c1"), null), living(LEG, OUTSIDE, null)));
    stage.turns.settle();
    assertThat(stage.state("c1")).isEqualTo("overflowing");
    bridged();
    assertThat(stage.state("c1")).isEqualTo("leaving");
  }

  private LivingChannel living(String uniqueId, String channel, String bridge) {
    return new LivingChannel(
        uniqueId, channel, "c1", "c1", "careline-hold", "s", "", "Up", bridge, "", stage.now());
  }

  @Test
  void aConferenceThatCannotGoOnAsATalkBringsTheCallerBack() {
    consults(COLLEAGUE, Stage.leg("8002"));
    order(() -> stage.talks.conference(CALL));
    control.refused.add("rejoin");
    stage.legEnds("c1", "8001");
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(stage.telephony.orders).endsWith("waitroom PJSIP/trunk-c1");
    assertThat(control.orders).endsWith("hangup " + LEG);
    ends(Stage.leg("8002"));
    assertThat(stage.presence("8002")).isEqualTo("ready");
  }

  @Test
  void aConferenceThatTheColleagueLeavesBringsTheCallerToOthersWhenHisAgentCannotHaveHim() {
    consults(COLLEAGUE, Stage.leg("8002"));
    order(() -> stage.talks.conference(CALL));
    control.refused.add("rejoin");
    ends(Stage.leg("8002"));
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(stage.telephony.orders).endsWith("waitroom PJSIP/trunk-c1");
    assertThat(control.orders).endsWith("hangup " + Stage.leg("8001"));
  }

  /** The switch tells nothing of it for twice its ringing time. */
  @Test
  void aNumberOutsideThatIsGivenUpIsNotRungAnyMore() {
    order(() -> stage.talks.transfer(CALL, NUMBER));
    assertThat(stage.state("c1")).isEqualTo("overflowing");
    stage.turns.pass(Duration.ofSeconds(70));
    stage.turns.settle();
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(control.orders).endsWith("hangup " + LEG);
    assertThat(phase()).isEqualTo("talking");
  }

  @Test
  void bothWhoHadAConferenceAreGoneBeforeTheTalkOfTwo() {
    consults(COLLEAGUE, Stage.leg("8002"));
    order(() -> stage.talks.conference(CALL));
    stage.legEnds("c1", "8001");
    assertThat(phase()).isEqualTo("joining");
    ends(Stage.leg("8002"));
    assertThat(stage.state("c1")).isEqualTo("waiting");
  }

  @Test
  void aLegThatIsNotWantedAnyMoreIsHungUpAtOnce() {
    order(() -> stage.talks.consult(CALL, COLLEAGUE));
    order(() -> stage.talks.cancel(CALL));
    control.orders.clear();
    starts(Stage.leg("8002"));
    assertThat(control.orders).as("the order to ring was on its way").contains("hangup " + LEG);

    stage.turns.pass(Duration.ofSeconds(3));
    control.orders.clear();
    starts(Stage.leg("8002"));
    assertThat(control.orders).as("long given up").containsExactly("hangup " + LEG);

    stage.ends("c1");
    control.orders.clear();
    starts(Stage.leg("8002"));
    assertThat(control.orders).as("the caller has gone").containsExactly("hangup " + LEG);
  }

  /** He thinks better of it before the switch has begun to ring: nothing is there to hang up. */
  @Test
  void aConsultingThatIsGivenUpBeforeItRingsIsNoRefusal() {
    order(() -> stage.talks.consult(CALL, COLLEAGUE));
    control.refused.add("hangup");
    assertThat(stage.talks.cancel(CALL).join().taken()).isTrue();
    control.refused.clear();
    starts(Stage.leg("8002"));
    assertThat(control.orders).endsWith("hangup " + LEG);
  }

  @Test
  void aLegThatIsWantedRings() {
    consults(COLLEAGUE, Stage.leg("8002"));
    assertThat(control.orders).noneMatch(order -> order.startsWith("hangup"));
  }

  private void consults(TalkTarget who, String channel) {
    order(() -> stage.talks.consult(CALL, who));
    starts(channel);
    stage.on(new TelephonyEvent.ChannelAnswered(stage.now(), LEG, channel, "c1"));
  }

  private void starts(String channel) {
    stage.on(
        new TelephonyEvent.ChannelStarted(
            stage.now(), LEG, channel, null, "careline-consult", "s", ""));
  }

  private void ends(String channel) {
    stage.on(new TelephonyEvent.ChannelEnded(stage.now(), LEG, channel, "c1", 16));
  }

  private void bridged() {
    stage.on(new TelephonyEvent.Bridged(stage.now(), "c1", Stage.channel("c1"), "c1", "bridge"));
  }

  private void order(Runnable order) {
    order.run();
    stage.turns.settle();
  }

  private String phase() {
    return stage.talks.view(CALL).map(Talks.View::phase).orElse("none");
  }
}

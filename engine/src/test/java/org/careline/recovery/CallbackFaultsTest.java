package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.careline.Engine;
import org.careline.harness.TcpGate;
import org.careline.harness.TcpGate.Then;
import org.careline.harness.TcpGate.Way;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What dies in the middle of a callback, with the real parts: after each fault the calls counted at
 * the outside world, number by number, are the attempts in the database, and none was doubled.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallbackFaultsTest {
  /** The order to ring an agent, and the one to ring a site. */
  private static final String AGENT_ORDER = "(?i)ChannelId: agent-1-";

  private static final String SITE_ORDER = "(?i)ChannelId: [0-9A-Z]{26}\r";
  private static final String SITE_CHANNEL = "Event: Newchannel\r[^!]*?Uniqueid: [0-9A-Z]{26}\r";
  private static final int SITES = 4;

  private CallbackStage stage;

  @BeforeAll
  void start() throws Exception {
    stage = new CallbackStage();
    stage.start(stage.first);
  }

  @BeforeEach
  void ready() {
    stage.leads(stage.first);
    stage.agentsAt(stage.first);
  }

  @AfterAll
  void stop() throws Exception {
    stage.close();
  }

  @Test
  void killedWithTheOrderInTheSwitchsReceiveBuffer() throws Exception {
    String round = killedAt(stage.ami, Way.TO_SERVER, SITE_ORDER, Then.STALL, 6);
    CallbackStage.soon(30, () -> stage.rung(round) > 0);
    stage.settled(round, SITES);
  }

  @Test
  void killedWhileTheSiteRings() throws Exception {
    killed(stage.ami, Way.TO_CLIENT, SITE_CHANNEL, Then.STALL);
  }

  @Test
  @Tag("long")
  void killedBeforeTheAgentIsRung() throws Exception {
    killed(stage.ami, Way.TO_SERVER, AGENT_ORDER, Then.LOSE_AND_CUT);
  }

  @Test
  @Tag("long")
  void killedWhileTheAgentRings() throws Exception {
    killed(stage.ami, Way.TO_SERVER, AGENT_ORDER, Then.PASS_AND_CUT);
  }

  @Test
  @Tag("long")
  void killedBeforeTheOrderLeaves() throws Exception {
    killed(stage.ami, Way.TO_SERVER, SITE_ORDER, Then.LOSE_AND_CUT);
  }

  @Test
  @Tag("long")
  void killedBetweenClaimAndCommit() throws Exception {
    killed(stage.sql, Way.TO_SERVER, "INSERT INTO attempt", Then.LOSE_AND_CUT);
  }

  @Test
  @Tag("long")
  void killedWhileTheSiteSpeaks() throws Exception {
    killedInState("talking");
  }

  @Test
  @Tag("long")
  void killedBeforeTheFormIsDone() throws Exception {
    killedInState("ended");
  }

  @Test
  @Tag("long")
  void killedWhenTheFirstIsSettled() throws Exception {
    killedInState("settled");
  }

  private void killedInState(String state) throws Exception {
    String round = stage.open(SITES, 2);
    CallbackStage.soon(30, () -> stage.inState(round, state) > 0);
    stage.kill(stage.first);
    again(round);
  }

  /** The engine dies in the moment these bytes go by. */
  private void killed(TcpGate gate, Way way, String text, Then then) throws Exception {
    again(killedAt(gate, way, text, then, 0));
  }

  private String killedAt(TcpGate gate, Way way, String text, Then then, int heldSeconds)
      throws Exception {
    TcpGate.Watch watch = gate.when(way, text, then);
    String round = stage.open(SITES, 2);
    assertThat(watch.await(30)).as("it came so far").isTrue();
    stage.kill(stage.first);
    if (heldSeconds > 0) {
      stage.start(stage.first);
      pass(heldSeconds);
    }
    gate.flow();
    if (heldSeconds > 0) {
      stage.leads(stage.first);
    }
    return round;
  }

  /** It starts again and the round goes on until two sites more have been rung. */
  private void again(String round) throws Exception {
    int before = stage.placed(round);
    stage.start(stage.first);
    stage.leads(stage.first);
    stage.agentsAt(stage.first);
    goesOn(round, before);
  }

  private void goesOn(String round, int before) throws Exception {
    goesOn(round, before, SITES);
  }

  private void goesOn(String round, int before, int sites) throws Exception {
    CallbackStage.soon(90, () -> stage.placed(round) >= Math.min(before + 2, sites));
    stage.settled(round, sites);
  }

  @Test
  @Tag("long")
  void theSwitchStallsForFifteenSecondsAtTheOrder() throws Exception {
    TcpGate.Watch watch = stage.ami.when(Way.TO_SERVER, SITE_ORDER, Then.STALL);
    String round = stage.open(SITES, 2);
    assertThat(watch.await(30)).isTrue();
    pass(15);
    stage.ami.flow();
    stage.leads(stage.first);
    stage.agentsAt(stage.first);
    goesOn(round, 1);
  }

  @Test
  @Tag("long")
  void theLinkIsCutBetweenOrderAndAnswer() throws Exception {
    TcpGate.Watch watch = stage.ami.when(Way.TO_SERVER, SITE_ORDER, Then.PASS_AND_CUT);
    String round = stage.open(SITES, 2);
    assertThat(watch.await(30)).isTrue();
    goesOn(round, 1);
  }

  @Test
  @Tag("long")
  void theCommitsAnswerIsLost() throws Exception {
    TcpGate.Watch watch =
        stage.sql.when(Way.TO_SERVER, "UPDATE round_site SET status = 2", Then.PASS_AND_CUT);
    String round = stage.open(SITES, 2);
    assertThat(watch.await(30)).isTrue();
    goesOn(round, 1);
  }

  @Test
  @Tag("long")
  void mySqlDiesBetweenClaimAndCommitAndStaysAwayLongerThanTheLease() throws Exception {
    TcpGate.Watch watch = stage.sql.when(Way.TO_SERVER, "INSERT INTO attempt", Then.STALL);
    String round = stage.open(SITES, 2);
    assertThat(watch.await(30)).isTrue();
    stage.killMySql();
    stage.sql.flow();
    pass(40);
    assertThat(stage.rung(round)).as("no database, no dialling").isZero();
    stage.startMySql();
    stage.leads(stage.first);
    stage.agentsAt(stage.first);
    goesOn(round, 0);
  }

  @Test
  @Tag("long")
  void theSwitchDiesWithTenCallsUp() throws Exception {
    stage.agentsAt(stage.first, 10, Duration.ofSeconds(20));
    String round = stage.open(12, 89);
    await()
        .atMost(Duration.ofSeconds(80))
        .untilAsserted(() -> assertThat(stage.states(round)).containsEntry("talking", 10));
    stage.asterisk.kill();
    pass(3);
    stage.asterisk.startAgain();
    stage.leads(stage.first);
    CallbackStage.soon(60, () -> stage.inState(round, "talking") == 0);
    assertThat(stage.settled(round, 12).get("completed")).isGreaterThanOrEqualTo(10);
  }

  @Test
  @Tag("long")
  void aSecondEngineTakesOverWhileSitesSpeakAndRing() throws Exception {
    stage.start(stage.second);
    CallbackStage.soon(60, () -> stage.second.health() == 503);
    String round = stage.open(SITES, 10);
    CallbackStage.soon(30, () -> stage.inState(round, "talking") > 0);
    stage.kill(stage.first);
    stage.leads(stage.second);
    stage.agentsAt(stage.second);
    goesOn(round, stage.placed(round));
    stage.start(stage.first);
    CallbackStage.soon(60, () -> stage.first.health() == 503);
    stage.kill(stage.second);
    stage.leads(stage.first);
  }

  /** An hour back and two seconds ahead, while sites speak; the engine runs in this process. */
  @Test
  @Tag("long")
  void theClockIsStepped() throws Exception {
    stage.kill(stage.first);
    AtomicReference<Duration> step = new AtomicReference<>(Duration.ZERO);
    try (Engine engine = Engine.start(stage.first.loaded(), () -> Instant.now().plus(step.get()))) {
      stage.leads(stage.first);
      stage.agentsAt(stage.first);
      String round = stage.open(10, 3);
      CallbackStage.soon(30, () -> stage.inState(round, "talking") > 0);
      step.set(Duration.ofHours(-1));
      pass(2);
      int rung = stage.rung(round);
      pass(8);
      assertThat(stage.rung(round))
          .as("nobody is dialled by a clock that is wrong")
          .isEqualTo(rung)
          .isLessThan(10);
      step.set(Duration.ofSeconds(2));
      goesOn(round, rung, 10);
    } finally {
      stage.start(stage.first);
    }
  }

  private static void pass(int seconds) {
    await()
        .pollDelay(Duration.ofSeconds(seconds))
        .atMost(Duration.ofSeconds(seconds + 5))
        .until(() -> true);
  }
}

package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real Asterisk, a real MySQL, and an engine that is killed in the middle of calls. */
class LiveRecoveryTest {
  private final RecoveryStage stage = new RecoveryStage();

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void killedWithFiveWaitingAndTwoTalking() throws Exception {
    killed(5, 2);
  }

  @Test
  @Tag("long")
  void killedWithTwentyWaitingAndFiveTalking() throws Exception {
    killed(20, 5);
  }

  private void killed(int waiting, int talking) throws Exception {
    Instant began = Instant.now().minusSeconds(1);
    stage.seed(talking);
    stage.startEngine();
    RecoveryStage.soon(
        40, () -> stage.status(s -> s.serving() && s.confirmed() && s.ready() == talking));
    stage.switchKnows(talking);
    int all = waiting + talking;
    Map<String, Instant> patience = new HashMap<>();
    for (int i = 0; i < all; i++) {
      // one agent is free before the restart, the others after it; who waits outlasts them all
      int talk = i == 0 ? 20 : i < talking ? 40 : 55;
      Instant placed = Instant.now();
      stage.call(talk);
      int callers = i + 1;
      RecoveryStage.soon(10, () -> stage.callersOutside().size() == callers);
      stage.callersOutside().forEach(name -> patience.putIfAbsent(name, placed.plusSeconds(talk)));
      if (i < talking) {
        RecoveryStage.soon(10, () -> stage.channels("PJSIP/a80.*").size() == callers);
      }
    }
    RecoveryStage.soon(
        20,
        () ->
            stage.status(s -> s.live() == all)
                && stage.channels("PJSIP/trunk-.*!Dial!.*|PJSIP/trunk-.*!Queue!.*").size() == all
                && stage.channels("PJSIP/a80.*").size() == talking);
    List<String> before = stage.living();
    assertThat(before).hasSize(all);

    stage.engine.kill();
    await()
        .during(Duration.ofSeconds(6))
        .atMost(Duration.ofSeconds(8))
        .until(() -> stage.living().equals(before));
    // a talk ends and the switch gives that agent to somebody who has come to the fallback queue
    RecoveryStage.soon(
        40,
        () ->
            stage.channels("PJSIP/trunk-.*!fallback.*").size() > 0 || stage.living().size() < all);

    // the status of the former one would do for the new one
    Files.deleteIfExists(stage.home.resolve("status"));
    stage.startEngine();
    RecoveryStage.soon(40, () -> stage.status(s -> s.serving()));
    assertThat(RecoveryStage.stillPatient(patience))
        .as("callers who wait on")
        .hasSizeGreaterThanOrEqualTo(waiting);
    await()
        .pollInterval(Duration.ofMillis(200))
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () ->
                assertThat(stage.callersOutside())
                    .containsAll(RecoveryStage.stillPatient(patience)));
    RecoveryStage.soon(90, () -> stage.living().isEmpty());
    RecoveryStage.soon(20, () -> stage.status(s -> s.live() == 0 && s.journal() == 0));

    Map<String, Long> outcomes = stage.outcomes();
    System.out.println("outcomes after kill -9: " + outcomes);
    assertThat(outcomes.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(all);
    assertThat(outcomes.keySet())
        .isSubsetOf("answered", "fallback_answered", "abandoned", "short_abandoned");
    long answered =
        outcomes.getOrDefault("answered", 0L) + outcomes.getOrDefault("fallback_answered", 0L);
    assertThat(answered)
        .as("each agent, once free, took somebody who waited: " + outcomes)
        .isGreaterThanOrEqualTo(2L * talking);
    assertThat(stage.outcomeEntriesPerCallAtMost()).isEqualTo(1);
    Reconciler.Result result = stage.reconcile(began);
    assertThat(result.differences()).isEmpty();
    assertThat(result.calls()).isEqualTo(all);
    assertThat(stage.sums(began))
        .as("every caller in one bin")
        .allMatch(sum -> sum.total() == all && sum.difference() == 0);
    List<String> log = stage.queueLog(began);
    assertThat(log.stream().filter(line -> line.contains("|ENTERQUEUE|")).count())
        .isGreaterThanOrEqualTo(all);
    assertThat(log.stream().filter(line -> line.contains("|CONNECT|")).count())
        .as("those of the fallback queue too")
        .isEqualTo(answered);
  }

  /** The second one has paused the fallback queue's members and told nobody yet who is ready. */
  @Test
  void killedAgainAsSoonAsItServes() throws Exception {
    stage.seed(2);
    stage.startEngine();
    RecoveryStage.soon(40, () -> stage.status(s -> s.serving() && s.confirmed() && s.ready() == 2));
    stage.switchKnows(2);
    stage.engine.kill();
    Files.deleteIfExists(stage.home.resolve("status"));
    stage.startEngine();
    RecoveryStage.soon(
        40,
        () ->
            stage
                .asterisk
                .cli("dialplan show globals")
                .matches("(?s).*CARELINE_STAND_INS *= *8001&8002.*"));
    stage.engine.kill();
    stage.call(10);
    stage.call(10);
    RecoveryStage.soon(
        25,
        () ->
            stage.channels("PJSIP/trunk-.*!fallback.*|PJSIP/trunk-.*!Queue!fallback.*").size() == 2
                && stage.channels("PJSIP/a80.*!Up!.*").size() == 2);
  }

  @Test
  void mySqlAwayForFifteenSecondsUnderTwoCallsPerSecond() throws Exception {
    mySqlAway(15);
  }

  @Test
  @Tag("long")
  void mySqlAwayForAMinuteUnderTwoCallsPerSecond() throws Exception {
    mySqlAway(60);
  }

  private void mySqlAway(int seconds) throws Exception {
    Instant began = Instant.now().minusSeconds(1);
    stage.seed(4);
    stage.startEngine();
    RecoveryStage.soon(40, () -> stage.status(s -> s.serving() && s.confirmed() && s.ready() == 4));
    List<Integer> placed = new ArrayList<>();
    long start = System.nanoTime();
    int total = (seconds + 6) * 2;
    boolean away = false;
    boolean restarted = false;
    while (placed.size() < total) {
      long due = start + placed.size() * 500_000_000L;
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofSeconds(60))
          .until(() -> System.nanoTime() >= due);
      stage.call(2);
      placed.add(placed.size());
      if (!away && placed.size() == 6) {
        stage.mysql.process().kill();
        away = true;
      }
      if (!restarted && placed.size() == 6 + seconds / 2) {
        stage.engine.kill();
        Files.deleteIfExists(stage.home.resolve("status"));
        stage.startEngine();
        restarted = true;
      }
    }
    // it serves without MySQL
    RecoveryStage.soon(60, () -> stage.status(s -> s.serving() && !s.confirmed()));
    stage.startMySql();
    RecoveryStage.soon(60, () -> stage.living().isEmpty());
    RecoveryStage.soon(
        30, () -> stage.status(s -> s.confirmed() && s.live() == 0 && s.journal() == 0));
    Map<String, Long> outcomes = stage.outcomes();
    System.out.println("outcomes with MySQL away: " + outcomes);
    assertThat(outcomes.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(total);
    assertThat(stage.outcomeEntriesPerCallAtMost()).isEqualTo(1);
    Reconciler.Result result = stage.reconcile(began);
    assertThat(result.differences()).isEmpty();
    assertThat(result.calls()).isEqualTo(total);
  }
}

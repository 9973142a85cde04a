package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The engine is gone while callers go on coming: the switch serves them with who was ready. */
class EngineAwayTest {
  private static final int AGENTS = 12;
  private static final String ON_BREAK = "8013";

  /** From the agent's answer on: his phone ends the talk, so that a wait takes nothing from it. */
  private static final int TALK_SECONDS = 3;

  /** A caller hangs up by himself only when nobody serves him. */
  private static final int PATIENCE_SECONDS = 60;

  private static final long GAP_NANOS = 500_000_000L;

  private final RecoveryStage stage = new RecoveryStage();

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void fifteenSecondsUnderTwoCallsPerSecond() throws Exception {
    away(15);
  }

  @Test
  @Tag("long")
  void aMinuteUnderTwoCallsPerSecond() throws Exception {
    away(60);
  }

  private record Row(String outcome, String agent, Long waitMillis, Long talkMillis) {}

  private void away(int seconds) throws Exception {
    Instant began = Instant.now().minusSeconds(1);
    stage.seed(AGENTS + 1);
    stage.outside.cli("dialplan set global DESK_TALK " + TALK_SECONDS);
    stage.startEngine();
    RecoveryStage.soon(
        40, () -> stage.status(s -> s.serving() && s.confirmed() && s.ready() == AGENTS + 1));
    stage.switchKnows(AGENTS + 1);
    Files.createFile(HotlineEngine.onBreak(stage.home, ON_BREAK));
    RecoveryStage.soon(10, () -> stage.status(s -> s.ready() == AGENTS));
    RecoveryStage.soon(
        5,
        () ->
            stage
                .asterisk
                .cli("queue show fallback")
                .lines()
                .anyMatch(line -> line.contains("a" + ON_BREAK) && line.contains("paused")));
    long start = System.nanoTime();
    int placed = 0;
    placed = callers(start, placed, 4);
    stage.engine.kill();
    Files.deleteIfExists(stage.home.resolve("status"));
    placed = callers(start, placed, seconds);
    int whileAway = seconds * 2;
    stage.startEngine();
    placed = callers(start, placed, 8);
    RecoveryStage.soon(60, () -> stage.living().isEmpty());
    RecoveryStage.soon(40, () -> stage.status(s -> s.serving() && s.confirmed() && s.live() == 0));
    RecoveryStage.soon(30, () -> stage.status(s -> s.journal() == 0));

    List<Row> rows = rows();
    System.out.println("outcomes with the engine away: " + stage.outcomes());
    assertThat(rows).hasSize(placed);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.outcome()).isIn("answered", "fallback_answered");
              assertThat(row.agent()).matches("80(0[1-9]|1[0-2])");
              assertThat(row.waitMillis()).isBetween(0L, 10_000L);
              assertThat(row.talkMillis()).isBetween(1L, TALK_SECONDS * 1000L + 1000);
            });
    System.out.println(
        "longest wait with the engine away: "
            + rows.stream().mapToLong(Row::waitMillis).max().orElse(0)
            + " ms");
    assertThat(rows.stream().filter(row -> row.outcome().equals("fallback_answered")).count())
        .as("served by the switch alone")
        .isGreaterThanOrEqualTo(whileAway - 2);
    assertThat(overlaps()).as("an agent is rung while he has a call").isEmpty();
    assertThat(stage.outcomeEntriesPerCallAtMost()).isEqualTo(1);
    Reconciler.Result result = stage.reconcile(began);
    assertThat(result.differences()).isEmpty();
    assertThat(result.calls()).isEqualTo(placed);
  }

  /** Two a second, for so long; the rhythm goes on from the first caller of all. */
  private int callers(long start, int placed, int seconds) {
    for (int i = 0; i < seconds * 2; i++) {
      long due = start + placed * GAP_NANOS;
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofSeconds(60))
          .until(() -> System.nanoTime() >= due);
      stage.call(PATIENCE_SECONDS);
      placed++;
    }
    return placed;
  }

  private List<Row> rows() {
    return stage
        .database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT outcome, agent_number, wait_ms, talk_ms FROM call_record")
                    .map(
                        (row, context) ->
                            new Row(
                                row.getString(1),
                                row.getString(2),
                                row.getObject(3, Long.class),
                                row.getObject(4, Long.class)))
                    .list());
  }

  /**
   * Legs of one agent that lived at the same time, as the switch wrote them down; the one on his
   * break has none.
   */
  private List<String> overlaps() throws IOException {
    Map<AgentNumber, String> living = new HashMap<>();
    List<String> overlaps = new ArrayList<>();
    int legs = 0;
    for (String line :
        Files.readAllLines(stage.asterisk.home().resolve("log/cel-custom/Master.csv"))) {
      Optional<CelRecord> record = CelRecord.parse(line);
      Optional<AgentNumber> agent = record.flatMap(found -> AgentNumber.ofChannel(found.channel()));
      if (agent.isEmpty()) {
        continue;
      }
      String channel = record.get().channel();
      assertThat(agent.get().value()).as("rung on his break").isNotEqualTo(ON_BREAK);
      switch (record.get().type()) {
        case "CHAN_START" -> {
          legs++;
          String other = living.put(agent.get(), channel);
          if (other != null) {
            overlaps.add(other + " and " + channel);
          }
        }
        case "CHAN_END" -> living.remove(agent.get(), channel);
        default -> {}
      }
    }
    assertThat(legs).isGreaterThanOrEqualTo(rows().size());
    return overlaps;
  }
}

package org.careline.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00Z");
  private static final AgentChoice CHOICE = new AgentChoice(Duration.ofSeconds(30));

  @Test
  void betterTierOvertakesButNotForEver() {
    WaitingCaller standard = caller("s", "standard", 1, 100, 1, 0);
    WaitingCaller platinum = caller("p", "platinum", 8, 1, 1, 70);
    // at 80 s: standard 80, platinum 80: rank decides; before, the standard one is ahead
    assertThat(first(79, standard, platinum)).isEqualTo("s");
    assertThat(first(80, standard, platinum)).isEqualTo("p");
    assertThat(first(200, standard, caller("p2", "platinum", 8, 1, 1, 190))).isEqualTo("s");
  }

  @Test
  void longestIdleOfSufficientGradeAndSkill() {
    List<ReadyAgent> ready =
        List.of(
            new ReadyAgent(new AgentNumber("8001"), 1, Set.of(), T0.minusSeconds(900)),
            new ReadyAgent(new AgentNumber("8002"), 3, Set.of("boiler"), T0.minusSeconds(10)),
            new ReadyAgent(new AgentNumber("8003"), 4, Set.of(), T0.minusSeconds(50)));
    WaitingCaller key = caller("k", "platinum", 8, 1, 3, 0);
    assertThat(CHOICE.pick(key, ready, T0).orElseThrow().number().value()).isEqualTo("8003");
    assertThat(CHOICE.pick(key, ready, T0.plusSeconds(30)).orElseThrow().number().value())
        .as("after 30 s any grade")
        .isEqualTo("8001");
    WaitingCaller boiler =
        new WaitingCaller(
            new CallId("b"), "gold", 4, 2, 1, Optional.of("boiler"), T0.minusSeconds(99));
    assertThat(CHOICE.pick(boiler, ready, T0).orElseThrow().number().value()).isEqualTo("8002");
  }

  @Test
  void saysWhyInBothLanguages() {
    Assignment one =
        Assignment.all(
                List.of(caller("c", "gold", 4, 2, 1, 0)),
                List.of(new ReadyAgent(new AgentNumber("8001"), 2, Set.of(), T0)),
                CHOICE,
                T0.plusSeconds(12))
            .getFirst();
    assertThat(one.reasonEn())
        .isEqualTo(
            "tier gold: weight 4.0 x 12.0 s waited = 48.0, 0 behind; agent 8001: grade 2,"
                + " idle 12 s, longest of 1 ready");
    assertThat(one.reasonZh()).contains("等级 gold", "坐席 8001");
  }

  /** Any crowd: nobody twice, no agent twice, nobody passed over who could have been served. */
  @RepeatedTest(200)
  void holdsForAnyCrowd(RepetitionInfo info) {
    Random random = new Random(info.getCurrentRepetition());
    List<WaitingCaller> callers = new ArrayList<>();
    for (int i = random.nextInt(12); i >= 0; i--) {
      callers.add(
          caller(
              "c" + i,
              "t",
              1 + random.nextInt(8),
              1 + random.nextInt(4),
              1 + random.nextInt(5),
              random.nextInt(60)));
    }
    List<ReadyAgent> agents = new ArrayList<>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      agents.add(
          new ReadyAgent(
              new AgentNumber("80" + (10 + i)),
              1 + random.nextInt(5),
              Set.of(),
              T0.minusSeconds(random.nextInt(100))));
    }
    Instant now = T0.plusSeconds(60);
    List<Assignment> all = Assignment.all(callers, agents, CHOICE, now);
    assertThat(new HashSet<>(all.stream().map(Assignment::call).toList())).hasSize(all.size());
    assertThat(new HashSet<>(all.stream().map(Assignment::agent).toList())).hasSize(all.size());
    Set<AgentNumber> used = new HashSet<>(all.stream().map(Assignment::agent).toList());
    Set<CallId> served = new HashSet<>(all.stream().map(Assignment::call).toList());
    for (WaitingCaller left : callers) {
      if (!served.contains(left.id())) {
        assertThat(agents)
            .noneMatch(a -> !used.contains(a.number()) && CHOICE.eligible(left, a, now));
        // whoever took an agent he could have had was ahead of him
        for (Assignment other : all) {
          WaitingCaller winner =
              callers.stream().filter(c -> c.id().equals(other.call())).findFirst().orElseThrow();
          ReadyAgent agent =
              agents.stream()
                  .filter(a -> a.number().equals(other.agent()))
                  .findFirst()
                  .orElseThrow();
          if (CHOICE.eligible(left, agent, now)) {
            assertThat(Score.order(now).compare(winner, left)).isNegative();
          }
        }
      }
    }
  }

  /** One agent, always twenty platinum callers before him: a standard caller's turn comes. */
  @Test
  void nobodyStarves() {
    List<WaitingCaller> queue = new ArrayList<>();
    queue.add(caller("s", "standard", 1, 100, 1, 0));
    for (int i = 0; i < 20; i++) {
      queue.add(caller("old" + i, "platinum", 8, 1, 1, 0));
    }
    int second = 0;
    while (queue.stream().anyMatch(c -> c.id().value().equals("s")) && second < 10_000) {
      second += 10;
      queue.add(caller("p" + second, "platinum", 8, 1, 1, second));
      queue.remove(queue.stream().min(Score.order(T0.plusSeconds(second))).orElseThrow());
    }
    // the platinum callers wait 200 s each, which weighs as much as 1600 s of his
    assertThat(second).isBetween(1600, 1700);
  }

  private static String first(int second, WaitingCaller... callers) {
    return List.of(callers).stream()
        .min(Score.order(T0.plusSeconds(second)))
        .orElseThrow()
        .id()
        .value();
  }

  private static WaitingCaller caller(
      String id, String tier, double weight, int rank, int minGrade, int joinedSecond) {
    return new WaitingCaller(
        new CallId(id),
        tier,
        weight,
        rank,
        minGrade,
        Optional.empty(),
        T0.plusSeconds(joinedSecond));
  }
}

package org.careline.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.routing.Discipline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hotline's own router against queueing theory; seeds are fixed. */
class TheoryTest {
  @ParameterizedTest
  @CsvSource({"200, 180, 11, 20", "200, 180, 14, 20", "200, 180, 16, 20", "720, 240, 55, 15"})
  void firstComeIsErlangC(double perHour, double handling, int agents, double target) {
    Scenario scenario =
        scenario(
            1,
            400_000,
            target,
            handling,
            Optional.empty(),
            agents,
            Discipline.FIFO,
            List.of(tier("all", perHour, 1)));
    Answer answer = WhatIf.answer(scenario);
    assertThat(answer.theory().orElseThrow().formula()).isEqualTo("erlang_c");
    assertMeets(answer, 3);
    assertThat(answer.overall().offered()).isEqualTo(400_000);
    assertThat(answer.occupancy())
        .isBetween(scenario.load() / agents * .98, scenario.load() / agents * 1.02);
  }

  @ParameterizedTest
  @CsvSource({"STRICT, cobham", "AGEING, accumulating_priority"})
  void tiersAreAsTheFormulaSays(Discipline policy, String formula) {
    Answer answer =
        WhatIf.answer(
            scenario(
                2,
                1_000_000,
                20,
                180,
                Optional.empty(),
                14,
                policy,
                List.of(tier("high", 60, 2), tier("low", 140, 1))));
    assertThat(answer.theory().orElseThrow().formula()).isEqualTo(formula);
    assertMeets(answer, 3);
  }

  @Test
  void impatientCallersAreErlangA() {
    Answer answer =
        WhatIf.answer(
            scenario(
                3,
                400_000,
                20,
                180,
                Optional.of(120.0),
                10,
                Discipline.FIFO,
                List.of(tier("all", 240, 1))));
    Answer.Theory theory = answer.theory().orElseThrow();
    assertMeets(answer, 3);
    double abandoned = (double) answer.overall().abandoned() / answer.overall().offered();
    assertThat(abandoned).isGreaterThan(.1);
    assertThat(Math.abs(abandoned - theory.abandonRate().orElseThrow()))
        .isLessThan(3 * answer.standardError().overall().abandonRate());
  }

  /** Under any order the mean over all calls is that of first come, first served. */
  @Test
  void conservation() {
    List<Scenario.Tier> tiers =
        List.of(tier("p", 30, 8), tier("g", 50, 4), tier("s", 60, 2), tier("o", 80, 1));
    for (Discipline policy : Discipline.values()) {
      Answer answer =
          WhatIf.answer(scenario(4, 400_000, 20, 180, Optional.empty(), 13, policy, tiers));
      double mix =
          answer.tiers().stream().mapToDouble(t -> t.offered() * t.meanWaitSeconds()).sum()
              / answer.overall().offered();
      assertThat(mix).isCloseTo(answer.overall().meanWaitSeconds(), within(1e-6));
      assertThat(Math.abs(mix - answer.theory().orElseThrow().meanWaitSeconds()))
          .isLessThan(3 * answer.standardError().overall().meanWaitSeconds());
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.api.Assertions.within(offset);
  }

  /**
   * One agent, handling times of any kind: lognormal of variation 1 waits twice as long as fixed.
   */
  @ParameterizedTest
  @CsvSource({
    "FIXED, 1, FIFO",
    "LOGNORMAL, 1, FIFO",
    "LOGNORMAL, .5, FIFO",
    "FIXED, 1, AGEING",
    "LOGNORMAL, 1, STRICT"
  })
  void oneAgentIsPollaczekKhinchine(
      Scenario.Distribution distribution, double variation, Discipline policy) {
    Answer answer =
        WhatIf.answer(
            new Scenario(
                10,
                400_000,
                20,
                new Scenario.Handling(180, distribution, variation),
                Optional.empty(),
                List.of(tier("high", 6, 3), tier("low", 8, 1)),
                List.of(new Scenario.Agent(5, Set.of())),
                policy,
                Duration.ofSeconds(30)));
    Answer.Theory theory = answer.theory().orElseThrow();
    System.out.printf(
        "one agent, %s %.1f, %s, seed 10: mean wait %.1f s, theory %.1f s, error %.1f s%n",
        distribution,
        variation,
        policy,
        answer.overall().meanWaitSeconds(),
        theory.meanWaitSeconds(),
        answer.standardError().overall().meanWaitSeconds());
    assertThat(theory.formula()).isEqualTo("pollaczek_khinchine");
    assertMeets(answer, 3);
  }

  /** What they can besides, or how senior they are, changes nothing for callers who do not ask. */
  @Test
  void agentsWhomEverybodyMayHaveAreLikeOnes() {
    List<Scenario.Agent> agents =
        new java.util.ArrayList<>(Collections.nCopies(7, new Scenario.Agent(2, Set.of())));
    agents.addAll(Collections.nCopies(7, new Scenario.Agent(5, Set.of("boiler"))));
    Scenario scenario =
        new Scenario(
            11,
            200_000,
            20,
            new Scenario.Handling(180, Scenario.Distribution.EXPONENTIAL, 1),
            Optional.empty(),
            List.of(
                new Scenario.Tier("key", 60, 4, 2, Optional.empty(), Optional.empty()),
                tier("any", 140, 1)),
            agents,
            Discipline.FIFO,
            Duration.ofSeconds(30));
    Answer answer = WhatIf.answer(scenario);
    assertThat(answer.theory().orElseThrow().formula()).isEqualTo("erlang_c");
    assertMeets(answer, 3);
  }

  /** Too few to have one of each kind keep no promise; of more each kind has its share. */
  @Test
  void staffOfSeveralKindsAndNoPatience() {
    List<Scenario.Agent> agents =
        new java.util.ArrayList<>(Collections.nCopies(6, new Scenario.Agent(1, Set.of())));
    agents.addAll(Collections.nCopies(2, new Scenario.Agent(1, Set.of("boiler"))));
    Optional<Scenario.Promise> promise = Optional.of(new Scenario.Promise(80, 60));
    Scenario scenario =
        new Scenario(
            12,
            20_000,
            20,
            new Scenario.Handling(180, Scenario.Distribution.FIXED, 1),
            Optional.empty(),
            List.of(
                new Scenario.Tier("boiler", 2, 1, 1, Optional.of("boiler"), promise),
                new Scenario.Tier("any", 10, 1, 1, Optional.empty(), promise)),
            agents,
            Discipline.STRICT,
            Duration.ofSeconds(30));
    assertThat(scenario.withAgents(2).unserved()).isPresent();
    assertThat(scenario.withAgents(8).agents()).containsExactlyInAnyOrderElementsOf(agents);
    assertThat(scenario.withAgents(12).agents())
        .filteredOn(agent -> agent.skills().contains("boiler"))
        .hasSize(3);
    WhatIf.Staff staff = WhatIf.staff(scenario, 50).orElseThrow();
    assertThat(staff.answer().tiers())
        .allSatisfy(tier -> assertThat(tier.promise().orElseThrow().kept()).isGreaterThan(.8));
    assertThat(scenario.withAgents(staff.agents()).unserved()).isEmpty();
  }

  /** A load that nobody can keep up with is not tried. */
  @Test
  void noMoreAgentsAreTriedThanAllowed() {
    Scenario flood =
        scenario(
            5,
            20_000,
            20,
            86_400,
            Optional.empty(),
            1,
            Discipline.STRICT,
            List.of(tier("all", 1_000_000, 1)));
    assertThat(WhatIf.staff(flood, 10_000)).isEmpty();
  }

  /** At load 0.95 ordinary callers fare better under ageing than under strict order. */
  @Test
  void ageingSparesTheLowestTier() {
    List<Scenario.Tier> tiers = List.of(tier("platinum", 100, 8), tier("standard", 90, 1));
    double[][] waits = new double[2][];
    for (Discipline policy : List.of(Discipline.STRICT, Discipline.AGEING)) {
      double[] seen = new double[3];
      Simulation.run(
          scenario(5, 200_000, 20, 180, Optional.empty(), 10, policy, tiers),
          (tier, number, waited, answered) -> {
            if (tier == 1) {
              seen[0]++;
              seen[1] += waited;
              seen[2] = Math.max(seen[2], waited);
            }
          });
      waits[policy.ordinal()] = new double[] {seen[1] / seen[0], seen[2]};
    }
    double[] strict = waits[Discipline.STRICT.ordinal()];
    double[] ageing = waits[Discipline.AGEING.ordinal()];
    System.out.printf(
        "lowest tier at load 0.95, seed 5: mean wait strict %.0f s, ageing %.0f s;"
            + " longest wait strict %.0f s, ageing %.0f s%n",
        strict[0], ageing[0], strict[1], ageing[1]);
    assertThat(ageing[0]).isLessThan(strict[0]);
    assertThat(ageing[1]).isLessThan(strict[1]);
  }

  /** Work is spread evenly: with like agents nobody has more than his share. */
  @Test
  void longestIdleIsFlat() {
    Map<AgentNumber, int[]> calls = new HashMap<>();
    Map<AgentNumber, double[]> busy = new HashMap<>();
    Simulation.run(
        scenario(
            9,
            200_000,
            20,
            180,
            Optional.empty(),
            20,
            Discipline.AGEING,
            List.of(tier("high", 120, 4), tier("low", 160, 1))),
        new Simulation.Observer() {
          @Override
          public void ended(int tier, int number, double waited, boolean answered) {}

          @Override
          public void handled(AgentNumber agent, Duration time) {
            calls.computeIfAbsent(agent, who -> new int[1])[0]++;
            busy.computeIfAbsent(agent, who -> new double[1])[0] += time.toNanos() / 1e9;
          }
        });
    assertThat(calls).hasSize(20);
    double mean = calls.values().stream().mapToInt(count -> count[0]).average().orElseThrow();
    double meanBusy = busy.values().stream().mapToDouble(sum -> sum[0]).average().orElseThrow();
    System.out.printf(
        "longest idle, seed 9: calls of an agent %d to %d, mean %.0f%n",
        calls.values().stream().mapToInt(count -> count[0]).min().orElseThrow(),
        calls.values().stream().mapToInt(count -> count[0]).max().orElseThrow(),
        mean);
    assertThat(calls.values())
        .allSatisfy(count -> assertThat((double) count[0]).isBetween(.97 * mean, 1.03 * mean));
    assertThat(busy.values())
        .allSatisfy(sum -> assertThat(sum[0]).isBetween(.97 * meanBusy, 1.03 * meanBusy));
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    Scenario scenario =
        scenario(
            6,
            20_000,
            20,
            180,
            Optional.of(90.0),
            10,
            Discipline.AGEING,
            List.of(tier("a", 100, 3), tier("b", 100, 1)));
    assertThat(WhatIf.answer(scenario)).isEqualTo(WhatIf.answer(scenario));
  }

  @Test
  void theFewestAgentsThatKeepThePromise() {
    Scenario scenario =
        scenario(
            7,
            100_000,
            20,
            180,
            Optional.empty(),
            1,
            Discipline.FIFO,
            List.of(
                new Scenario.Tier(
                    "all",
                    200,
                    1,
                    1,
                    Optional.empty(),
                    Optional.of(new Scenario.Promise(80, 20)))));
    WhatIf.Staff staff = WhatIf.staff(scenario, 100).orElseThrow();
    assertThat(staff.agents()).isEqualTo(14);
    assertThat(staff.answer().tiers().getFirst().promise().orElseThrow().kept()).isGreaterThan(.8);
    assertThat(WhatIf.staff(scenario, 12)).isEmpty();
  }

  /** Lower grades help only after a while; a skill nobody else has keeps the others out. */
  @Test
  void gradesAndSkills() {
    List<Scenario.Agent> agents =
        new java.util.ArrayList<>(Collections.nCopies(6, new Scenario.Agent(1, Set.of())));
    agents.addAll(Collections.nCopies(4, new Scenario.Agent(3, Set.of("boiler"))));
    Scenario scenario =
        new Scenario(
            8,
            50_000,
            20,
            new Scenario.Handling(180, Scenario.Distribution.LOGNORMAL, 1),
            Optional.of(300.0),
            List.of(
                new Scenario.Tier("key", 40, 4, 3, Optional.empty(), Optional.empty()),
                new Scenario.Tier("boiler", 40, 1, 1, Optional.of("boiler"), Optional.empty()),
                tier("any", 100, 1)),
            agents,
            Discipline.AGEING,
            Duration.ofSeconds(60));
    Answer answer = WhatIf.answer(scenario);
    assertThat(answer.theory()).isEmpty();
    assertThat(answer.tiers())
        .allSatisfy(
            tier -> assertThat(tier.answered() + tier.abandoned()).isEqualTo(tier.offered()));
    assertThat(answer.tiers().get(1).meanWaitSeconds())
        .isGreaterThan(answer.tiers().get(2).meanWaitSeconds());
    assertThat(answer.occupancy()).isBetween(.5, 1.0);
  }

  static void assertMeets(Answer answer, int errors) {
    Answer.Theory theory = answer.theory().orElseThrow();
    Answer.Error error = answer.standardError().overall();
    assertThat(Math.abs(answer.overall().meanWaitSeconds() - theory.meanWaitSeconds()))
        .as("%s: %s s, theory %s s", theory.formula(), answer.overall(), theory)
        .isLessThan(errors * error.meanWaitSeconds());
    theory
        .serviceLevel()
        .ifPresent(
            level ->
                assertThat(Math.abs(answer.overall().serviceLevel() - level))
                    .isLessThan(errors * error.serviceLevel()));
    for (int i = 0; i < theory.tiers().size(); i++) {
      assertThat(
              Math.abs(
                  answer.tiers().get(i).meanWaitSeconds()
                      - theory.tiers().get(i).meanWaitSeconds()))
          .as("%s %s, theory %s", theory.formula(), answer.tiers().get(i), theory.tiers().get(i))
          .isLessThan(errors * answer.standardError().tiers().get(i).meanWaitSeconds());
    }
  }

  private static Scenario scenario(
      long seed,
      int calls,
      double target,
      double handling,
      Optional<Double> patience,
      int agents,
      Discipline policy,
      List<Scenario.Tier> tiers) {
    return new Scenario(
        seed,
        calls,
        target,
        new Scenario.Handling(handling, Scenario.Distribution.EXPONENTIAL, 1),
        patience,
        tiers,
        Collections.nCopies(agents, new Scenario.Agent(5, Set.of())),
        policy,
        Duration.ofSeconds(30));
  }

  private static Scenario.Tier tier(String name, double perHour, double weight) {
    return new Scenario.Tier(name, perHour, weight, 1, Optional.empty(), Optional.empty());
  }
}

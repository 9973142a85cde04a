package org.careline.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00Z");

  @Test
  void betterTierOvertakesButNotForEver() {
    WaitingCaller standard = caller("s", terms("standard", 1, 100), 0);
    WaitingCaller platinum = caller("p", terms("platinum", 8, 1), 70);
    // at 80 s: standard 80, platinum 80: rank decides; before, the standard one is ahead
    assertThat(first(Discipline.AGEING, 79, standard, platinum)).isEqualTo("s");
    assertThat(first(Discipline.AGEING, 80, standard, platinum)).isEqualTo("p");
    assertThat(first(Discipline.AGEING, 200, standard, caller("p2", terms("platinum", 8, 1), 190)))
        .isEqualTo("s");
  }

  /** In strict mode a place never overtakes a better tier. */
  @ParameterizedTest
  @CsvSource({
    "STRICT, p1 p2 g1 g2 s1 s2 s3",
    "FIFO, s1 g1 s2 p1 s3 g2 p2",
    "AGEING, p1 g1 s1 s2 p2 g2 s3"
  })
  void orderOfACrowd(Discipline discipline, String order) {
    Router router = new Router(discipline);
    router.join(caller("s1", terms("standard", 1, 100), 0));
    router.join(caller("g1", terms("gold", 2, 2), 5));
    router.join(caller("s2", terms("standard", 1, 100), 10));
    router.join(caller("p1", terms("platinum", 4, 1), 20));
    router.join(caller("s3", terms("standard", 1, 100), 60));
    router.join(caller("g2", terms("gold", 2, 2), 70));
    router.join(caller("p2", terms("platinum", 4, 1), 80));
    Instant now = T0.plusSeconds(100);
    List<String> expected = List.of(order.split(" "));
    assertThat(router.order(now))
        .extracting(c -> c.id().value())
        .containsExactlyElementsOf(expected);
    for (int place = 1; place <= expected.size(); place++) {
      assertThat(router.place(new CallId(expected.get(place - 1)), now)).hasValue(place);
    }
    assertThat(router.place(new CallId("nobody"), now)).isEmpty();
    // one agent after the other: served in exactly this order
    List<String> served = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      router.ready(new ReadyAgent(new AgentNumber("8001"), 1, Set.of(), now));
      router.takeAll(now).forEach(assignment -> served.add(assignment.call().value()));
    }
    assertThat(served).isEqualTo(expected);
  }

  @Test
  void longestIdleOfSufficientGradeAndSkill() {
    ReadyAgent junior = new ReadyAgent(new AgentNumber("8001"), 1, Set.of(), T0.minusSeconds(900));
    ReadyAgent boilerman =
        new ReadyAgent(new AgentNumber("8002"), 3, Set.of("boiler"), T0.minusSeconds(10));
    ReadyAgent senior = new ReadyAgent(new AgentNumber("8003"), 4, Set.of(), T0.minusSeconds(50));
    Terms key =
        new Terms("platinum", 1, 8, Terms.graded(3, Optional.empty(), Duration.ofSeconds(30)));
    assertThat(chosen(key, 0, junior, boilerman, senior)).hasValue("8003");
    assertThat(chosen(key, 29, junior)).isEmpty();
    assertThat(chosen(key, 30, junior)).as("after 30 s any grade").hasValue("8001");
    assertThat(chosen(key, 30, junior, senior)).as("but a senior first").hasValue("8003");
    Terms boiler =
        new Terms("gold", 2, 4, Terms.graded(1, Optional.of("boiler"), Duration.ofSeconds(30)));
    assertThat(chosen(boiler, 99, junior, boilerman, senior)).hasValue("8002");
    assertThat(chosen(boiler, 99, junior, senior)).isEmpty();
  }

  @Test
  void theAccountManagerFirstThenOthers() {
    Terms terms =
        new Terms(
            "platinum",
            1,
            8,
            List.of(
                new Step(Duration.ZERO, new Step.Person(new AgentNumber("8009"))),
                new Step(Duration.ofSeconds(20), new Step.Group(3, Set.of())),
                new Step(Duration.ofSeconds(60), new Step.Group(1, Set.of()))));
    ReadyAgent manager = new ReadyAgent(new AgentNumber("8009"), 5, Set.of(), T0);
    ReadyAgent senior = new ReadyAgent(new AgentNumber("8003"), 3, Set.of(), T0.minusSeconds(60));
    ReadyAgent junior = new ReadyAgent(new AgentNumber("8001"), 1, Set.of(), T0.minusSeconds(90));
    assertThat(chosen(terms, 0, manager, senior, junior)).hasValue("8009");
    assertThat(chosen(terms, 19, senior, junior)).isEmpty();
    assertThat(chosen(terms, 20, senior, junior)).hasValue("8003");
    assertThat(chosen(terms, 59, junior)).isEmpty();
    assertThat(chosen(terms, 60, junior)).hasValue("8001");
    assertThat(chosen(terms, 60, manager, junior)).as("still first").hasValue("8009");
  }

  /** Who must wait for his own agent does not hold up those behind him. */
  @Test
  void whoCannotBeServedIsPassed() {
    Router router = new Router(Discipline.STRICT);
    router.join(
        caller(
            "k",
            new Terms(
                "platinum",
                1,
                8,
                List.of(new Step(Duration.ZERO, new Step.Person(new AgentNumber("8009"))))),
            0));
    router.join(caller("s", terms("standard", 1, 100), 5));
    router.ready(new ReadyAgent(new AgentNumber("8001"), 1, Set.of(), T0));
    assertThat(router.takeAll(T0.plusSeconds(9)))
        .extracting(assignment -> assignment.call().value())
        .containsExactly("s");
  }

  @Test
  void saysWhyInBothLanguages() {
    Router router = new Router(Discipline.AGEING);
    router.join(caller("c", terms("gold", 4, 2), 0));
    router.ready(new ReadyAgent(new AgentNumber("8001"), 2, Set.of(), T0));
    Assignment one = router.next(T0.plusSeconds(12)).orElseThrow();
    assertThat(one.reasonEn())
        .isEqualTo(
            "tier gold: weight 4.0 x 12.0 s waited = 48.0, 1 waiting; agent 8001: grade 2,"
                + " idle 12 s, 1 ready");
    assertThat(one.reasonZh())
        .isEqualTo("等级 gold：权重 4.0 × 已等待 12.0 秒 = 48.0，等待共 1 人；坐席 8001：2 级，空闲 12 秒，就绪坐席共 1 名");
  }

  /** Any crowd, any discipline: as the plain rule says, one after the other. */
  @RepeatedTest(200)
  void decidesAsThePlainRule(RepetitionInfo info) {
    Random random = new Random(info.getCurrentRepetition());
    Discipline discipline = Discipline.values()[random.nextInt(3)];
    Router router = new Router(discipline);
    List<WaitingCaller> callers = new ArrayList<>();
    for (int i = random.nextInt(30); i >= 0; i--) {
      WaitingCaller caller =
          caller(
              "c" + i,
              new Terms(
                  "t",
                  1 + random.nextInt(3),
                  1 + random.nextInt(4),
                  Terms.graded(
                      1 + random.nextInt(5),
                      random.nextInt(3) == 0 ? Optional.of("boiler") : Optional.empty(),
                      Duration.ofSeconds(30))),
              random.nextInt(60));
      callers.add(caller);
      router.join(caller);
      if (random.nextInt(4) == 0) { // again, under other terms, or gone
        callers.removeLast();
        if (random.nextBoolean()) {
          WaitingCaller again = caller("c" + i, terms("u", 3, 2), random.nextInt(60));
          callers.add(again);
          router.join(again);
        } else {
          assertThat(router.leave(caller.id())).isTrue();
          assertThat(router.leave(caller.id())).isFalse();
        }
      }
    }
    List<ReadyAgent> agents = new ArrayList<>();
    for (int i = random.nextInt(12); i >= 0; i--) {
      ReadyAgent agent =
          new ReadyAgent(
              new AgentNumber("80" + (10 + i)),
              1 + random.nextInt(5),
              random.nextBoolean() ? Set.of("boiler") : Set.of(),
              T0.minusSeconds(random.nextInt(100)));
      agents.add(agent);
      router.ready(agent);
    }
    Instant now = T0.plusSeconds(60);
    callers.sort(discipline.order(now));
    assertThat(router.order(now)).isEqualTo(callers);
    for (int i = 0; i < callers.size(); i++) {
      assertThat(router.place(callers.get(i).id(), now)).hasValue(i + 1);
    }
    List<String> expected = new ArrayList<>();
    for (WaitingCaller caller : callers) {
      plainChoice(caller, agents, now)
          .ifPresent(
              agent -> {
                agents.remove(agent);
                expected.add(caller.id() + " to " + agent.number());
              });
    }
    assertThat(router.takeAll(now))
        .extracting(assignment -> assignment.call() + " to " + assignment.agent())
        .isEqualTo(expected);
  }

  private static Optional<ReadyAgent> plainChoice(
      WaitingCaller caller, List<ReadyAgent> agents, Instant now) {
    for (Step step : caller.terms().steps()) {
      Optional<ReadyAgent> found =
          caller.waited(now).compareTo(step.after()) < 0
              ? Optional.empty()
              : agents.stream()
                  .filter(step.who()::has)
                  .min(
                      Comparator.comparing(ReadyAgent::idleSince)
                          .thenComparing(agent -> agent.number().value()));
      if (found.isPresent()) {
        assertThat(caller.terms().admit(found.get(), caller.waited(now))).isTrue();
        return found;
      }
    }
    assertThat(agents).noneMatch(agent -> caller.terms().admit(agent, caller.waited(now)));
    return Optional.empty();
  }

  /** One agent, always twenty platinum callers before him: a standard caller's turn comes. */
  @Test
  void nobodyStarves() {
    Router router = new Router(Discipline.AGEING);
    router.join(caller("s", terms("standard", 1, 100), 0));
    for (int i = 0; i < 20; i++) {
      router.join(caller("old" + i, terms("platinum", 8, 1), 0));
    }
    int second = 0;
    boolean served = false;
    while (!served && second < 10_000) {
      second += 10;
      router.join(caller("p" + second, terms("platinum", 8, 1), second));
      router.ready(new ReadyAgent(new AgentNumber("8001"), 1, Set.of(), T0));
      served = router.takeAll(T0.plusSeconds(second)).getFirst().call().value().equals("s");
    }
    // the platinum callers wait 200 s each, which weighs as much as 1600 s of his
    assertThat(second).isBetween(1600, 1700);
  }

  private static Optional<String> chosen(Terms terms, int waited, ReadyAgent... agents) {
    Router router = new Router(Discipline.AGEING);
    router.join(caller("x", terms, 0));
    List.of(agents).forEach(router::ready);
    return router.next(T0.plusSeconds(waited)).map(assignment -> assignment.agent().value());
  }

  private static String first(Discipline discipline, int second, WaitingCaller... callers) {
    return List.of(callers).stream()
        .min(discipline.order(T0.plusSeconds(second)))
        .orElseThrow()
        .id()
        .value();
  }

  private static Terms terms(String tier, double weight, int rank) {
    return new Terms(tier, rank, weight, Terms.graded(1, Optional.empty(), Duration.ofSeconds(30)));
  }

  private static WaitingCaller caller(String id, Terms terms, int joinedSecond) {
    return new WaitingCaller(new CallId(id), terms, T0.plusSeconds(joinedSecond));
  }
}

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

  /**
   * Admissions with (tier, place; 1 = front of its tier), in their order, and who is then served
   * after whom. In strict mode a place never overtakes a better tier.
   */
  @ParameterizedTest
  @CsvSource({
    "STRICT, g0 g0 g0, g1 g2 g3",
    "STRICT, g0 g0 g1, g3 g1 g2",
    "STRICT, g0 g0 g2, g1 g3 g2",
    "STRICT, g0 g0 g3, g1 g2 g3",
    "STRICT, g0 g0 g9, g1 g2 g3",
    "STRICT, g1 g1 g1, g3 g2 g1",
    "STRICT, s0 s0 p0 s1, p3 s4 s1 s2",
    "STRICT, p0 s1 s1 g1, p1 g4 s3 s2",
    "STRICT, s1 g1 p1 s1 g1 p1, p6 p3 g5 g2 s4 s1",
    "STRICT, p0 g0 s0 s2 g2 p2 s1, p1 p6 g2 g5 s7 s3 s4",
    "STRICT, g0 p0 g2 g2 g2, p2 g1 g5 g4 g3",
    "FIFO, s0 s0 s1, s3 s1 s2",
    "AGEING, s0 s0 s1, s3 s1 s2"
  })
  void placesWithinTheirTiers(Discipline discipline, String admissions, String order) {
    for (int apart : new int[] {0, 5}) { // all in one instant, or one after the other
      Router router = new Router(discipline);
      int n = 0;
      for (String admission : admissions.split(" ")) {
        n++;
        String tier = admission.substring(0, 1);
        int place = Integer.parseInt(admission.substring(1));
        WaitingCaller caller =
            caller(
                tier + n, terms(tier, 9 - "spg".indexOf(tier), 1 + "pgs".indexOf(tier)), n * apart);
        if (place == 0) {
          router.join(caller);
        } else {
          router.join(caller, place);
        }
      }
      Instant now = T0.plusSeconds(100);
      assertThat(router.order(now))
          .as("%d s apart", apart)
          .extracting(caller -> caller.id().value())
          .containsExactly(order.split(" "));
      assertThat(router.waiting()).isEqualTo(n);
    }
  }

  /** Lines of different disciplines share agents: of their firsts the highest score goes ahead. */
  @Test
  void disciplinesSideBySide() {
    Router router = new Router(Discipline.AGEING);
    router.join(caller("strict1", by(Discipline.STRICT, "gold", 4, 1), 50));
    router.join(caller("strict2", by(Discipline.STRICT, "standard", 1, 9), 0));
    router.join(caller("ageing1", by(Discipline.AGEING, "gold", 4, 1), 60));
    router.join(caller("ageing2", by(Discipline.AGEING, "standard", 1, 9), 10));
    router.join(caller("fifo", by(Discipline.FIFO, "gold", 4, 1), 80));
    // at 100 s: 200, 100 behind it, 160, 90, 80
    Instant now = T0.plusSeconds(100);
    List<String> expected = List.of("strict1", "ageing1", "strict2", "ageing2", "fifo");
    assertThat(router.order(now)).extracting(caller -> caller.id().value()).isEqualTo(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(router.place(new CallId(expected.get(i)), now)).hasValue(i + 1);
    }
    for (int i = 0; i < expected.size(); i++) {
      router.ready(new ReadyAgent(new AgentNumber("80" + (10 + i)), 1, Set.of(), T0));
    }
    assertThat(router.takeAll(now))
        .extracting(assignment -> assignment.call().value())
        .isEqualTo(expected);
  }

  private static Terms by(Discipline discipline, String tier, double weight, int rank) {
    return new Terms(
        tier,
        rank,
        weight,
        Promise.NONE,
        Terms.graded(1, Optional.empty(), Duration.ZERO),
        List.of(),
        Optional.empty(),
        Optional.of(discipline));
  }

  /** A caller whose promise is about to break rises; the lead stays and is bounded. */
  @Test
  void aPromiseAboutToBreakRises() {
    Promise promise = Promise.of(80, Duration.ofSeconds(60));
    assertThat(promise.lead(30)).isZero();
    assertThat(promise.lead(45)).isEqualTo(0.8 * 60 * 0.5);
    assertThat(promise.lead(60)).isEqualTo(48).isEqualTo(promise.lead(600));
    Terms promised =
        new Terms(
            "standard",
            9,
            1,
            promise,
            Terms.graded(1, Optional.empty(), Duration.ZERO),
            List.of(),
            Optional.empty(),
            Optional.empty());
    WaitingCaller standard = caller("s", promised, 0);
    WaitingCaller gold = caller("g", terms("gold", 4, 1), 37);
    assertThat(first(Discipline.AGEING, 53, gold, standard)).isEqualTo("s");
    assertThat(first(Discipline.AGEING, 90, gold, standard)).isEqualTo("g");
    assertThat(first(Discipline.AGEING, 53, gold, caller("without", terms("standard", 1, 9), 0)))
        .isEqualTo("g");
  }

  /**
   * Two agents of grade 3 stay free for gold; a standard caller has the junior, or waits a minute.
   */
  @Test
  void agentsAreKeptForBetterTiers() {
    Terms keeps =
        new Terms(
            "standard",
            9,
            1,
            Promise.NONE,
            Terms.graded(1, Optional.empty(), Duration.ZERO),
            List.of(),
            Optional.of(new Terms.Keep(2, 3, Duration.ofMinutes(1))),
            Optional.empty());
    ReadyAgent one = new ReadyAgent(new AgentNumber("8001"), 3, Set.of(), T0.minusSeconds(90));
    ReadyAgent two = new ReadyAgent(new AgentNumber("8002"), 4, Set.of(), T0.minusSeconds(80));
    ReadyAgent three = new ReadyAgent(new AgentNumber("8003"), 3, Set.of(), T0.minusSeconds(70));
    ReadyAgent junior = new ReadyAgent(new AgentNumber("8004"), 1, Set.of(), T0.minusSeconds(60));
    assertThat(chosen(keeps, 5, one, two, three)).as("two are left").hasValue("8001");
    assertThat(chosen(keeps, 5, one, two)).isEmpty();
    assertThat(chosen(keeps, 5, one, two, junior)).hasValue("8004");
    assertThat(chosen(keeps, 60, one, two)).as("nobody waits for ever").hasValue("8001");
    assertThat(chosen(terms("gold", 4, 2), 5, one)).as("they are for gold").hasValue("8001");
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

  /** The same with account managers, groups, promises and a reserve. */
  @RepeatedTest(200)
  void decidesAsThePlainRuleByPolicies(RepetitionInfo info) {
    Random random = new Random(1000 + info.getCurrentRepetition());
    Optional<Terms.Keep> keep =
        random.nextInt(3) == 0
            ? Optional.of(new Terms.Keep(1 + random.nextInt(3), 3, Duration.ofSeconds(50)))
            : Optional.empty();
    // both ways to look for callers who wait for somebody in person
    Router router = new Router(Discipline.AGEING, random.nextBoolean() ? 0 : 32);
    List<WaitingCaller> callers = new ArrayList<>();
    for (int i = random.nextInt(30); i >= 0; i--) {
      List<Step> steps = new ArrayList<>();
      if (random.nextBoolean()) {
        steps.add(new Step(Duration.ZERO, new Step.Person(number(random), 1 + random.nextInt(3))));
      }
      if (random.nextInt(3) == 0) {
        steps.add(new Step(Duration.ofSeconds(20), new Step.Person(number(random))));
      }
      steps.add(
          new Step(
              Duration.ofSeconds(10 * random.nextInt(3) + 20),
              new Step.Group(1 + random.nextInt(5), Set.of())));
      steps.add(
          new Step(
              Duration.ofSeconds(50),
              new Step.Members(
                  Set.of(number(random), new AgentNumber("9999")),
                  random.nextBoolean() ? Set.of("boiler") : Set.of(),
                  1)));
      callers.add(
          caller(
              "c" + i,
              new Terms(
                  "t",
                  1 + random.nextInt(3),
                  1 + random.nextInt(4),
                  random.nextBoolean()
                      ? Promise.NONE
                      : Promise.of(80, Duration.ofSeconds(10 + random.nextInt(60))),
                  steps,
                  List.of(),
                  random.nextBoolean() ? keep : Optional.empty(),
                  Optional.empty()),
              random.nextInt(60)));
      router.join(callers.getLast());
      if (random.nextInt(5) == 0) {
        assertThat(router.leave(callers.removeLast().id())).isTrue();
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
    callers.sort(Discipline.AGEING.order(now));
    List<String> expected = new ArrayList<>();
    for (WaitingCaller caller : callers) {
      List<ReadyAgent> his = new ArrayList<>(agents);
      long reserve = agents.stream().filter(agent -> agent.grade() >= 3).count();
      if (caller.terms().keep().isPresent()
          && caller.seconds(now) < 50
          && reserve <= caller.terms().keep().get().agents()) {
        his.removeIf(agent -> agent.grade() >= 3);
      }
      plainChoice(caller, his, now)
          .ifPresent(
              agent -> {
                agents.remove(agent);
                expected.add(caller.id() + " to " + agent.number());
              });
    }
    List<String> found = new ArrayList<>();
    for (Optional<Assignment> next = router.next(now); next.isPresent(); next = router.next(now)) {
      Assignment assignment = next.get();
      Router.Neighbours around = router.around(assignment);
      List<WaitingCaller> order = router.order(now);
      assertThat(around.ahead()).isEqualTo(order.indexOf(assignment.caller()));
      assertThat(around.passed())
          .isEqualTo(order.subList(0, Math.min(3, order.indexOf(assignment.caller()))));
      assertThat(around.behind())
          .isEqualTo(order.stream().skip(order.indexOf(assignment.caller()) + 1L).findFirst());
      router.leave(assignment.call());
      router.busy(assignment.agent());
      found.add(assignment.call() + " to " + assignment.agent());
    }
    assertThat(found).isEqualTo(expected);
  }

  private static AgentNumber number(Random random) {
    return new AgentNumber("80" + (10 + random.nextInt(12)));
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

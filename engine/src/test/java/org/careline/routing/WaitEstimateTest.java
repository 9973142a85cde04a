package org.careline.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.junit.jupiter.api.Test;

class WaitEstimateTest {
  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final Terms LOW = terms("standard", 4, 1);
  private static final Terms HIGH = terms("platinum", 1, 8);

  /** With k ahead: sum over i = 0..k of 1 / (n mu + i theta). */
  @Test
  void oneClassIsTheSumOfTheFormula() {
    double leaving = 1 / 240.0;
    Map<CallId, Duration> found =
        WaitEstimate.of(
            line(Discipline.FIFO, waiting(LOW, 20, 0), agents(10, 1), pace(180, leaving)));
    double sum = 0;
    for (int k = 0; k < 20; k++) {
      sum += 1 / (10 / 180.0 + k * leaving);
      assertThat(seconds(found, "standard-" + k)).isCloseTo(sum, within(1e-6));
    }
  }

  @Test
  void whoIsLikelyToOvertakeIsCountedIn() {
    // one agent becomes free each 18 s; each 36 s somebody better comes
    RecentService.Pace pace = pace(180, 0, new RecentService.Arrivals(HIGH, 1 / 36.0));
    List<WaitingCaller> five = waiting(LOW, 5, 60);
    Map<CallId, Duration> strict =
        WaitEstimate.of(line(Discipline.STRICT, five, agents(10, 1), pace));
    Map<CallId, Duration> fifo = WaitEstimate.of(line(Discipline.FIFO, five, agents(10, 1), pace));
    Map<CallId, Duration> ageing =
        WaitEstimate.of(line(Discipline.AGEING, five, agents(10, 1), pace));
    assertThat(seconds(fifo, "standard-4")).isEqualTo(90);
    // every second service is theirs: W = (k + 1) / (n mu - lambda)
    assertThat(seconds(strict, "standard-4")).isBetween(162.0, 180.0);
    assertThat(seconds(ageing, "standard-4")).isBetween(90.0, seconds(strict, "standard-4"));
    assertThat(seconds(ageing, "standard-0")).isEqualTo(18);
  }

  /** One agent becomes free each 18 s; who was promised a callback takes one of them. */
  @Test
  void whoWasPromisedACallbackCompetesFromHisTimeOn() {
    List<WaitingCaller> two = waiting(LOW, 2, 60);
    WaitingCaller older = new WaitingCaller(new CallId("promised"), LOW, NOW.minusSeconds(600));
    assertThat(promised(two, older, NOW)).containsExactly(36.0, 54.0);
    assertThat(promised(two, older, NOW.plusSeconds(30))).containsExactly(18.0, 54.0);
    assertThat(promised(two, older, NOW.plusSeconds(60))).containsExactly(18.0, 36.0);
  }

  private static List<Double> promised(
      List<WaitingCaller> waiting, WaitingCaller older, Instant from) {
    Map<CallId, Duration> found =
        WaitEstimate.of(
            new WaitEstimate.Line(
                Discipline.AGEING,
                waiting,
                List.of(new WaitEstimate.Joining(older, from)),
                agents(10, 1),
                Set.of(),
                pace(180, 0),
                NOW));
    assertThat(found).hasSize(2);
    return List.of(seconds(found, "standard-0"), seconds(found, "standard-1"));
  }

  @Test
  void whoWillNeverBeServedHasNoEstimate() {
    RecentService.Pace crowd = pace(180, 0, new RecentService.Arrivals(HIGH, 1 / 15.0));
    List<WaitingCaller> both = new ArrayList<>(waiting(LOW, 3, 60));
    both.addAll(waiting(HIGH, 3, 5));
    Map<CallId, Duration> found =
        WaitEstimate.of(line(Discipline.STRICT, both, agents(10, 1), crowd));
    assertThat(found).containsOnlyKeys(ids("platinum-0", "platinum-1", "platinum-2"));
    Terms demanding =
        new Terms("boiler", 1, 1, Terms.graded(3, Optional.of("boiler"), Duration.ofSeconds(30)));
    assertThat(
            WaitEstimate.of(
                line(Discipline.AGEING, waiting(demanding, 2, 0), agents(10, 5), pace(180, 0))))
        .isEmpty();
    assertThat(
            WaitEstimate.of(line(Discipline.AGEING, waiting(LOW, 2, 0), List.of(), pace(180, 0))))
        .isEmpty();
    RecentService.Pace unknown = new RecentService.Pace(OptionalDouble.empty(), 0, List.of());
    assertThat(WaitEstimate.of(line(Discipline.AGEING, waiting(LOW, 2, 0), agents(9, 1), unknown)))
        .isEmpty();
  }

  /** Two of ten have the grade: until the step to all of them, only those two count. */
  @Test
  void gradesCount() {
    Terms senior =
        new Terms("key", 1, 1, Terms.graded(3, Optional.empty(), Duration.ofMinutes(30)));
    List<ReadyAgent> staff = new ArrayList<>(agents(8, 1));
    IntStream.range(0, 2).forEach(i -> staff.add(agent(500 + i, 3)));
    Map<CallId, Duration> found =
        WaitEstimate.of(line(Discipline.AGEING, waiting(senior, 4, 0), staff, pace(180, 0)));
    assertThat(seconds(found, "key-3")).isBetween(190.0, 360.0);
  }

  @Test
  void theMoreAheadTheLonger() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      Discipline discipline = Discipline.values()[round % 3];
      List<WaitingCaller> line = new ArrayList<>(waiting(LOW, 30, random.nextInt(300)));
      line.addAll(waiting(HIGH, 10, random.nextInt(60)));
      Map<CallId, Duration> found =
          WaitEstimate.of(
              line(
                  discipline,
                  line,
                  agents(1 + random.nextInt(20), 1),
                  pace(30 + random.nextInt(200), random.nextDouble() / 200)));
      for (String tier : List.of("standard", "platinum")) {
        for (int k = 1; k < (tier.equals("standard") ? 30 : 10); k++) {
          assertThat(seconds(found, tier + "-" + k))
              .isGreaterThanOrEqualTo(seconds(found, tier + "-" + (k - 1)));
        }
      }
    }
  }

  @Test
  void tellsOnlyWhatHasProvedTrueAndNeverMoreThanBefore() {
    WaitOutlook outlook = new WaitOutlook();
    Instant now = NOW;
    for (int i = 0; i < WaitOutlook.LEAST; i++) {
      WaitingCaller caller = new WaitingCaller(new CallId("c" + i), LOW, now);
      outlook.joined(caller);
      outlook.estimated(Map.of(caller.id(), Duration.ofSeconds(100)), 10, now);
      assertThat(outlook.estimate(caller.id())).hasValue(Duration.ofSeconds(100));
      assertThat(outlook.good(caller.id(), now)).as("proved %d times", i).isEmpty();
      now = now.plusSeconds(120);
      outlook.left(caller.id(), now, true);
    }
    CallId id = new CallId("next");
    outlook.joined(new WaitingCaller(id, LOW, now));
    outlook.estimated(Map.of(id, Duration.ofSeconds(100)), 10, now);
    assertThat(outlook.good(id, now)).hasValue(Duration.ofSeconds(100));
    now = now.plusSeconds(60);
    outlook.estimated(Map.of(id, Duration.ofSeconds(140)), 10, now);
    assertThat(outlook.good(id, now)).as("not longer").hasValue(Duration.ofSeconds(100));
    outlook.estimated(Map.of(id, Duration.ofSeconds(80)), 11, now);
    outlook.estimated(Map.of(id, Duration.ofSeconds(90)), 11, now);
    assertThat(outlook.good(id, now)).hasValue(Duration.ofSeconds(80));
    outlook.estimated(Map.of(id, Duration.ofSeconds(160)), 5, now);
    assertThat(outlook.good(id, now)).as("agents left").hasValue(Duration.ofSeconds(160));
    outlook.estimated(Map.of(), 5, now);
    assertThat(outlook.good(id, now)).as("no end in sight").isEmpty();
    assertThat(outlook.good(id, now.plus(WaitOutlook.FRESH).plusSeconds(1))).isEmpty();
  }

  @Test
  void estimatesThatWereFarOffAreNotTold() {
    WaitOutlook outlook = new WaitOutlook();
    Instant now = NOW;
    for (int i = 0; i < 20; i++) {
      WaitingCaller caller = new WaitingCaller(new CallId("c" + i), LOW, now);
      outlook.joined(caller);
      outlook.estimated(Map.of(caller.id(), Duration.ofSeconds(100)), 10, now);
      now = now.plusSeconds(i % 2 == 0 ? 20 : 220);
      outlook.left(caller.id(), now, true);
    }
    CallId id = new CallId("next");
    outlook.joined(new WaitingCaller(id, LOW, now));
    outlook.estimated(Map.of(id, Duration.ofSeconds(100)), 10, now);
    assertThat(outlook.estimate(id)).isPresent();
    assertThat(outlook.good(id, now)).isEmpty();
  }

  @Test
  void recentServiceIsCounted() {
    RecentService service = new RecentService();
    assertThat(service.pace(NOW).handling()).isEmpty();
    for (int i = 0; i < 10; i++) {
      service.handled(Duration.ofSeconds(100 + i));
      service.arrived(HIGH, NOW.plusSeconds(60 * i));
      service.waited(Duration.ofSeconds(60), i < 3);
    }
    RecentService.Pace pace = service.pace(NOW.plusSeconds(600));
    assertThat(pace.handling().orElseThrow()).isCloseTo(104.5, within(1e-9));
    assertThat(pace.leaving()).isCloseTo(3 / 600.0, within(1e-12));
    assertThat(pace.arrivals()).hasSize(1);
    assertThat(pace.arrivals().getFirst().perSecond()).isCloseTo(10 / 600.0, within(1e-12));
    assertThat(service.pace(NOW.plusSeconds(3600)).arrivals()).isEmpty();
  }

  private static WaitEstimate.Line line(
      Discipline discipline,
      List<WaitingCaller> waiting,
      List<ReadyAgent> agents,
      RecentService.Pace pace) {
    return new WaitEstimate.Line(discipline, waiting, agents, Set.of(), pace, NOW);
  }

  private static RecentService.Pace pace(
      double handling, double leaving, RecentService.Arrivals... arrivals) {
    return new RecentService.Pace(OptionalDouble.of(handling), leaving, List.of(arrivals));
  }

  /** The first one, number 0, has waited longest. */
  private static List<WaitingCaller> waiting(Terms terms, int count, int seconds) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new WaitingCaller(
                    new CallId(terms.tier() + "-" + i),
                    terms,
                    NOW.minusSeconds(seconds).plusMillis(i)))
        .toList();
  }

  private static CallId[] ids(String... ids) {
    return java.util.Arrays.stream(ids).map(CallId::new).toArray(CallId[]::new);
  }

  private static double seconds(Map<CallId, Duration> found, String id) {
    return found.get(new CallId(id)).toNanos() / 1e9;
  }

  private static List<ReadyAgent> agents(int count, int grade) {
    return IntStream.range(0, count).mapToObj(i -> agent(1000 + i, grade)).toList();
  }

  private static ReadyAgent agent(int number, int grade) {
    return new ReadyAgent(new AgentNumber("" + number), grade, Set.of(), NOW);
  }

  private static Terms terms(String tier, int rank, double weight) {
    return new Terms(tier, rank, weight, Terms.graded(1, Optional.empty(), Duration.ZERO));
  }
}

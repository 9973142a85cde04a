package org.careline.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.routing.Assignment;
import org.careline.routing.ReadyAgent;
import org.careline.routing.Router;
import org.careline.routing.Step;
import org.careline.routing.Terms;
import org.careline.routing.WaitingCaller;

/**
 * A discrete-event run of the hotline's own {@link Router} under a virtual clock. The first tenth
 * of the callers, at least a thousand, warms the queue up and is not measured; after the last
 * measured one others keep coming until he has been served or has left, for at most as many calls
 * again as were measured. Confined to one thread.
 */
final class Simulation {
  private static final int FIRST_AGENT = 100_000;

  /** Sees each measured caller once, in the order of their ends. */
  interface Observer {
    /**
     * @param tier index in the scenario
     * @param number of the caller in the order of arrival, 0 first
     * @param answered or left
     */
    void ended(int tier, int number, double waitedSeconds, boolean answered);

    /**
     * Once, at the end.
     *
     * @param occupancy share of the agents' time in which they worked, between the arrivals of the
     *     first and of the last measured caller
     */
    default void finished(double occupancy) {}

    /** Every arrival, measured or not, before it is known whether he must wait. */
    default void arrived(WaitingCaller caller) {}

    /** Everybody, measured or not, whose wait is over. */
    default void over(WaitingCaller caller, Instant at, boolean answered) {}

    /** An agent is free again. */
    default void handled(AgentNumber agent, Duration time) {}

    /** Each {@link #lookEvery}. */
    default void look(Moment moment) {}

    /** Zero = never. */
    default Duration lookEvery() {
      return Duration.ZERO;
    }
  }

  /**
   * The line at one time.
   *
   * @param waiting whoever is served first comes first
   */
  record Moment(
      Instant now, List<WaitingCaller> waiting, List<ReadyAgent> agents, Set<AgentNumber> ready) {}

  private enum Kind {
    ARRIVAL,
    DEPARTURE,
    PATIENCE,
    WIDENING,
    LOOK
  }

  /** At equal times in the order they were planned. */
  private record Event(long at, long order, Kind kind, int index) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** Chance of one tier: a stream each, so that another policy meets the same callers. */
  private static final class Callers {
    final SplittableRandom arrivals;
    final SplittableRandom handling;
    final SplittableRandom patience;
    final Terms terms;
    final double perSecond;

    Callers(SplittableRandom seed, Terms terms, double perSecond) {
      this.arrivals = seed.split();
      this.handling = seed.split();
      this.patience = seed.split();
      this.terms = terms;
      this.perSecond = perSecond;
    }
  }

  private final Scenario scenario;
  private final Observer observer;
  private final double[] day;
  private final Router router;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<Callers> callers = new ArrayList<>();
  private final List<ReadyAgent> agents = new ArrayList<>();
  private final BitSet atWork = new BitSet();
  private final int warmUp;
  private final int last;

  // Of each caller by number of arrival.
  private final int[] tierOf;
  private final double[] handlingOf;
  private final long[] joinedAt;
  private final long[] takenAt;

  private long now;
  private long order;
  private int arrived;
  private int toEnd;
  private int busy;
  private double busyTime;
  private double measuredTime;

  private Simulation(Scenario scenario, double[] day, Observer observer) {
    scenario
        .unserved()
        .ifPresent(
            tier -> {
              throw new IllegalArgumentException("nobody can serve the tier " + tier.name());
            });
    this.scenario = scenario;
    this.observer = observer;
    this.day = day;
    this.router = new Router(scenario.policy());
    this.warmUp = Math.max(1000, scenario.calls() / 10);
    this.last = warmUp + scenario.calls();
    int room = last + scenario.calls();
    this.tierOf = new int[room];
    this.handlingOf = new double[room];
    this.joinedAt = new long[room];
    this.takenAt = new long[scenario.agents().size()];
    this.toEnd = scenario.calls();
  }

  /**
   * @throws IllegalArgumentException when nobody can ever serve one of the tiers: its callers would
   *     wait for ever
   */
  static void run(Scenario scenario, Observer observer) {
    run(scenario, new double[0], observer);
  }

  /**
   * With a day that comes again and again.
   *
   * @param day share of the scenario's arrivals, at most 1, in each of equal parts of 24 h; empty =
   *     always as the scenario says
   */
  static void run(Scenario scenario, double[] day, Observer observer) {
    new Simulation(scenario, day, observer).run();
  }

  private void run() {
    SplittableRandom seed = new SplittableRandom(scenario.seed());
    for (Scenario.Tier tier : scenario.tiers()) {
      callers.add(new Callers(seed.split(), terms(tier), tier.perHour() / 3600));
    }
    for (int i = 0; i < scenario.agents().size(); i++) {
      Scenario.Agent agent = scenario.agents().get(i);
      ReadyAgent ready =
          new ReadyAgent(
              new AgentNumber(Integer.toString(FIRST_AGENT + i)),
              agent.grade(),
              agent.skills(),
              Instant.EPOCH);
      agents.add(ready);
      router.ready(ready);
    }
    for (int tier = 0; tier < callers.size(); tier++) {
      planArrival(tier);
    }
    if (!observer.lookEvery().isZero()) {
      plan(observer.lookEvery().toNanos() / 1e9, Kind.LOOK, 0);
    }
    while (toEnd > 0) {
      Event event = events.poll();
      if (arrived > warmUp && arrived < last) {
        busyTime += busy * (double) (event.at() - now);
        measuredTime += event.at() - now;
      }
      now = event.at();
      switch (event.kind()) {
        case ARRIVAL -> arrival(event.index());
        case DEPARTURE -> departure(event.index());
        case PATIENCE -> leave(event.index());
        case WIDENING -> assign();
        case LOOK -> look();
      }
    }
    observer.finished(busyTime / measuredTime / agents.size());
  }

  private Terms terms(Scenario.Tier tier) {
    int rank = 1 + (int) scenario.tiers().stream().filter(t -> t.weight() > tier.weight()).count();
    return new Terms(
        tier.name(),
        rank,
        tier.weight(),
        Terms.graded(tier.minGrade(), tier.skill(), scenario.widenAfter()));
  }

  /** Thinned where a day is given (Lewis and Shedler 1979). */
  private void planArrival(int tier) {
    Callers of = callers.get(tier);
    double seconds = exponential(of.arrivals, 1 / of.perSecond);
    while (day.length > 0 && of.arrivals.nextDouble() >= share(now / 1e9 + seconds)) {
      seconds += exponential(of.arrivals, 1 / of.perSecond);
    }
    plan(seconds, Kind.ARRIVAL, tier);
  }

  private double share(double at) {
    return day[(int) (at % 86_400 / 86_400 * day.length)];
  }

  private void look() {
    Set<AgentNumber> ready = new HashSet<>();
    for (int i = atWork.nextClearBit(0); i < agents.size(); i = atWork.nextClearBit(i + 1)) {
      ready.add(agents.get(i).number());
    }
    observer.look(new Moment(instant(), router.order(instant()), agents, ready));
    plan(observer.lookEvery().toNanos() / 1e9, Kind.LOOK, 0);
  }

  private void arrival(int tier) {
    if (arrived == tierOf.length) {
      return;
    }
    int number = arrived++;
    planArrival(tier);
    Callers of = callers.get(tier);
    tierOf[number] = tier;
    handlingOf[number] = handling(of.handling);
    joinedAt[number] = now;
    WaitingCaller caller = new WaitingCaller(id(number), of.terms, instant());
    observer.arrived(caller);
    router.join(caller);
    double patience = scenario.patience().map(mean -> exponential(of.patience, mean)).orElse(0.0);
    assign();
    if (router.waits(id(number))) {
      if (scenario.patience().isPresent()) {
        plan(patience, Kind.PATIENCE, number);
      }
      for (Step step : of.terms.steps()) {
        if (step.after().isPositive()) {
          plan(step.after().toNanos() / 1e9, Kind.WIDENING, number);
        }
      }
    }
  }

  private void departure(int agent) {
    busy--;
    atWork.clear(agent);
    observer.handled(agents.get(agent).number(), Duration.ofNanos(now - takenAt[agent]));
    ReadyAgent who = agents.get(agent);
    router.ready(new ReadyAgent(who.number(), who.grade(), who.skills(), instant()));
    assign();
  }

  private void leave(int number) {
    if (router.leave(id(number))) {
      over(number, false);
      end(number, false);
    }
  }

  private void assign() {
    Instant at = instant();
    for (Optional<Assignment> next = router.next(at); next.isPresent(); next = router.next(at)) {
      Assignment assignment = next.get();
      router.leave(assignment.call());
      router.busy(assignment.agent());
      int number = Integer.parseInt(assignment.call().value());
      int agent = Integer.parseInt(assignment.agent().value()) - FIRST_AGENT;
      plan(handlingOf[number], Kind.DEPARTURE, agent);
      busy++;
      atWork.set(agent);
      takenAt[agent] = now;
      over(number, true);
      end(number, true);
    }
  }

  private void over(int number, boolean answered) {
    Instant joined = Instant.ofEpochSecond(0, joinedAt[number]);
    observer.over(
        new WaitingCaller(id(number), callers.get(tierOf[number]).terms, joined),
        instant(),
        answered);
  }

  private void end(int number, boolean answered) {
    if (number >= warmUp && number < last) {
      toEnd--;
      observer.ended(tierOf[number], number - warmUp, (now - joinedAt[number]) / 1e9, answered);
    }
  }

  private double handling(SplittableRandom random) {
    double mean = scenario.handling().meanSeconds();
    return switch (scenario.handling().distribution()) {
      case EXPONENTIAL -> exponential(random, mean);
      case FIXED -> mean;
      case LOGNORMAL -> {
        double variation = scenario.handling().variation();
        double variance = Math.log(1 + variation * variation);
        yield mean * Math.exp(Math.sqrt(variance) * random.nextGaussian() - variance / 2);
      }
    };
  }

  private static double exponential(SplittableRandom random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }

  private void plan(double seconds, Kind kind, int index) {
    events.add(new Event(now + Math.round(seconds * 1e9), order++, kind, index));
  }

  private static CallId id(int number) {
    return new CallId(Integer.toString(number));
  }

  private Instant instant() {
    return Instant.ofEpochSecond(now / 1_000_000_000, now % 1_000_000_000);
  }
}

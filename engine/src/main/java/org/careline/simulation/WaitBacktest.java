package org.careline.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.routing.RecentService;
import org.careline.routing.WaitEstimate;
import org.careline.routing.WaitOutlook;
import org.careline.routing.WaitingCaller;

/**
 * Puts wait estimates to the test: over simulated days, each estimate of the rest of a wait is
 * compared with what the rest turned out to be, beside the figure Asterisk's queue would have
 * announced in the same moment. Estimates are made when a caller has come and each {@link #LOOK};
 * nothing of the future is used. Pure: the same scenario gives the same answer.
 */
public final class WaitBacktest implements Simulation.Observer {
  private static final Duration LOOK = Duration.ofSeconds(10);

  /** Each such caller-moment counts as an announcement. */
  private static final int EACH = 6;

  /**
   * Errors in square seconds; over those who were served.
   *
   * @param moments at which an estimate was made: soon after joining, then each minute
   * @param ours mean squared error of our estimate
   * @param asterisk mean squared error of new = (3 x old + new) / 4, of which the time already
   *     waited is taken off (never below zero)
   * @param spoken the same of what Asterisk says of it: to the nearest minute, and growing again
   *     once the mean is over (say_position in app_queue.c)
   * @param told share of the moments, with 30 s or more estimated, at which ours was good enough
   * @param toldError of those: root mean square of the error, in seconds
   * @param grew how often a later estimate of a wait was longer than an earlier one
   */
  public record Result(
      int moments,
      double ours,
      double asterisk,
      double spoken,
      double told,
      double toldError,
      int grew) {
    public double ratio() {
      return ours / asterisk;
    }

    public double ratioToSpoken() {
      return ours / spoken;
    }
  }

  private record Guess(Instant at, double ours, double asterisk, double spoken, boolean told) {}

  private final Scenario scenario;
  private final RecentService service = new RecentService();
  private final WaitOutlook outlook = new WaitOutlook();
  private final Map<CallId, List<Guess>> open = new HashMap<>();
  private final Map<CallId, Integer> looked = new HashMap<>();
  private final Map<CallId, Duration> before = new HashMap<>();
  private double holdTime;
  private int moments;
  private double ours;
  private double asterisk;
  private double spoken;
  private int told;
  private int tellable;
  private double toldSquares;
  private int grew;

  private WaitBacktest(Scenario scenario) {
    this.scenario = scenario;
  }

  /**
   * @param day see {@link Simulation}: share of the scenario's arrivals over 24 h
   */
  public static Result run(Scenario scenario, double... day) {
    WaitBacktest test = new WaitBacktest(scenario);
    Simulation.run(scenario, day, test);
    return new Result(
        test.moments,
        test.ours / test.moments,
        test.asterisk / test.moments,
        test.spoken / test.moments,
        test.tellable == 0 ? 0 : (double) test.told / test.tellable,
        Math.sqrt(test.toldSquares / Math.max(1, test.told)),
        test.grew);
  }

  @Override
  public Duration lookEvery() {
    return LOOK;
  }

  @Override
  public void arrived(WaitingCaller caller) {
    service.arrived(caller.terms(), caller.joinedAt());
    outlook.joined(caller);
  }

  @Override
  public void handled(AgentNumber agent, Duration time) {
    service.handled(time);
  }

  @Override
  public void look(Simulation.Moment moment) {
    if (moment.waiting().isEmpty()) {
      return;
    }
    Instant now = moment.now();
    outlook.estimated(
        WaitEstimate.of(
            new WaitEstimate.Line(
                scenario.policy(),
                moment.waiting(),
                moment.agents(),
                moment.ready(),
                service.pace(now),
                now)),
        moment.agents().size(),
        now);
    for (WaitingCaller caller : moment.waiting()) {
      outlook.estimate(caller.id()).ifPresent(estimate -> guess(caller, estimate, now));
    }
  }

  private void guess(WaitingCaller caller, Duration estimate, Instant now) {
    Duration earlier = before.put(caller.id(), estimate);
    grew += earlier != null && estimate.compareTo(earlier) > 0 ? 1 : 0;
    if (looked.merge(caller.id(), 1, Integer::sum) % EACH == 1) {
      open.computeIfAbsent(caller.id(), id -> new ArrayList<>())
          .add(
              new Guess(
                  now,
                  estimate.toNanos() / 1e9,
                  Math.max(0, holdTime - caller.seconds(now)),
                  60 * Math.floor(Math.abs(holdTime + 30 - caller.seconds(now)) / 60),
                  outlook.good(caller.id(), now).isPresent()));
    }
  }

  @Override
  public void over(WaitingCaller caller, Instant at, boolean answered) {
    service.waited(caller.waited(at), !answered);
    outlook.left(caller.id(), at, answered);
    if (answered) {
      holdTime = (3 * holdTime + caller.seconds(at)) / 4;
    }
    looked.remove(caller.id());
    before.remove(caller.id());
    List<Guess> guesses = open.remove(caller.id());
    if (!answered || guesses == null) {
      return;
    }
    for (Guess guess : guesses) {
      double real = Duration.between(guess.at(), at).toNanos() / 1e9;
      moments++;
      ours += (guess.ours() - real) * (guess.ours() - real);
      asterisk += (guess.asterisk() - real) * (guess.asterisk() - real);
      spoken += (guess.spoken() - real) * (guess.spoken() - real);
      if (guess.ours() >= WaitOutlook.SHORTEST.toSeconds()) {
        tellable++;
        if (guess.told()) {
          told++;
          toldSquares += (guess.ours() - real) * (guess.ours() - real);
        }
      }
    }
  }

  @Override
  public void ended(int tier, int number, double waitedSeconds, boolean answered) {
    // judged in over(), which sees everybody
  }
}

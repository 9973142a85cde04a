package org.careline.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * How long each of those who wait will still wait, if all goes on as of late. Pure.
 *
 * <p>The product's own {@link Router} runs ahead of time: agents become free at the pace of recent
 * service, one after the other, and each takes whom the rules give him; those who are likely to
 * come meanwhile, and to overtake, come too. So grades, skills, weights and ageing count as they do
 * in earnest. With one class and like agents it is QLm of Whitt (1999): with k callers ahead the
 * sum over i = 0..k of 1 / (n mu + i theta), for n agents who take 1/mu seconds for a call and
 * callers who lose patience after 1/theta seconds.
 */
public final class WaitEstimate {
  /** Nobody is told of a longer wait; the run ends here. */
  public static final Duration HORIZON = Duration.ofHours(1);

  private static final int MOST_STEPS = 40_000;
  private static final String VIRTUAL = "virtual-";

  private WaitEstimate() {}

  /**
   * What is to be foreseen. Immutable.
   *
   * @param discipline of callers whose terms name none
   * @param waiting at {@code now}
   * @param joining who will compete with them for the agents, though he is not on the line: those
   *     who were promised a callback
   * @param onDuty who works on the line: those who talk, wrap up, are rung or ready
   * @param ready those of them who are free now, whom none of the waiting callers may have
   */
  public record Line(
      Discipline discipline,
      List<WaitingCaller> waiting,
      List<Joining> joining,
      List<ReadyAgent> onDuty,
      Set<AgentNumber> ready,
      RecentService.Pace pace,
      Instant now) {
    /** With nobody elsewhere. */
    public Line(
        Discipline discipline,
        List<WaitingCaller> waiting,
        List<ReadyAgent> onDuty,
        Set<AgentNumber> ready,
        RecentService.Pace pace,
        Instant now) {
      this(discipline, waiting, List.of(), onDuty, ready, pace, now);
    }

    public Line {
      waiting = List.copyOf(waiting);
      joining = joining.stream().sorted(Comparator.comparing(Joining::from)).toList();
      onDuty = List.copyOf(onDuty);
      ready = Set.copyOf(ready);
    }
  }

  /** One who stands in the order from then on, with his age; in the past = already. */
  public record Joining(WaitingCaller who, Instant from) {}

  /** The next arrival of a tier. */
  private record Coming(double at, double every, Terms terms) {}

  /**
   * The remaining wait of everybody for whom there is an end in sight; who is not named has none
   * within {@link #HORIZON}, because nobody who may serve him is on duty or because better tiers
   * take all. Takes time proportional to the calls served until then.
   */
  public static Map<CallId, Duration> of(Line line) {
    Map<CallId, Duration> found = new HashMap<>();
    if (line.waiting().isEmpty() || line.onDuty().isEmpty() || line.pace().handling().isEmpty()) {
      return found;
    }
    double handling = line.pace().handling().getAsDouble();
    double leaving = line.pace().leaving();
    List<ReadyAgent> turn = new ArrayList<>(line.onDuty());
    // Who is free first nobody knows; grades and skills must not come in blocks.
    Collections.shuffle(turn, new Random(turn.size()));
    Router router = new Router(line.discipline());
    line.waiting().forEach(router::join);
    turn.stream().filter(agent -> line.ready().contains(agent.number())).forEach(router::ready);
    PriorityQueue<Coming> coming = coming(line);
    Set<CallId> asked =
        line.waiting().stream().map(WaitingCaller::id).collect(Collectors.toUnmodifiableSet());
    int joined = join(router, line, 0, line.now());
    double seconds = 0;
    int served = 0;
    int virtual = 0;
    for (int step = 0; step < MOST_STEPS && found.size() < line.waiting().size(); step++) {
      seconds += 1 / (turn.size() / handling + served * leaving);
      if (seconds > HORIZON.toSeconds()) {
        break;
      }
      Instant at = line.now().plusNanos((long) (seconds * 1e9));
      while (!coming.isEmpty() && coming.peek().at() <= seconds) {
        Coming next = coming.poll();
        router.join(
            new WaitingCaller(
                new CallId(VIRTUAL + ++virtual),
                next.terms(),
                line.now().plusNanos((long) (next.at() * 1e9))));
        coming.add(new Coming(next.at() + next.every(), next.every(), next.terms()));
      }
      joined = join(router, line, joined, at);
      router.ready(turn.get(step % turn.size()));
      for (Assignment taken : router.takeAll(at)) {
        served++;
        if (asked.contains(taken.call())) {
          found.put(taken.call(), Duration.ofNanos((long) (seconds * 1e9)));
        }
      }
    }
    return found;
  }

  /** Those whose time has come. Returns how many of them have joined by then. */
  private static int join(Router router, Line line, int joined, Instant at) {
    int next = joined;
    while (next < line.joining().size() && !line.joining().get(next).from().isAfter(at)) {
      router.join(line.joining().get(next++).who());
    }
    return next;
  }

  /** Arrivals of each tier, evenly; a tier that can overtake nobody here is left out. */
  private static PriorityQueue<Coming> coming(Line line) {
    PriorityQueue<Coming> coming = new PriorityQueue<>(Comparator.comparingDouble(Coming::at));
    for (RecentService.Arrivals of : line.pace().arrivals()) {
      boolean overtakes =
          of.perSecond() > 0
              && line.waiting().stream()
                  .anyMatch(
                      caller ->
                          switch (caller.terms().discipline().orElse(line.discipline())) {
                            case STRICT -> of.terms().rank() < caller.terms().rank();
                            case AGEING -> of.terms().weight() > caller.terms().weight();
                            case FIFO -> false;
                          });
      if (overtakes) {
        coming.add(new Coming(.5 / of.perSecond(), 1 / of.perSecond(), of.terms()));
      }
    }
    return coming;
  }
}

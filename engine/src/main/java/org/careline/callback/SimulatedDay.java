package org.careline.callback;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.callback.Campaign.Mode;
import org.careline.questionnaire.FaultBook;
import org.careline.questionnaire.QuestionnaireParser;
import org.careline.telephony.Telephony;

/**
 * A day of callbacks in virtual time: {@link Attempts} and its transitions as they are, with a
 * switch, sites and agents that are played. What a round makes of the agents' time, in progressive
 * mode, in preview, and beside both by hand, from a list and a telephone. Confined to one thread.
 */
public final class SimulatedDay implements Telephony, AgentPool {
  private static final Instant BEGIN = Instant.parse("2026-11-24T01:30:00Z");
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Duration PHONE = Duration.ofMillis(300);
  private static final Duration COMMIT = Duration.ofMillis(10);
  private static final String QUESTIONS =
      """
      {"questions":[{"code":"fault","type":"yes_no","textEn":"Any fault?","textZh":"有无故障?"}]}
      """;
  private static final String ANY_HOUR =
      """
      {"windows":{"default":{"mon-sun":["00:00-24:00"]}},"nightEvidence":"simulated",
       "officeDays":"all","tradeCalendar":{"default":[]}}
      """;

  /**
   * What people do, in seconds.
   *
   * @param answered share of the calls that a person takes
   * @param busy share that is busy
   * @param ring until a person answers, on average
   * @param talk on average
   * @param afterCall the agent completes the form
   * @param read the agent looks at the site before he dials: preview, and by hand
   * @param find by hand: finds the next row of the list
   * @param keys by hand: types the number
   * @param paper by hand: writes down what the form would know already
   */
  public record Habits(
      double answered,
      double busy,
      double ring,
      double talk,
      double afterCall,
      double read,
      double find,
      double keys,
      double paper) {
    public static final Habits USUAL = new Habits(0.55, 0.08, 9, 150, 15, 20, 10, 12, 20);
  }

  /**
   * @param talking share of the agents' time
   * @param abandoned answered calls that found no agent on the line
   */
  public record Share(double talking, int calls, int answered, int abandoned) {}

  /** What a site will do. */
  private record Fate(Kind kind, Duration ring, Duration talk) {
    enum Kind {
      ANSWERS,
      BUSY,
      SILENT
    }
  }

  private record Timed(Instant at, long order, Runnable task) {}

  private final PriorityQueue<Timed> later =
      new PriorityQueue<>(Comparator.comparing(Timed::at).thenComparing(Timed::order));
  private final Deque<AgentNumber> ready = new ArrayDeque<>();
  private final Random random;
  private final Habits habits;
  private final Mode mode;
  private final Attempts attempts;
  private Instant now = BEGIN;
  private long order;
  private long serial;
  private Duration talked = Duration.ZERO;
  private int calls;
  private int answered;
  private int abandoned;

  private SimulatedDay(Mode mode, int agents, Habits habits, long seed, Journal journal) {
    this.mode = mode;
    this.habits = habits;
    this.random = new Random(seed);
    for (int i = 0; i < agents; i++) {
      ready.add(new AgentNumber(String.valueOf(8001 + i)));
    }
    attempts =
        new Attempts(
            this,
            this,
            journal,
            (id, committed, refused) -> after(COMMIT, committed),
            this::after,
            () -> now,
            e164 -> Optional.of(e164.substring(1)),
            new CallbackListener() {
              @Override
              public void workChanged(AgentNumber agent) {}

              @Override
              public void roundChanged(long roundId) {}
            });
  }

  /**
   * @param mode progressive or preview
   * @param journal a file that is not there yet
   */
  public static Share of(
      Mode mode, int agents, Duration day, Habits habits, long seed, Path journal) {
    try (Journal kept = new Journal(journal, () -> BEGIN)) {
      kept.epoch(1);
      SimulatedDay run = new SimulatedDay(mode, agents, habits, seed, kept);
      run.pass(day);
      return run.share(agents, day);
    }
  }

  /** The same sites and agents without any of this: a list, a telephone, a form on paper. */
  public static Share byHand(int agents, Duration day, Habits habits, long seed) {
    Random random = new Random(seed);
    double talked = 0;
    int calls = 0;
    int answered = 0;
    for (int agent = 0; agent < agents; agent++) {
      double at = 0;
      while (true) {
        Fate fate = fate(random, habits);
        double before = habits.find() + habits.read() + habits.keys();
        double ring = fate.ring().toMillis() / 1000.0;
        double talk = fate.talk().toMillis() / 1000.0;
        double end = at + before + ring + talk;
        if (end > day.toSeconds()) {
          break;
        }
        calls++;
        answered += fate.kind() == Fate.Kind.ANSWERS ? 1 : 0;
        talked += talk;
        at = end + (talk > 0 ? habits.afterCall() : 0) + habits.paper();
      }
    }
    return new Share(talked / agents / day.toSeconds(), calls, answered, 0);
  }

  private Share share(int agents, Duration day) {
    double seconds = talked.toMillis() / 1000.0;
    return new Share(seconds / agents / day.toSeconds(), calls, answered, abandoned);
  }

  private static Fate fate(Random random, Habits habits) {
    double of = random.nextDouble();
    if (of < habits.answered()) {
      return new Fate(
          Fate.Kind.ANSWERS, about(random, habits.ring()), about(random, habits.talk()));
    }
    return of < habits.answered() + habits.busy()
        ? new Fate(Fate.Kind.BUSY, Duration.ofSeconds(2), Duration.ZERO)
        : new Fate(Fate.Kind.SILENT, DefaultRules.RULES.ring(), Duration.ZERO);
  }

  /** Around the mean, skewed to the right, as talks are. */
  private static Duration about(Random random, double mean) {
    double sigma = 0.5;
    double seconds = mean * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  // --- time

  private void after(Duration delay, Runnable task) {
    later.add(new Timed(now.plus(delay), order++, task));
  }

  private void pass(Duration time) {
    Instant end = now.plus(time);
    beat(end);
    while (!later.isEmpty() && !later.peek().at().isAfter(end)) {
      Timed next = later.poll();
      now = next.at();
      next.task().run();
    }
  }

  /** What {@link Pacer} does, with a list instead of the database. */
  private void beat(Instant end) {
    for (int grade : attempts.room(0, Integer.MAX_VALUE)) {
      begin(site(++serial));
    }
    if (now.isBefore(end)) {
      after(BEAT, () -> beat(end));
    }
  }

  private void begin(ClaimedSite site) {
    CallId id = new CallId("01SIMULATED" + String.format("%015d", serial));
    AgentNumber agent = attempts.reserve(site, id, 0).orElseThrow();
    ClaimedSite.Phone phone = site.phone().orElseThrow();
    attempts.begin(
        new Attempt(
            id,
            site.roundSiteId(),
            1,
            phone.e164(),
            "",
            Optional.of(agent),
            mode,
            "inserted",
            Optional.empty(),
            now,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1),
        List.of(
            new LiveSite(
                site,
                new SiteForm(
                    QuestionnaireParser.parse("simulated", 1, QUESTIONS),
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    FaultBook.EMPTY))));
    if (mode == Mode.PREVIEW) {
      after(
          about(random, habits.read()),
          () -> {
            // who reads too long has lost the site
            if (attempts.view(id).isPresent()) {
              attempts.dial(id);
            }
          });
    }
  }

  private ClaimedSite site(long n) {
    return new ClaimedSite(
        n,
        1,
        1,
        LocalDate.of(2026, 8, 1),
        LocalDate.of(2026, 11, 1),
        "simulated",
        mode,
        "",
        "simulated",
        1,
        n,
        "S" + n,
        "Site " + n,
        "simulated",
        "Simulated",
        "standard",
        1,
        "hotel",
        "",
        "",
        "",
        "",
        "",
        List.of(new ClaimedSite.Phone("+8613800000000", "", "", "", n)),
        1,
        RULES,
        CALLING);
  }

  private static final CampaignRules RULES = RulesParser.parse(ANY_HOUR);
  private static final SiteRules CALLING =
      RuleBook.shipped().site(RULES, "hotel", "", false, OwnRules.NONE, OwnRules.NONE);

  // --- the switch

  private static CompletableFuture<Accepted> taken() {
    return CompletableFuture.completedFuture(new Accepted(true, ""));
  }

  @Override
  public CompletableFuture<Accepted> callAgent(
      CallId attempt, int n, AgentNumber agent, Duration ring) {
    after(
        PHONE,
        () ->
            attempts.on(
                attempt.value(), new AttemptEvent.AgentAnswered(now, "PJSIP/" + agent.endpoint())));
    return taken();
  }

  @Override
  public CompletableFuture<Accepted> dialSite(
      CallId attempt, String destination, String shown, String agentChannel, Duration ring) {
    calls++;
    String id = attempt.value();
    Fate fate = fate(random, habits);
    after(
        fate.ring(),
        () -> {
          switch (fate.kind()) {
            case ANSWERS -> answer(id, fate);
            case BUSY -> end(id, 17, 5);
            case SILENT -> end(id, 19, 3);
          }
        });
    return taken();
  }

  private void answer(String id, Fate fate) {
    answered++;
    attempts.on(id, new AttemptEvent.SiteAnswered(now));
    boolean heard =
        attempts.view(new CallId(id)).filter(view -> view.state().equals("talking")).isPresent();
    if (!heard) {
      abandoned++;
      return;
    }
    after(
        fate.talk(),
        () -> {
          talked = talked.plus(fate.talk());
          attempts.on(id, new AttemptEvent.SiteGone(now, 16));
        });
  }

  private void end(String id, int cause, int reason) {
    attempts.on(id, new AttemptEvent.SiteGone(now, cause));
    attempts.on(id, new AttemptEvent.OriginateFailed(now, reason));
  }

  @Override
  public CompletableFuture<Accepted> hangUp(String channelOrId) {
    return taken();
  }

  @Override
  public CompletableFuture<Accepted> offer(
      String channel, AgentNumber agent, Duration ring, Optional<String> announceIn) {
    throw new UnsupportedOperationException("nobody calls in");
  }

  @Override
  public CompletableFuture<Accepted> external(
      String channel, String number, Duration ring, boolean confirm) {
    throw new UnsupportedOperationException("nobody calls in");
  }

  @Override
  public CompletableFuture<Accepted> ask(String channel, String stage) {
    throw new UnsupportedOperationException("nobody calls in");
  }

  @Override
  public CompletableFuture<Accepted> waitroom(String channel) {
    throw new UnsupportedOperationException("nobody calls in");
  }

  @Override
  public CompletableFuture<Accepted> sendDigits(String channel, String digits) {
    return taken();
  }

  @Override
  public CompletableFuture<Accepted> standIns(Collection<AgentNumber> agents) {
    return taken();
  }

  @Override
  public CompletableFuture<Accepted> mirror(AgentNumber agent, boolean isReady) {
    return taken();
  }

  // --- the agents

  @Override
  public List<AgentNumber> ready(int minGrade) {
    return List.copyOf(ready);
  }

  @Override
  public List<Integer> readyGrades() {
    List<Integer> grades = new ArrayList<>();
    ready.forEach(agent -> grades.add(5));
    return grades;
  }

  @Override
  public boolean reserve(AgentNumber agent, String attemptId) {
    return ready.remove(agent);
  }

  @Override
  public void talks(AgentNumber agent, String attemptId) {}

  @Override
  public void wrapUp(AgentNumber agent, String attemptId, Duration atMost) {
    after(
        about(random, habits.afterCall()),
        () -> attempts.on(attemptId, new AttemptEvent.FormDone(now, Disposition.COMPLETED)));
  }

  @Override
  public void release(AgentNumber agent, String attemptId, How how) {
    if (!ready.contains(agent)) {
      ready.addLast(agent);
    }
  }

  @Override
  public void restore(AgentNumber agent, String attemptId, boolean talking) {
    throw new UnsupportedOperationException("nothing is restored");
  }
}

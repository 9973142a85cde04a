package org.careline.task;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Wish;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.Caller;
import org.careline.call.Handling;
import org.careline.call.Journal;
import org.careline.callback.AttemptEvent;
import org.careline.callback.Sql;
import org.careline.callback.Ulid;
import org.careline.customer.ReferenceData.Line;
import org.careline.hotline.FakeTelephony;
import org.careline.hotline.VirtualTurns;
import org.careline.line.LineSettings;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;

/**
 * Calls for tasks in virtual time with a real journal and a real MySQL, a switch that does what it
 * is told and remembers it, and an engine that can be killed.
 */
final class TaskStage implements AutoCloseable {
  static final Instant T0 = Instant.parse("2026-03-02T08:00:00Z");
  static final String[] AGENTS = {"8001", "8002"};
  private static final Line LINE =
      new Line(
          "hot",
          "4001",
          "Hotline",
          "热线",
          "zh",
          "",
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          settings());

  private static LineSettings settings() {
    LineSettings usual = LineSettings.DEFAULT;
    return new LineSettings(
        usual.publicNumber(),
        usual.landingNumbers(),
        usual.notice(),
        usual.askCode(),
        usual.hours(),
        usual.openTiers(),
        usual.menu(),
        usual.afterHours(),
        usual.closing(),
        usual.announceAgent(),
        usual.survey(),
        usual.policy(),
        new LineSettings.Callback(true, Duration.ofHours(2), 3, Duration.ofMinutes(5)),
        usual.disposition(),
        usual.wrapUp());
  }

  /** A leg in the switch; it outlives the engine. */
  static final class Leg {
    final String id;
    final String channel;
    boolean answered;
    Instant answeredAt;

    Leg(String id, String channel) {
      this.id = id;
      this.channel = channel;
    }
  }

  final VirtualTurns turns = new VirtualTurns();
  final Switch telephony = new Switch();
  final Map<String, Leg> legs = new HashMap<>();
  final Map<String, Instant> seen = new HashMap<>();
  final Map<String, Leg> over = new HashMap<>();

  /** Times each number was dialled, and each task's customer spoken to. */
  final Map<String, List<String>> dialled = new HashMap<>();

  private final javax.sql.DataSource source;
  private final Path journalFile;
  Journal journal;
  Agents agents;
  TaskCalls calls;
  TaskCallDesk desk;
  Tasks tasks;
  boolean database = true;

  /** MySQL takes questions and gives no answer until it is thawed. */
  boolean frozen;

  private final List<Runnable> held = new ArrayList<>();

  /** Numbers whose callers are on the line. */
  final Set<String> onTheLine = new HashSet<>();

  private long epoch;

  TaskStage(Path folder, javax.sql.DataSource source) throws SQLException {
    this.source = source;
    this.journalFile = folder.resolve("journal.db");
    try (Connection connection = source.getConnection()) {
      Sql.update(connection, "DELETE FROM task_attempt");
      Sql.update(connection, "DELETE FROM task");
      Sql.update(connection, "DELETE FROM lease");
      Sql.update(
          connection,
          "INSERT INTO lease (name, holder, epoch, expires_at)"
              + " VALUES ('leader', 'x', 0, '2030-01-01')");
    }
    life();
  }

  /** A new life of the engine: what it knows comes from journal, MySQL and the switch. */
  private void life() throws SQLException {
    epoch++;
    try (Connection connection = source.getConnection()) {
      Sql.update(connection, "UPDATE lease SET epoch = ?", epoch);
    }
    journal = new Journal(journalFile, turns);
    journal.epoch(epoch);
    agents =
        new Agents(
            AgentDirectory.of(
                List.of(
                    new AgentDirectory.Profile(new AgentNumber("8001"), "one", 3, Set.of(), true),
                    new AgentDirectory.Profile(new AgentNumber("8002"), "two", 3, Set.of(), true))),
            journal,
            telephony,
            turns::schedule,
            turns,
            Duration.ofSeconds(10));
    tasks = new Tasks(journal);
    TaskCallRepository repository = new TaskCallRepository(source);
    desk =
        new TaskCallDesk(repository, journal, turns::execute, () -> database, () -> epoch, turns);
    calls =
        new TaskCalls(
            tasks,
            journal,
            telephony,
            agents,
            new Commits(repository),
            new TaskCalls.World(
                new Ulid(turns)::next,
                code -> Optional.of(LINE),
                e164 -> e164.startsWith("+86") ? Optional.of(e164.substring(1)) : Optional.empty(),
                () -> onTheLine),
            turns,
            turns);
    tasks.watch(task -> turns.execute(() -> calls.raised(task)));
    desk.listen(calls);
    agents.on(new TelephonyEvent.LinkUp(turns.instant(), true));
  }

  private final class Commits implements TaskCalls.Commits {
    private final TaskCallRepository repository;
    private final long mine = epoch;

    Commits(TaskCallRepository repository) {
      this.repository = repository;
    }

    @Override
    public void begin(
        CallId id,
        CalledTask task,
        AgentNumber agent,
        Optional<CallEntry.Reason> reason,
        Runnable committed,
        Runnable refused) {
      answer(
          () ->
              repository.begin(
                  new TaskCallRepository.Wanted(id, task, agent, reason), turns.instant(), mine),
          committed,
          refused);
    }

    @Override
    public void placing(CallId id, Runnable committed, Runnable refused) {
      answer(() -> repository.placing(id, turns.instant(), mine), committed, refused);
    }

    private interface Question {
      boolean ask() throws SQLException;
    }

    private void answer(Question question, Runnable committed, Runnable refused) {
      if (frozen) {
        held.add(() -> answer(question, committed, refused));
        return;
      }
      boolean yes;
      try {
        yes = database && question.ask();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      turns.execute(
          () -> {
            if (mine == epoch) {
              (yes ? committed : refused).run();
            }
          });
    }
  }

  void thaw() {
    frozen = false;
    held.forEach(Runnable::run);
    held.clear();
    turns.settle();
  }

  /** kill -9 and a new start: the switch and MySQL go on. */
  void kill() throws SQLException {
    journal.flush().join();
    journal.close();
    turns.forget();
    life();
    for (String agent : AGENTS) {
      ready(agent);
    }
    adopt();
  }

  /** What recovery does with calls for tasks. */
  private void adopt() throws SQLException {
    Map<AgentNumber, Collection<String>> living = new HashMap<>();
    for (Leg leg : legs.values()) {
      AgentNumber.ofChannel(leg.channel)
          .ifPresent(agent -> living.computeIfAbsent(agent, a -> new ArrayList<>()).add(leg.id));
    }
    agents.adopt(Set.of(new AgentNumber(AGENTS[0]), new AgentNumber(AGENTS[1])), living);
    look();
    TaskCallRepository repository = new TaskCallRepository(source);
    for (TaskCallRepository.Open open : repository.open()) {
      if (open.placed() && !open.ended()) {
        evidence(open.id());
      }
    }
    turns.settle();
  }

  private void evidence(CallId id) {
    Leg leg = legs.get(id.value());
    Leg gone = over.get(id.value());
    AttemptEvent event =
        leg != null
            ? new AttemptEvent.FoundLiving(turns.instant(), Optional.ofNullable(leg.answeredAt))
            : gone != null
                ? new AttemptEvent.FoundEnded(
                    turns.instant(), Optional.ofNullable(gone.answeredAt), 16)
                : new AttemptEvent.FoundNever(turns.instant());
    turns.execute(() -> calls.on(id.value(), event));
  }

  void ready(String number) {
    AgentNumber agent = new AgentNumber(number);
    agents.on(new TelephonyEvent.ContactChanged(turns.instant(), "a" + number, true));
    agents.heartbeat(agent);
    agents.wish(agent, Wish.READY);
    turns.settle();
  }

  /** The journal reaches MySQL. */
  void deliver() throws SQLException {
    journal.flush().join();
    List<Journal.Entry> entries = journal.undelivered(10_000);
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      for (org.careline.call.Applier applier : Tasks.appliers()) {
        applier.apply(
            connection,
            entries.stream().filter(each -> each.kind().equals(applier.kind())).toList());
      }
      connection.commit();
    }
    journal.delivered(entries.stream().map(Journal.Entry::seq).toList()).join();
  }

  void look() throws SQLException {
    desk.beat();
    turns.settle();
  }

  /** As the dispatcher does, with nobody on the line. */
  void dispatch() {
    for (var waiting : calls.waiting(turns.instant())) {
      for (Agents.Free free : agents.ready()) {
        if (calls.take(waiting.id(), free.number(), CallEntry.Reason.NONE)) {
          break;
        }
      }
    }
    turns.settle();
  }

  /** Each second: consoles beat, the journal is delivered, waiting tasks are looked at. */
  void pass(int seconds) throws SQLException {
    for (int i = 0; i < seconds; i++) {
      turns.pass(Duration.ofSeconds(1));
      for (String agent : AGENTS) {
        agents.heartbeat(new AgentNumber(agent));
      }
      agents.tick();
      turns.settle();
      deliver();
      look();
      dispatch();
    }
  }

  static NewTask promise(String call, String e164, Instant now) {
    return new NewTask(
        Task.Kind.PROMISE,
        new CallId(call),
        e164,
        null,
        null,
        "hot",
        "gold",
        "",
        now,
        now.plusSeconds(600),
        null,
        now.plusSeconds(7200),
        now.minusSeconds(90),
        now,
        new Caller("4001", "hot", "", e164, null, null, "Ruijia", null, null, "Store 1", "gold"),
        new Handling(Duration.ofSeconds(15), Duration.ofSeconds(10), 4, 2, 1));
  }

  Task task(String id) throws SQLException {
    return new TaskRepository(source).find(id).orElseThrow();
  }

  // --- the outside

  /** Legs by kind: of agents, of customers. */
  List<Leg> legs(boolean ofAgents) {
    return legs.values().stream()
        .filter(leg -> leg.id.startsWith("agent-") == ofAgents)
        .sorted(java.util.Comparator.comparing(leg -> leg.id))
        .toList();
  }

  void answers(Leg leg) {
    if (!leg.answered) {
      leg.answered = true;
      leg.answeredAt = turns.instant();
      on(new TelephonyEvent.ChannelAnswered(turns.instant(), leg.id, leg.channel, null));
    }
  }

  /** A customer's leg takes its agent with it, an agent's leg his customer. */
  void ends(Leg leg, int cause) {
    if (legs.remove(leg.id) == null) {
      return;
    }
    over.put(leg.id, leg);
    on(new TelephonyEvent.ChannelEnded(turns.instant(), leg.id, leg.channel, null, cause));
    if (!leg.answered) {
      on(new TelephonyEvent.OriginateEnded(turns.instant(), leg.id, false, 5));
    }
    String attempt = Telephony.attemptOfAgentLeg(leg.id);
    Leg other = legs.get(attempt == null ? Telephony.agentLeg(new CallId(leg.id), 1) : attempt);
    if (other != null && leg.answered && other.answered) {
      ends(other, 16);
    }
  }

  void on(TelephonyEvent event) {
    agents.on(event);
    calls.on(event);
    turns.settle();
  }

  /** Takes orders as the switch does, also from an engine that dies right afterwards. */
  final class Switch extends FakeTelephony {
    private final CompletableFuture<Accepted> taken =
        CompletableFuture.completedFuture(new Accepted(true, ""));

    @Override
    public CompletableFuture<Accepted> callAgent(
        CallId attempt, int n, AgentNumber agent, Duration ring) {
      Leg leg = new Leg(Telephony.agentLeg(attempt, n), "PJSIP/" + agent.endpoint() + "-1");
      legs.put(leg.id, leg);
      turns.execute(
          () ->
              on(
                  new TelephonyEvent.ChannelStarted(
                      turns.instant(), leg.id, leg.channel, null, "careline-agent", "s", "")));
      return taken;
    }

    @Override
    public CompletableFuture<Accepted> dialSite(
        CallId attempt, String destination, String shown, String agentChannel, Duration ring) {
      if (over.containsKey(attempt.value()) || legs.containsKey(attempt.value())) {
        throw new AssertionError("dialled twice: " + attempt);
      }
      for (Leg leg : legs.values()) {
        if (leg.channel.startsWith("PJSIP/trunk/" + destination)) {
          throw new AssertionError("two calls in the air to " + destination);
        }
      }
      dialled.computeIfAbsent(destination, d -> new ArrayList<>()).add(attempt.value());
      legs.put(
          attempt.value(),
          new Leg(attempt.value(), "PJSIP/trunk/" + destination + "-" + attempt.value()));
      return taken;
    }

    @Override
    public CompletableFuture<Accepted> hangUp(String channelOrId) {
      Leg leg = legs.get(channelOrId);
      if (leg != null) {
        turns.execute(() -> ends(leg, 16));
      }
      return taken;
    }
  }

  Set<String> busyAgents() {
    Set<String> busy = new HashSet<>();
    agents
        .all()
        .forEach(
            view -> {
              if (view.presence().doing().isPresent()) {
                busy.add(view.number().value());
              }
            });
    return new TreeSet<>(busy);
  }

  @Override
  public void close() {
    journal.close();
  }
}

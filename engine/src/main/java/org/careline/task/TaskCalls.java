package org.careline.task;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Work;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.Handling;
import org.careline.call.Journal;
import org.careline.call.Turns;
import org.careline.callback.AgentPool;
import org.careline.callback.AttemptEffect;
import org.careline.callback.AttemptEvent;
import org.careline.callback.AttemptState;
import org.careline.callback.AttemptTransitions;
import org.careline.callback.Disposition;
import org.careline.callback.LegEvents;
import org.careline.customer.ReferenceData.Line;
import org.careline.hotline.WaitingWork;
import org.careline.language.Sentence;
import org.careline.line.LineSettings;
import org.careline.telephony.Outbound;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls made for tasks: promised callbacks, which take their turn in the one order, and those a
 * person dials. The agent's phone is rung first; when he is there the customer is dialled. The life
 * of a call is that of an attempt ({@link AttemptTransitions}); what is known of tasks comes from
 * MySQL, whose rows alone permit a call. Confined to the mailbox.
 */
public final class TaskCalls implements WaitingWork {
  private static final Logger LOG = LoggerFactory.getLogger(TaskCalls.class);
  private static final Duration AGENT_RING = Duration.ofSeconds(20);
  private static final Duration RING = Duration.ofSeconds(45);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration WRAP_UP = Duration.ofSeconds(30);

  /** Pause after a call that did not come to anybody's phone. */
  private static final Duration AGAIN = Duration.ofSeconds(3);

  /**
   * So long before its time a promise competes with callers on the line: an agent must be found and
   * his phone answer. Each promise due before it needs an agent too.
   */
  private static final Duration LEAD = Duration.ofSeconds(60);

  private static final Duration LEAD_EACH = Duration.ofSeconds(30);
  private static final Duration ROW = Duration.ofSeconds(30);
  private static final int REMEMBERED = 10_000;

  /** A row that takes longer takes no more agents away. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  /** So long an agent is set aside for a call whose row is not there. */
  private static final Duration ROW_WAIT = Duration.ofSeconds(3);

  /** What must be in MySQL first; done elsewhere. Exactly one of the two is run later, here. */
  public interface Commits {
    void begin(
        CallId id,
        CalledTask task,
        AgentNumber agent,
        Optional<CallEntry.Reason> reason,
        Runnable committed,
        Runnable refused);

    void placing(CallId id, Runnable committed, Runnable refused);

    /** The same, keeping by which trunk it leaves and with which number. */
    default void placing(
        CallId id, Outbound.Leaving leaving, Runnable committed, Runnable refused) {
      placing(id, committed, refused);
    }

    /** Whether a permission that was given holds a while later; as in {@link #placing}. */
    default void still(CallId id, Runnable holds, Runnable ended) {
      holds.run();
    }
  }

  /**
   * What the calls need to know of the world.
   *
   * @param ids makes ids of calls
   * @param line by code
   * @param destination digits for the trunk of a number; empty = must not be dialled
   * @param onTheLine numbers whose callers are in a hotline call: nobody calls them meanwhile
   */
  public record World(
      Supplier<CallId> ids,
      Function<String, Optional<Line>> line,
      Function<String, Optional<String>> destination,
      Supplier<Set<String>> onTheLine) {}

  /** Someone who waits to be called. */
  private static final class Waiter {
    CalledTask task;
    CallId next;
    Instant notBefore = Instant.MIN;

    /** Until then its row may still be on its way to MySQL; afterwards only the row counts. */
    Instant rowBy;
  }

  private final Map<String, Waiter> waiting = new HashMap<>();
  private final Map<CallId, LiveTaskCall> live = new HashMap<>();
  private final Set<String> numbers = new HashSet<>();

  /** Given up before MySQL has answered: nobody was rung. */
  private final Set<CallId> late = new HashSet<>();

  /** Tasks over in memory whose rows may say so a moment later. */
  private final Map<String, Boolean> over = remembering();

  /** Callers an earlier life has answered, until the rows of what waited for them say so. */
  private final Map<String, Instant> heard = new HashMap<>();

  /** Who made a call that is over, and how: a result sent twice is understood. */
  private final Map<CallId, AgentNumber> settled = remembering();

  private final List<Consumer<AgentNumber>> watchers = new ArrayList<>();
  private final Tasks tasks;
  private final Journal journal;
  private final Telephony telephony;
  private final Agents agents;
  private final Commits commits;
  private final World world;
  private final Turns turns;
  private final InstantSource clock;

  public TaskCalls(
      Tasks tasks,
      Journal journal,
      Telephony telephony,
      Agents agents,
      Commits commits,
      World world,
      Turns turns,
      InstantSource clock) {
    this.tasks = tasks;
    this.journal = journal;
    this.telephony = telephony;
    this.agents = agents;
    this.commits = commits;
    this.world = world;
    this.turns = turns;
    this.clock = clock;
    agents.watch(this::wrapUpEnded);
  }

  /** Told when what an agent works on has changed. */
  public void watch(Consumer<AgentNumber> watcher) {
    watchers.add(watcher);
  }

  private static <K, V> Map<K, V> remembering() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  // --- who waits

  /** A task has been raised in this engine; its row follows. */
  public void raised(NewTask task) {
    if (task.e164() != null && task.kind().endsWhenHeCalls()) {
      numbers.add(task.e164());
    }
    if (task.nextCallAt() != null && task.e164() != null && !over.containsKey(task.id())) {
      waiting.computeIfAbsent(task.id(), id -> waiter(CalledTask.of(task)));
    }
  }

  /** What MySQL had a moment ago: those to be called, and the numbers that ringing back helps. */
  void stored(List<CalledTask> tasksToCall, Set<String> openNumbers) {
    Instant now = clock.instant();
    numbers.addAll(openNumbers);
    heard.values().removeIf(until -> !until.isAfter(now));
    Set<String> there = new HashSet<>();
    Set<String> calling = new HashSet<>();
    live.values().forEach(call -> calling.add(call.task.id()));
    for (CalledTask task : tasksToCall) {
      there.add(task.id());
      if (over.containsKey(task.id())
          || calling.contains(task.id())
          || heard.containsKey(task.e164())) {
        continue;
      }
      Waiter waiter = waiting.computeIfAbsent(task.id(), id -> waiter(task));
      waiter.task = task;
      waiter.rowBy = now;
    }
    // ended by hand, or a call for it is open
    waiting
        .values()
        .removeIf(waiter -> !waiter.rowBy.isAfter(now) && !there.contains(waiter.task.id()));
    expire(now);
  }

  private Waiter waiter(CalledTask task) {
    Waiter waiter = new Waiter();
    waiter.task = task;
    waiter.next = world.ids().get();
    waiter.rowBy = clock.instant().plus(ROW);
    return waiter;
  }

  private void expire(Instant now) {
    for (Waiter waiter : List.copyOf(waiting.values())) {
      if (waiter.task.expired(now)) {
        end(
            waiter.task.id(),
            waiter.task.tries() > 0 ? Task.Result.NOT_REACHED : Task.Result.TOO_LATE,
            "engine",
            now);
      }
    }
  }

  private void end(String task, Task.Result result, String by, Instant at) {
    over.put(task, true);
    waiting.remove(task);
    tasks
        .end(task, result, by, at)
        .whenComplete(
            (seq, failure) -> {
              if (failure != null) {
                LOG.error("task {}: its end is not yet on disk: {}", task, failure.getMessage());
              }
            });
  }

  /** What an earlier life has written down and MySQL does not know yet, in its order. */
  void replay(List<Journal.Entry> undelivered) {
    for (Journal.Entry entry : undelivered) {
      if (entry.kind().equals(TaskEntry.KIND)) {
        TaskEntry line = entry.as(TaskEntry.class);
        if (line.raised() != null) {
          raised(line.raised());
        } else if (line.calledIn() != null) {
          heard.put(line.calledIn(), clock.instant().plus(ROW));
          helped(line.calledIn(), line.at());
        } else {
          over.put(entry.key(), true);
          waiting.remove(entry.key());
        }
      } else if (entry.kind().equals(TaskCallEntry.KIND)) {
        TaskCallEntry line = entry.as(TaskCallEntry.class);
        if (line.result() != null) {
          over.put(line.task(), true);
          waiting.remove(line.task());
        }
        if (line.reached() != null) {
          heard.put(line.reached().e164(), clock.instant().plus(ROW));
          helped(line.reached().e164(), line.reached().at());
        }
      }
    }
  }

  /** Whether somebody is promised a call at this number, and until when. */
  public Optional<Instant> promisedAt(String e164) {
    return java.util.stream.Stream.concat(
            waiting.values().stream().map(waiter -> waiter.task),
            live.values().stream().map(call -> call.task))
        .filter(task -> task.byItself() && task.e164().equals(e164))
        .map(CalledTask::dueAt)
        .findFirst();
  }

  @Override
  public List<Waiting> waiting(Instant now) {
    int room = telephony.outbound().room();
    if (waiting.isEmpty() || stuck(now) || room < 1) {
      return List.of();
    }
    Set<String> busy = new HashSet<>(world.onTheLine().get());
    live.values().forEach(call -> busy.add(call.task.e164()));
    List<Waiter> due =
        waiting.values().stream()
            .filter(waiter -> !waiter.notBefore.isAfter(now))
            .filter(waiter -> !busy.contains(waiter.task.e164()))
            .filter(waiter -> !waiter.task.nextCallAt().orElseThrow().isAfter(now))
            .filter(waiter -> !waiter.task.expired(now))
            .sorted(
                Comparator.comparing((Waiter waiter) -> waiter.task.dueAt())
                    .thenComparing(waiter -> waiter.task.id()))
            .limit(room)
            .toList();
    List<Waiting> callers = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      CalledTask task = due.get(i).task;
      Duration lead = LEAD.plus(LEAD_EACH.multipliedBy(i));
      callers.add(
          new Waiting(
              due.get(i).next,
              task.caller(),
              task.handling().orElseThrow(),
              task.since(),
              task.dueAt().minus(lead)));
    }
    return callers;
  }

  /** A row is long in coming: an agent set aside for the next one would only wait for it too. */
  private boolean stuck(Instant now) {
    return !late.isEmpty()
        || live.values().stream()
            .anyMatch(call -> call.beginning && call.askedAt.isBefore(now.minus(SLOW)));
  }

  // --- beginning

  @Override
  public boolean take(CallId id, AgentNumber agent, CallEntry.Reason reason) {
    Optional<Waiter> found =
        waiting.values().stream().filter(waiter -> waiter.next.equals(id)).findFirst();
    if (found.isEmpty() || !agents.reserve(agent, Work.task(id.value()))) {
      return false;
    }
    CalledTask task = found.get().task;
    waiting.remove(task.id());
    LOG.info("task {}: call {} by {}: {}", task.id(), id, agent, reason.en());
    begin(new LiveTaskCall(id, task, agent, Optional.of(reason)));
    return true;
  }

  /**
   * A person dials for a task, by his own phone.
   *
   * @throws TaskRefused when he is not ready, the number must not be dialled, or the engine calls
   */
  public CallId dial(CalledTask task, AgentNumber agent) {
    if (task.byItself()) {
      throw new TaskRefused("engine_calls", Sentence.of("task.engine-calls"));
    }
    if (world.destination().apply(task.e164()).isEmpty()) {
      throw new TaskRefused("number_not_allowed", Sentence.of("task.not-allowed"));
    }
    if (live.values().stream().anyMatch(call -> call.task.id().equals(task.id()))) {
      throw new TaskRefused("being_called", Sentence.of("task.being-called"));
    }
    CallId id = world.ids().get();
    if (!agents.reserve(agent, Work.task(id.value()))) {
      throw new TaskRefused("agent_not_ready", Sentence.of("task.not-ready"));
    }
    begin(new LiveTaskCall(id, task, agent, Optional.empty()));
    return id;
  }

  private void begin(LiveTaskCall call) {
    live.put(call.id, call);
    telephony.outbound().keep(call.id.value());
    call.askedAt = clock.instant();
    turns.schedule(ROW_WAIT, () -> giveUp(call));
    commits.begin(
        call.id,
        call.task,
        call.agent,
        call.reason,
        () -> begun(call),
        () -> {
          late.remove(call.id);
          if (live.remove(call.id, call)) {
            notBegun(call);
          }
        });
  }

  private void giveUp(LiveTaskCall call) {
    if (call.beginning && live.remove(call.id, call)) {
      LOG.warn("call {} for a task is not made: its row is not there", call.id);
      late.add(call.id);
      notBegun(call);
    }
  }

  private void notBegun(LiveTaskCall call) {
    telephony.outbound().free(call.id.value());
    agents.release(call.agent, work(call), Agents.Release.NOT_NEEDED);
    waitAgain(call.task);
    changed(call);
  }

  private void begun(LiveTaskCall call) {
    if (late.remove(call.id)) {
      settled.put(call.id, call.agent);
      notPlaced(call, clock.instant(), false);
      return;
    }
    if (live.get(call.id) != call) {
      // stood down meanwhile: whoever leads now settles the row
      return;
    }
    call.beginning = false;
    if (over.containsKey(call.task.id())) {
      on(call.id.value(), new AttemptEvent.HangUpPressed(clock.instant()));
    } else {
      on(call.id.value(), new AttemptEvent.Begun(clock.instant()));
    }
  }

  /** Not rung: he waits on, in his old place. */
  private void waitAgain(CalledTask task) {
    if (task.byItself() && !over.containsKey(task.id())) {
      Waiter waiter = waiting.computeIfAbsent(task.id(), id -> waiter(task));
      waiter.notBefore = clock.instant().plus(AGAIN);
    }
  }

  // --- what happens

  /** The events of the switch, in their order. */
  public void on(TelephonyEvent event) {
    LegEvents.of(event).ifPresent(heard -> on(heard.id(), heard.event()));
  }

  /** Unknown ids are other people's channels. */
  void on(String id, AttemptEvent event) {
    LiveTaskCall call = CallId.ofAttempt(id) ? live.get(new CallId(id)) : null;
    if (call == null || call.beginning) {
      return;
    }
    AttemptState before = call.state;
    AttemptTransitions.Step step = AttemptTransitions.next(before, event);
    call.state = step.next();
    if (step.next() instanceof AttemptState.Talking talking) {
      call.answeredAt = Optional.of(talking.answeredAt());
    } else if (step.next() instanceof AttemptState.Ended ended) {
      call.answeredAt = Optional.of(ended.answeredAt());
    }
    if (step.next() instanceof AttemptState.Settled) {
      live.remove(call.id);
      telephony.outbound().free(id);
      settled.put(call.id, call.agent);
    }
    step.effects().forEach(effect -> perform(call, effect));
    if (!call.state.equals(before)) {
      LOG.debug("call {} for {}: {} -> {}", id, call.task.id(), event, call.state);
      changed(call);
    }
  }

  private void perform(LiveTaskCall call, AttemptEffect effect) {
    CallId id = call.id;
    switch (effect) {
      case AttemptEffect.RingAgent ring -> telephony.callAgent(id, 1, call.agent, AGENT_RING);
      case AttemptEffect.CommitPlacing commit ->
          commits.placing(
              id,
              telephony.outbound().leaving(shown(call), false),
              () -> on(id.value(), new AttemptEvent.PlacingCommitted(clock.instant())),
              () -> on(id.value(), new AttemptEvent.PlacingRefused(clock.instant())));
      case AttemptEffect.DialSite dial -> dial(call, dial.agentChannel());
      case AttemptEffect.Listen listen -> {}
      case AttemptEffect.HangUpSite hangUp -> telephony.hangUp(id.value());
      case AttemptEffect.HangUpAgent hangUp -> telephony.hangUp(Telephony.agentLeg(id, 1));
      case AttemptEffect.Note note ->
          journal.append(
              TaskCallEntry.KIND,
              id.value(),
              TaskCallEntry.state(
                  call.task.id(), note.state(), note.at(), note.cause(), note.dialStatus()));
      case AttemptEffect.Settle settle -> settle(call, settle);
      case AttemptEffect.NotPlaced not -> notPlaced(call, not.at(), not.proven());
      case AttemptEffect.AgentTalks talks -> agents.talks(call.agent, work(call));
      case AttemptEffect.AgentWrapsUp wraps -> agents.wrapUp(call.agent, work(call), wrapUp(call));
      case AttemptEffect.AgentFree free ->
          agents.release(
              call.agent,
              work(call),
              free.how() == AgentPool.How.MISSED
                  ? Agents.Release.MISSED
                  : Agents.Release.NOT_NEEDED);
      case AttemptEffect.Arm arm -> arm(call, arm.timer());
    }
  }

  private void dial(LiveTaskCall call, String agentChannel) {
    Optional<String> digits = world.destination().apply(call.task.e164());
    if (digits.isEmpty()) {
      on(call.id.value(), new AttemptEvent.OrderRefused(clock.instant()));
      return;
    }
    telephony
        .dialSite(call.id, digits.get(), shown(call), agentChannel, RING, () -> still(call.id))
        .whenComplete(
            (accepted, failure) -> {
              // a failure means unknown: events or evidence will tell
              if (failure != null || accepted.taken()) {
                turns.execute(() -> arm(call, AttemptEvent.Timer.RING));
              } else {
                LOG.warn("call {} was not dialled: {}", call.id, accepted.reason());
                turns.execute(
                    () ->
                        on(
                            call.id.value(),
                            accepted.held()
                                ? new AttemptEvent.FoundNever(clock.instant())
                                : new AttemptEvent.OrderRefused(clock.instant())));
              }
            });
  }

  private CompletableFuture<Boolean> still(CallId id) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    commits.still(id, () -> answer.complete(true), () -> answer.complete(false));
    return answer;
  }

  private String shown(LiveTaskCall call) {
    return line(call).map(Line::number).orElse("");
  }

  private void arm(LiveTaskCall call, AttemptEvent.Timer which) {
    Duration after =
        switch (which) {
          case PREVIEW -> AGENT_RING;
          case AGENT_RING -> AGENT_RING.plus(GRACE);
          case RING -> RING.plus(GRACE);
          case END -> Duration.ofSeconds(1);
          case EARLY_MEDIA, HEARD -> GRACE;
          case FORM -> wrapUp(call);
        };
    turns.schedule(
        after, () -> on(call.id.value(), new AttemptEvent.Expired(clock.instant(), which)));
  }

  /** A talk nobody has said anything about was the talk that was wanted. */
  private void settle(LiveTaskCall call, AttemptEffect.Settle settle) {
    boolean talked = call.answeredAt.isPresent();
    written(
        call,
        settled(
            call,
            talked ? Disposition.COMPLETED : settle.disposition(),
            settle.at(),
            settle.cause(),
            settle.dialStatus(),
            null,
            "engine",
            settle.rang()));
  }

  private CompletableFuture<Long> settled(
      LiveTaskCall call,
      Disposition disposition,
      Instant at,
      int cause,
      Optional<String> dialStatus,
      String note,
      String by,
      boolean rang) {
    Verdict verdict =
        Verdict.of(call.task, disposition, call.answeredAt.isPresent(), at, settings(call));
    verdict.end().ifPresent(result -> over.put(call.task.id(), true));
    Optional<TaskCallEntry.Reached> reached =
        verdict
            .end()
            .filter(Task.Result.REACHED::equals)
            .flatMap(result -> call.answeredAt)
            .map(since -> new TaskCallEntry.Reached(call.task.e164(), since));
    reached.ifPresent(his -> helped(his.e164(), his.at()));
    return journal.appendDurably(
        TaskCallEntry.KIND,
        call.id.value(),
        TaskCallEntry.settled(
            call.task.id(), at, cause, dialStatus, disposition, verdict, note, by, reached, rang));
  }

  private static void written(LiveTaskCall call, CompletableFuture<Long> entry) {
    entry.whenComplete(
        (seq, failure) -> {
          if (failure != null) {
            LOG.error("call {}: its end is not yet on disk: {}", call.id, failure.getMessage());
          }
        });
  }

  private void notPlaced(LiveTaskCall call, Instant at, boolean proven) {
    if (proven && call.answeredAt.isPresent()) {
      // he was spoken to, whatever the switch still knows of it
      settle(call, new AttemptEffect.Settle(Disposition.TECHNICAL, at, 0, Optional.empty(), true));
      return;
    }
    journal.append(
        TaskCallEntry.KIND,
        call.id.value(),
        TaskCallEntry.notPlaced(call.task.id(), at, proven, at.plus(AGAIN)));
    waitAgain(call.task);
  }

  // --- the agent's hand

  /** Ends the talk or the ringing. */
  public void hangUp(CallId id, AgentNumber agent) {
    own(id, agent);
    on(id.value(), new AttemptEvent.HangUpPressed(clock.instant()));
  }

  /**
   * What came of the call, in the words of the one who made it: reached, wrong number, or to be
   * called again.
   *
   * @return completes when it is on disk
   * @throws TaskRefused when it is not his, over, or nobody has answered
   */
  public CompletableFuture<Long> result(
      CallId id, AgentNumber agent, String login, Disposition disposition, String note) {
    LiveTaskCall call = own(id, agent);
    if (call.answeredAt.isEmpty()) {
      throw new TaskRefused("not_answered", Sentence.of("task.not-answered"));
    }
    Instant now = clock.instant();
    CompletableFuture<Long> entry =
        settled(call, disposition, now, 0, Optional.empty(), note, login, true);
    on(id.value(), new AttemptEvent.FormDone(now, disposition));
    return entry;
  }

  private LiveTaskCall own(CallId id, AgentNumber agent) {
    LiveTaskCall call = live.get(id);
    if (call == null && agent.equals(settled.get(id))) {
      throw new TaskRefused("task_over", Sentence.of("task.over"));
    }
    if (call == null || !call.agent.equals(agent)) {
      throw new TaskRefused("no_task", Sentence.of("task.unknown"));
    }
    return call;
  }

  /** His work after the call is over: so is the time for a word about it. */
  private void wrapUpEnded(AgentNumber agent) {
    for (LiveTaskCall call : List.copyOf(live.values())) {
      if (call.agent.equals(agent)
          && call.state instanceof AttemptState.Ended
          && !agents.presence(agent).doing().equals(Optional.of(work(call)))) {
        on(call.id.value(), new AttemptEvent.Expired(clock.instant(), AttemptEvent.Timer.FORM));
      }
    }
  }

  /** What the agent has before him. */
  public Optional<TaskCallView> view(CallId id) {
    return Optional.ofNullable(live.get(id)).map(LiveTaskCall::view);
  }

  /** Calls that go on. */
  public List<TaskCallView> live() {
    return live.values().stream().map(LiveTaskCall::view).toList();
  }

  // --- who rings back

  /** A caller of this number has been answered: nobody needs to call him any more. */
  public void calledIn(String e164, CallId call, Instant at) {
    if (!numbers.remove(e164)) {
      return;
    }
    tasks.calledIn(e164, call, at);
    helped(e164, at);
    for (LiveTaskCall each : List.copyOf(live.values())) {
      if (each.task.e164().equals(e164)
          && each.task.kind().endsWhenHeCalls()
          && each.answeredAt.isEmpty()) {
        over.put(each.task.id(), true);
        on(each.id.value(), new AttemptEvent.HangUpPressed(at));
      }
    }
  }

  /** What waited for him before we spoke to each other. */
  private void helped(String e164, Instant at) {
    for (Waiter waiter : List.copyOf(waiting.values())) {
      if (waiter.task.e164().equals(e164) && !waiter.task.createdAt().isAfter(at)) {
        over.put(waiter.task.id(), true);
        waiting.remove(waiter.task.id());
      }
    }
  }

  // --- recovery

  /** After a takeover: brings back a call whose row was open. */
  void restore(TaskCallRepository.Open open) {
    if (live.containsKey(open.id()) || settled.containsKey(open.id())) {
      return;
    }
    Instant now = clock.instant();
    LiveTaskCall call = new LiveTaskCall(open.id(), open.task(), open.agent(), open.reason());
    call.beginning = false;
    waiting.remove(open.task().id());
    if (!open.placed()) {
      // his phone may still ring, or he may listen to nobody
      telephony.hangUp(Telephony.agentLeg(open.id(), 1));
      settled.put(open.id(), open.agent());
      notPlaced(call, now, false);
      return;
    }
    call.answeredAt = open.answeredAt();
    call.state =
        open.ended()
            ? new AttemptState.Ended(open.answeredAt().orElse(now))
            : new AttemptState.Unknown();
    live.put(open.id(), call);
    if (!open.ended()) {
      telephony.outbound().adopt(open.id().value());
    }
    agents.restore(open.agent(), work(call), open.ended());
    if (open.ended()) {
      agents.wrapUp(open.agent(), work(call), wrapUp(call));
      arm(call, AttemptEvent.Timer.FORM);
    } else {
      journal.append(
          TaskCallEntry.KIND,
          open.id().value(),
          TaskCallEntry.state(open.task().id(), call.state, now, 0, Optional.empty()));
    }
    changed(call);
  }

  /** Another engine leads: it takes these over. Living calls are left alone. */
  void standDown() {
    Collection<LiveTaskCall> before = List.copyOf(live.values());
    live.clear();
    waiting.clear();
    late.clear();
    numbers.clear();
    before.forEach(
        call -> {
          telephony.outbound().free(call.id.value());
          agents.release(call.agent, work(call), Agents.Release.NOT_NEEDED);
          changed(call);
        });
  }

  // --- inside

  private Optional<Line> line(LiveTaskCall call) {
    return Optional.ofNullable(call.task.caller().servedLine()).flatMap(world.line());
  }

  private LineSettings settings(LiveTaskCall call) {
    return line(call).map(Line::settings).orElse(LineSettings.DEFAULT);
  }

  private Duration wrapUp(LiveTaskCall call) {
    return line(call)
        .map(Line::wrapUp)
        .or(() -> call.task.handling().map(Handling::wrapUp))
        .orElse(WRAP_UP);
  }

  private static Work work(LiveTaskCall call) {
    return Work.task(call.id.value());
  }

  private void changed(LiveTaskCall call) {
    watchers.forEach(watcher -> watcher.accept(call.agent));
  }
}

package org.careline.hotline;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.careline.agent.AgentApplier;
import org.careline.agent.AgentDirectory;
import org.careline.agent.Agents;
import org.careline.call.Applier;
import org.careline.call.CallAppliers;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.CallTransitions;
import org.careline.call.Calls;
import org.careline.call.DispositionApplier;
import org.careline.call.Journal;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.call.Recordings;
import org.careline.customer.ReferenceData.Line;
import org.careline.task.Promises;
import org.careline.task.Tasks;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.Whispers;

/**
 * The parts of the hotline, put together in their order: agents, calls, dispatcher, dialog,
 * recordings. Thread-safe; the parts {@link #agents}, {@link #calls}, {@link #talks} and {@link
 * #dispatcher} are confined to the mailbox.
 */
public final class Hotline implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(1);

  /**
   * @param shortAbandon who leaves the queue sooner is a short abandon
   * @param heartbeatLife a console whose last heartbeat is older is not there
   * @param widenAfter how long a caller is kept for agents of his tier's grade
   * @param livingCallsPerNumber most of them; further calls of that number are refused
   * @param callsPerSecondAndNumber most new ones of a number in a second; the same
   */
  public record Settings(
      Duration shortAbandon,
      Duration heartbeatLife,
      Duration widenAfter,
      int livingCallsPerNumber,
      int callsPerSecondAndNumber) {
    public static final Settings DEFAULT =
        new Settings(
            Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30), 100, 20);

    /** With the usual bounds of a number. */
    public Settings(Duration shortAbandon, Duration heartbeatLife, Duration widenAfter) {
      this(
          shortAbandon,
          heartbeatLife,
          widenAfter,
          DEFAULT.livingCallsPerNumber(),
          DEFAULT.callsPerSecondAndNumber());
    }

    Flood.Limits flood() {
      return new Flood.Limits(livingCallsPerNumber, callsPerSecondAndNumber);
    }
  }

  private final Mailbox mailbox;
  private final Telephony telephony;
  private final Agents agents;
  private final Calls calls;
  private final Dispatcher dispatcher;
  private final HotlineDialog dialog;
  private final Recordings recordings;
  private final HotlineDialog.Book book;
  private final InstantSource clock;
  private final BooleanSupplier serving;
  private final ExecutorService beside =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("wait-estimates").factory());
  private final Forecast forecast;
  private Optional<Announcer> announcer = Optional.empty();
  private final Talks talks;
  private final WrapUps wrapUps;
  private Optional<LineClosing> closing = Optional.empty();

  /**
   * @param recordingsFolder where the switch writes its raw files
   * @param serving this engine leads, has adopted what lives and has its link to the switch
   */
  public Hotline(
      Settings settings,
      HotlineDialog.Book book,
      AgentDirectory directory,
      Mailbox mailbox,
      Journal journal,
      Telephony telephony,
      Path recordingsFolder,
      InstantSource clock,
      BooleanSupplier serving) {
    this.mailbox = mailbox;
    this.telephony = telephony;
    this.agents =
        new Agents(
            directory, journal, telephony, mailbox::schedule, clock, settings.heartbeatLife());
    this.calls =
        new Calls(
            new CallTransitions(settings.shortAbandon()),
            journal,
            telephony,
            agents,
            HotlineDialog.strangers(book, clock),
            mailbox,
            clock,
            serving);
    this.talks = new Talks(calls, agents, telephony.talks(), mailbox, clock);
    this.wrapUps = new WrapUps(calls, agents, journal, mailbox, clock);
    this.dispatcher = new Dispatcher(calls, agents, settings.widenAfter(), mailbox, clock, serving);
    Flood flood = new Flood(settings.flood(), calls);
    this.dialog = new HotlineDialog(book, calls, dispatcher, flood, mailbox, clock, serving);
    this.recordings = new Recordings(recordingsFolder, clock);
    calls.messagesBy(recordings::messageLeft);
    dialog.onMessages(recordings::messageLeft);
    this.book = book;
    this.clock = clock;
    this.serving = serving;
    this.forecast = new Forecast(calls, agents, dispatcher, mailbox, beside, clock);
    calls.watch(
        call -> {
          if (call.state() instanceof CallState.Ended) {
            recordings.finish(call.id());
          }
        });
  }

  /**
   * Waiting callers are told their place and what is left of their wait, and of the key for a
   * callback where their line has one. Before {@link #start}.
   *
   * @param atOnce most announcements on the air
   * @param every how often a caller is told; zero = never
   */
  public void announce(Whispers whispers, int atOnce, Function<LiveCall, Duration> every) {
    this.announcer =
        Optional.of(
            new Announcer(
                new Announcer.Settings(atOnce),
                calls,
                dispatcher,
                forecast,
                telephony,
                whispers,
                every,
                call ->
                    book.lines()
                        .apply(call.caller().servedNumber())
                        .filter(line -> line.settings().callback().offer())
                        .isPresent(),
                call -> book.lines().apply(call.caller().servedNumber()).map(Line::language),
                mailbox,
                clock,
                serving));
  }

  /**
   * Numbers outside are rung for callers whose policy says so. In the mailbox.
   *
   * @param numbers as the trunk wants them; empty = must not be dialled
   * @param managerUnreached told of calls whose account manager did not take them on his mobile
   */
  public void ringOutside(
      Function<String, Optional<String>> numbers, Consumer<LiveCall> managerUnreached) {
    dispatcher.outsideBy(
        new OutsideCalls(calls, telephony, mailbox, clock, numbers, managerUnreached));
  }

  /**
   * What calls leave to be done is raised here, and lines that close promise callbacks. Before
   * {@link #start}.
   *
   * @param callable whether a number is one that we call
   * @param promised whether somebody is called at a number already
   */
  public void leave(
      Tasks tasks, Promises promises, Predicate<String> callable, Predicate<String> promised) {
    new LeftTasks(calls, tasks, clock);
    LineClosing lineClosing =
        new LineClosing(
            calls, book.lines(), promises, new LineClosing.Numbers(callable, promised), clock);
    this.closing = Optional.of(lineClosing);
    dialog.onClosing(lineClosing);
  }

  /** Begins to look each second for what falls silent. After the journal has been replayed. */
  public void start() {
    mailbox.repeat(
        TICK,
        () -> {
          agents.tick();
          dispatcher.wake();
          forecast.tick();
          announcer.ifPresent(Announcer::tick);
          if (serving.getAsBoolean()) {
            closing.ifPresent(LineClosing::tick);
          }
        });
    recordings.finishLeftovers(this::lives);
  }

  private boolean lives(CallId id) {
    return mailbox.ask(Duration.ofSeconds(5), () -> calls.find(id).isPresent());
  }

  /** For the switch's events: agents first, so that calls see their phones as they are. */
  public void on(TelephonyEvent event) {
    mailbox.execute(() -> calls.inOrder(() -> deliver(event)));
  }

  private void deliver(TelephonyEvent event) {
    agents.on(event);
    talks.on(event);
    calls.on(event);
    announcer.ifPresent(speaking -> speaking.on(event));
  }

  /** For the journal's writer, in this order. */
  public static List<Applier> appliers() {
    return List.of(
        CallAppliers.history(),
        CallAppliers.outcomes(),
        new AgentApplier(),
        new DispositionApplier());
  }

  public Agents agents() {
    return agents;
  }

  public Calls calls() {
    return calls;
  }

  public Talks talks() {
    return talks;
  }

  public WrapUps wrapUps() {
    return wrapUps;
  }

  public Dispatcher dispatcher() {
    return dispatcher;
  }

  /** Announcements to waiting callers begun so far. Thread-safe. */
  public long announcements() {
    return announcer.map(Announcer::spoken).orElse(0L);
  }

  /** What is left of callers' waits. */
  public Forecast forecast() {
    return forecast;
  }

  /** Answers the dialplan. */
  public HotlineDialog dialog() {
    return dialog;
  }

  public Recordings recordings() {
    return recordings;
  }

  @Override
  public void close() {
    beside.shutdownNow();
    recordings.close();
  }
}

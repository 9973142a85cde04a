package org.careline;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.Journal;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.call.Outcome;
import org.careline.callback.Ulid;
import org.careline.config.Configuration;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.ReferenceData;
import org.careline.customer.ReferenceData.Line;
import org.careline.database.Leader;
import org.careline.hotline.Hotline;
import org.careline.recovery.Evidence;
import org.careline.recovery.OpenAttempts;
import org.careline.routing.TierTerms;
import org.careline.task.CallbackKeys;
import org.careline.task.CallbackNumbers;
import org.careline.task.NewTask;
import org.careline.task.Promises;
import org.careline.task.Task;
import org.careline.task.TaskCallDesk;
import org.careline.task.TaskCallRecovery;
import org.careline.task.TaskCallRepository;
import org.careline.task.TaskCalls;
import org.careline.task.Tasks;
import org.careline.telephony.Telephony;

/** Tasks that calls leave, and the calls made for them, put together. Closed in reverse. */
public final class PromisedCalls implements Leader.Listener, AutoCloseable {
  /** An abandoned caller of a chosen tier is to be called so soon. */
  private static final Duration ABANDONED_WITHIN = Duration.ofMinutes(30);

  private final Tasks tasks;
  private final TaskCallRepository repository;
  private final TaskCallDesk desk;
  private final TaskCalls calls;
  private final TaskCallRecovery recovery;
  private final CallbackNumbers numbers;

  /**
   * What must be known of the world, from memory.
   *
   * @param numbers which numbers a caller may have himself called at
   * @param line by its code
   * @param destination digits for the trunk of a number; empty = must not be dialled
   * @param calledBack whether this caller is to be called when he gives up
   */
  public record World(
      CallbackNumbers numbers,
      Function<String, Optional<Line>> line,
      Function<String, Optional<String>> destination,
      Predicate<Caller> calledBack) {

    /** As configured, with the reference data in memory. */
    static World of(
        Configuration configuration, Supplier<ReferenceData> reference, InstantSource clock) {
      Configuration.Trunk trunk = configuration.trunks().getFirst();
      AllowedDestinations allowed =
          new AllowedDestinations(configuration.callback().allowedPrefixes());
      return new World(
          new CallbackNumbers(
              CallbackNumbers.Taken.of(reference, configuration.trunks(), clock),
              allowed,
              trunk.homeAreaCode()),
          code -> reference.get().lineOf(code),
          e164 -> Callbacks.destination(e164, trunk, allowed),
          caller -> PromisedCalls.calledBack(reference.get(), caller));
    }
  }

  /**
   * @param mayDial this engine leads with a confirmed lease, has adopted what lives, and has the
   *     switch
   */
  public PromisedCalls(
      World world,
      DataSource source,
      Journal journal,
      BooleanSupplier mayDial,
      LongSupplier epoch,
      Mailbox mailbox,
      Telephony telephony,
      Hotline hotline,
      InstantSource clock) {
    tasks = new Tasks(journal);
    repository = new TaskCallRepository(source);
    desk = new TaskCallDesk(repository, journal, mailbox::execute, mayDial, epoch, clock);
    calls =
        new TaskCalls(
            tasks,
            journal,
            telephony,
            hotline.agents(),
            desk,
            new TaskCalls.World(
                new Ulid(clock)::next, world.line(), world.destination(), () -> onTheLine(hotline)),
            mailbox,
            clock);
    recovery = new TaskCallRecovery(desk, calls, mailbox::execute, clock);
    tasks.watch(task -> mailbox.execute(() -> calls.raised(task)));
    hotline.dispatcher().alongside(calls);
    numbers = world.numbers();
    Predicate<String> already = e164 -> calls.promisedAt(e164).isPresent();
    Promises promises = new Promises(hotline.calls(), tasks, clock);
    hotline
        .dialog()
        .onKeys(
            new CallbackKeys(
                hotline.calls(), promises, already, numbers, hotline.forecast()::remaining, clock));
    hotline.leave(tasks, promises, numbers::mayBeCalled, already);
    hotline.calls().watch(call -> watched(call, world.calledBack(), clock));
  }

  private static Set<String> onTheLine(Hotline hotline) {
    return hotline.calls().live().stream()
        .map(call -> call.caller().e164())
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private void watched(LiveCall call, Predicate<Caller> calledBack, InstantSource clock) {
    Caller caller = call.caller();
    switch (call.state()) {
      case CallState.Talking talking -> calledIn(call, talking.since());
      case CallState.FallbackTalking talking -> calledIn(call, talking.since());
      case CallState.Ended ended -> {
        if (ended.outcome() == Outcome.ABANDONED
            && caller.e164() != null
            && calledBack.test(caller)) {
          tasks.raise(
              NewTask.of(
                  Task.Kind.ABANDONED, call.id(), caller, "", clock.instant(), ABANDONED_WITHIN));
        }
      }
      case CallState other -> {}
    }
  }

  private void calledIn(LiveCall call, Instant at) {
    if (call.caller().e164() != null) {
      calls.calledIn(call.caller().e164(), call.id(), at);
    }
  }

  /** As the policy of his line has it for his tier. */
  public static boolean calledBack(ReferenceData data, Caller caller) {
    TierTerms terms = data.policyOf(caller.servedLine()).tiers().get(caller.tierCode());
    return terms != null && terms.callbackWhenAbandoned();
  }

  /** Begins to look who waits to be called. */
  public void start() {
    desk.start(calls);
  }

  /** How often a caller's wish for a number was refused, by reason. */
  void measure(MeterRegistry metrics) {
    for (CallbackNumbers.Why why : CallbackNumbers.Why.values()) {
      FunctionCounter.builder("careline.callback.refused", numbers, n -> n.refused(why))
          .tag("why", why.name().toLowerCase(Locale.ROOT))
          .register(metrics);
    }
  }

  public Tasks tasks() {
    return tasks;
  }

  /** Confined to the mailbox. */
  public TaskCalls calls() {
    return calls;
  }

  TaskCallRepository repository() {
    return repository;
  }

  /** Both kinds of outbound calls whose end may have been missed. */
  OpenAttempts with(OpenAttempts rounds) {
    return new OpenAttempts() {
      @Override
      public Set<String> open(Instant before) {
        Set<String> open = new TreeSet<>(rounds.open(before));
        open.addAll(recovery.open(before));
        return open;
      }

      @Override
      public void evidence(String attemptId, Evidence evidence) {
        rounds.evidence(attemptId, evidence);
        recovery.evidence(attemptId, evidence);
      }
    };
  }

  @Override
  public void onGained(long epoch) {}

  @Override
  public void onLost(String reason) {
    desk.leadershipLost();
  }

  @Override
  public void close() {
    desk.close();
  }
}

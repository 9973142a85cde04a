package org.careline;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
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
import org.careline.customer.ReferenceSnapshot;
import org.careline.database.Database;
import org.careline.database.Leader;
import org.careline.hotline.Hotline;
import org.careline.recovery.Evidence;
import org.careline.recovery.OpenAttempts;
import org.careline.routing.TierTerms;
import org.careline.task.CallbackKeys;
import org.careline.task.CallbackNumbers;
import org.careline.task.NewTask;
import org.careline.task.Task;
import org.careline.task.TaskCallDesk;
import org.careline.task.TaskCallRecovery;
import org.careline.task.TaskCallRepository;
import org.careline.task.TaskCalls;
import org.careline.task.Tasks;
import org.careline.telephony.Telephony;

/** Tasks that calls leave, and the calls made for them, put together. Closed in reverse. */
final class PromisedCalls implements Leader.Listener, AutoCloseable {
  /** An abandoned caller of a chosen tier is to be called so soon. */
  private static final Duration ABANDONED_WITHIN = Duration.ofMinutes(30);

  private final Tasks tasks;
  private final TaskCallRepository repository;
  private final TaskCallDesk desk;
  private final TaskCalls calls;
  private final TaskCallRecovery recovery;
  private final CallbackNumbers numbers;

  /**
   * @param serving this engine leads, has adopted what lives, and has the switch
   */
  PromisedCalls(
      Configuration configuration,
      Database database,
      Journal journal,
      Leader leader,
      Mailbox mailbox,
      Telephony telephony,
      Hotline hotline,
      ReferenceSnapshot reference,
      BooleanSupplier serving,
      InstantSource clock) {
    Configuration.Trunk trunk = configuration.trunks().getFirst();
    AllowedDestinations allowed =
        new AllowedDestinations(configuration.callback().allowedPrefixes());
    tasks = new Tasks(journal);
    repository = new TaskCallRepository(database.dataSource());
    desk =
        new TaskCallDesk(
            repository,
            journal,
            mailbox::execute,
            () -> serving.getAsBoolean() && leader.confirmed(),
            leader::epoch,
            clock);
    calls =
        new TaskCalls(
            tasks,
            journal,
            telephony,
            hotline.agents(),
            desk,
            new TaskCalls.World(
                new Ulid(clock)::next,
                code -> reference.current().lineOf(code),
                e164 -> Callbacks.destination(e164, trunk, allowed)),
            mailbox,
            clock);
    recovery = new TaskCallRecovery(desk, calls, mailbox::execute, clock);
    tasks.watch(task -> mailbox.execute(() -> calls.raised(task)));
    hotline.dispatcher().alongside(calls);
    numbers =
        new CallbackNumbers(
            CallbackNumbers.Taken.of(reference::current, clock), allowed, trunk.homeAreaCode());
    hotline
        .dialog()
        .onKeys(
            new CallbackKeys(
                hotline.calls(), tasks, calls, numbers, hotline.forecast()::remaining, clock));
    hotline.calls().watch(call -> watched(call, reference, clock));
  }

  private void watched(LiveCall call, ReferenceSnapshot reference, InstantSource clock) {
    Caller caller = call.caller();
    switch (call.state()) {
      case CallState.Talking talking -> calledIn(call, talking.since());
      case CallState.FallbackTalking talking -> calledIn(call, talking.since());
      case CallState.Ended ended -> {
        if (ended.outcome() == Outcome.ABANDONED
            && caller.e164() != null
            && calledBack(reference.current(), caller)) {
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
  private static boolean calledBack(ReferenceData data, Caller caller) {
    String policy =
        Optional.ofNullable(caller.lineCode())
            .flatMap(data::lineOf)
            .map(line -> line.settings().policy())
            .orElse("");
    TierTerms terms = data.routing().policy(policy).tiers().get(caller.tierCode());
    return terms != null && terms.callbackWhenAbandoned();
  }

  void start() {
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

  Tasks tasks() {
    return tasks;
  }

  TaskCalls calls() {
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

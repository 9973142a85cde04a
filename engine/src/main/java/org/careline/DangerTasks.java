package org.careline;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.callback.Danger;
import org.careline.customer.AccountManager;
import org.careline.customer.Leave;
import org.careline.customer.ReferenceData;
import org.careline.customer.RoutingData;
import org.careline.matter.SaidDanger;
import org.careline.task.NewTask;
import org.careline.task.Task;
import org.careline.task.Tasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Danger a site tells of, or that our device is gone, becomes a task of its account manager, or of
 * his deputy while he is away; where there is neither, of whoever sees the tasks first. A call has
 * one open task of danger for each site it is about; what is told after that is over is another.
 * Thread-safe.
 */
final class DangerTasks implements Function<Danger, CompletableFuture<?>> {
  private static final Logger log = LoggerFactory.getLogger(DangerTasks.class);
  private static final Duration AT_ONCE = Duration.ofMinutes(10);
  private static final Duration A_DAY = Duration.ofDays(1);
  private static final int LONGEST_NOTE = 500;

  private final Tasks tasks;
  private final Supplier<ReferenceData> reference;

  DangerTasks(Tasks tasks, Supplier<ReferenceData> reference) {
    this.tasks = tasks;
    this.reference = reference;
  }

  /** Completes when the task is on disk. */
  @Override
  public CompletableFuture<?> apply(Danger danger) {
    log.warn("attempt {}: the site tells of danger", danger.call());
    return raise(Task.Kind.DANGER, danger, AT_ONCE);
  }

  /** A site has our device no more, or one of another make. Completes when the task is on disk. */
  CompletableFuture<?> removed(Danger said) {
    return raise(Task.Kind.DEVICE_REMOVED, said, A_DAY);
  }

  /**
   * What an agent has written about a call. Completes with the login of whoever has to act when the
   * task is on disk; empty = whoever sees the tasks first.
   */
  CompletableFuture<Optional<String>> written(SaidDanger danger) {
    log.warn("{}: somebody has written of danger", danger.call());
    Optional<String> to = responsible("", danger.siteId(), danger.at());
    String note =
        (danger.site().isEmpty() ? "" : danger.site() + ": ")
            + danger.said()
            + " ("
            + danger.by()
            + ")";
    return tasks
        .raise(
            new NewTask(
                Task.Kind.DANGER,
                new CallId(danger.call()),
                danger.e164(),
                danger.customerId(),
                danger.siteId(),
                null,
                danger.tier(),
                shortened(note),
                danger.at(),
                danger.at().plus(AT_ONCE),
                to.orElse(null),
                null,
                null,
                null,
                null,
                null))
        .thenApply(done -> to);
  }

  private static String shortened(String note) {
    return note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note;
  }

  private CompletableFuture<?> raise(Task.Kind kind, Danger danger, Duration within) {
    String note =
        danger.site().siteName() + " (" + danger.site().siteCode() + "): " + danger.said();
    NewTask task =
        new NewTask(
            kind,
            danger.call(),
            danger.e164(),
            null,
            danger.site().siteId(),
            null,
            danger.site().tierCode(),
            shortened(note),
            danger.at(),
            danger.at().plus(within),
            responsible(danger.site().accountManager(), danger.site().siteId(), danger.at())
                .orElse(null),
            null,
            null,
            null,
            null,
            null);
    return tasks.raise(task);
  }

  private Optional<String> responsible(String named, Long site, Instant at) {
    ReferenceData data = reference.get();
    RoutingData routing = data.routing();
    Optional<AccountManager> manager =
        Optional.ofNullable(named)
            .filter(name -> !name.isBlank())
            .or(() -> site == null ? Optional.empty() : data.managerName(null, site))
            .flatMap(routing::manager);
    Optional<AgentNumber> agent =
        manager.flatMap(
            known -> {
              Optional<Leave> leave = known.agent().flatMap(a -> routing.leave(a, at));
              return known.agent().isPresent() && leave.isEmpty()
                  ? known.agent()
                  : leave
                      .flatMap(Leave::deputy)
                      .or(known::deputy)
                      .filter(deputy -> routing.leave(deputy, at).isEmpty());
            });
    return agent.flatMap(data::agent).map(ReferenceData.Agent::login);
  }
}

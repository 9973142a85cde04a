package org.careline;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.callback.Danger;
import org.careline.customer.AccountManager;
import org.careline.customer.Leave;
import org.careline.customer.ReferenceData;
import org.careline.customer.RoutingData;
import org.careline.task.NewTask;
import org.careline.task.Task;
import org.careline.task.Tasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Danger a site tells of, or that our device is gone, becomes a task of its account manager, or of
 * his deputy while he is away; where there is neither, of whoever sees the tasks first. A call
 * raises it once for each site it is about. Thread-safe.
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
            note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note,
            danger.at(),
            danger.at().plus(within),
            responsible(danger).orElse(null),
            null,
            null,
            null,
            null,
            null);
    return tasks.raise(task);
  }

  private Optional<String> responsible(Danger danger) {
    ReferenceData data = reference.get();
    RoutingData routing = data.routing();
    Optional<AccountManager> manager =
        Optional.ofNullable(danger.site().accountManager())
            .filter(name -> !name.isBlank())
            .or(() -> data.managerName(null, danger.site().siteId()))
            .flatMap(routing::manager);
    Optional<AgentNumber> agent =
        manager.flatMap(
            known -> {
              Optional<Leave> leave = known.agent().flatMap(a -> routing.leave(a, danger.at()));
              return known.agent().isPresent() && leave.isEmpty()
                  ? known.agent()
                  : leave
                      .flatMap(Leave::deputy)
                      .or(known::deputy)
                      .filter(deputy -> routing.leave(deputy, danger.at()).isEmpty());
            });
    return agent.flatMap(data::agent).map(ReferenceData.Agent::login);
  }
}

package org.careline.web;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.Caller;
import org.careline.call.Mailbox;
import org.careline.callback.Disposition;
import org.careline.language.Sentence;
import org.careline.task.CalledTask;
import org.careline.task.Task;
import org.careline.task.TaskCallRepository;
import org.careline.task.TaskCallView;
import org.careline.task.TaskCalls;
import org.careline.task.TaskRefused;
import org.careline.task.TaskRepository;

/**
 * Tasks for the console: lists and their ends from MySQL, the calls made for them from the mailbox.
 * Thread-safe.
 */
public final class CallTasks implements Desks.TaskDesk {
  private static final Duration ON_DISK = Duration.ofSeconds(4);

  private final TaskRepository repository;
  private final TaskCallRepository callable;
  private final TaskCalls calls;
  private final Mailbox mailbox;
  private final Function<CallId, Optional<Path>> messages;
  private final InstantSource clock;

  /**
   * @param messages where the voicemail of a call lies
   */
  public CallTasks(
      TaskRepository repository,
      TaskCallRepository callable,
      TaskCalls calls,
      Mailbox mailbox,
      Function<CallId, Optional<Path>> messages,
      InstantSource clock) {
    this.repository = repository;
    this.callable = callable;
    this.calls = calls;
    this.mailbox = mailbox;
    this.messages = messages;
    this.clock = clock;
  }

  @Override
  public List<TaskViews.TaskView> list(boolean over, Optional<Task.Kind> kind, int limit)
      throws SQLException {
    return repository.list(over, kind, limit).stream().map(CallTasks::view).toList();
  }

  @Override
  public Optional<TaskViews.TaskView> find(String task) throws SQLException {
    return repository.find(task).map(CallTasks::view);
  }

  private static TaskViews.TaskView view(Task task) {
    return new TaskViews.TaskView(
        task.id(),
        task.kind().key(),
        task.call().value(),
        task.e164().orElse(null),
        task.customer().orElse(null),
        task.site().orElse(null),
        task.line().orElse(null),
        task.tier(),
        task.note(),
        task.createdAt(),
        task.dueAt(),
        task.joinedAt().orElse(null),
        task.nextCallAt().isPresent(),
        task.tries(),
        task.assignedTo().orElse(null),
        task.state().key(),
        task.result().map(Task.Result::key).orElse(null),
        task.resultNote(),
        task.closedAt().orElse(null),
        task.closedBy().orElse(null),
        task.lastReason().map(CallEntry.Reason::en).orElse(null),
        task.lastReason().map(CallEntry.Reason::zh).orElse(null),
        task.recorded());
  }

  @Override
  public void take(String task, String login) throws SQLException {
    try {
      repository.take(task, login, clock.instant());
    } catch (TaskRefused refused) {
      throw refusal(refused);
    }
  }

  @Override
  public void end(String task, String login, boolean anybodys, Task.Result result, String note)
      throws SQLException {
    try {
      repository.end(task, login, anybodys, result, note, clock.instant());
    } catch (TaskRefused refused) {
      throw refusal(refused);
    }
  }

  @Override
  public CallId dial(String task, String login, AgentNumber agent) throws SQLException {
    CalledTask called =
        callable
            .callable(task)
            .orElseThrow(
                () -> Refusal.conflict("nobody_to_call", Sentence.of("web.nobody-to-call")));
    Instant now = clock.instant();
    Duration wait = Duration.between(now, callable.free(called.e164(), now));
    if (wait.isPositive()) {
      throw Refusal.conflict("number_rung", Sentence.of("task.number-rung", wait.toSeconds() + 1));
    }
    if (!called.nextCallAt().isPresent()) {
      take(task, login);
    }
    return order(() -> calls.dial(called, agent));
  }

  @Override
  public void hangUp(CallId call, AgentNumber agent) {
    order(
        () -> {
          calls.hangUp(call, agent);
          return true;
        });
  }

  @Override
  public Optional<String> calledFor(CallId call) {
    return mailbox.ask(HotlineCalls.ANSWER, () -> calls.view(call)).map(view -> view.task().id());
  }

  @Override
  public void result(CallId call, AgentNumber agent, String login, String result, String note) {
    Disposition disposition =
        switch (result) {
          case "reached" -> Disposition.COMPLETED;
          case "wrong_number" -> Disposition.WRONG_NUMBER;
          case "again" -> Disposition.RESPONSIBLE_PERSON_ABSENT;
          default -> throw new IllegalArgumentException(result);
        };
    try {
      order(() -> calls.result(call, agent, login, disposition, note))
          .get(ON_DISK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw Refusal.unavailable("no_answer", Sentence.of("web.not-on-disk"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.unavailable("busy", Sentence.of("web.stopping"));
    }
  }

  private <T> T order(Supplier<T> order) {
    try {
      return mailbox.ask(HotlineCalls.ANSWER, order::get);
    } catch (TaskRefused refused) {
      throw refusal(refused);
    }
  }

  private static Refusal refusal(TaskRefused refused) {
    return new Refusal(
        refused.id().equals("no_task") ? 404 : 409, refused.id(), refused.reason(), Map.of());
  }

  @Override
  public Optional<Path> recording(String task) throws SQLException {
    return repository
        .find(task)
        .filter(Task::recorded)
        .flatMap(found -> messages.apply(found.call()));
  }

  /** What an agent has before him while he calls. */
  public Optional<TaskViews.TaskWork> work(CallId call) {
    return mailbox.ask(HotlineCalls.ANSWER, () -> calls.view(call)).map(CallTasks::work);
  }

  private static TaskViews.TaskWork work(TaskCallView call) {
    CalledTask task = call.task();
    Caller caller = task.caller();
    return new TaskViews.TaskWork(
        call.id().value(),
        task.id(),
        task.kind().key(),
        task.call().value(),
        call.state(),
        task.e164(),
        caller.customerName(),
        caller.siteName(),
        caller.lineCode(),
        caller.tierCode(),
        task.since(),
        task.dueAt(),
        task.tries(),
        call.answeredAt().isPresent(),
        call.reason().map(CallEntry.Reason::en).orElse(null),
        call.reason().map(CallEntry.Reason::zh).orElse(null));
  }
}

package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.language.Sentence;
import org.careline.matter.Dangers;
import org.careline.matter.Matters;
import org.careline.task.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What calls have left to be done. Numbers are masked; agents dial by the task, never by a number.
 */
final class TaskEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(TaskEndpoints.class);
  private static final Set<Role> DESK = EnumSet.of(Role.AGENT, Role.SUPERVISOR, Role.ADMIN);
  private static final Set<Role> AGENT = EnumSet.of(Role.AGENT);
  private static final int LONGEST_NOTE = 2000;

  private final Desks.TaskDesk tasks;
  private final Dangers dangers;

  TaskEndpoints(Desks.TaskDesk tasks, Dangers dangers) {
    this.tasks = tasks;
    this.dangers = dangers;
  }

  List<Route> routes() {
    return List.of(
        Route.of(HandlerType.GET, "/api/v1/tasks", DESK, this::list),
        Route.of(HandlerType.POST, "/api/v1/tasks/{id}/take", DESK, this::take),
        Route.of(HandlerType.POST, "/api/v1/tasks/{id}/done", DESK, this::done),
        Route.of(HandlerType.POST, "/api/v1/tasks/{id}/acknowledge", DESK, this::acknowledge),
        Route.of(HandlerType.POST, "/api/v1/tasks/{id}/dial", AGENT, this::dial),
        Route.of(HandlerType.GET, "/api/v1/tasks/{id}/recording", DESK, this::recording),
        Route.of(HandlerType.POST, "/api/v1/task-calls/{id}/hang-up", AGENT, this::hangUp),
        Route.of(HandlerType.POST, "/api/v1/task-calls/{id}/result", AGENT, this::result));
  }

  private void list(Context context, Route.Caller who) throws Exception {
    boolean over = Input.flag(context, "over", false);
    Optional<String> kind = Optional.ofNullable(context.queryParam("kind"));
    if (kind.isPresent() && kind.flatMap(Task.Kind::of).isEmpty()) {
      throw Refusal.invalid("kind", Sentence.of("web.task-kind"));
    }
    int limit = Input.number(context, "limit", 200, 1, 500);
    context.json(
        tasks.list(over, kind.flatMap(Task.Kind::of), limit).stream()
            .map(TaskViews.TaskView::masked)
            .toList());
  }

  private static String id(Context context) {
    String id = context.pathParam("id");
    if (!id.matches("[A-Za-z0-9._-]{1,96}")) {
      throw Refusal.notFound(Sentence.of("task.unknown"));
    }
    return id;
  }

  private static CallId call(Context context) {
    String id = context.pathParam("id");
    if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
      throw Refusal.notFound(Sentence.of("task.unknown"));
    }
    return new CallId(id);
  }

  private void take(Context context, Route.Caller who) throws Exception {
    tasks.take(id(context), who.principal().login());
    context.status(204);
  }

  private void done(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("result", "note"));
    Task.Result result =
        Task.Result.of(Input.line(body, "result", 24))
            .filter(
                each ->
                    each == Task.Result.HANDLED
                        || each == Task.Result.REACHED
                        || each == Task.Result.WRONG_NUMBER
                        || each == Task.Result.NOT_REACHED)
            .orElseThrow(() -> Refusal.invalid("result", Sentence.of("web.task-result")));
    end(context, who, result, Input.longText(body, "note", LONGEST_NOTE));
  }

  private void acknowledge(Context context, Route.Caller who) throws Exception {
    end(context, who, Task.Result.ACKNOWLEDGED, "");
  }

  private void end(Context context, Route.Caller who, Task.Result result, String note)
      throws Exception {
    String task = id(context);
    look(task, note, who);
    tasks.end(task, who.principal().login(), who.principal().seesAll(), result, note);
    context.status(204);
  }

  /** Somebody must know of a danger before what tells of it is saved. */
  private void look(String task, String note, Route.Caller who) {
    Principal principal = who.principal();
    dangers.lookAtTask(
        task,
        note,
        new Matters.Person(principal.login(), principal.agent().map(AgentNumber::value)));
  }

  private void dial(Context context, Route.Caller who) throws Exception {
    CallId call = tasks.dial(id(context), who.principal().login(), who.principal().requireAgent());
    context.json(new TaskViews.Begun(call.value()));
  }

  /** Each listening leaves a line in the log: recordings are personal data. */
  private void recording(Context context, Route.Caller who) throws Exception {
    String id = id(context);
    Path file = file(id);
    LOG.info("message of {} given to {}", id, who.principal().login());
    ByteRange.send(context, file, "audio/wav", id + ".wav");
  }

  private Path file(String id) throws Exception {
    return tasks
        .recording(id)
        .filter(Files::isRegularFile)
        .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-recording")));
  }

  private void hangUp(Context context, Route.Caller who) throws Exception {
    tasks.hangUp(call(context), who.principal().requireAgent());
    context.status(204);
  }

  private void result(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("result", "note"));
    String result = Input.line(body, "result", 24);
    if (!Set.of("reached", "wrong_number", "again").contains(result)) {
      throw Refusal.invalid("result", Sentence.of("web.task-result"));
    }
    String note = Input.longText(body, "note", LONGEST_NOTE);
    CallId call = call(context);
    if (!note.isBlank()) {
      tasks.calledFor(call).ifPresent(task -> look(task, note, who));
    }
    tasks.result(call, who.principal().requireAgent(), who.principal().login(), result, note);
    context.status(204);
  }
}

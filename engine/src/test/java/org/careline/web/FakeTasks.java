package org.careline.web;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.language.Sentence;
import org.careline.task.Task;

/** One voicemail, v-1, and one call for it, t-1. */
record FakeTasks(List<String> orders) implements Desks.TaskDesk {

  static TaskViews.TaskView task() {
    return new TaskViews.TaskView(
        "voicemail-c-1",
        "voicemail",
        "c-1",
        FakeDesks.NUMBER,
        "Ruijia",
        "Store 1",
        "main",
        "gold",
        "",
        FakeDesks.AT,
        FakeDesks.AT.plusSeconds(3600),
        null,
        false,
        0,
        null,
        "open",
        null,
        "",
        null,
        null,
        "Gold, waited 90 s",
        "金，已等候90秒",
        true);
  }

  private static void known(String task) {
    if (!task.equals("voicemail-c-1")) {
      throw Refusal.notFound(Sentence.of("task.unknown"));
    }
  }

  @Override
  public List<TaskViews.TaskView> list(boolean over, Optional<Task.Kind> kind, int limit) {
    return over ? List.of() : List.of(task());
  }

  @Override
  public Optional<TaskViews.TaskView> find(String task) {
    return task.equals("voicemail-c-1") ? Optional.of(task()) : Optional.empty();
  }

  @Override
  public void take(String task, String login) {
    known(task);
    orders.add("take " + task + " " + login);
  }

  @Override
  public void end(String task, String login, boolean anybodys, Task.Result result, String note) {
    known(task);
    orders.add("end " + task + " " + login + " " + anybodys + " " + result.key() + " " + note);
  }

  @Override
  public CallId dial(String task, String login, AgentNumber agent) {
    known(task);
    orders.add("dial " + task + " " + agent);
    return new CallId("t-1");
  }

  @Override
  public void hangUp(CallId call, AgentNumber agent) {
    orders.add("hangUp " + call + " " + agent);
  }

  @Override
  public Optional<String> calledFor(CallId call) {
    return call.value().equals("t-1") ? Optional.of("voicemail-c-1") : Optional.empty();
  }

  @Override
  public void result(CallId call, AgentNumber agent, String login, String result, String note) {
    orders.add("result " + call + " " + result);
  }

  @Override
  public Optional<Path> recording(String task) {
    return Optional.empty();
  }
}

package org.careline.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careline.call.CallId;
import org.careline.call.Caller;
import org.careline.call.Handling;
import org.careline.call.Journal;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TasksTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00.123Z");
  private final TaskRepository repository = new TaskRepository(MYSQL.database().dataSource());

  @Test
  void aTaskRaisedTwiceIsOneAndItsFirstEndStays() throws Exception {
    NewTask task = task(Task.Kind.VOICEMAIL, "m-1.1", "+8613800138000");
    apply(raised(task, 1), raised(task, 1));
    apply(raised(task, 2));
    assertThat(repository.list(false, Optional.of(Task.Kind.VOICEMAIL), 10))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.id()).isEqualTo("voicemail-m-1.1");
              assertThat(each.dueAt()).isEqualTo(T0.plusSeconds(3600));
              assertThat(each.recorded()).isTrue();
            });
    apply(entry(3, task.id(), TaskEntry.ended(Task.Result.HANDLED, "ann", T0)));
    apply(entry(4, task.id(), TaskEntry.ended(Task.Result.TOO_LATE, "engine", T0)));
    apply(raised(task, 1));
    Task over = repository.find(task.id()).orElseThrow();
    assertThat(over.state()).isEqualTo(Task.State.DONE);
    assertThat(over.closedBy()).contains("ann");
  }

  @Test
  void ofTwoWhoTakeATaskTheFirstHasIt() throws Exception {
    NewTask task = task(Task.Kind.ABANDONED, "m-2.1", "+8613800138001");
    apply(raised(task, 10));
    repository.take(task.id(), "ann", T0);
    repository.take(task.id(), "ann", T0);
    assertThatThrownBy(() -> repository.take(task.id(), "bob", T0))
        .isInstanceOfSatisfying(
            TaskRefused.class, refused -> assertThat(refused.id()).isEqualTo("task_taken"));
    assertThatThrownBy(() -> repository.end(task.id(), "bob", false, Task.Result.HANDLED, "", T0))
        .isInstanceOf(TaskRefused.class);
    repository.end(task.id(), "boss", true, Task.Result.HANDLED, "called", T0);
    assertThatThrownBy(() -> repository.take(task.id(), "ann", T0))
        .isInstanceOfSatisfying(
            TaskRefused.class, refused -> assertThat(refused.id()).isEqualTo("task_over"));
    assertThatThrownBy(() -> repository.take("abandoned-none", "ann", T0))
        .isInstanceOfSatisfying(
            TaskRefused.class, refused -> assertThat(refused.id()).isEqualTo("no_task"));
  }

  @Test
  void anUnreachedManagerMustAcknowledgeHimself() throws Exception {
    NewTask task =
        task(Task.Kind.UNREACHED_MANAGER, "m-3.1", "+8613800138002").assignedTo("manager");
    apply(raised(task, 20));
    assertThatThrownBy(() -> repository.take(task.id(), "ann", T0)).isInstanceOf(TaskRefused.class);
    assertThatThrownBy(
            () -> repository.end(task.id(), "manager", false, Task.Result.HANDLED, "", T0))
        .isInstanceOfSatisfying(
            TaskRefused.class, refused -> assertThat(refused.id()).isEqualTo("to_acknowledge"));
    repository.end(task.id(), "manager", false, Task.Result.ACKNOWLEDGED, "", T0);
    assertThat(repository.find(task.id()).orElseThrow().result())
        .contains(Task.Result.ACKNOWLEDGED);
  }

  @Test
  void whoRingsBackAndIsAnsweredHasWhatWaitedForHim() throws Exception {
    String number = "+8613800138003";
    NewTask left = task(Task.Kind.ABANDONED, "m-4.1", number);
    NewTask spoken = task(Task.Kind.VOICEMAIL, "m-4.2", number);
    NewTask other = task(Task.Kind.ABANDONED, "m-4.3", "+8613800138004");
    apply(raised(left, 30), raised(spoken, 31), raised(other, 32));
    // answered before it was raised: that was another matter
    apply(entry(33, number, TaskEntry.calledIn(number, "m-4.0", T0.minusSeconds(1))));
    assertThat(repository.find(left.id()).orElseThrow().state()).isEqualTo(Task.State.OPEN);
    apply(entry(34, number, TaskEntry.calledIn(number, "m-4.9", T0.plusSeconds(60))));
    assertThat(repository.find(left.id()).orElseThrow().result()).contains(Task.Result.CALLED_IN);
    assertThat(repository.find(spoken.id()).orElseThrow().state()).isEqualTo(Task.State.OPEN);
    assertThat(repository.find(other.id()).orElseThrow().state()).isEqualTo(Task.State.OPEN);
  }

  @Test
  void aNumberHasOnePromiseAtATime() throws Exception {
    String number = "+8613800138005";
    NewTask first = promise("m-5.1", number);
    NewTask second = promise("m-5.2", number);
    apply(raised(first, 40), raised(second, 41));
    assertThat(repository.find(first.id())).isPresent();
    assertThat(repository.find(second.id())).isEmpty();
    apply(entry(42, first.id(), TaskEntry.ended(Task.Result.REACHED, "engine", T0)));
    apply(raised(second, 43));
    Task open = repository.find(second.id()).orElseThrow();
    assertThat(open.state()).isEqualTo(Task.State.OPEN);
    assertThat(open.joinedAt()).contains(T0.minusSeconds(90));
  }

  private static NewTask promise(String call, String e164) {
    return new NewTask(
        Task.Kind.PROMISE,
        new CallId(call),
        e164,
        null,
        null,
        "hot",
        "gold",
        "",
        T0,
        T0.plusSeconds(600),
        null,
        T0.plusSeconds(7200),
        T0.minusSeconds(90),
        T0,
        Caller.unknown("4001"),
        new Handling(Duration.ofSeconds(15), Duration.ofSeconds(30), 1, 100, 1));
  }

  private static NewTask task(Task.Kind kind, String call, String e164) {
    Caller caller = new Caller("4001", "hot", "", e164, null, null, null, null, null, null, "gold");
    return NewTask.of(kind, new CallId(call), caller, "why", T0, Duration.ofHours(1));
  }

  private static Journal.Entry raised(NewTask task, long seq) {
    return entry(seq, task.id(), TaskEntry.raised(task));
  }

  private static Journal.Entry entry(long seq, String key, TaskEntry line) {
    try {
      return new Journal.Entry(
          seq, 1, T0, TaskEntry.KIND, key, Journal.JSON.writeValueAsString(line));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void apply(Journal.Entry... entries) throws Exception {
    try (Connection connection = MYSQL.database().dataSource().getConnection()) {
      connection.setAutoCommit(false);
      Tasks.appliers().getLast().apply(connection, List.of(entries));
      connection.commit();
    }
  }
}

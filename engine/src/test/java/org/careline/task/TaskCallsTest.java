package org.careline.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.callback.Disposition;
import org.careline.harness.MySqlExtension;
import org.careline.task.TaskStage.Leg;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TaskCallsTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static final AgentNumber AGENT = new AgentNumber("8001");
  private static final String NUMBER = "+8613800138000";
  private static final String DIALLED = "8613800138000";
  private static final String ID = "promise-m-1.1";
  @TempDir Path folder;
  private TaskStage stage;

  @BeforeEach
  void open() throws Exception {
    stage = new TaskStage(folder, MYSQL.database().dataSource());
    stage.turns.settle();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private void promised() throws Exception {
    stage.tasks.raise(TaskStage.promise("m-1.1", NUMBER, stage.turns.instant())).join();
    stage.turns.settle();
  }

  private Leg agentLeg() {
    return stage.legs(true).getFirst();
  }

  private Leg customer() {
    return stage.legs(false).getFirst();
  }

  @Test
  void theAgentIsRungFirstThenTheCustomerAndATalkKeepsThePromise() throws Exception {
    promised();
    stage.ready("8001");
    stage.pass(2);
    assertThat(stage.dialled).isEmpty();
    assertThat(stage.calls.view(work()).orElseThrow().task().since())
        .isEqualTo(TaskStage.T0.minusSeconds(90));
    stage.answers(agentLeg());
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
    stage.pass(3);
    stage.answers(customer());
    assertThat(stage.agents.presence(AGENT).key()).isEqualTo("on_call");
    stage.pass(20);
    stage.ends(customer(), 16);
    assertThat(stage.agents.presence(AGENT).key()).isEqualTo("after_call_work");
    stage.pass(12);
    Task task = stage.task(ID);
    assertThat(task.result()).contains(Task.Result.REACHED);
    assertThat(task.tries()).isEqualTo(1);
    assertThat(stage.agents.presence(AGENT).key()).isEqualTo("ready");
    stage.pass(700);
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
  }

  private CallId work() {
    return stage.calls.live().getFirst().id();
  }

  @Test
  void whoIsNotReachedIsTriedAgainAfterTheSpacingAndNoMoreThanSoOften() throws Exception {
    promised();
    stage.ready("8001");
    for (int i = 1; i <= 3; i++) {
      stage.pass(2);
      stage.answers(agentLeg());
      stage.ends(customer(), 17);
      stage.pass(2);
      assertThat(stage.dialled.get(DIALLED)).hasSize(i);
      if (i < 3) {
        stage.pass(290);
        assertThat(stage.legs).as("5 min are not over").isEmpty();
        stage.pass(9);
      }
    }
    assertThat(stage.task(ID).result()).contains(Task.Result.NOT_REACHED);
    stage.pass(400);
    assertThat(stage.dialled.get(DIALLED)).hasSize(3);
  }

  @Test
  void anAgentWhoDoesNotAnswerOrLeavesStopsItHarmlessly() throws Exception {
    promised();
    stage.ready("8001");
    stage.pass(2);
    stage.ends(agentLeg(), 19);
    assertThat(stage.agents.presence(AGENT).why()).isEqualTo("missed");
    stage.ready("8002");
    stage.pass(6);
    // leaves while the customer's phone rings
    stage.answers(agentLeg());
    Leg first = customer();
    stage.ends(agentLeg(), 16);
    assertThat(stage.legs).doesNotContainKey(first.id);
    stage.pass(2);
    assertThat(stage.task(ID).tries()).as("trouble of ours is no try of his").isZero();
    // a number is rung once a minute at most
    stage.pass(62);
    stage.answers(agentLeg());
    stage.answers(customer());
    stage.ends(customer(), 16);
    stage.pass(12);
    assertThat(stage.task(ID).result()).contains(Task.Result.REACHED);
    assertThat(stage.dialled.get(DIALLED)).hasSize(2);
  }

  @Test
  void theAgentSaysWhatCameOfIt() throws Exception {
    promised();
    stage.ready("8001");
    stage.pass(2);
    stage.answers(agentLeg());
    CallId call = work();
    assertThatThrownBy(() -> stage.calls.result(call, AGENT, "ann", Disposition.WRONG_NUMBER, ""))
        .isInstanceOfSatisfying(
            TaskRefused.class, refused -> assertThat(refused.id()).isEqualTo("not_answered"));
    stage.answers(customer());
    assertThatThrownBy(
            () ->
                stage.calls.result(
                    call, new AgentNumber("8002"), "bob", Disposition.WRONG_NUMBER, ""))
        .isInstanceOfSatisfying(
            TaskRefused.class, refused -> assertThat(refused.id()).isEqualTo("no_task"));
    stage.calls.result(call, AGENT, "ann", Disposition.WRONG_NUMBER, "a stranger").join();
    stage.pass(2);
    Task task = stage.task(ID);
    assertThat(task.result()).contains(Task.Result.WRONG_NUMBER);
    assertThat(task.closedBy()).contains("ann");
    assertThat(task.resultNote()).isEqualTo("a stranger");
    assertThat(stage.legs).isEmpty();
    stage.pass(600);
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
  }

  @Test
  void whoRingsBackAndIsAnsweredIsNotCalledAnyMore() throws Exception {
    promised();
    stage.ready("8001");
    stage.pass(2);
    stage.answers(agentLeg());
    assertThat(stage.legs(false)).hasSize(1);
    stage.calls.calledIn(NUMBER, new CallId("m-9.9"), stage.turns.instant());
    stage.turns.settle();
    assertThat(stage.legs(false)).isEmpty();
    stage.pass(5);
    Task task = stage.task(ID);
    assertThat(task.result()).contains(Task.Result.CALLED_IN);
    stage.pass(900);
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
  }

  /** It is his matter that was spoken about, whichever task brought it about. */
  @Test
  void whoHasBeenReachedIsNotCalledForWhatElseWaited() throws Exception {
    NewTask left = abandoned("m-0.9");
    stage.tasks.raise(left).join();
    promised();
    // its row is refused: one promise per number
    stage.tasks.raise(TaskStage.promise("m-1.2", NUMBER, stage.turns.instant())).join();
    stage.ready("8001");
    stage.ready("8002");
    stage.pass(2);
    assertThat(stage.calls.live()).as("one call to a number").hasSize(1);
    stage.answers(agentLeg());
    stage.answers(customer());
    stage.pass(5);
    NewTask since = abandoned("m-7.7");
    stage.tasks.raise(since).join();
    stage.ends(customer(), 16);
    stage.pass(12);
    assertThat(stage.task(ID).result()).contains(Task.Result.REACHED);
    assertThat(stage.task(left.id()).result()).contains(Task.Result.REACHED);
    assertThat(stage.task(since.id()).state()).isEqualTo(Task.State.OPEN);
    stage.pass(20);
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
    assertThat(stage.calls.waiting(stage.turns.instant())).isEmpty();
  }

  private NewTask abandoned(String call) {
    return NewTask.of(
        Task.Kind.ABANDONED,
        new CallId(call),
        TaskStage.promise(call, NUMBER, TaskStage.T0).caller(),
        "",
        stage.turns.instant(),
        Duration.ofMinutes(30));
  }

  @Test
  void whoIsOnTheLineIsNotCalledMeanwhile() throws Exception {
    stage.onTheLine.add(NUMBER);
    promised();
    stage.ready("8001");
    stage.pass(5);
    assertThat(stage.legs).isEmpty();
    assertThat(stage.busyAgents()).isEmpty();
    stage.onTheLine.clear();
    stage.pass(1);
    assertThat(stage.legs(true)).hasSize(1);
  }

  /** Agents serve the line while MySQL stands still, and no row stays open afterwards. */
  @Test
  void aFrozenDatabaseKeepsNoAgents() throws Exception {
    promised();
    stage.ready("8001");
    stage.frozen = true;
    stage.pass(1);
    assertThat(stage.busyAgents()).containsExactly("8001");
    stage.tasks.raise(TaskStage.promise("m-1.2", "+8613800138009", stage.turns.instant())).join();
    stage.ready("8002");
    stage.pass(4);
    assertThat(stage.busyAgents()).isEmpty();
    assertThat(stage.calls.live()).isEmpty();
    stage.pass(20);
    assertThat(stage.busyAgents()).as("no further agent while it stands").isEmpty();
    stage.thaw();
    assertThat(stage.legs).isEmpty();
    stage.pass(6);
    assertThat(stage.legs(true)).hasSize(2);
    assertThat(new TaskCallRepository(MYSQL.database().dataSource()).open())
        .extracting(TaskCallRepository.Open::id)
        .containsExactlyInAnyOrderElementsOf(
            stage.calls.live().stream().map(TaskCallView::id).toList());
    for (Leg leg : stage.legs(true)) {
      stage.answers(leg);
    }
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
  }

  /** The other way round: {@code DueSitesTest}. */
  @Test
  void whoIsCalledByARoundIsNotCalledAsPromised() throws Exception {
    promised();
    stage.ready("8001");
    stage.pass(2);
    sql(
        "SET FOREIGN_KEY_CHECKS = 0",
        "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at, epoch) VALUES"
            + " ('R', 1, 1, '"
            + NUMBER
            + "', 'progressive', 'dialling', UTC_TIMESTAMP(3), 1)");
    stage.answers(agentLeg());
    assertThat(stage.dialled).isEmpty();
    sql("DELETE FROM attempt");
    stage.pass(6);
    stage.answers(agentLeg());
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
  }

  /** The ceiling of calls to a number counts whoever rings it; no agent waits for it to pass. */
  @Test
  void whoWasRungByARoundIsNotCalledAsPromisedInTheSameMinute() throws Exception {
    promised();
    sql(
        "SET FOREIGN_KEY_CHECKS = 0",
        "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at, placed_at,"
            + " ended_at, settled_at, epoch) VALUES ('R', 1, 1, '"
            + NUMBER
            + "', 'progressive', 'settled', '2026-03-02 08:00:00', '2026-03-02 08:00:00',"
            + " '2026-03-02 08:00:01', '2026-03-02 08:00:01', 1)");
    stage.ready("8001");
    for (int second = 0; second < 58; second++) {
      stage.pass(1);
      assertThat(stage.legs).isEmpty();
      assertThat(stage.busyAgents()).as("second %d", second).isEmpty();
    }
    stage.pass(4);
    assertThat(stage.legs(true)).hasSize(1);
    sql("DELETE FROM attempt");
    stage.answers(agentLeg());
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
  }

  private static void sql(String... statements) throws Exception {
    try (Connection connection = MYSQL.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
      statement.execute("SET FOREIGN_KEY_CHECKS = 1");
    }
  }

  @Test
  void aPromiseBecomesPressingInTimeAndExpires() throws Exception {
    promised();
    stage.pass(2);
    assertThat(stage.calls.waiting(stage.turns.instant()))
        .singleElement()
        .satisfies(each -> assertThat(each.pressingFrom()).isAfter(stage.turns.instant()));
    stage.pass(540);
    assertThat(stage.calls.waiting(stage.turns.instant()))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.pressingFrom()).isEqualTo(TaskStage.T0.plusSeconds(540));
              assertThat(each.joinedAt()).isEqualTo(TaskStage.T0.minusSeconds(90));
              assertThat(each.caller().tierCode()).isEqualTo("gold");
            });
    stage.turns.pass(Duration.ofHours(2));
    stage.pass(3);
    assertThat(stage.task(ID).result()).contains(Task.Result.TOO_LATE);
    assertThat(stage.calls.waiting(stage.turns.instant())).isEmpty();
  }

  @Test
  void withoutTheDatabaseNobodyIsCalled() throws Exception {
    promised();
    stage.ready("8001");
    stage.pass(2);
    stage.database = false;
    // he is there, but the permission cannot be written down
    stage.answers(agentLeg());
    stage.pass(10);
    assertThat(stage.dialled).isEmpty();
    stage.database = true;
    stage.ready("8001");
    stage.pass(5);
    stage.answers(agentLeg());
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
  }

  @Test
  void aTaskOfAPersonIsDialledByHisHandOnly() throws Exception {
    NewTask task =
        NewTask.of(
            Task.Kind.ABANDONED,
            new CallId("m-2.1"),
            TaskStage.promise("m-2.1", NUMBER, TaskStage.T0).caller(),
            "",
            TaskStage.T0,
            Duration.ofMinutes(30));
    stage.tasks.raise(task).join();
    stage.ready("8001");
    stage.pass(5);
    assertThat(stage.legs).isEmpty();
    CalledTask called =
        new TaskCallRepository(MYSQL.database().dataSource()).callable(task.id()).orElseThrow();
    assertThatThrownBy(() -> stage.calls.dial(called, new AgentNumber("8002")))
        .isInstanceOfSatisfying(
            TaskRefused.class, refused -> assertThat(refused.id()).isEqualTo("agent_not_ready"));
    stage.calls.dial(called, AGENT);
    assertThatThrownBy(() -> stage.calls.dial(called, AGENT))
        .isInstanceOfSatisfying(
            TaskRefused.class, refused -> assertThat(refused.id()).isEqualTo("being_called"));
    stage.turns.settle();
    stage.answers(agentLeg());
    stage.ends(customer(), 17);
    stage.pass(3);
    assertThat(stage.task(task.id()).state()).isEqualTo(Task.State.OPEN);
    stage.pass(400);
    assertThat(stage.dialled.get(DIALLED)).as("nobody calls by himself").hasSize(1);
  }

  /** A kill after each step of a call's life. */
  @Test
  void killedAtEachPointThePromiseIsKeptOnce() throws Exception {
    for (int point = 0; point < 8; point++) {
      stage.close();
      stage = new TaskStage(folder.resolve("p" + point), MYSQL.database().dataSource());
      stage.turns.settle();
      promised();
      kill(point, 0);
      stage.ready("8001");
      kill(point, 1);
      stage.dispatch();
      kill(point, 2);
      stage.pass(4);
      kill(point, 3);
      play(point);
      stage.pass(30);
      Task task = stage.task(ID);
      assertThat(task.result()).as("killed at " + point).contains(Task.Result.REACHED);
      assertThat(stage.dialled.get(DIALLED)).as("killed at " + point).hasSize(1);
      assertThat(stage.legs).isEmpty();
      assertThat(stage.busyAgents()).isEmpty();
    }
  }

  /** The engine dies in the talk, and the switch's file of it is gone. */
  @Test
  void whoWasSpokenToIsNotRungAgainAlthoughTheSwitchNoLongerKnowsIt() throws Exception {
    promised();
    stage.ready("8001");
    stage.pass(2);
    stage.answers(agentLeg());
    stage.answers(customer());
    stage.pass(5);
    stage.legs.clear();
    stage.kill();
    stage.pass(80);
    Task task = stage.task(ID);
    assertThat(task.result()).contains(Task.Result.REACHED);
    assertThat(task.tries()).isEqualTo(1);
    assertThat(stage.dialled.get(DIALLED)).hasSize(1);
    assertThat(stage.busyAgents()).isEmpty();
  }

  private void kill(int point, int here) throws Exception {
    if (point == here) {
      stage.kill();
    }
  }

  private void play(int point) throws Exception {
    boolean talked = false;
    for (int second = 0; second < 60 && !talked; second++) {
      for (Leg leg : stage.legs(true)) {
        stage.answers(leg);
      }
      if (!stage.legs(false).isEmpty()) {
        kill(point, 4);
        if (point == 4) {
          assertThat(stage.legs(false)).as("rings on").hasSize(1);
        }
        stage.answers(customer());
        kill(point, 5);
        stage.pass(5);
        Leg customer = customer();
        if (point == 6) {
          // its end is not seen by anybody
          stage.kill();
        }
        stage.ends(customer, 16);
        kill(point, 7);
        talked = true;
      }
      stage.pass(1);
    }
    assertThat(talked).as("killed at " + point).isTrue();
  }
}

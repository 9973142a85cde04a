package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.call.CallId;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.Journal;
import org.careline.call.LiveCall;
import org.careline.callback.CallingWindow.Span;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.ReferenceData.Line;
import org.careline.line.LineHours;
import org.careline.line.LineSettings;
import org.careline.line.OfficeCalendar;
import org.careline.task.CallbackDialogue;
import org.careline.task.CallbackKeys;
import org.careline.task.CallbackNumbers;
import org.careline.task.NewTask;
import org.careline.task.Promises;
import org.careline.task.Task;
import org.careline.task.Tasks;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promises by key and at closing time, in virtual time with a real journal. */
class PromisesTest {
  private static final String NUMBER = "+8613800138000";
  private static final ZoneId ZONE = ZoneId.of("UTC");
  @TempDir private Path folder;
  private final List<NewTask> raised = new ArrayList<>();
  private final Set<String> promised = new HashSet<>();
  private Stage stage;
  private CallbackKeys keys;
  private LineClosing closing;

  @BeforeEach
  void open() {
    stage = new Stage(folder);
    with(stage.journal);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private void with(Journal journal) {
    Tasks tasks = new Tasks(journal);
    tasks.watch(raised::add);
    Promises promises = new Promises(stage.calls, tasks, stage.turns);
    CallbackNumbers numbers =
        new CallbackNumbers(
            new CallbackNumbers.Taken(Set::of, Set::of, e164 -> false),
            new AllowedDestinations(List.of("+86")),
            "021");
    keys =
        new CallbackKeys(
            stage.calls,
            promises,
            promised::contains,
            numbers,
            id -> Optional.of(Duration.ofMinutes(2)),
            stage.turns);
    closing =
        new LineClosing(
            stage.calls,
            dialled -> Optional.of(line()),
            promises,
            new LineClosing.Numbers(numbers::mayBeCalled, promised::contains),
            stage.turns);
  }

  /** Like a disk that is full. */
  private void withABrokenDisk() {
    Journal broken = new Journal(folder.resolve("broken.db"), stage.turns);
    broken.close();
    with(broken);
  }

  /** Open from 7 to 9 and from 9:30 to 12. */
  private static Line line() {
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, List.of(new Span(7 * 60, 9 * 60), new Span(9 * 60 + 30, 12 * 60)));
    }
    LineSettings usual = LineSettings.DEFAULT;
    LineSettings settings =
        new LineSettings(
            "",
            List.of(),
            "",
            false,
            new LineHours(ZONE, week, List.of(), List.of(), OfficeCalendar.NONE),
            Set.of(),
            List.of(),
            usual.afterHours(),
            LineSettings.Closing.PROMISE,
            false,
            usual.survey(),
            "",
            new LineSettings.Callback(true, Duration.ofHours(2), 3, Duration.ofMinutes(5)),
            usual.disposition(),
            usual.wrapUp());
    return new Line(
        "hotline",
        "4001",
        "Hotline",
        "热线",
        "zh",
        "",
        Duration.ofSeconds(15),
        Duration.ofSeconds(10),
        settings);
  }

  private void waits(String id, String e164) {
    stage.arrives(id, "standard");
    Calls.Known known = Stage.known("standard");
    Caller caller =
        new Caller("4001", "hotline", "", e164, null, null, null, null, null, null, "standard");
    stage.calls.recognised(new CallId(id), new Calls.Known(caller, known.handling()));
    stage.calls.joined(new CallId(id));
    stage.room(id);
  }

  private Step press(String id, String stageOfDialogue, String digits) {
    if (stageOfDialogue.equals(CallbackDialogue.KEY)) {
      assertThat(stage.calls.asked(new CallId(id))).isTrue();
    }
    Step step = keys.next(call(id), line(), new Heard(stageOfDialogue, digits, false));
    stage.turns.settle();
    return step;
  }

  private LiveCall call(String id) {
    return stage.calls.find(new CallId(id)).orElseThrow();
  }

  private Step confirmed(String id) {
    Step.Read read = (Step.Read) press(id, CallbackDialogue.KEY, "1");
    return press(id, read.stage(), "1");
  }

  @Test
  void whoHangsUpAtTheThankYouHasTakenACallback() {
    waits("c1", NUMBER);
    stage.pass(40);
    assertThat(confirmed("c1"))
        .isEqualTo(new Step.Say(List.of("code-thanks"), CallbackDialogue.WRITTEN));
    stage.ends("c1");
    assertThat(stage.outcomes("c1"))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.outcome()).isEqualTo("callback_taken");
              assertThat(record.endedBy()).isEqualTo("caller");
            });
    assertThat(raised).singleElement().satisfies(task -> assertThat(task.e164()).isEqualTo(NUMBER));
    // the promise is never missing where the outcome is there
    List<String> written = new ArrayList<>();
    stage.journal.replay(0, entry -> written.add(entry.kind()));
    assertThat(written.indexOf("task")).isBetween(0, written.indexOf("outcome"));
  }

  @Test
  void heIsToldWhenItIsWritten() {
    waits("c1", NUMBER);
    stage.pass(40);
    confirmed("c1");
    stage.journal.flush().join();
    assertThat(press("c1", CallbackDialogue.WRITTEN, ""))
        .isEqualTo(new Step.Bye(List.of("callback-within", "number-5", "callback-minutes")));
    assertThat(raised.getFirst().dueAt()).isEqualTo(stage.now().plusSeconds(300));
    assertThat(raised.getFirst().joinedAt()).isEqualTo(stage.now().minusSeconds(40));
    stage.ends("c1");
    assertThat(stage.outcomes("c1").getFirst().endedBy()).isEqualTo("system");
  }

  @Test
  void shortBeforeClosingTheNextOpeningIsPromised() {
    stage.turns.pass(Duration.ofMinutes(57));
    waits("c1", NUMBER);
    confirmed("c1");
    stage.journal.flush().join();
    assertThat(press("c1", CallbackDialogue.WRITTEN, ""))
        .isEqualTo(
            new Step.Bye(
                List.of(
                    "call-today",
                    "number-9",
                    "clock-hour",
                    "number-30",
                    "clock-minutes",
                    "call-then")));
    NewTask task = raised.getFirst();
    Instant opening = Instant.parse("2026-03-02T09:30:00Z");
    assertThat(task.nextCallAt()).isEqualTo(opening);
    assertThat(task.dueAt()).isEqualTo(opening);
    assertThat(task.expiresAt()).isEqualTo(opening.plus(Duration.ofHours(2)));
  }

  @Test
  void anEngineThatFindsHimPromisedTellsHim() {
    waits("c1", NUMBER);
    confirmed("c1");
    with(stage.journal);
    assertThat(press("c1", CallbackDialogue.WRITTEN, ""))
        .isEqualTo(new Step.Bye(List.of("callback-taken")));
  }

  @Test
  void withoutAPromiseOnDiskHeWaitsOnInHisPlace() {
    withABrokenDisk();
    waits("c1", NUMBER);
    Instant joined = call("c1").joinedAt().orElseThrow();
    stage.pass(20);
    confirmed("c1");
    stage.pass(1);
    assertThat(press("c1", CallbackDialogue.WRITTEN, ""))
        .isEqualTo(new Step.Say(List.of("callback-kept"), CallbackDialogue.STAY));
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(call("c1").joinedAt()).contains(joined);
    stage.pass(5);
    stage.ends("c1");
    assertThat(stage.outcomes("c1").getFirst().outcome()).isEqualTo("abandoned");
  }

  private void closes() {
    stage.turns.pass(Duration.ofMinutes(59));
    for (int i = 0; i < 65; i++) {
      stage.pass(1);
      closing.tick();
      stage.turns.settle();
    }
  }

  private Step answer(String id, String stageOfDialogue) {
    return closing.next(call(id), line(), new Heard(stageOfDialogue, "", false));
  }

  @Test
  void atABreakEachIsToldWhenHeIsCalled() {
    waits("c1", NUMBER);
    closes();
    assertThat(stage.telephony.orders).containsExactly("ask PJSIP/trunk-c1 closing");
    assertThat(answer("c1", "closing"))
        .isEqualTo(new Step.Say(List.of("closing-now"), "closing-written"));
    NewTask task = raised.getFirst();
    assertThat(task.kind()).isEqualTo(Task.Kind.CLOSING);
    assertThat(task.nextCallAt()).isEqualTo(Instant.parse("2026-03-02T09:30:00Z"));
    stage.journal.flush().join();
    assertThat(answer("c1", "closing-written"))
        .isEqualTo(
            new Step.Bye(
                List.of(
                    "call-today",
                    "number-9",
                    "clock-hour",
                    "number-30",
                    "clock-minutes",
                    "call-then")));
    stage.ends("c1");
    assertThat(stage.outcomes("c1").getFirst().outcome()).isEqualTo("callback_taken");
  }

  @Test
  void whoHangsUpWhileItIsWrittenIsCalled() {
    waits("c1", NUMBER);
    closes();
    answer("c1", "closing");
    stage.ends("c1");
    assertThat(stage.outcomes("c1").getFirst().outcome()).isEqualTo("callback_taken");
    assertThat(raised).hasSize(1);
  }

  @Test
  void numbersThatAreNotCalledAreServed() {
    for (String number : List.of("+85221234567", "+8695588", "+864008123456")) {
      waits("c" + number.length(), number);
    }
    waits("withheld", null);
    closes();
    assertThat(stage.telephony.orders).isEmpty();
    stage.ready("8001");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-c12 8001 15");
  }

  @Test
  void aNumberHasOnePromiseAlsoAtClosing() {
    promised.add(NUMBER);
    waits("c1", NUMBER);
    closes();
    assertThat(answer("c1", "closing"))
        .isEqualTo(new Step.Bye(List.of("closing-now", "callback-already", "goodbye")));
    assertThat(raised).isEmpty();
    stage.ends("c1");
    assertThat(stage.outcomes("c1").getFirst().outcome()).isEqualTo("callback_taken");
  }

  @Test
  void whatCannotBeWrittenIsNotToldAndHeIsServed() {
    withABrokenDisk();
    waits("c1", NUMBER);
    closes();
    answer("c1", "closing");
    stage.pass(2);
    assertThat(answer("c1", "closing-written")).isEqualTo(new Step.Wait());
    stage.room("c1");
    for (int i = 0; i < 30; i++) {
      stage.pass(1);
      closing.tick();
    }
    assertThat(stage.telephony.orders).as("not each second again").hasSize(1);
    stage.ready("8001");
    assertThat(stage.state("c1")).isEqualTo("offered");
  }
}

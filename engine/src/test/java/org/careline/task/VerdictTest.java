package org.careline.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careline.callback.CallingWindow.Span;
import org.careline.callback.Disposition;
import org.careline.line.LineHours;
import org.careline.line.LineSettings;
import org.careline.line.OfficeCalendar;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /** Monday, 17:50 where the line is open from 9 to 18. */
  private static final Instant LATE = Instant.parse("2026-03-02T09:50:00Z");

  private static final Instant MORNING = Instant.parse("2026-03-03T01:00:00Z");

  @Test
  void aTryIsMadeWithinTheHours() {
    CalledTask task = task(Duration.ofHours(24));
    assertThat(busy(task, LATE.minusSeconds(600), Set.of()).next())
        .contains(LATE.minusSeconds(300));
    assertThat(busy(task, LATE.plusSeconds(400), Set.of()).next()).contains(MORNING);
    assertThat(busy(task, LATE.plusSeconds(400), Set.of("gold")).next())
        .as("served round the clock")
        .contains(LATE.plusSeconds(700));
    Verdict trouble =
        Verdict.of(task, Disposition.TECHNICAL, false, LATE.plusSeconds(590), settings(Set.of()));
    assertThat(trouble.next()).contains(MORNING);
    assertThat(trouble.counts()).isFalse();
  }

  @Test
  void whatDoesNotFitIntoTheHoursIsTooLate() {
    CalledTask task = task(Duration.ofHours(2));
    assertThat(busy(task, LATE.plusSeconds(400), Set.of()).end()).contains(Task.Result.TOO_LATE);
    assertThat(busy(task, LATE, Set.of()).end()).isEmpty();
  }

  private static Verdict busy(CalledTask task, Instant at, Set<String> openTiers) {
    return Verdict.of(task, Disposition.BUSY, false, at, settings(openTiers));
  }

  private static CalledTask task(Duration expiry) {
    NewTask promise = TaskStage.promise("m-1.1", "+8613800138000", LATE);
    CalledTask task = CalledTask.of(promise);
    return new CalledTask(
        task.id(),
        task.kind(),
        task.call(),
        task.e164(),
        task.caller(),
        task.handling(),
        task.createdAt(),
        task.since(),
        task.dueAt(),
        Optional.of(LATE.plus(expiry)),
        task.nextCallAt(),
        0);
  }

  private static LineSettings settings(Set<String> openTiers) {
    LineSettings usual = LineSettings.DEFAULT;
    LineHours hours =
        new LineHours(
            ZONE,
            Arrays.stream(DayOfWeek.values())
                .collect(
                    Collectors.toMap(
                        Function.identity(), day -> List.of(new Span(9 * 60, 18 * 60)))),
            List.of(),
            List.of(),
            OfficeCalendar.NONE);
    return new LineSettings(
        usual.publicNumber(),
        usual.landingNumbers(),
        usual.notice(),
        usual.askCode(),
        hours,
        openTiers,
        usual.menu(),
        usual.afterHours(),
        usual.closing(),
        usual.announceAgent(),
        usual.survey(),
        usual.policy(),
        new LineSettings.Callback(true, Duration.ofHours(2), 3, Duration.ofMinutes(5)),
        usual.disposition(),
        usual.wrapUp());
  }
}

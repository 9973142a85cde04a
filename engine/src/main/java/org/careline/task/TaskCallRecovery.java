package org.careline.task;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.careline.callback.AttemptEvent;
import org.careline.recovery.Evidence;
import org.careline.recovery.OpenAttempts;

/**
 * What is known of calls for tasks that an earlier life has left open: evidence of the switch, and
 * nothing else, settles those that may have been dialled. Thread-safe.
 */
public final class TaskCallRecovery implements OpenAttempts {
  private final TaskCallDesk desk;
  private final TaskCalls calls;
  private final Consumer<Runnable> mailbox;
  private final InstantSource clock;

  public TaskCallRecovery(
      TaskCallDesk desk, TaskCalls calls, Consumer<Runnable> mailbox, InstantSource clock) {
    this.desk = desk;
    this.calls = calls;
    this.mailbox = mailbox;
    this.clock = clock;
  }

  @Override
  public Set<String> open(Instant before) {
    try {
      return desk.restoreOpen().stream()
          .filter(call -> !call.ended())
          .filter(call -> call.placedAt().filter(at -> at.isBefore(before)).isPresent())
          .map(call -> call.id().value())
          .collect(Collectors.toSet());
    } catch (SQLException e) {
      throw new IllegalStateException("open calls for tasks cannot be read", e);
    }
  }

  @Override
  public void evidence(String id, Evidence evidence) {
    AttemptEvent event =
        switch (evidence) {
          case Evidence.Living living ->
              new AttemptEvent.FoundLiving(clock.instant(), living.answeredAt());
          case Evidence.Ended ended ->
              new AttemptEvent.FoundEnded(ended.endedAt(), ended.answeredAt(), ended.cause());
          case Evidence.NeverSeen never -> new AttemptEvent.FoundNever(clock.instant());
          case Evidence.Unknown unknown -> new AttemptEvent.FoundNothing(clock.instant());
        };
    mailbox.accept(() -> calls.on(id, event));
  }
}

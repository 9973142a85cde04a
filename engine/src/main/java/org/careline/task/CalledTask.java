package org.careline.task;

import java.time.Instant;
import java.util.Optional;
import org.careline.call.CallId;
import org.careline.call.Caller;
import org.careline.call.Handling;

/**
 * A task for which somebody is to be called, as the machine needs it. Immutable.
 *
 * @param call the one it came from
 * @param caller who waits; of a task for people only what its row says
 * @param handling empty = his line's, whatever it is when he is called
 * @param createdAt when the task was raised
 * @param since when he waits, or the task was raised
 * @param nextCallAt the engine calls by itself from then on; empty = a person dials
 */
public record CalledTask(
    String id,
    Task.Kind kind,
    CallId call,
    String e164,
    Caller caller,
    Optional<Handling> handling,
    Instant createdAt,
    Instant since,
    Instant dueAt,
    Optional<Instant> expiresAt,
    Optional<Instant> nextCallAt,
    int tries) {

  static CalledTask of(NewTask task) {
    return new CalledTask(
        task.id(),
        task.kind(),
        task.call(),
        task.e164(),
        task.caller(),
        Optional.ofNullable(task.handling()),
        task.createdAt(),
        task.joinedAt() == null ? task.createdAt() : task.joinedAt(),
        task.dueAt(),
        Optional.ofNullable(task.expiresAt()),
        Optional.ofNullable(task.nextCallAt()),
        0);
  }

  /** The engine calls by itself. */
  boolean byItself() {
    return nextCallAt.isPresent();
  }

  boolean expired(Instant now) {
    return expiresAt.filter(until -> !until.isAfter(now)).isPresent();
  }
}

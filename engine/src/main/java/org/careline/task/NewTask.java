package org.careline.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import org.careline.call.CallId;
import org.careline.call.Caller;
import org.careline.call.Handling;

/**
 * A task to be raised, as the journal keeps it. What is not there is null. Immutable.
 *
 * @param e164 whom to call; null = nobody knows
 * @param note for the one who does it, at most 500 characters
 * @param assignedTo login of the one who must see it
 * @param expiresAt afterwards the engine no longer calls
 * @param joinedAt since when he waits
 * @param nextCallAt the engine calls by itself from then on
 * @param caller who waits, and how he is to be handled: only where the engine calls
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewTask(
    Task.Kind kind,
    CallId call,
    String e164,
    Long customerId,
    Long siteId,
    String line,
    String tier,
    String note,
    Instant createdAt,
    Instant dueAt,
    String assignedTo,
    Instant expiresAt,
    Instant joinedAt,
    Instant nextCallAt,
    Caller caller,
    Handling handling) {
  static final int LONGEST_NOTE = 500;

  public NewTask {
    note = note == null ? "" : note;
    if (note.length() > LONGEST_NOTE) {
      throw new IllegalArgumentException("a task's note has at most 500 characters");
    }
  }

  /**
   * A task for a person.
   *
   * @param within how soon it should be done
   */
  public static NewTask of(
      Task.Kind kind, CallId call, Caller caller, String note, Instant now, Duration within) {
    return new NewTask(
        kind,
        call,
        caller.e164(),
        caller.customerId(),
        caller.siteId(),
        caller.servedLine(),
        caller.tierCode(),
        note,
        now,
        now.plus(within),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same for this one to see. */
  public NewTask assignedTo(String login) {
    return new NewTask(
        kind,
        call,
        e164,
        customerId,
        siteId,
        line,
        tier,
        note,
        createdAt,
        dueAt,
        login,
        expiresAt,
        joinedAt,
        nextCallAt,
        caller,
        handling);
  }

  public String id() {
    String one = Task.id(kind, call);
    // what sites of one call tell is each one's own
    return siteId != null && (kind == Task.Kind.DANGER || kind == Task.Kind.DEVICE_REMOVED)
        ? one + "-" + siteId
        : one;
  }
}

package org.careline.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import org.careline.callback.AttemptState;
import org.careline.callback.Disposition;

/**
 * A line of the journal about a call made for a task, kind {@code task_call}; its key is the call's
 * id. Immutable.
 *
 * @param state how far it is; {@code settled} is the end
 * @param notPlaced the end of one that was not on the wire; {@code proven} although it was
 *     permitted
 * @param disposition what came of it, of an end
 * @param result how the task ended with it
 * @param counts against the number of tries
 * @param next when the engine calls again
 * @param reached what else waited for him is done; null = he was not
 * @param rang his phone rang, or may have; null = not told
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TaskCallEntry(
    String task,
    String state,
    Instant at,
    int cause,
    String dialStatus,
    boolean notPlaced,
    boolean proven,
    String disposition,
    Task.Result result,
    boolean counts,
    Instant next,
    String note,
    String by,
    Reached reached,
    Boolean rang) {
  static final String KIND = "task_call";
  static final String SETTLED = "settled";

  /** He was spoken to at this number, from then on. */
  record Reached(String e164, Instant at) {}

  static TaskCallEntry state(
      String task, AttemptState state, Instant at, int cause, Optional<String> dialStatus) {
    return new TaskCallEntry(
        task,
        state.key(),
        at,
        cause,
        dialStatus.orElse(null),
        false,
        false,
        null,
        null,
        false,
        null,
        null,
        null,
        null,
        null);
  }

  static TaskCallEntry notPlaced(String task, Instant at, boolean proven, Instant next) {
    return new TaskCallEntry(
        task, SETTLED, at, 0, null, true, proven, null, null, false, next, null, null, null, null);
  }

  static TaskCallEntry settled(
      String task,
      Instant at,
      int cause,
      Optional<String> dialStatus,
      Disposition disposition,
      Verdict verdict,
      String note,
      String by,
      Optional<Reached> reached,
      boolean rang) {
    return new TaskCallEntry(
        task,
        SETTLED,
        at,
        cause,
        dialStatus.orElse(null),
        false,
        false,
        disposition.id(),
        verdict.end().orElse(null),
        verdict.counts(),
        verdict.next().orElse(null),
        note,
        by,
        reached.orElse(null),
        rang);
  }
}

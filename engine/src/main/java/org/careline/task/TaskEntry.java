package org.careline.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * A line of the journal about tasks, kind {@code task}; its key is the task's id, or for {@link
 * #calledIn} the number. Immutable.
 *
 * @param raised a new task, null with the other two
 * @param result how the task of this id ended
 * @param calledIn this number's caller has been answered: what waited for him is done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TaskEntry(
    NewTask raised, Task.Result result, String calledIn, String note, String by, Instant at) {
  static final String KIND = "task";

  static TaskEntry raised(NewTask task) {
    return new TaskEntry(task, null, null, null, null, task.createdAt());
  }

  static TaskEntry ended(Task.Result result, String by, Instant at) {
    return new TaskEntry(null, result, null, null, by, at);
  }

  static TaskEntry calledIn(String e164, String callId, Instant at) {
    return new TaskEntry(null, null, e164, null, callId, at);
  }
}

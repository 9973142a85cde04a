package org.careline.task;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.careline.call.Applier;
import org.careline.call.CallId;
import org.careline.call.Journal;

/**
 * Where tasks begin and end: in the journal first, {@link TaskAppliers} carries them into MySQL. A
 * call raises a task of a kind once, whoever says it twice. Never blocks; thread-safe.
 */
public final class Tasks {
  private final Journal journal;
  private final List<Consumer<NewTask>> watchers = new CopyOnWriteArrayList<>();

  public Tasks(Journal journal) {
    this.journal = journal;
  }

  /** For the journal's writer. */
  public static List<Applier> appliers() {
    return TaskAppliers.all();
  }

  /**
   * Leaves a task behind.
   *
   * @return completes when it is on disk: only then may anybody be told of it. Fails when it could
   *     not be written; raising it again is harmless
   */
  public CompletableFuture<Long> raise(NewTask task) {
    CompletableFuture<Long> written =
        journal.appendDurably(TaskEntry.KIND, task.id(), TaskEntry.raised(task));
    watchers.forEach(watcher -> watcher.accept(task));
    return written;
  }

  /** Told of each task when it is raised, on the raising thread. */
  public void watch(Consumer<NewTask> watcher) {
    watchers.add(watcher);
  }

  /** It has ended; the first end stays. */
  CompletableFuture<Long> end(String id, Task.Result result, String by, Instant at) {
    return journal.appendDurably(TaskEntry.KIND, id, TaskEntry.ended(result, by, at));
  }

  /**
   * A caller was answered: what was open for his number, and was raised before this call, is done.
   */
  void calledIn(String e164, CallId call, Instant at) {
    journal.append(TaskEntry.KIND, e164, TaskEntry.calledIn(e164, call.value(), at));
  }
}

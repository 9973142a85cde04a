package org.careline.task;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** What a person wants of a task cannot be done now. The id is stable. */
public final class TaskRefused extends Refusal {
  private static final long serialVersionUID = 1L;

  private final String id;

  public TaskRefused(String id, Sentence reason) {
    super(reason);
    this.id = id;
  }

  public String id() {
    return id;
  }
}

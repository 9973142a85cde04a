package org.careline.customer;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** A number cannot be bound or blocked as asked. The id is stable. */
public final class CallersRefused extends Refusal {
  private static final long serialVersionUID = 1L;

  private final String id;

  CallersRefused(String id, Sentence reason) {
    super(reason);
    this.id = id;
  }

  /** {@code invalid} and {@code not_found} are as everywhere; others are conflicts. */
  public String id() {
    return id;
  }
}

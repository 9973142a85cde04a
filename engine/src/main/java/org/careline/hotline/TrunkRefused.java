package org.careline.hotline;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** A trunk cannot be checked as asked. The id is stable. */
public final class TrunkRefused extends Refusal {
  private static final long serialVersionUID = 1L;

  private final String id;

  TrunkRefused(String id, Sentence reason) {
    super(reason);
    this.id = id;
  }

  /** {@code invalid} and {@code not_found} are as everywhere; others are conflicts. */
  public String id() {
    return id;
  }
}

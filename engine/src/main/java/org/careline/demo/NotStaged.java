package org.careline.demo;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** The demonstration cannot begin: what it would show would not be its own. */
public final class NotStaged extends Refusal {
  private static final long serialVersionUID = 1L;

  NotStaged(Sentence reason) {
    super(reason);
  }
}

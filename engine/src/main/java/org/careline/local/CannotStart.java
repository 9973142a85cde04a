package org.careline.local;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/**
 * A local part cannot be had. The reason is one line for the person at the terminal: what is wrong
 * and what to do. Trying again without doing that does not help.
 */
public final class CannotStart extends Refusal {
  private static final long serialVersionUID = 1;

  public CannotStart(Sentence reason) {
    super(reason);
  }

  public CannotStart(Sentence reason, Throwable cause) {
    super(reason, cause);
  }
}

package org.careline.config;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** A value, or two that do not go together, is not allowed; {@link Binder} adds file and line. */
public final class InvalidValue extends Refusal {
  private static final long serialVersionUID = 1L;

  public InvalidValue(Sentence reason) {
    super(reason);
  }
}

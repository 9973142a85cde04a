package org.careline.language;

import java.util.Locale;

/**
 * Something is refused for a reason the person who asked can mend. The message of the exception is
 * English, for the log; {@link #in} gives it in his language.
 */
public abstract class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Sentence reason;

  protected Refusal(Sentence reason) {
    this(reason, null);
  }

  protected Refusal(Sentence reason, Throwable cause) {
    super(reason.in(Locale.ENGLISH), cause);
    this.reason = reason;
  }

  public final Sentence reason() {
    return reason;
  }

  public final String in(Locale language) {
    return reason.in(language);
  }
}

package org.careline.customer;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/**
 * A file cannot be imported as a whole; nothing was changed. The reason is for the person who sent
 * it. Trying again with the same file does not help.
 */
public final class ImportRefused extends Refusal {
  private static final long serialVersionUID = 1L;

  public ImportRefused(Sentence reason) {
    super(reason);
  }
}

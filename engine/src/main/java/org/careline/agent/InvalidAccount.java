package org.careline.agent;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** What somebody wrote about a user cannot be so. */
public final class InvalidAccount extends Refusal {
  private static final long serialVersionUID = 1L;

  public InvalidAccount(Sentence reason) {
    super(reason);
  }
}

package org.careline.customer;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** An entry of a file for {@code apply} cannot be made so; whoever reads the file adds the line. */
final class ApplyRefused extends Refusal {
  private static final long serialVersionUID = 1L;

  ApplyRefused(Sentence reason) {
    super(reason);
  }
}

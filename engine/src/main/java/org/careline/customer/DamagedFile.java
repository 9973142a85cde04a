package org.careline.customer;

import java.io.IOException;
import java.util.Locale;
import org.careline.language.Sentence;

/** A file of ours is there but cannot be used. The message is English, for the log. */
final class DamagedFile extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Sentence reason;

  DamagedFile(Sentence reason) {
    super(reason.in(Locale.ENGLISH));
    this.reason = reason;
  }

  /** What is told of any failure to read a file: ours in both languages, others as they say it. */
  static Sentence reason(IOException failure) {
    return failure instanceof DamagedFile damaged
        ? damaged.reason
        : Sentence.plain(String.valueOf(failure.getMessage()));
  }
}

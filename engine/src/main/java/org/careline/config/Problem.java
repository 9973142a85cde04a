package org.careline.config;

import java.util.List;
import org.careline.language.Sentence;

/**
 * One thing wrong in a file of the configuration.
 *
 * @param line from 1; 0 where the source has no lines (the environment)
 */
public record Problem(String file, int line, Sentence reason) {
  /** {@code file:line: reason}, in every language in this form. */
  public Sentence sentence() {
    Sentence place = Sentence.plain(line == 0 ? file : file + ":" + line);
    return Sentence.joined(": ", List.of(place, reason));
  }

  @Override
  public String toString() {
    return sentence().toString();
  }
}

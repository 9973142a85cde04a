package org.careline.line;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** What is wrong with a line's settings or a calendar, with its place in them. */
public final class InvalidSettings extends Refusal {
  private static final long serialVersionUID = 1L;

  private final String place;
  private final transient Sentence what;

  InvalidSettings(String place, Sentence what) {
    super(Sentence.of("rules.at", place, what));
    this.place = place;
    this.what = what;
  }

  /** Such as {@code settings.hours.mon[1]}. */
  public String place() {
    return place;
  }

  /** The reason without its place. */
  public Sentence what() {
    return what;
  }
}

package org.careline.hotline;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/**
 * What is wanted of a talk cannot be done now, or not at all. The id is stable. It has no stack
 * trace: anybody's click can cause one.
 */
public final class TalkRefused extends Refusal {
  private static final long serialVersionUID = 1L;
  private static final String SECTION = "talk.";

  private final String id;

  /**
   * @param sentence key of the section {@code talk}; the id is made of it
   */
  public TalkRefused(String sentence, Object... values) {
    super(Sentence.of(sentence, values));
    this.id = sentence.substring(SECTION.length()).replace('-', '_');
  }

  /** Such as {@code agent_not_ready}. */
  public String id() {
    return id;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}

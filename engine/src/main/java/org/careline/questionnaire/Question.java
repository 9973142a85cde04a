package org.careline.questionnaire;

import java.time.LocalDate;
import java.util.Optional;

/**
 * One question. Its code carries the meaning across rounds and versions. Immutable.
 *
 * @param hint for the agent; may be empty
 * @param required an asked question without an answer keeps a form from being completed
 * @param models of a section of devices: of which of them it is asked
 * @param onlyWhen asked only when earlier questions were answered so
 */
public record Question(
    String code,
    AnswerType type,
    Words text,
    Words hint,
    boolean required,
    Models models,
    Optional<Condition> onlyWhen) {

  /** Whether the text is an answer to this question; empty text never is. */
  public boolean accepts(String value, LocalDate today) {
    return type.refusal(value, today).isEmpty();
  }

  /** Whether answers to both may stand in one column: the same was asked in the same words. */
  public boolean asksTheSameAs(Question other) {
    return code.equals(other.code) && type.equals(other.type) && text.equals(other.text);
  }
}

package org.careline.questionnaire;

import java.util.List;
import java.util.Optional;

/**
 * Questions that stand together. Immutable.
 *
 * @param code empty = the only section, without a title
 * @param perDevice its questions are asked of each device of the site
 * @param models of which devices; all where it is not asked of devices
 * @param onlyWhen its questions are asked only then; leans on earlier sections
 */
public record Section(
    String code,
    Words title,
    boolean perDevice,
    Models models,
    Optional<Condition> onlyWhen,
    List<Question> questions) {
  public Section {
    questions = List.copyOf(questions);
  }
}

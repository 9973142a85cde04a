package org.careline.questionnaire;

import java.util.List;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** Everything that is wrong with a questionnaire, each with its place in the definition. */
public final class InvalidQuestionnaire extends Refusal {
  private static final long serialVersionUID = 1L;

  /**
   * @param at as {@code sections[1].questions[0].onlyWhen}; indexes count from 0; empty = the whole
   */
  public record Problem(String at, Sentence what) {}

  private final transient List<Problem> problems;

  InvalidQuestionnaire(String code, List<Problem> problems) {
    super(
        Sentence.of(
            "rules.at",
            "questionnaire " + code,
            Sentence.joined(
                "; ",
                problems.stream()
                    .map(
                        problem ->
                            problem.at().isEmpty()
                                ? problem.what()
                                : Sentence.of("rules.at", problem.at(), problem.what()))
                    .toList())));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}

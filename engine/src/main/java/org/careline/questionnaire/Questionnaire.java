package org.careline.questionnaire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A version of a questionnaire; never changed once a round has used it. Immutable. */
public record Questionnaire(String code, int version, List<Question> questions) {

  /** An answer that cannot be taken, and why. The reason is a stable id. */
  public record Refusal(String code, String reason) {}

  public Questionnaire {
    questions = List.copyOf(questions);
  }

  public Optional<Question> question(String questionCode) {
    return questions.stream().filter(question -> question.code().equals(questionCode)).findFirst();
  }

  /**
   * Looks at a partial form. {@code given} are the answers being saved, {@code kept} those already
   * saved; a condition is judged on both. Reasons: {@code unknown_question}, {@code wrong_value},
   * {@code not_asked}.
   */
  public List<Refusal> check(Map<String, String> given, Map<String, String> kept) {
    Map<String, String> all = new LinkedHashMap<>(kept);
    all.putAll(given);
    List<Refusal> refusals = new ArrayList<>();
    given.forEach(
        (questionCode, value) -> {
          Optional<Question> question = question(questionCode);
          if (question.isEmpty()) {
            refusals.add(new Refusal(questionCode, "unknown_question"));
          } else if (!question.get().accepts(value)) {
            refusals.add(new Refusal(questionCode, "wrong_value"));
          } else if (!asked(question.get(), all)) {
            refusals.add(new Refusal(questionCode, "not_asked"));
          }
        });
    return refusals;
  }

  /** The required questions that were asked and have no answer; empty = the form is complete. */
  public List<String> missing(Map<String, String> answers) {
    return questions.stream()
        .filter(question -> question.required() && asked(question, answers))
        .map(Question::code)
        .filter(questionCode -> !answers.containsKey(questionCode))
        .toList();
  }

  /** The answers to questions that are asked: an answer falls away when its condition changes. */
  public Map<String, String> standing(Map<String, String> answers) {
    Map<String, String> standing = new LinkedHashMap<>();
    for (Question question : questions) {
      String value = answers.get(question.code());
      if (value != null && asked(question, answers)) {
        standing.put(question.code(), value);
      }
    }
    return standing;
  }

  /** A condition holds only where the question it leans on is itself asked. */
  private boolean asked(Question question, Map<String, String> answers) {
    Question each = question;
    while (true) {
      if (!each.asked(answers)) {
        return false;
      }
      if (each.onlyWhen().isEmpty()) {
        return true;
      }
      each = question(each.onlyWhen().get().code()).orElseThrow();
    }
  }
}

package org.careline.questionnaire;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Small questionnaires of every type, with branches that may well contradict each other. */
final class GeneratedQuestionnaires {
  private static final Words TEXT = new Words("a", "一");
  private final Random random;

  GeneratedQuestionnaires(long seed) {
    random = new Random(seed);
  }

  /**
   * @param most questions
   */
  Questionnaire next(int most, boolean devices) {
    int count = 1 + random.nextInt(most);
    List<Section> sections = new ArrayList<>();
    List<Question> ofSite = new ArrayList<>();
    List<Question> here = new ArrayList<>();
    boolean perDevice = false;
    Optional<Condition> sectionWhen = Optional.empty();
    for (int i = 0; i < count; i++) {
      List<Question> known = new ArrayList<>(ofSite);
      known.addAll(here);
      AnswerType type = type();
      here.add(
          new Question(
              "q" + i,
              type,
              TEXT,
              Words.NONE,
              random.nextBoolean(),
              models(perDevice),
              condition(known)));
      if (i == count - 1 || random.nextInt(3) == 0) {
        sections.add(
            new Section(
                "s" + sections.size(), TEXT, perDevice, models(perDevice), sectionWhen, here));
        if (!perDevice) {
          ofSite.addAll(here);
        }
        here = new ArrayList<>();
        perDevice = devices && random.nextBoolean();
        sectionWhen = condition(ofSite);
      }
    }
    return new Questionnaire("generated", 1, sections);
  }

  private Models models(boolean perDevice) {
    return !perDevice || random.nextInt(3) > 0
        ? Models.ALL
        : new Models(List.of(List.of("alpha*", "* 2", "GAMMA").get(random.nextInt(3))));
  }

  private AnswerType type() {
    return switch (random.nextInt(5)) {
      case 0 -> new AnswerType.YesNo();
      case 1 -> new AnswerType.Choice(options());
      case 2 -> new AnswerType.Multi(options());
      case 3 ->
          new AnswerType.Number(
              Words.NONE, Optional.of(BigDecimal.ZERO), Optional.of(BigDecimal.TWO), 0);
      default -> new AnswerType.Scale();
    };
  }

  private static List<AnswerType.Option> options() {
    return List.of(new AnswerType.Option("a", TEXT), new AnswerType.Option("b", TEXT));
  }

  private Optional<Condition> condition(List<Question> known) {
    return known.isEmpty() || random.nextInt(4) == 0
        ? Optional.empty()
        : Optional.of(condition(known, 0));
  }

  private Condition condition(List<Question> known, int depth) {
    if (depth < 2 && random.nextInt(3) == 0) {
      List<Condition> parts = List.of(condition(known, depth + 1), condition(known, depth + 1));
      return random.nextBoolean() ? new Condition.All(parts) : new Condition.Any(parts);
    }
    Question on = known.get(random.nextInt(known.size()));
    return switch (on.type()) {
      case AnswerType.YesNo t ->
          new Condition.Equals(on.code(), random.nextBoolean() ? "yes" : "no");
      case AnswerType.Choice t ->
          new Condition.OneOf(on.code(), List.of(random.nextBoolean() ? "a" : "b"));
      case AnswerType.Multi t ->
          new Condition.Includes(on.code(), random.nextBoolean() ? "a" : "b");
      case AnswerType.Scale t -> bound(on.code(), 1 + random.nextInt(5));
      default -> bound(on.code(), random.nextInt(3));
    };
  }

  private Condition bound(String code, int bound) {
    return random.nextBoolean()
        ? new Condition.AtLeast(code, BigDecimal.valueOf(bound))
        : new Condition.AtMost(code, BigDecimal.valueOf(bound));
  }

  /** All values an answer to it may have. */
  static List<String> values(Question question) {
    return switch (question.type()) {
      case AnswerType.YesNo t -> List.of("yes", "no");
      case AnswerType.Choice t -> List.of("a", "b");
      case AnswerType.Multi t -> List.of("a", "b", "a,b");
      case AnswerType.Scale t -> List.of("1", "2", "3", "4", "5");
      default -> List.of("0", "1", "2");
    };
  }

  /** Answers to any questions, asked or not. */
  Map<AnswerKey, String> answers(Questionnaire questionnaire, List<Long> devices) {
    Map<AnswerKey, String> answers = new HashMap<>();
    for (Section section : questionnaire.sections()) {
      for (long device : section.perDevice() ? devices : List.of(AnswerKey.SITE)) {
        for (Question question : section.questions()) {
          if (random.nextInt(3) > 0) {
            List<String> values = values(question);
            answers.put(
                new AnswerKey(question.code(), device), values.get(random.nextInt(values.size())));
          }
        }
      }
    }
    return answers;
  }
}

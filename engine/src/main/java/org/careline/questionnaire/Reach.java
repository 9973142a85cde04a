package org.careline.questionnaire;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for answers after which a question is asked. No condition holds on an absent answer, so the
 * few answers a question leans on, directly or not, are enough, and nothing else can be in their
 * way. Confined to one thread.
 */
final class Reach {
  /** Conditions with very many alternatives are not followed to their end. */
  private static final int MOST_STEPS = 5_000;

  private static final BigDecimal FAR = new BigDecimal("999999999999");

  /** What came of it. */
  sealed interface Way {
    /** These answers, each to a question that is asked when it is its turn. */
    record Found(Map<String, String> answers) implements Way {}

    record None() implements Way {}

    /** Too many alternatives to say. */
    record Unknown() implements Way {}
  }

  private final Map<String, Question> questions = new HashMap<>();
  private final Map<String, Section> sections = new HashMap<>();
  private int steps;
  private String target;

  /** The questionnaire's references must be in order: each to an earlier question. */
  Reach(Questionnaire questionnaire) {
    for (Section section : questionnaire.sections()) {
      for (Question question : section.questions()) {
        questions.put(question.code(), question);
        sections.put(question.code(), section);
      }
    }
  }

  Way to(String code) {
    steps = 0;
    target = code;
    if (!askedOfOne(Set.of())) {
      return new Way.None();
    }
    Deque<Condition> goals = new ArrayDeque<>();
    needs(code).forEach(goals::push);
    Optional<Map<String, Wanted>> found = solve(goals, new LinkedHashMap<>());
    if (found.isPresent()) {
      Map<String, String> answers = new LinkedHashMap<>();
      found.get().forEach((each, wanted) -> answers.put(each, wanted.value().orElseThrow()));
      return new Way.Found(answers);
    }
    return steps > MOST_STEPS ? new Way.Unknown() : new Way.None();
  }

  /**
   * Whether a device can be asked the question and all of these of its section that it leans on.
   */
  private boolean askedOfOne(Set<String> leansOn) {
    Section section = sections.get(target);
    if (!section.perDevice()) {
      return true;
    }
    List<Models> models = new ArrayList<>(List.of(section.models()));
    models.add(questions.get(target).models());
    leansOn.stream()
        .filter(code -> sections.get(code) == section)
        .forEach(code -> models.add(questions.get(code).models()));
    return Models.meet(models).isPresent();
  }

  private List<Condition> needs(String code) {
    List<Condition> needs = new ArrayList<>();
    questions.get(code).onlyWhen().ifPresent(needs::add);
    sections.get(code).onlyWhen().ifPresent(needs::add);
    return needs;
  }

  private Optional<Map<String, Wanted>> solve(Deque<Condition> goals, Map<String, Wanted> wanted) {
    while (!goals.isEmpty()) {
      if (++steps > MOST_STEPS) {
        return Optional.empty();
      }
      switch (goals.pop()) {
        case Condition.All all -> all.parts().forEach(goals::push);
        case Condition.Any any -> {
          return any.parts().stream()
              .map(
                  part -> {
                    Deque<Condition> rest = new ArrayDeque<>(goals);
                    rest.push(part);
                    return solve(rest, new LinkedHashMap<>(wanted));
                  })
              .flatMap(Optional::stream)
              .findFirst();
        }
        case Condition.Leaf leaf -> {
          Wanted before = wanted.get(leaf.code());
          if (before == null) {
            needs(leaf.code()).forEach(goals::push);
            before = Wanted.of(questions.get(leaf.code()).type());
          }
          Wanted narrower = before.and(leaf);
          if (narrower.value().isEmpty()) {
            return Optional.empty();
          }
          wanted.put(leaf.code(), narrower);
          if (!askedOfOne(wanted.keySet())) {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.of(wanted);
  }

  /**
   * The answers to one question that are still good.
   *
   * @param among empty = any
   * @param includes all of them must be chosen
   */
  private record Wanted(
      AnswerType type,
      Optional<Set<String>> among,
      Set<String> includes,
      BigDecimal least,
      BigDecimal most) {

    static Wanted of(AnswerType type) {
      Optional<Set<String>> among =
          switch (type) {
            case AnswerType.YesNo t -> Optional.of(Set.of("yes", "no"));
            case AnswerType.Scale t -> Optional.of(Set.of("1", "2", "3", "4", "5"));
            case AnswerType.Choice t -> {
              Set<String> values = new LinkedHashSet<>();
              t.options().forEach(option -> values.add(option.value()));
              yield Optional.of(values);
            }
            case AnswerType.Multi t -> Optional.empty();
            case AnswerType.Number t -> Optional.empty();
            case AnswerType.Date t -> Optional.empty();
            case AnswerType.Text t -> Optional.empty();
          };
      BigDecimal least =
          type instanceof AnswerType.Number number
              ? number.min().orElse(FAR.negate())
              : FAR.negate();
      BigDecimal most = type instanceof AnswerType.Number number ? number.max().orElse(FAR) : FAR;
      return new Wanted(type, among, Set.of(), least, most);
    }

    Wanted and(Condition.Leaf leaf) {
      return switch (leaf) {
        case Condition.Equals c -> among(Set.of(c.value()));
        case Condition.OneOf c -> among(new LinkedHashSet<>(c.values()));
        case Condition.Includes c -> {
          Set<String> both = new HashSet<>(includes);
          both.add(c.value());
          yield new Wanted(type, among, both, least, most);
        }
        case Condition.AtLeast c -> new Wanted(type, among, includes, least.max(c.bound()), most);
        case Condition.AtMost c -> new Wanted(type, among, includes, least, most.min(c.bound()));
      };
    }

    private Wanted among(Set<String> values) {
      Set<String> both = new LinkedHashSet<>(values);
      among.ifPresent(both::retainAll);
      return new Wanted(type, Optional.of(both), includes, least, most);
    }

    /** One of them; empty = there is none. */
    Optional<String> value() {
      return switch (type) {
        case AnswerType.YesNo t -> among.orElseThrow().stream().findFirst();
        case AnswerType.Choice t -> among.orElseThrow().stream().findFirst();
        case AnswerType.Scale t ->
            among.orElseThrow().stream().filter(each -> within(new BigDecimal(each))).findFirst();
        case AnswerType.Multi t ->
            Optional.of(AnswerType.ordered(t, List.copyOf(includes)))
                .filter(value -> !value.isEmpty());
        case AnswerType.Number t ->
            Optional.of(least.setScale(t.decimals(), RoundingMode.CEILING))
                .filter(this::within)
                .map(number -> number.stripTrailingZeros().toPlainString());
        case AnswerType.Text t -> among.orElse(Set.of("x")).stream().findFirst();
        case AnswerType.Date t -> Optional.empty();
      };
    }

    private boolean within(BigDecimal number) {
      return number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
    }
  }
}

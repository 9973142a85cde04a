package org.careline.questionnaire;

import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careline.language.Sentence;
import org.careline.questionnaire.InvalidQuestionnaire.Problem;

/**
 * What a well-formed questionnaire may still say that makes no sense: branches that loop or lean on
 * what is not known yet, questions that are never asked, and dead ends, which nobody can answer.
 * Confined to one thread.
 */
public final class QuestionnaireCheck {
  /** Where a question stands. */
  private record Place(String at, int order, int section, Question question) {}

  private final Questionnaire questionnaire;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private QuestionnaireCheck(Questionnaire questionnaire) {
    this.questionnaire = questionnaire;
  }

  /** All of them, each with its place; empty = it can be published. */
  public static List<Problem> problems(Questionnaire questionnaire) {
    QuestionnaireCheck check = new QuestionnaireCheck(questionnaire);
    check.look();
    return List.copyOf(check.problems);
  }

  /**
   * A code keeps its meaning: what was asked as one type in an earlier version cannot be asked as
   * another under the same code, or two rounds would be compared that do not speak of the same.
   *
   * @param earlier the versions before
   */
  public static List<Problem> meanings(Questionnaire questionnaire, List<Questionnaire> earlier) {
    QuestionnaireCheck check = new QuestionnaireCheck(questionnaire);
    check.place();
    for (Place place : check.places.values()) {
      earlier.stream()
          .flatMap(version -> check.clash(place.question(), version).stream())
          .findFirst()
          .ifPresent(what -> check.problems.add(new Problem(place.at() + ".code", what)));
    }
    return List.copyOf(check.problems);
  }

  private Optional<Sentence> clash(Question question, Questionnaire before) {
    Optional<Question> other = before.question(question.code());
    if (other.isEmpty()) {
      return Optional.empty();
    }
    AnswerType was = other.get().type();
    if (!was.id().equals(question.type().id()) || !unit(was).equals(unit(question.type()))) {
      return Optional.of(
          Sentence.of(
              "questionnaire.meaning", question.code(), before.version(), was.id() + unit(was)));
    }
    return before.ofDevices(question.code()) == questionnaire.ofDevices(question.code())
        ? Optional.empty()
        : Optional.of(Sentence.of("questionnaire.meaning-of", question.code(), before.version()));
  }

  private static String unit(AnswerType type) {
    return type instanceof AnswerType.Number number && !number.unit().isEmpty()
        ? " " + number.unit().en()
        : "";
  }

  private void look() {
    place();
    for (int i = 0; i < questionnaire.sections().size(); i++) {
      Section section = questionnaire.sections().get(i);
      String at = "sections[" + i + "].onlyWhen";
      int index = i;
      section.onlyWhen().ifPresent(condition -> leaves(at, condition, index, -1));
    }
    for (Place place : places.values()) {
      place
          .question()
          .onlyWhen()
          .ifPresent(
              condition ->
                  leaves(place.at() + ".onlyWhen", condition, place.section(), place.order()));
      answerable(place);
    }
    if (problems.isEmpty()) {
      places.values().forEach(this::reachable);
    }
  }

  private void place() {
    for (int i = 0; i < questionnaire.sections().size(); i++) {
      Section section = questionnaire.sections().get(i);
      String prefix = section.code().isEmpty() ? "" : "sections[" + i + "].";
      for (int j = 0; j < section.questions().size(); j++) {
        Question question = section.questions().get(j);
        places.put(
            question.code(),
            new Place(prefix + "questions[" + j + "]", places.size(), i, question));
      }
    }
  }

  /**
   * @param order of the question that leans; -1 = the section itself
   */
  private void leaves(String at, Condition condition, int section, int order) {
    for (String code : condition.leansOn()) {
      Place on = places.get(code);
      if (on == null) {
        problems.add(new Problem(at, Sentence.of("questionnaire.no-question", code)));
        continue;
      }
      Optional<String> loop = loop(on, section, order);
      boolean later = order < 0 ? on.section() >= section : on.order() >= order;
      if (loop.isPresent()) {
        problems.add(new Problem(at, Sentence.of("questionnaire.loop", loop.get())));
      } else if (later) {
        problems.add(new Problem(at, Sentence.of("questionnaire.later", code)));
      } else if (questionnaire.sections().get(on.section()).perDevice()
          && on.section() != section) {
        problems.add(new Problem(at, Sentence.of("questionnaire.of-device", code)));
      }
    }
    for (Condition.Leaf leaf : condition.leaves()) {
      Place on = places.get(leaf.code());
      if (on != null) {
        sense(leaf, on.question()).ifPresent(what -> problems.add(new Problem(at, what)));
      }
    }
  }

  /** The way from the place that leans back to itself, over what it leans on. */
  private Optional<String> loop(Place from, int section, int order) {
    Map<String, String> cameFrom = new HashMap<>();
    List<String> open = new ArrayList<>(List.of(from.question().code()));
    Set<String> seen = new LinkedHashSet<>(open);
    while (!open.isEmpty()) {
      String code = open.removeFirst();
      Place place = places.get(code);
      boolean back = order < 0 ? place.section() == section : place.order() == order;
      if (back) {
        List<String> way = new ArrayList<>();
        for (String each = code; each != null; each = cameFrom.get(each)) {
          way.addFirst(each);
        }
        String start = order < 0 ? questionnaire.sections().get(section).code() : way.getLast();
        return Optional.of(start + " > " + String.join(" > ", way));
      }
      for (String next : leansOn(place)) {
        if (places.containsKey(next) && seen.add(next)) {
          cameFrom.put(next, code);
          open.add(next);
        }
      }
    }
    return Optional.empty();
  }

  /** Questions its own condition and its section's lean on. */
  private Set<String> leansOn(Place place) {
    Set<String> codes = new LinkedHashSet<>();
    place.question().onlyWhen().ifPresent(condition -> codes.addAll(condition.leansOn()));
    questionnaire
        .sections()
        .get(place.section())
        .onlyWhen()
        .ifPresent(condition -> codes.addAll(condition.leansOn()));
    return codes;
  }

  /** A test that does not fit the question it looks at. */
  private static Optional<Sentence> sense(Condition.Leaf leaf, Question on) {
    List<String> values =
        switch (leaf) {
          case Condition.Equals c -> List.of(c.value());
          case Condition.OneOf c -> c.values();
          case Condition.Includes c -> List.of(c.value());
          case Condition.AtLeast c -> List.of();
          case Condition.AtMost c -> List.of();
        };
    boolean fits =
        switch (leaf) {
          case Condition.Equals c -> chosen(on.type());
          case Condition.OneOf c -> chosen(on.type());
          case Condition.Includes c -> on.type() instanceof AnswerType.Multi;
          case Condition.AtLeast c -> numeric(on.type());
          case Condition.AtMost c -> numeric(on.type());
        };
    if (!fits) {
      return Optional.of(
          Sentence.of("questionnaire.test", on.code(), on.type().id(), testsOf(on.type())));
    }
    return values.stream()
        .filter(value -> !possible(on.type(), value))
        .findFirst()
        .map(value -> Sentence.of("questionnaire.equals", value, on.code()));
  }

  private static boolean possible(AnswerType type, String value) {
    return switch (type) {
      case AnswerType.YesNo t -> value.equals("yes") || value.equals("no");
      case AnswerType.Scale t -> value.matches("[1-5]");
      case AnswerType.Text t -> value.length() <= t.longest();
      case AnswerType.Choice t -> among(t.options(), value);
      case AnswerType.Multi t -> among(t.options(), value);
      case AnswerType.Number t -> false;
      case AnswerType.Date t -> false;
    };
  }

  private static boolean among(List<AnswerType.Option> options, String value) {
    return options.stream().anyMatch(option -> option.value().equals(value));
  }

  private static boolean chosen(AnswerType type) {
    return !testsOf(type).isEmpty() && testsOf(type).contains("equals");
  }

  private static boolean numeric(AnswerType type) {
    return testsOf(type).contains("atLeast");
  }

  private static String testsOf(AnswerType type) {
    return switch (type) {
      case AnswerType.YesNo t -> "equals";
      case AnswerType.Choice t -> "equals, oneOf";
      case AnswerType.Text t -> "equals, oneOf";
      case AnswerType.Scale t -> "equals, oneOf, atLeast, atMost";
      case AnswerType.Number t -> "atLeast, atMost";
      case AnswerType.Multi t -> "includes";
      case AnswerType.Date t -> "";
    };
  }

  /** A dead end: whoever comes to it gets no further. */
  private void answerable(Place place) {
    boolean answerable =
        switch (place.question().type()) {
          case AnswerType.Number t ->
              t.min().isEmpty()
                  || t.max().isEmpty()
                  || t.min()
                          .get()
                          .setScale(t.decimals(), RoundingMode.CEILING)
                          .compareTo(t.max().get())
                      <= 0;
          case AnswerType.Date t -> days(t);
          case AnswerType.YesNo t -> true;
          case AnswerType.Choice t -> true;
          case AnswerType.Multi t -> true;
          case AnswerType.Text t -> true;
          case AnswerType.Scale t -> true;
        };
    if (!answerable) {
      problems.add(new Problem(place.at(), Sentence.of("questionnaire.dead-end")));
    }
  }

  /** A day that is yet to come may be the first one, but only where the last one is as far. */
  private static boolean days(AnswerType.Date type) {
    if (type.min().isEmpty() || type.max().isEmpty()) {
      return true;
    }
    return switch (type.min().get()) {
      case AnswerType.Limit.Today first -> type.max().get() instanceof AnswerType.Limit.Today;
      case AnswerType.Limit.Day first ->
          switch (type.max().get()) {
            case AnswerType.Limit.Today last -> true;
            case AnswerType.Limit.Day last -> !first.date().isAfter(last.date());
          };
    };
  }

  private void reachable(Place place) {
    if (new Reach(questionnaire).to(place.question().code()) instanceof Reach.Way.None) {
      problems.add(
          new Problem(place.at(), Sentence.of("questionnaire.unreachable", needed(place))));
    }
  }

  /** The conditions that would have to hold at once, its own first. */
  private String needed(Place place) {
    Set<String> said = new LinkedHashSet<>();
    List<Place> open = new ArrayList<>(List.of(place));
    Set<String> seen = new LinkedHashSet<>(Set.of(place.question().code()));
    while (!open.isEmpty() && said.size() < 6) {
      Place each = open.removeFirst();
      models(each).ifPresent(said::add);
      each.question().onlyWhen().ifPresent(condition -> said.add(said(condition)));
      questionnaire
          .sections()
          .get(each.section())
          .onlyWhen()
          .ifPresent(condition -> said.add(said(condition)));
      leansOn(each).stream().filter(seen::add).map(places::get).forEach(open::add);
    }
    return String.join(" & ", said);
  }

  /** Of which devices it is asked, where that is said. */
  private Optional<String> models(Place place) {
    Set<String> patterns = new LinkedHashSet<>();
    List.of(questionnaire.sections().get(place.section()).models(), place.question().models())
        .stream()
        .filter(models -> !models.all())
        .forEach(models -> patterns.add(String.join("/", models.patterns())));
    return patterns.isEmpty()
        ? Optional.empty()
        : Optional.of(place.question().code() + " @ " + String.join(" & ", patterns));
  }

  private static String said(Condition condition) {
    return switch (condition) {
      case Condition.Equals c -> c.code() + " = " + c.value();
      case Condition.OneOf c -> c.code() + " = " + String.join("/", c.values());
      case Condition.Includes c -> c.code() + " ∋ " + c.value();
      case Condition.AtLeast c -> c.code() + " ≥ " + c.bound().toPlainString();
      case Condition.AtMost c -> c.code() + " ≤ " + c.bound().toPlainString();
      case Condition.All c -> joined(" & ", c.parts());
      case Condition.Any c -> "(" + joined(" | ", c.parts()) + ")";
    };
  }

  private static String joined(String between, List<Condition> parts) {
    return parts.stream().map(QuestionnaireCheck::said).collect(Collectors.joining(between));
  }
}

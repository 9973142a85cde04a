package org.careline.questionnaire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.careline.language.Sentence;
import org.careline.questionnaire.InvalidQuestionnaire.Problem;

/**
 * Reads the definition kept in MySQL: {@code {"questions": [...]}}, or {@code {"sections":
 * [{"code", "titleEn", "titleZh", "perDevice", "models", "onlyWhen", "questions"}]}}. Unknown keys
 * are refused, so that a misspelt one is not taken for an absent one. All that is wrong is said at
 * once. {@link QuestionnaireWriter} writes it. Confined to one thread.
 */
public final class QuestionnaireParser {
  static final int MOST_QUESTIONS = 200;
  static final int MOST_OPTIONS = 50;
  static final int LONGEST_TEXT = 500;
  private static final int DEEPEST = 5;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> SECTION_KEYS =
      Set.of("code", "titleEn", "titleZh", "perDevice", "models", "onlyWhen", "questions");
  private static final Set<String> QUESTION_KEYS =
      Set.of(
          "code",
          "type",
          "textEn",
          "textZh",
          "hintEn",
          "hintZh",
          "options",
          "unitEn",
          "unitZh",
          "min",
          "max",
          "decimals",
          "longest",
          "required",
          "models",
          "onlyWhen");

  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> codes = new HashSet<>();

  private QuestionnaireParser() {}

  /**
   * Only its form: what is stored was checked when it was published.
   *
   * @throws InvalidQuestionnaire with all that is wrong
   */
  public static Questionnaire parse(String code, int version, String definition) {
    try {
      return parse(code, version, JSON.readTree(definition));
    } catch (JsonProcessingException e) {
      throw new InvalidQuestionnaire(
          code, List.of(new Problem("", Sentence.of("rules.not-json", e.getOriginalMessage()))));
    }
  }

  /**
   * @throws InvalidQuestionnaire with all that is wrong
   */
  public static Questionnaire parse(String code, int version, JsonNode root) {
    QuestionnaireParser parser = new QuestionnaireParser();
    List<Section> sections = parser.sections(code, root);
    if (!parser.problems.isEmpty()) {
      throw new InvalidQuestionnaire(code, parser.problems);
    }
    return new Questionnaire(code, version, sections);
  }

  /**
   * Also what its branches come to.
   *
   * @throws InvalidQuestionnaire with all that is wrong
   */
  public static Questionnaire checked(String code, int version, JsonNode root) {
    Questionnaire questionnaire = parse(code, version, root);
    List<Problem> found = QuestionnaireCheck.problems(questionnaire);
    if (!found.isEmpty()) {
      throw new InvalidQuestionnaire(code, found);
    }
    return questionnaire;
  }

  private void wrong(String at, Sentence what) {
    problems.add(new Problem(at, what));
  }

  private List<Section> sections(String code, JsonNode root) {
    if (!code.matches("[a-z0-9][a-z0-9_-]{0,63}")) {
      wrong("", Sentence.of("questionnaire.code"));
    }
    if (root.isObject() && root.has("sections")) {
      known("", root, Set.of("sections"));
      return listed(root.path("sections"), "sections");
    }
    if (root.isObject()) {
      known("", root, Set.of("questions"));
    }
    JsonNode questions = root.isArray() ? root : root.path("questions");
    return List.of(
        new Section(
            "",
            Words.NONE,
            false,
            Models.ALL,
            Optional.empty(),
            questions(questions, "questions", false)));
  }

  private List<Section> listed(JsonNode list, String at) {
    List<Section> sections = new ArrayList<>();
    if (!list.isArray() || list.isEmpty()) {
      wrong(at, Sentence.of("questionnaire.no-section"));
      return sections;
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode node = list.get(i);
      String here = at + "[" + i + "]";
      if (!object(here, node, SECTION_KEYS)) {
        continue;
      }
      String name = code(here, node);
      if (!name.isEmpty() && !names.add(name)) {
        wrong(here + ".code", Sentence.of("questionnaire.twice", name));
      }
      boolean perDevice = flag(here, node, "perDevice");
      sections.add(
          new Section(
              name,
              words(here, node, "titleEn", "titleZh", true),
              perDevice,
              models(here, node, perDevice),
              condition(here + ".onlyWhen", node.path("onlyWhen"), 0),
              questions(node.path("questions"), here + ".questions", perDevice)));
    }
    return sections;
  }

  private List<Question> questions(JsonNode list, String at, boolean perDevice) {
    List<Question> questions = new ArrayList<>();
    if (!list.isArray() || list.isEmpty()) {
      wrong(at, Sentence.of("questionnaire.empty"));
      return questions;
    }
    for (int i = 0; i < list.size(); i++) {
      question(at + "[" + i + "]", list.get(i), perDevice).ifPresent(questions::add);
    }
    if (codes.size() > MOST_QUESTIONS) {
      wrong(at, Sentence.of("questionnaire.many", MOST_QUESTIONS));
    }
    return questions;
  }

  private Optional<Question> question(String at, JsonNode node, boolean perDevice) {
    if (!object(at, node, QUESTION_KEYS)) {
      return Optional.empty();
    }
    String code = code(at, node);
    if (!code.isEmpty() && !codes.add(code)) {
      wrong(at + ".code", Sentence.of("questionnaire.twice", code));
    }
    Optional<AnswerType> type = type(at, node);
    Words text = words(at, node, "textEn", "textZh", true);
    Words hint = words(at, node, "hintEn", "hintZh", false);
    boolean required = flag(at, node, "required");
    Optional<Condition> onlyWhen = condition(at + ".onlyWhen", node.path("onlyWhen"), 0);
    Models models = models(at, node, perDevice);
    return type.map(known -> new Question(code, known, text, hint, required, models, onlyWhen));
  }

  private Models models(String at, JsonNode node, boolean perDevice) {
    JsonNode list = node.path("models");
    if (!there(node, "models")) {
      return Models.ALL;
    }
    if (!perDevice) {
      wrong(at + ".models", Sentence.of("questionnaire.models-of-site"));
      return Models.ALL;
    }
    boolean good = list.isArray() && !list.isEmpty() && list.size() <= Models.MOST;
    List<String> patterns = new ArrayList<>();
    for (JsonNode each : list) {
      String pattern = each.asText().strip();
      good &= each.isTextual() && !pattern.isEmpty() && pattern.length() <= Models.LONGEST;
      patterns.add(pattern);
    }
    if (!good) {
      wrong(at + ".models", Sentence.of("questionnaire.models", Models.MOST, Models.LONGEST));
      return Models.ALL;
    }
    return new Models(patterns);
  }

  // --- types

  private Optional<AnswerType> type(String at, JsonNode node) {
    String id = node.path("type").asText();
    Set<String> own =
        switch (id) {
          case "choice", "multi" -> Set.of("options");
          case "number" -> Set.of("unitEn", "unitZh", "min", "max", "decimals");
          case "date" -> Set.of("min", "max");
          case "text" -> Set.of("longest");
          default -> Set.of();
        };
    if (!AnswerType.IDS.contains(id)) {
      wrong(at + ".type", Sentence.of("questionnaire.type", id, sorted(AnswerType.IDS)));
      return Optional.empty();
    }
    for (String key : List.of("options", "unitEn", "unitZh", "min", "max", "decimals", "longest")) {
      if (there(node, key) && !own.contains(key)) {
        wrong(at + "." + key, Sentence.of("questionnaire.not-of-type", id, key));
      }
    }
    return Optional.of(
        switch (id) {
          case "yes_no" -> new AnswerType.YesNo();
          case "scale_1_5" -> new AnswerType.Scale();
          case "choice" -> new AnswerType.Choice(options(at, node, false));
          case "multi" -> new AnswerType.Multi(options(at, node, true));
          case "number" -> number(at, node);
          case "date" ->
              new AnswerType.Date(
                  limit(at, node.path("min"), "min"), limit(at, node.path("max"), "max"));
          default ->
              new AnswerType.Text(
                  whole(at, node, "longest", 1, AnswerType.LONGEST, AnswerType.LONGEST));
        });
  }

  private AnswerType number(String at, JsonNode node) {
    return new AnswerType.Number(
        words(at, node, "unitEn", "unitZh", false),
        decimal(at + ".min", node.path("min")),
        decimal(at + ".max", node.path("max")),
        whole(at, node, "decimals", 0, 6, 6));
  }

  private List<AnswerType.Option> options(String at, JsonNode node, boolean multi) {
    JsonNode list = node.path("options");
    List<AnswerType.Option> options = new ArrayList<>();
    if (!list.isArray() && there(node, "options")) {
      wrong(at + ".options", Sentence.of("questionnaire.list"));
      return options;
    }
    Set<String> values = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String here = at + ".options[" + i + "]";
      JsonNode each = list.get(i);
      String value = each.isObject() ? each.path("value").asText() : each.asText();
      if (each.isObject()) {
        known(here, each, Set.of("value", "textEn", "textZh"));
      }
      if (value.isBlank() || value.length() > 64 || multi && value.contains(",")) {
        wrong(here, Sentence.of(multi ? "questionnaire.option-comma" : "questionnaire.option"));
      } else if (!values.add(value)) {
        wrong(here, Sentence.of("questionnaire.twice", value));
      }
      options.add(
          new AnswerType.Option(
              value,
              each.isObject()
                  ? words(here, each, "textEn", "textZh", true)
                  : new Words(value, value)));
    }
    if (options.size() < 2 || options.size() > MOST_OPTIONS) {
      wrong(at + ".options", Sentence.of("questionnaire.options", MOST_OPTIONS));
    }
    return options;
  }

  private Optional<AnswerType.Limit> limit(String at, JsonNode node, String key) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (node.asText().equals("today")) {
      return Optional.of(new AnswerType.Limit.Today());
    }
    try {
      return Optional.of(new AnswerType.Limit.Day(LocalDate.parse(node.asText())));
    } catch (DateTimeParseException e) {
      wrong(at + "." + key, Sentence.of("questionnaire.day", node.asText()));
      return Optional.empty();
    }
  }

  // --- conditions

  private Optional<Condition> condition(String at, JsonNode node, int depth) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isObject()) {
      wrong(at, Sentence.of("rules.object"));
      return Optional.empty();
    }
    if (node.has("all") || node.has("any")) {
      return parts(at, node, node.has("all") ? "all" : "any", depth);
    }
    List<String> tests =
        List.of("equals", "oneOf", "includes", "atLeast", "atMost").stream()
            .filter(node::has)
            .toList();
    if (tests.size() != 1) {
      wrong(at, Sentence.of("questionnaire.condition"));
      return Optional.empty();
    }
    known(at, node, Set.of("code", tests.getFirst()));
    String code = code(at, node);
    JsonNode value = node.path(tests.getFirst());
    String there = at + "." + tests.getFirst();
    return switch (tests.getFirst()) {
      case "equals" -> text(there, value).map(text -> new Condition.Equals(code, text));
      case "includes" -> text(there, value).map(text -> new Condition.Includes(code, text));
      case "oneOf" -> oneOf(there, code, value);
      case "atLeast" -> bound(there, code, value, Condition.AtLeast::new);
      default -> bound(there, code, value, Condition.AtMost::new);
    };
  }

  private Optional<Condition> oneOf(String at, String code, JsonNode value) {
    List<String> values = new ArrayList<>();
    value.forEach(each -> text(at, each).ifPresent(values::add));
    if (!value.isArray() || values.isEmpty()) {
      wrong(at, Sentence.of("questionnaire.list"));
      return Optional.empty();
    }
    return Optional.of(new Condition.OneOf(code, values));
  }

  private Optional<Condition> bound(
      String at, String code, JsonNode value, BiFunction<String, BigDecimal, Condition> make) {
    Optional<BigDecimal> bound = decimal(at, value);
    if (value.isNull()) {
      wrong(at, Sentence.of("answer.number"));
    }
    return bound.map(number -> make.apply(code, number));
  }

  private Optional<Condition> parts(String at, JsonNode node, String key, int depth) {
    known(at, node, Set.of(key));
    JsonNode list = node.path(key);
    if (!list.isArray() || list.isEmpty() || list.size() > MOST_OPTIONS || depth == DEEPEST) {
      wrong(at + "." + key, Sentence.of("questionnaire.parts", MOST_OPTIONS, DEEPEST));
      return Optional.empty();
    }
    List<Condition> parts = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      condition(at + "." + key + "[" + i + "]", list.get(i), depth + 1).ifPresent(parts::add);
    }
    return Optional.of(key.equals("all") ? new Condition.All(parts) : new Condition.Any(parts));
  }

  // --- values

  private boolean object(String at, JsonNode node, Set<String> keys) {
    if (!node.isObject()) {
      wrong(at, Sentence.of("rules.object"));
      return false;
    }
    known(at, node, keys);
    return true;
  }

  private void known(String at, JsonNode node, Set<String> keys) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                String shown = key.length() > 64 ? key.substring(0, 64) : key;
                wrong(at, Sentence.of("rules.key", shown));
              }
            });
  }

  private static boolean there(JsonNode node, String key) {
    return node.has(key) && !node.path(key).isNull();
  }

  private String code(String at, JsonNode node) {
    String code = node.path("code").asText();
    if (!code.matches("[a-z0-9][a-z0-9_]{0,63}")) {
      wrong(at + ".code", Sentence.of("questionnaire.question-code", shortened(code)));
      return "";
    }
    return code;
  }

  private static String shortened(String text) {
    return text.length() > 64 ? text.substring(0, 64) : text;
  }

  /** Both or, where it may be absent, none. */
  private Words words(String at, JsonNode node, String en, String zh, boolean required) {
    if (!required && !there(node, en) && !there(node, zh)) {
      return Words.NONE;
    }
    return new Words(text(at, node, en), text(at, node, zh));
  }

  private String text(String at, JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual() || value.asText().isBlank() || value.asText().length() > LONGEST_TEXT) {
      wrong(at + "." + key, Sentence.of("questionnaire.text", LONGEST_TEXT));
      return "";
    }
    return value.asText();
  }

  /** A value of a condition; a number is taken as it is written. */
  private Optional<String> text(String at, JsonNode value) {
    if (!value.isValueNode() || value.isNull() || value.asText().isBlank()) {
      wrong(at, Sentence.of("questionnaire.text", LONGEST_TEXT));
      return Optional.empty();
    }
    return Optional.of(value.isBoolean() ? (value.asBoolean() ? "yes" : "no") : value.asText());
  }

  private boolean flag(String at, JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (there(node, key) && !value.isBoolean()) {
      wrong(at + "." + key, Sentence.of("rules.flag"));
    }
    return value.asBoolean(false);
  }

  private int whole(String at, JsonNode node, String key, int least, int most, int standard) {
    JsonNode value = node.path(key);
    if (!there(node, key)) {
      return standard;
    }
    if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
      wrong(at + "." + key, Sentence.of("questionnaire.whole", least, most));
      return standard;
    }
    return value.asInt();
  }

  /** As a number, or as a text because YAML has no decimals of ours. */
  private Optional<BigDecimal> decimal(String at, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    Optional<BigDecimal> number = AnswerType.number(value.asText());
    if (number.isEmpty()) {
      wrong(at, Sentence.of("answer.number"));
    }
    return number.map(BigDecimal::stripTrailingZeros);
  }

  private static String sorted(Set<String> texts) {
    return String.join(", ", texts.stream().sorted().toList());
  }
}

package org.careline.questionnaire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/**
 * Reads and writes the definition kept in MySQL: {@code {"questions":[{"code","type","textEn",
 * "textZh","options","required","onlyWhen":{"code","equals"}}]}}. Unknown keys are refused, so that
 * a misspelt one is not taken for an absent one. Stateless.
 */
public final class QuestionnaireParser {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> KEYS =
      Set.of("code", "type", "textEn", "textZh", "options", "required", "onlyWhen");

  private QuestionnaireParser() {}

  /** What is wrong with a definition, with the place in it. */
  public static final class InvalidDefinition extends Refusal {
    private static final long serialVersionUID = 1L;

    InvalidDefinition(Sentence reason) {
      super(reason);
    }
  }

  private static InvalidDefinition wrong(String where, Sentence what) {
    return new InvalidDefinition(Sentence.of("rules.at", where, what));
  }

  /** Throws {@link InvalidDefinition} naming the question and the key. */
  public static Questionnaire parse(String code, int version, String definition) {
    JsonNode root;
    try {
      root = JSON.readTree(definition);
    } catch (JsonProcessingException e) {
      throw wrong("questionnaire " + code, Sentence.of("rules.not-json", e.getOriginalMessage()));
    }
    return parse(code, version, root);
  }

  public static Questionnaire parse(String code, int version, JsonNode root) {
    String where = "questionnaire " + code;
    if (!code.matches("[a-z0-9][a-z0-9_-]{0,63}")) {
      throw wrong(where, Sentence.of("questionnaire.code"));
    }
    JsonNode list = root.isArray() ? root : root.path("questions");
    if (!list.isArray() || list.isEmpty()) {
      throw wrong(where + ": questions", Sentence.of("questionnaire.empty"));
    }
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      questions.add(question(where + ": questions[" + i + "]", list.get(i), questions));
    }
    return new Questionnaire(code, version, questions);
  }

  private static Question question(String where, JsonNode node, List<Question> before) {
    if (!node.isObject()) {
      throw wrong(where, Sentence.of("rules.object"));
    }
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                throw wrong(where, Sentence.of("rules.key", key));
              }
            });
    String code = text(where, node, "code");
    if (!code.matches("[a-z0-9][a-z0-9_]{0,63}")) {
      throw wrong(where + ".code", Sentence.of("questionnaire.question-code", code));
    }
    if (before.stream().anyMatch(other -> other.code().equals(code))) {
      throw wrong(where + ".code", Sentence.of("questionnaire.twice", code));
    }
    String type = text(where, node, "type");
    Question.Type known =
        Question.Type.of(type)
            .orElseThrow(() -> wrong(where + ".type", Sentence.of("questionnaire.type", type)));
    return new Question(
        code,
        known,
        text(where, node, "textEn"),
        text(where, node, "textZh"),
        options(where, node, known),
        flag(where, node),
        condition(where, node, before));
  }

  private static String text(String where, JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual() || value.asText().isBlank()) {
      throw wrong(where + "." + key, Sentence.of("questionnaire.text"));
    }
    return value.asText();
  }

  private static boolean flag(String where, JsonNode node) {
    JsonNode value = node.path("required");
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong(where + ".required", Sentence.of("rules.flag"));
    }
    return value.asBoolean(false);
  }

  private static List<String> options(String where, JsonNode node, Question.Type type) {
    JsonNode value = node.path("options");
    List<String> options = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(option -> options.add(option.asText()));
    } else if (!value.isMissingNode() && !value.isNull()) {
      throw wrong(where + ".options", Sentence.of("questionnaire.list"));
    }
    if (type == Question.Type.CHOICE) {
      if (options.size() < 2
          || new HashSet<>(options).size() < options.size()
          || options.stream().anyMatch(String::isBlank)) {
        throw wrong(where + ".options", Sentence.of("questionnaire.options"));
      }
    } else if (!options.isEmpty()) {
      throw wrong(where + ".options", Sentence.of("questionnaire.no-options"));
    }
    return options;
  }

  private static Optional<Question.Condition> condition(
      String where, JsonNode node, List<Question> before) {
    JsonNode value = node.path("onlyWhen");
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    String code = text(where + ".onlyWhen", value, "code");
    String equals = text(where + ".onlyWhen", value, "equals");
    Question earlier =
        before.stream()
            .filter(question -> question.code().equals(code))
            .findFirst()
            .orElseThrow(
                () -> wrong(where + ".onlyWhen.code", Sentence.of("questionnaire.earlier", code)));
    if (!earlier.accepts(equals)) {
      throw wrong(where + ".onlyWhen.equals", Sentence.of("questionnaire.equals", equals, code));
    }
    return Optional.of(new Question.Condition(code, equals));
  }

  /** The definition as it is stored; {@link #parse} of it gives the same questions. */
  public static String write(Questionnaire questionnaire) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("questions");
    for (Question question : questionnaire.questions()) {
      ObjectNode node = list.addObject();
      node.put("code", question.code());
      node.put("type", question.type().id());
      node.put("textEn", question.textEn());
      node.put("textZh", question.textZh());
      if (!question.options().isEmpty()) {
        ArrayNode options = node.putArray("options");
        question.options().forEach(options::add);
      }
      node.put("required", question.required());
      question
          .onlyWhen()
          .ifPresent(
              condition ->
                  node.putObject("onlyWhen")
                      .put("code", condition.code())
                      .put("equals", condition.equals()));
    }
    return root.toString();
  }
}

package org.careline.questionnaire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;

/** Writes the definition that {@link QuestionnaireParser} reads. Stateless. */
public final class QuestionnaireWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private QuestionnaireWriter() {}

  /** {@link QuestionnaireParser#parse} of it gives the same questions. */
  public static ObjectNode write(Questionnaire questionnaire) {
    ObjectNode root = JSON.objectNode();
    List<Section> sections = questionnaire.sections();
    if (sections.size() == 1 && sections.getFirst().code().isEmpty()) {
      root.set("questions", questions(sections.getFirst()));
      return root;
    }
    root.set("sections", sections(questionnaire));
    return root;
  }

  /** Always as sections; the only one without a title has an empty code and no title. */
  public static ArrayNode sections(Questionnaire questionnaire) {
    ArrayNode list = JSON.arrayNode();
    for (Section section : questionnaire.sections()) {
      ObjectNode node = list.addObject();
      node.put("code", section.code());
      put(node, "titleEn", "titleZh", section.title());
      if (section.perDevice()) {
        node.put("perDevice", true);
      }
      models(node, section.models());
      section.onlyWhen().ifPresent(condition -> node.set("onlyWhen", condition(condition)));
      node.set("questions", questions(section));
    }
    return list;
  }

  private static ArrayNode questions(Section section) {
    ArrayNode list = JSON.arrayNode();
    section.questions().forEach(question -> list.add(question(question)));
    return list;
  }

  private static ObjectNode question(Question question) {
    ObjectNode node = JSON.objectNode();
    node.put("code", question.code());
    node.put("type", question.type().id());
    put(node, "textEn", "textZh", question.text());
    put(node, "hintEn", "hintZh", question.hint());
    type(node, question.type());
    node.put("required", question.required());
    models(node, question.models());
    question.onlyWhen().ifPresent(condition -> node.set("onlyWhen", condition(condition)));
    return node;
  }

  private static void models(ObjectNode node, Models models) {
    if (!models.all()) {
      models.patterns().forEach(node.putArray("models")::add);
    }
  }

  private static void type(ObjectNode node, AnswerType type) {
    switch (type) {
      case AnswerType.YesNo t -> {}
      case AnswerType.Scale t -> {}
      case AnswerType.Choice t -> options(node, t.options());
      case AnswerType.Multi t -> options(node, t.options());
      case AnswerType.Text t -> node.put("longest", t.longest());
      case AnswerType.Date t -> {
        t.min().ifPresent(limit -> node.put("min", limit.text()));
        t.max().ifPresent(limit -> node.put("max", limit.text()));
      }
      case AnswerType.Number t -> {
        put(node, "unitEn", "unitZh", t.unit());
        t.min().ifPresent(bound -> node.put("min", plain(bound)));
        t.max().ifPresent(bound -> node.put("max", plain(bound)));
        node.put("decimals", t.decimals());
      }
    }
  }

  private static void options(ObjectNode node, List<AnswerType.Option> options) {
    ArrayNode list = node.putArray("options");
    for (AnswerType.Option option : options) {
      ObjectNode each = list.addObject();
      each.put("value", option.value());
      put(each, "textEn", "textZh", option.text());
    }
  }

  static JsonNode condition(Condition condition) {
    return switch (condition) {
      case Condition.Equals c -> leaf(c).put("equals", c.value());
      case Condition.Includes c -> leaf(c).put("includes", c.value());
      case Condition.AtLeast c -> leaf(c).put("atLeast", plain(c.bound()));
      case Condition.AtMost c -> leaf(c).put("atMost", plain(c.bound()));
      case Condition.OneOf c -> {
        ObjectNode node = leaf(c);
        c.values().forEach(node.putArray("oneOf")::add);
        yield node;
      }
      case Condition.All c -> parts("all", c.parts());
      case Condition.Any c -> parts("any", c.parts());
    };
  }

  private static ObjectNode leaf(Condition.Leaf leaf) {
    return JSON.objectNode().put("code", leaf.code());
  }

  private static ObjectNode parts(String key, List<Condition> parts) {
    ObjectNode node = JSON.objectNode();
    ArrayNode list = node.putArray(key);
    parts.forEach(part -> list.add(condition(part)));
    return node;
  }

  /** A text: no reader may make a rounded number of it. */
  private static String plain(BigDecimal number) {
    return number.toPlainString();
  }

  private static void put(ObjectNode node, String en, String zh, Words words) {
    if (!words.isEmpty()) {
      node.put(en, words.en());
      node.put(zh, words.zh());
    }
  }
}

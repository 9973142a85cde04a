package org.careline.questionnaire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A draft that was begun from an older version than the newest one: what each of them has changed
 * since, and the draft carried over to the newest version. Questions and sections are known by
 * their codes; where both have changed the same one, the draft's stands, because its author is the
 * one who looks at it before it is published. Pure; confined to one thread.
 */
public final class DraftMerge {
  /** What was done to a question or section since the version the draft began from. */
  public enum What {
    ADDED,
    CHANGED,
    REMOVED
  }

  /**
   * A question or section that is not what it was.
   *
   * @param code of the question; of the section where {@code section} is true
   * @param theirs in the newest version; empty = as it was
   * @param mine in the draft; empty = as it was
   */
  public record Change(
      String code,
      boolean section,
      Optional<What> theirs,
      Optional<What> mine,
      Optional<JsonNode> before,
      Optional<JsonNode> newest,
      Optional<JsonNode> draft) {

    /** Both have changed it, and not to the same: only the draft's stands afterwards. */
    public boolean collides() {
      return theirs.isPresent() && mine.isPresent() && !newest.equals(draft);
    }
  }

  /** A question and the section it stands in. */
  private record Item(String section, JsonNode node) {}

  /** A document by the codes of its parts, in its order. */
  private record Parts(Map<String, JsonNode> sections, Map<String, Item> questions) {
    static Parts of(JsonNode document) {
      Parts parts = new Parts(new LinkedHashMap<>(), new LinkedHashMap<>());
      List<JsonNode> sections = new ArrayList<>();
      if (document.path("sections").isArray()) {
        document.path("sections").forEach(sections::add);
      } else if (document.has("questions")) {
        sections.add(document);
      }
      for (JsonNode section : sections) {
        String code = free(parts.sections().keySet(), section.path("code").asText());
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        section
            .properties()
            .forEach(
                each -> {
                  if (!each.getKey().equals("questions")) {
                    head.set(each.getKey(), each.getValue());
                  }
                });
        parts.sections().put(code, head);
        for (JsonNode question : section.path("questions")) {
          String name = free(parts.questions().keySet(), question.path("code").asText());
          parts.questions().put(name, new Item(code, question));
        }
      }
      return parts;
    }

    /** Who edits questions without sections gives them one: it is theirs in the others, too. */
    Parts named(Parts draft) {
      boolean plain = sections.size() == 1 && sections.containsKey("");
      if (!plain || draft.sections().isEmpty() || draft.sections().containsKey("")) {
        return this;
      }
      Map.Entry<String, JsonNode> first = draft.sections().entrySet().iterator().next();
      Map<String, Item> here = new LinkedHashMap<>();
      questions.forEach((code, item) -> here.put(code, new Item(first.getKey(), item.node())));
      return new Parts(Map.of(first.getKey(), first.getValue()), here);
    }

    /** What is typed may stand twice, or have no code yet; nothing of it may be lost. */
    private static String free(Set<String> taken, String code) {
      String name = code;
      for (int i = 2; taken.contains(name); i++) {
        name = code + " #" + i;
      }
      return name;
    }
  }

  private final Parts before;
  private final Parts newest;
  private final Parts draft;

  /**
   * @param before the version the draft began from; an empty object = none
   * @param draft as it was typed: it may have problems
   */
  public DraftMerge(JsonNode before, JsonNode newest, JsonNode draft) {
    this.draft = Parts.of(normal(draft));
    this.before = Parts.of(normal(before)).named(this.draft);
    this.newest = Parts.of(normal(newest)).named(this.draft);
  }

  /** As we write it where it can be read, so that the same in other words is no change. */
  private static JsonNode normal(JsonNode document) {
    try {
      return QuestionnaireWriter.write(QuestionnaireParser.parse("x", 1, document));
    } catch (InvalidQuestionnaire typed) {
      return document;
    }
  }

  /** Sections first, each kind in the order of the draft and then of the newest version. */
  public List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    for (String code : all(before.sections(), newest.sections(), draft.sections())) {
      change(
              code,
              true,
              Optional.ofNullable(before.sections().get(code)),
              Optional.ofNullable(newest.sections().get(code)),
              Optional.ofNullable(draft.sections().get(code)))
          .ifPresent(changes::add);
    }
    for (String code : all(before.questions(), newest.questions(), draft.questions())) {
      change(code, false, question(before, code), question(newest, code), question(draft, code))
          .ifPresent(changes::add);
    }
    return changes;
  }

  private static <T> Set<String> all(
      Map<String, T> before, Map<String, T> newest, Map<String, T> draft) {
    Set<String> codes = new LinkedHashSet<>(draft.keySet());
    codes.addAll(newest.keySet());
    codes.addAll(before.keySet());
    return codes;
  }

  private static Optional<JsonNode> question(Parts parts, String code) {
    return Optional.ofNullable(parts.questions().get(code)).map(Item::node);
  }

  private static Optional<Change> change(
      String code,
      boolean section,
      Optional<JsonNode> before,
      Optional<JsonNode> newest,
      Optional<JsonNode> draft) {
    Optional<What> theirs = what(before, newest);
    Optional<What> mine = what(before, draft);
    return theirs.isEmpty() && mine.isEmpty()
        ? Optional.empty()
        : Optional.of(new Change(code, section, theirs, mine, before, newest, draft));
  }

  private static Optional<What> what(Optional<JsonNode> before, Optional<JsonNode> after) {
    if (before.equals(after)) {
      return Optional.empty();
    }
    return Optional.of(
        before.isEmpty() ? What.ADDED : after.isEmpty() ? What.REMOVED : What.CHANGED);
  }

  /** The draft with what the newest version has changed since. */
  public ObjectNode merged() {
    Map<String, Item> questions = new LinkedHashMap<>();
    for (String code : ordered(draft.questions(), newest.questions())) {
      Item was = before.questions().get(code);
      Item theirs = newest.questions().get(code);
      Item mine = draft.questions().get(code);
      Item stands =
          new Item(
              chosen(section(was), section(theirs), section(mine)),
              chosen(node(was), node(theirs), node(mine)));
      if (stands.node() != null) {
        // removed by one and left as it was, or only moved, by the other: it is gone
        String section = stands.section() != null ? stands.section() : section(mine);
        questions.put(code, new Item(section != null ? section : section(theirs), stands.node()));
      }
    }
    ArrayNode sections = JsonNodeFactory.instance.arrayNode();
    for (String code : ordered(draft.sections(), newest.sections())) {
      JsonNode head =
          chosen(
              before.sections().get(code), newest.sections().get(code), draft.sections().get(code));
      List<JsonNode> here =
          questions.values().stream()
              .filter(each -> each.section().equals(code))
              .map(Item::node)
              .toList();
      if (head == null && here.isEmpty()) {
        continue;
      }
      JsonNode kept =
          head != null ? head : newest.sections().getOrDefault(code, draft.sections().get(code));
      ObjectNode section = kept.deepCopy();
      section.set("questions", JsonNodeFactory.instance.arrayNode().addAll(here));
      sections.add(section);
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    boolean plain = sections.size() == 1 && sections.get(0).path("code").asText().isEmpty();
    if (plain) {
      root.set("questions", sections.get(0).path("questions"));
    } else {
      root.set("sections", sections);
    }
    return root;
  }

  private static String section(Item item) {
    return item == null ? null : item.section();
  }

  private static JsonNode node(Item item) {
    return item == null ? null : item.node();
  }

  /** Null = it is not there. */
  private static <T> T chosen(T was, T theirs, T mine) {
    return Objects.equals(was, mine) ? theirs : mine;
  }

  /** The draft's order; what only the newest version has comes after what it stands after there. */
  private static <T> List<String> ordered(Map<String, T> draft, Map<String, T> newest) {
    List<String> codes = new ArrayList<>(draft.keySet());
    String last = null;
    for (String code : newest.keySet()) {
      if (!codes.contains(code)) {
        codes.add(last == null ? 0 : codes.indexOf(last) + 1, code);
      }
      last = code;
    }
    return codes;
  }
}

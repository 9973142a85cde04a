package org.careline.questionnaire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One question. Its code carries the meaning across rounds and versions. Immutable.
 *
 * @param options the values allowed for a {@link Type#CHOICE}; empty otherwise
 * @param required an asked question without an answer keeps a form from being completed
 * @param onlyWhen asked only when an earlier question was answered so
 */
public record Question(
    String code,
    Type type,
    String textEn,
    String textZh,
    List<String> options,
    boolean required,
    Optional<Condition> onlyWhen) {

  /** How an answer is written; the value of every type is kept as text. */
  public enum Type {
    YES_NO("yes_no"),
    CHOICE("choice"),
    NUMBER("number"),
    TEXT("text"),
    SCALE_1_5("scale_1_5");

    private final String id;

    Type(String id) {
      this.id = id;
    }

    public String id() {
      return id;
    }

    static Optional<Type> of(String id) {
      for (Type type : values()) {
        if (type.id.equals(id)) {
          return Optional.of(type);
        }
      }
      return Optional.empty();
    }
  }

  /** The earlier question and the value it must have. */
  public record Condition(String code, String equals) {}

  public Question {
    options = List.copyOf(options);
  }

  /** Whether the question is put to a site that has given these answers so far. */
  public boolean asked(Map<String, String> answers) {
    return onlyWhen.isEmpty() || onlyWhen.get().equals().equals(answers.get(onlyWhen.get().code()));
  }

  /** Whether the text is an answer to this question; empty text never is. */
  public boolean accepts(String value) {
    if (value == null || value.isBlank() || value.length() > 2000) {
      return false;
    }
    return switch (type) {
      case YES_NO -> value.equals("yes") || value.equals("no");
      case CHOICE -> options.contains(value);
      case NUMBER -> value.matches("-?[0-9]{1,12}(\\.[0-9]{1,6})?");
      case TEXT -> true;
      case SCALE_1_5 -> value.matches("[1-5]");
    };
  }
}

package org.careline.questionnaire;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * When a question or a section is asked. None holds on an answer that is not there: what is asked
 * is never asked only because somebody has not been asked something else. Immutable.
 */
public sealed interface Condition {
  /** Leans on the answer to one question. */
  sealed interface Leaf extends Condition {
    String code();

    /** Whether this answer makes it hold. */
    boolean of(String value);
  }

  record Equals(String code, String value) implements Leaf {
    @Override
    public boolean of(String answer) {
      return value.equals(answer);
    }
  }

  record OneOf(String code, List<String> values) implements Leaf {
    public OneOf {
      values = List.copyOf(values);
    }

    @Override
    public boolean of(String answer) {
      return values.contains(answer);
    }
  }

  /** Among the chosen ones of a {@link AnswerType.Multi}. */
  record Includes(String code, String value) implements Leaf {
    @Override
    public boolean of(String answer) {
      return AnswerType.chosen(answer).contains(value);
    }
  }

  record AtLeast(String code, BigDecimal bound) implements Leaf {
    @Override
    public boolean of(String answer) {
      return AnswerType.number(answer).filter(number -> number.compareTo(bound) >= 0).isPresent();
    }
  }

  record AtMost(String code, BigDecimal bound) implements Leaf {
    @Override
    public boolean of(String answer) {
      return AnswerType.number(answer).filter(number -> number.compareTo(bound) <= 0).isPresent();
    }
  }

  record All(List<Condition> parts) implements Condition {
    public All {
      parts = List.copyOf(parts);
    }
  }

  record Any(List<Condition> parts) implements Condition {
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /**
   * @param answer of a question that is asked, by its code; null = not asked, or not answered
   */
  default boolean holds(Function<String, String> answer) {
    return switch (this) {
      case Leaf leaf -> {
        String value = answer.apply(leaf.code());
        yield value != null && leaf.of(value);
      }
      case All all -> all.parts().stream().allMatch(part -> part.holds(answer));
      case Any any -> any.parts().stream().anyMatch(part -> part.holds(answer));
    };
  }

  /** In the order in which they stand. */
  default List<Leaf> leaves() {
    return switch (this) {
      case Leaf leaf -> List.of(leaf);
      case All all -> all.parts().stream().flatMap(part -> part.leaves().stream()).toList();
      case Any any -> any.parts().stream().flatMap(part -> part.leaves().stream()).toList();
    };
  }

  /** The questions it leans on. */
  default Set<String> leansOn() {
    Set<String> codes = new LinkedHashSet<>();
    leaves().forEach(leaf -> codes.add(leaf.code()));
    return codes;
  }
}

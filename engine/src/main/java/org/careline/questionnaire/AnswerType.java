package org.careline.questionnaire;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careline.language.Sentence;

/** How a question is answered. The value of every type is kept as text. Immutable. */
public sealed interface AnswerType {
  /** Longest value of any type, in characters. */
  int LONGEST = 2000;

  Set<String> IDS = Set.of("yes_no", "choice", "multi", "number", "date", "text", "scale_1_5");

  record YesNo() implements AnswerType {}

  /** One of the options. */
  record Choice(List<Option> options) implements AnswerType {
    public Choice {
      options = List.copyOf(options);
    }
  }

  /** One or more of the options: their values with commas between them, in the options' order. */
  record Multi(List<Option> options) implements AnswerType {
    public Multi {
      options = List.copyOf(options);
    }
  }

  /**
   * @param unit shown behind it; may be empty
   * @param decimals most places behind the point, 0 to 6
   */
  record Number(Words unit, Optional<BigDecimal> min, Optional<BigDecimal> max, int decimals)
      implements AnswerType {}

  /** A day as 2026-03-31. */
  record Date(Optional<Limit> min, Optional<Limit> max) implements AnswerType {}

  /**
   * @param longest in characters, 1 to {@link #LONGEST}
   */
  record Text(int longest) implements AnswerType {}

  /** 1 (worst) to 5. */
  record Scale() implements AnswerType {}

  /** What can be chosen. Values carry the meaning, texts may be reworded. */
  record Option(String value, Words text) {}

  /** The first or last day that is allowed. */
  sealed interface Limit {
    record Day(LocalDate date) implements Limit {}

    record Today() implements Limit {}

    default LocalDate on(LocalDate today) {
      return switch (this) {
        case Day day -> day.date();
        case Today now -> today;
      };
    }

    default String text() {
      return switch (this) {
        case Day day -> day.date().toString();
        case Today now -> "today";
      };
    }
  }

  default String id() {
    return switch (this) {
      case YesNo t -> "yes_no";
      case Choice t -> "choice";
      case Multi t -> "multi";
      case Number t -> "number";
      case Date t -> "date";
      case Text t -> "text";
      case Scale t -> "scale_1_5";
    };
  }

  /** Empty where the answer is not chosen among options of the author's. */
  default List<Option> options() {
    return switch (this) {
      case Choice t -> t.options();
      case Multi t -> t.options();
      case YesNo t -> List.of();
      case Number t -> List.of();
      case Date t -> List.of();
      case Text t -> List.of();
      case Scale t -> List.of();
    };
  }

  /**
   * What is wrong with an answer; empty = it can be taken. Empty text never can.
   *
   * @param today the office's day
   */
  default Optional<Sentence> refusal(String value, LocalDate today) {
    if (value == null || value.isBlank() || value.length() > LONGEST) {
      return Optional.of(Sentence.of("answer.empty", LONGEST));
    }
    return switch (this) {
      case YesNo t ->
          unless(value.equals("yes") || value.equals("no"), Sentence.of("answer.yes-no"));
      case Choice t ->
          unless(
              values(t.options()).contains(value),
              Sentence.of("answer.choice", listed(t.options())));
      case Multi t ->
          unless(
              value.equals(ordered(t, List.of(value.split(",", -1)))),
              Sentence.of("answer.multi", listed(t.options())));
      case Number t -> number(t, value);
      case Date t -> date(t, value, today);
      case Text t ->
          unless(
              value.codePointCount(0, value.length()) <= t.longest(),
              Sentence.of("answer.text", t.longest()));
      case Scale t -> unless(value.matches("[1-5]"), Sentence.of("answer.scale"));
    };
  }

  /** The value of these options; what is not among them stays away, what stands twice is once. */
  static String ordered(Multi type, List<String> chosen) {
    return type.options().stream()
        .map(Option::value)
        .filter(chosen::contains)
        .collect(Collectors.joining(","));
  }

  /** Empty when the text is not a number as answers have it. */
  static Optional<BigDecimal> number(String value) {
    return value.matches("-?[0-9]{1,12}(\\.[0-9]{1,6})?")
        ? Optional.of(new BigDecimal(value))
        : Optional.empty();
  }

  private static Optional<Sentence> number(Number type, String value) {
    Optional<BigDecimal> read = number(value);
    if (read.isEmpty()) {
      return Optional.of(Sentence.of("answer.number"));
    }
    BigDecimal number = read.get();
    if (number.stripTrailingZeros().scale() > type.decimals()) {
      return Optional.of(
          type.decimals() == 0
              ? Sentence.of("answer.whole")
              : Sentence.of("answer.decimals", type.decimals()));
    }
    if (type.min().filter(min -> number.compareTo(min) < 0).isPresent()) {
      return Optional.of(Sentence.of("answer.at-least", type.min().get().toPlainString()));
    }
    return type.max()
        .filter(max -> number.compareTo(max) > 0)
        .map(max -> Sentence.of("answer.at-most", max.toPlainString()));
  }

  private static Optional<Sentence> date(Date type, String value, LocalDate today) {
    LocalDate day;
    try {
      day = value.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}") ? LocalDate.parse(value) : null;
    } catch (DateTimeParseException none) {
      day = null;
    }
    if (day == null) {
      return Optional.of(Sentence.of("answer.date"));
    }
    LocalDate given = day;
    Optional<LocalDate> first = type.min().map(limit -> limit.on(today));
    if (first.filter(given::isBefore).isPresent()) {
      return Optional.of(Sentence.of("answer.not-before", first.get()));
    }
    return type.max()
        .map(limit -> limit.on(today))
        .filter(given::isAfter)
        .map(last -> Sentence.of("answer.not-after", last));
  }

  private static Optional<Sentence> unless(boolean good, Sentence otherwise) {
    return good ? Optional.empty() : Optional.of(otherwise);
  }

  private static Set<String> values(List<Option> options) {
    return options.stream().map(Option::value).collect(Collectors.toSet());
  }

  private static String listed(List<Option> options) {
    return options.stream().map(Option::value).collect(Collectors.joining(", "));
  }

  /** The parts of a {@link Multi}'s value. */
  static List<String> chosen(String value) {
    return Arrays.asList(value.split(",", -1));
  }
}

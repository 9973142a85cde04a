package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careline.language.Sentence;
import org.careline.line.OfficeCalendar;

/**
 * What one rule says about an instant. Immutable.
 *
 * @param until when refused: the first later instant this rule alone would permit; empty = never
 * @param reason key of the sentence, put into words when somebody asks
 */
public record Verdict(
    CallingRule rule,
    RuleSource source,
    boolean permitted,
    Optional<Instant> until,
    String reason,
    List<Object> values) {
  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  public Verdict {
    values = List.copyOf(values);
  }

  static Verdict permitted(CallingRule rule, RuleSource source, String reason, Object... values) {
    return new Verdict(rule, source, true, Optional.empty(), reason, List.of(values));
  }

  static Verdict refused(
      CallingRule rule,
      RuleSource source,
      Optional<Instant> until,
      String reason,
      Object... values) {
    return new Verdict(rule, source, false, until, reason, List.of(values));
  }

  public Sentence sentence() {
    return Sentence.of(reason, values.stream().flatMap(value -> words(value).stream()).toArray());
  }

  /** Some search looks at thousands of verdicts and puts none into words: so only now. */
  private static List<Object> words(Object value) {
    return switch (value) {
      case List<?> spans ->
          List.of(
              spans.isEmpty()
                  ? Sentence.of("calling.no-hours")
                  : spans.stream().map(Object::toString).collect(Collectors.joining(", ")));
      case OfficeCalendar.Day day ->
          List.of(
              switch (day.kind()) {
                case WORKDAY -> Sentence.of("calling.workday");
                case WEEKEND -> Sentence.of("calling.weekend");
                case HOLIDAY -> Sentence.of("calling.holiday");
                case MAKE_UP_WORKDAY -> Sentence.of("calling.make-up-workday");
              },
              Sentence.said(day.nameEn(), day.nameZh()));
      case Blackout blackout -> List.of(blackout.text());
      case ZonedDateTime at -> List.of(LOCAL.format(at));
      case Duration time ->
          List.of(
              time.toSeconds() % 60 == 0
                  ? Sentence.of("calling.minutes", time.toMinutes())
                  : Sentence.of("calling.seconds", time.toSeconds()));
      default -> List.of(value);
    };
  }
}

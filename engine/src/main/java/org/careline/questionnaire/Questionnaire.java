package org.careline.questionnaire;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careline.language.Sentence;

/** A version of a questionnaire; never changed once it is published. Immutable. */
public record Questionnaire(String code, int version, List<Section> sections) {

  /**
   * An answer that cannot be taken, and why.
   *
   * @param key as it was given
   * @param reason {@code unknown_question}, {@code wrong_value} or {@code not_asked}
   */
  public record Refusal(String key, String reason, Sentence why) {}

  public Questionnaire {
    sections = List.copyOf(sections);
  }

  public List<Question> questions() {
    return sections.stream().flatMap(section -> section.questions().stream()).toList();
  }

  public Optional<Question> question(String questionCode) {
    return sections.stream()
        .flatMap(section -> section.questions().stream())
        .filter(question -> question.code().equals(questionCode))
        .findFirst();
  }

  /** Whether this question is asked of each device. */
  public boolean ofDevices(String questionCode) {
    return sections.stream()
        .filter(Section::perDevice)
        .flatMap(section -> section.questions().stream())
        .anyMatch(question -> question.code().equals(questionCode));
  }

  /**
   * Looks at a partial form: what is given is judged together with what is kept, so that an answer
   * and the one it leans on may come in one.
   *
   * @param devices of the site
   * @param today the office's day
   */
  public List<Refusal> check(
      Map<AnswerKey, String> given, Map<AnswerKey, String> kept, Devices devices, LocalDate today) {
    Map<AnswerKey, String> all = new HashMap<>(kept);
    all.putAll(given);
    Branching now = Branching.of(this, devices, all);
    List<Refusal> refusals = new ArrayList<>();
    given.forEach(
        (key, value) -> refusal(key, value, now, devices, today).ifPresent(refusals::add));
    return refusals;
  }

  private Optional<Refusal> refusal(
      AnswerKey key, String value, Branching now, Devices devices, LocalDate today) {
    String shown = key.toString();
    Optional<Section> section =
        sections.stream()
            .filter(each -> each.questions().stream().anyMatch(q -> q.code().equals(key.code())))
            .findFirst();
    boolean there =
        section
            .map(
                each ->
                    each.perDevice() ? devices.has(key.device()) : key.device() == AnswerKey.SITE)
            .orElse(false);
    if (!there) {
      return Optional.of(
          new Refusal(shown, "unknown_question", Sentence.of("form.unknown-question", shown)));
    }
    Optional<Sentence> wrong = question(key.code()).orElseThrow().type().refusal(value, today);
    if (wrong.isPresent()) {
      return Optional.of(
          new Refusal(shown, "wrong_value", Sentence.of("form.wrong-value", shown, wrong.get())));
    }
    return now.asked().contains(key)
        ? Optional.empty()
        : Optional.of(new Refusal(shown, "not_asked", Sentence.of("form.not-asked", shown)));
  }

  /**
   * The meanings whose wording, options or unit are not what they were in the other version: a
   * comparison over them has a break.
   */
  public Set<String> reworded(Questionnaire other) {
    Set<String> codes = new TreeSet<>();
    for (Question question : questions()) {
      other
          .question(question.code())
          .filter(before -> !before.asksTheSameAs(question))
          .ifPresent(before -> codes.add(question.code()));
    }
    return codes;
  }
}

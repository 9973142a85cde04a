package org.careline.questionnaire;

import java.util.Optional;
import org.careline.language.Sentence;

/**
 * What to ask and what to do about a fault. Immutable.
 *
 * @param model as devices have it; empty = every model
 * @param faultCode empty = every fault
 * @param ask what to ask, one question a line
 * @param todo what to do or to let the site do, one step a line
 * @param danger stop, and escalate at once
 * @param version 1 = as first saved
 */
public record FaultCard(
    long id,
    String model,
    String faultCode,
    Words title,
    Words ask,
    Words todo,
    boolean danger,
    int version) {

  private static final int TITLE = 200;
  private static final int TEXT = 2000;
  private static final int MODEL = 128;
  private static final int CODE = 32;

  /**
   * What is wrong with a card.
   *
   * @param field as it is called over HTTP and in files for apply
   */
  public record Flaw(String field, Sentence reason) {}

  /** The first thing that is wrong with it. */
  public Optional<Flaw> flaw() {
    return line("model", model, MODEL)
        .or(() -> line("faultCode", faultCode, CODE))
        .or(() -> line("titleZh", title.zh(), TITLE))
        .or(() -> line("titleEn", title.en(), TITLE))
        .or(() -> there("titleZh", title.zh()))
        .or(() -> there("titleEn", title.en()))
        .or(() -> text("askZh", ask.zh()))
        .or(() -> text("askEn", ask.en()))
        .or(() -> text("doZh", todo.zh()))
        .or(() -> text("doEn", todo.en()))
        .or(this::nothing);
  }

  /** An agent who is shown it must find something to ask or to do. */
  private Optional<Flaw> nothing() {
    boolean bare = ask.zh().isBlank() && todo.zh().isBlank() && !danger;
    return bare
        ? Optional.of(new Flaw("doZh", Sentence.of("fault-card.nothing")))
        : Optional.empty();
  }

  private static Optional<Flaw> there(String field, String text) {
    return text.isBlank()
        ? Optional.of(new Flaw(field, Sentence.of("fault-card.title")))
        : Optional.empty();
  }

  private static Optional<Flaw> line(String field, String text, int most) {
    boolean good = text.length() <= most && text.chars().noneMatch(Character::isISOControl);
    return good
        ? Optional.empty()
        : Optional.of(new Flaw(field, Sentence.of("fault-card.line", most)));
  }

  private static Optional<Flaw> text(String field, String text) {
    boolean good =
        text.length() <= TEXT
            && text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t');
    return good
        ? Optional.empty()
        : Optional.of(new Flaw(field, Sentence.of("fault-card.text", TEXT)));
  }

  /** The same is asked and done. */
  boolean saysTheSameAs(FaultCard other) {
    return model.equals(other.model)
        && faultCode.equals(other.faultCode)
        && title.equals(other.title)
        && ask.equals(other.ask)
        && todo.equals(other.todo)
        && danger == other.danger;
  }

  /** Letter case and blanks do not count. */
  public boolean isFor(String aModel, String aCode) {
    return fits(model, aModel) && fits(faultCode, aCode);
  }

  private static boolean fits(String wanted, String given) {
    return wanted.isEmpty() || Models.plain(wanted).equals(Models.plain(given));
  }
}

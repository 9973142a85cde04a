package org.careline.questionnaire;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The fault cards of some devices and the words that mean danger, as they were when a form was
 * opened. Immutable.
 *
 * @param dangerWords not empty each
 */
public record FaultBook(List<FaultCard> cards, List<String> dangerWords) {
  public static final FaultBook EMPTY = new FaultBook(List.of(), List.of());

  /** The question whose answer is a device's fault code, in every questionnaire that has it. */
  public static final String FAULT_CODE = "fault_code";

  public FaultBook {
    cards = List.copyOf(cards);
    dangerWords = List.copyOf(dangerWords);
  }

  /** The closest card: the model's own before one for every model, the code's own before all. */
  public Optional<FaultCard> card(String model, String faultCode) {
    return cards.stream()
        .filter(card -> card.isFor(model, faultCode))
        .min(
            Comparator.comparing((FaultCard card) -> card.model().isEmpty())
                .thenComparing(card -> card.faultCode().isEmpty()));
  }

  /**
   * The first word of danger in a text. "No" before it does not count: "there is no leakage
   * protection" is dangerous, and a task too many is sooner settled than one too few.
   */
  public Optional<String> danger(String text) {
    String said = text.toLowerCase(Locale.ROOT);
    return dangerWords.stream()
        .filter(word -> stands(word.toLowerCase(Locale.ROOT), said))
        .findFirst();
  }

  /** Within Chinese anywhere; a Latin word must not be a piece of another (smoke in smoker). */
  private static boolean stands(String word, String said) {
    for (int at = said.indexOf(word); at >= 0; at = said.indexOf(word, at + 1)) {
      boolean before = at > 0 && joins(said.charAt(at - 1), word.charAt(0));
      int end = at + word.length();
      boolean after =
          end < said.length() && joins(word.charAt(word.length() - 1), said.charAt(end));
      if (!before && !after) {
        return true;
      }
    }
    return false;
  }

  private static boolean joins(char left, char right) {
    return latin(left) && latin(right);
  }

  private static boolean latin(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }
}

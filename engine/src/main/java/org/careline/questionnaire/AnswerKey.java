package org.careline.questionnaire;

import java.util.Comparator;
import java.util.Optional;

/**
 * Which question, and of what: of the site itself, or of one of its devices. Written {@code code}
 * or {@code code@device}. Immutable.
 *
 * @param device its number; {@link #SITE} = the site itself
 */
public record AnswerKey(String code, long device) implements Comparable<AnswerKey> {
  public static final long SITE = 0;
  private static final Comparator<AnswerKey> ORDER =
      Comparator.comparingLong(AnswerKey::device).thenComparing(AnswerKey::code);

  public static AnswerKey site(String code) {
    return new AnswerKey(code, SITE);
  }

  /** Empty when the text cannot be the key of an answer. */
  public static Optional<AnswerKey> of(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return Optional.of(site(text));
    }
    String device = text.substring(at + 1);
    return device.matches("[1-9][0-9]{0,17}")
        ? Optional.of(new AnswerKey(text.substring(0, at), Long.parseLong(device)))
        : Optional.empty();
  }

  @Override
  public int compareTo(AnswerKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return device == SITE ? code : code + "@" + device;
  }
}

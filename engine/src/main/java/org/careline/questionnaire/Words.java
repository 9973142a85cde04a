package org.careline.questionnaire;

import java.util.Locale;

/** A text of a questionnaire in both languages, as its author wrote it. Immutable. */
public record Words(String en, String zh) {
  public static final Words NONE = new Words("", "");

  public boolean isEmpty() {
    return en.isEmpty() && zh.isEmpty();
  }

  /** English where the language is not Chinese. */
  public String in(Locale language) {
    return language.getLanguage().equals("zh") ? zh : en;
  }
}

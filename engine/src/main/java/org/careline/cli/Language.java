package org.careline.cli;

import java.util.Locale;
import java.util.Map;

/** In which language sentences are printed: {@code --lang}, else LANG, else English. */
enum Language {
  en(Locale.ENGLISH),
  zh(Locale.SIMPLIFIED_CHINESE);

  private final Locale locale;

  Language(Locale locale) {
    this.locale = locale;
  }

  Locale locale() {
    return locale;
  }

  /**
   * @throws IllegalArgumentException with the quoted name when {@code --lang} names another one
   */
  static Language of(String[] arguments, Map<String, String> environment) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--")) {
        break;
      }
      if (arguments[i].startsWith("--lang=")) {
        return named(arguments[i].substring("--lang=".length()));
      }
      if (arguments[i].equals("--lang") && i + 1 < arguments.length) {
        return named(arguments[i + 1]);
      }
    }
    // scripts/careline may have to change the locale for the sake of UTF-8 and keeps it here.
    for (String variable : new String[] {"CARELINE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
      String value = environment.getOrDefault(variable, "");
      if (!value.isEmpty()) {
        return value.startsWith("zh") ? zh : en;
      }
    }
    return en;
  }

  private static Language named(String name) {
    for (Language language : values()) {
      if (language.name().equals(name)) {
        return language;
      }
    }
    throw new IllegalArgumentException("'" + name + "'");
  }
}

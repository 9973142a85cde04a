package org.careline.cli;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** Sentences in the language of the person at the terminal. Kinds and keys never go through it. */
final class Messages {
  private Messages() {}

  /** The sentence with its values put in; numbers are given as text, without separators. */
  static String text(String key, Object... values) {
    String pattern = ResourceBundle.getBundle(Careline.BUNDLE, Locale.getDefault()).getString(key);
    Object[] texts = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      texts[i] = String.valueOf(values[i]);
    }
    return new MessageFormat(pattern, Locale.ROOT).format(texts);
  }
}

package org.careline.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the word a person probably meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The known word with the fewest changed, missing or extra letters; letter case is no change.
   * Empty when more than half of the letters would have to change: that would be no help.
   */
  public static Optional<String> of(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String other) -> distance(word, other)))
        .filter(other -> distance(word, other) <= Math.max(word.length(), other.length()) / 2);
  }

  /** All known words in order, for a message when none is near. */
  public static String list(Collection<String> known) {
    return String.join(", ", new TreeSet<>(known));
  }

  /** Levenshtein's distance, on at most the first 64 characters. */
  static int distance(String a, String b) {
    String left = shorten(a);
    String right = shorten(b);
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }

  private static String shorten(String text) {
    return text.substring(0, Math.min(64, text.length())).toLowerCase(Locale.ROOT);
  }
}

package org.careline.customer;

import java.util.Optional;

/**
 * How a customer's or site's code is typed on a telephone: digits as they are, letters by the key
 * they stand on (ITU-T E.161: ABC 2 .. WXYZ 9), blanks and {@code - _ . /} left out. A code with
 * anything else cannot be typed. Pure.
 */
final class KeypadCode {
  private static final int LONGEST = 17;
  private static final String LETTERS = "22233344455566677778889999";

  private KeypadCode() {}

  /** The keys of a code, 1 to 17 of them; empty = it cannot be typed. */
  static Optional<String> of(String code) {
    StringBuilder keys = new StringBuilder(code.length());
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      if (c >= '0' && c <= '9') {
        keys.append(c);
      } else if (c >= 'A' && c <= 'Z') {
        keys.append(LETTERS.charAt(c - 'A'));
      } else if (c >= 'a' && c <= 'z') {
        keys.append(LETTERS.charAt(c - 'a'));
      } else if (" -_./".indexOf(c) < 0) {
        return Optional.empty();
      }
    }
    return keys.isEmpty() || keys.length() > LONGEST
        ? Optional.empty()
        : Optional.of(keys.toString());
  }

  /** What was typed, without the stars some put between the parts; empty = no such code. */
  static Optional<String> typed(String digits) {
    String keys = digits.replace("*", "");
    return keys.matches("[0-9]{1," + LONGEST + "}") ? Optional.of(keys) : Optional.empty();
  }
}

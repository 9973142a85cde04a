package org.careline.customer;

import java.util.List;
import java.util.regex.Pattern;

/** {@code 138****8000}: enough to recognise a number, not enough to dial it. Pure. */
public final class NumberMask {
  /** Seven digits or more inside a text; not a date. */
  private static final Pattern LONG_RUN =
      Pattern.compile(
          "(?<![0-9])(?![0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))\\+?[0-9](?:[ ()./-]{0,3}[0-9]){6,}");

  /** A number as the tables keep it. Codes and serial numbers have no plus. */
  private static final Pattern E164 = Pattern.compile("\\+[0-9]{7,15}");

  private static final int TAIL = 4;
  private static final int HEAD = 3;

  private NumberMask() {}

  /**
   * Null stays null: withheld. Short numbers (police, banks) are nobody's secret but hidden too.
   */
  public static String mask(String number) {
    if (number == null || number.isEmpty() || number.contains("*")) {
      return number;
    }
    String digits = number.startsWith("+86") ? number.substring(3) : number;
    if (digits.length() <= TAIL) {
      return "*".repeat(digits.length());
    }
    int head = Math.clamp(digits.length() - TAIL - 1L, 0, HEAD);
    int hidden = digits.length() - TAIL - head;
    return digits.substring(0, head)
        + "*".repeat(hidden)
        + digits.substring(digits.length() - TAIL);
  }

  /**
   * A field of a customer's data, or the name of what it belongs to.
   *
   * @param column as files and the history name it
   */
  public static String field(String column, String value) {
    return column.matches("phone[0-9]*")
        ? mask(value)
        : E164.matcher(value).replaceAll(found -> mask(found.group()));
  }

  /** Every piece of a longer text that looks like a number, masked. */
  public static String runs(String text) {
    return text == null ? null : LONG_RUN.matcher(text).replaceAll(found -> ofRun(found.group()));
  }

  /** What {@link #runs} puts into the text for the numbers in it. */
  public static List<String> masks(String text) {
    return LONG_RUN.matcher(text).results().map(found -> ofRun(found.group())).toList();
  }

  private static String ofRun(String run) {
    return mask(run.replaceAll("[^0-9+]", ""));
  }
}

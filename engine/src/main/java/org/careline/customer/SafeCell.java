package org.careline.customer;

import java.util.regex.Pattern;

/**
 * Keeps a spreadsheet from taking a text for a formula (CWE-1236): an apostrophe is put before = +
 * - @, tab and carriage return at the beginning. Plain numbers such as +862158881234 stay as they
 * are. {@link #decode} takes the apostrophe off again, so that an exported file can be imported.
 */
public final class SafeCell {
  private static final Pattern DANGEROUS = Pattern.compile("[=+@\\t\\r-].*", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("[+-][0-9][0-9 .-]*");
  private static final Pattern ENCODED = Pattern.compile("'+[=+@\\t\\r-].*", Pattern.DOTALL);

  private SafeCell() {}

  public static String encode(String text) {
    boolean formula = DANGEROUS.matcher(text).matches() && !NUMBER.matcher(text).matches();
    return formula || ENCODED.matcher(text).matches() ? "'" + text : text;
  }

  public static String decode(String cell) {
    return ENCODED.matcher(cell).matches() ? cell.substring(1) : cell;
  }
}

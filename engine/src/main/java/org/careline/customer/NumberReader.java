package org.careline.customer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.language.Sentence;

/**
 * Reads telephone numbers as people and carriers write them. The import, the command line and the
 * recognition of callers all read with this one class. It rejects, it never repairs: a text that is
 * not one whole number gives a reason. Pure; thread-safe.
 *
 * <p>Understood: Chinese fixed lines with area code (with or without the leading 0), mobiles (also
 * 0 before them), 400 and 800 numbers, short numbers, any of these after +86, 0086 or 86, and other
 * countries' numbers after + or 00; digits and punctuation may be full-width. Extensions: 转801,
 * -801, 分机801, ext 801, #801 and our own {@code ;ext=801}. A hyphen is read as part of the number
 * wherever that gives a number, and only else as the sign of an extension.
 */
public final class NumberReader {
  private static final int MAX_LENGTH = 64;
  private static final Pattern EXTENSION =
      Pattern.compile(
          "(.*?[0-9)])[\\s,-]*(?:转|轉|分机号?|分機號?|内线|內線|;ext=|ext\\.?|extension|x|#)[\\s:.]*([0-9]{1,8})",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern HYPHEN = Pattern.compile("(.*[0-9)])\\s*-\\s*([0-9]{1,6})");
  private static final Pattern PLAIN = Pattern.compile("\\+?[0-9 ().-]+");

  private NumberReader() {}

  public sealed interface Reading {}

  public record Valid(PhoneNumber number) implements Reading {}

  /** {@code reason} is short and contains nothing of the text but single characters. */
  public record Invalid(Sentence reason) implements Reading {}

  /** Reads a number that must stand for itself: a local one without area code is refused. */
  public static Reading read(String text) {
    return read(text, "");
  }

  /**
   * Reads a number.
   *
   * @param homeAreaCode put before local numbers, such as 021; empty = they are refused
   */
  public static Reading read(String text, String homeAreaCode) {
    if (text == null || text.isBlank()) {
      return new Invalid(Sentence.of("number.empty"));
    }
    if (text.length() > MAX_LENGTH) {
      return new Invalid(Sentence.of("number.long", MAX_LENGTH));
    }
    String plain = trimSpaces(halfWidth(text));
    Matcher marked = EXTENSION.matcher(plain);
    if (marked.matches()) {
      return withExtension(readPlain(marked.group(1), homeAreaCode), marked.group(2));
    }
    Reading whole = readPlain(plain, homeAreaCode);
    Matcher hyphen = HYPHEN.matcher(plain);
    if (whole instanceof Invalid && hyphen.matches()) {
      Reading split = withExtension(readPlain(hyphen.group(1), homeAreaCode), hyphen.group(2));
      return split instanceof Valid ? split : whole;
    }
    return whole;
  }

  private static Reading withExtension(Reading reading, String extension) {
    if (!(reading instanceof Valid valid)) {
      return reading;
    }
    if (valid.number().kind() == PhoneNumber.Kind.MOBILE) {
      return new Invalid(Sentence.of("number.mobile-extension"));
    }
    return new Valid(new PhoneNumber(valid.number().e164(), extension));
  }

  private static Reading readPlain(String plain, String homeAreaCode) {
    if (plain.matches("[+ ().-]*")) {
      return new Invalid(Sentence.of("number.no-digits"));
    }
    if (!PLAIN.matcher(plain).matches()) {
      return new Invalid(foreignCharacter(plain));
    }
    String digits = plain.replaceAll("[^0-9]", "");
    if (digits.matches("0+")) {
      return new Invalid(Sentence.of("number.zeros"));
    }
    if (digits.length() > 20) {
      return new Invalid(Sentence.of("number.too-long"));
    }
    if (plain.startsWith("+")) {
      return digits.startsWith("86")
          ? ChineseNumbers.readAbroad(digits.substring(2))
          : ForeignNumbers.read(digits);
    }
    if (digits.startsWith("00")) {
      return digits.startsWith("0086")
          ? ChineseNumbers.readAbroad(digits.substring(4))
          : ForeignNumbers.read(digits.substring(2));
    }
    // A local number has 7 or 8 digits and may begin with 86; with a country's code it is longer.
    if (digits.startsWith("86") && digits.length() > 10) {
      return ChineseNumbers.readAbroad(digits.substring(2));
    }
    return ChineseNumbers.read(digits, homeAreaCode);
  }

  private static Sentence foreignCharacter(String plain) {
    int found =
        plain
            .codePoints()
            .filter(c -> !(c >= '0' && c <= '9') && " ().-".indexOf(c) < 0)
            .findFirst()
            .orElse('+');
    if (found == '/' || found == ';' || found == ',' || found == '、') {
      return Sentence.of("number.several");
    }
    boolean shown = found > ' ' && found < 127 || Character.isIdeographic(found);
    return Sentence.of(
        "number.character", shown ? Character.toString(found) : String.format("U+%04X", found));
  }

  /** Only spaces: other white space does not belong into a number. */
  private static String trimSpaces(String text) {
    return text.replaceAll("^ +| +$", "");
  }

  /** Full-width forms become ASCII, the many dashes and spaces one; nothing else is changed. */
  private static String halfWidth(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain.append(
          switch (c) {
            case '\u3000', '\u00A0' -> ' ';
            case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212' -> '-';
            default -> c >= '\uFF01' && c <= '\uFF5E' ? (char) (c - 0xFEE0) : c;
          });
    }
    return plain.toString();
  }
}

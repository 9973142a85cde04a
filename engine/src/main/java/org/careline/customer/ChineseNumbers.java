package org.careline.customer;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.Optional;
import java.util.regex.Pattern;
import org.careline.language.Sentence;

/**
 * The Chinese numbering plan. Mobiles are judged by their form alone, because new ranges are opened
 * faster than libphonenumber's tables follow; fixed lines by those tables. Pure; thread-safe.
 */
final class ChineseNumbers {
  private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();
  private static final Pattern MOBILE = Pattern.compile("1[3-9][0-9]{9}");
  private static final Pattern HOTLINE = Pattern.compile("[48]00[0-9]{7}|950[0-9]{7,8}");
  private static final Pattern SHORT =
      Pattern.compile("1[12][0-9]|1[0-2][0-9]{3}|11[0-9]{4}|9[56][0-9]{3,4}");
  private static final Pattern SHORT_WITH_AREA =
      Pattern.compile("(?:10|2[0-9]|[3-9][0-9]{2})(?:1[0-2][0-9]{3}|9[56][0-9]{3,4})");
  private static final Pattern AREA = Pattern.compile("10|2[0-57-9]|[3-9][0-9]{2}");

  private ChineseNumbers() {}

  /** The kind of a number in its form without country code and leading 0. */
  static PhoneNumber.Kind kind(String significant) {
    if (MOBILE.matcher(significant).matches()) {
      return PhoneNumber.Kind.MOBILE;
    }
    if (HOTLINE.matcher(significant).matches()) {
      return PhoneNumber.Kind.HOTLINE;
    }
    return SHORT.matcher(significant).matches() || SHORT_WITH_AREA.matcher(significant).matches()
        ? PhoneNumber.Kind.SHORT
        : PhoneNumber.Kind.FIXED;
  }

  /**
   * Reads digits as they are dialled inside China.
   *
   * @param digits with or without the leading 0
   * @param homeAreaCode put before a local number, with its leading 0; empty = there is none
   */
  static NumberReader.Reading read(String digits, String homeAreaCode) {
    if (digits.startsWith("0")) {
      return withTrunkZero(digits.substring(1));
    }
    if (MOBILE.matcher(digits).matches()
        || HOTLINE.matcher(digits).matches()
        || SHORT.matcher(digits).matches()) {
      return valid(digits);
    }
    if (digits.length() <= 6) {
      return invalid(Sentence.of("number.too-short"));
    }
    if (digits.length() <= 8) {
      if (homeAreaCode.isEmpty()) {
        return invalid(Sentence.of("number.area-missing"));
      }
      String whole = homeAreaCode.substring(1) + digits;
      return fixed(whole) ? valid(whole) : invalid(Sentence.of("number.not-local", homeAreaCode));
    }
    if (fixed(digits) || SHORT_WITH_AREA.matcher(digits).matches()) {
      return valid(digits);
    }
    return invalid(whyNot(digits));
  }

  /** After +86: the digits may or may not still have the leading 0, and are never local ones. */
  static NumberReader.Reading readAbroad(String digits) {
    return SHORT_WITH_AREA.matcher(digits).matches() ? valid(digits) : read(digits, "");
  }

  private static NumberReader.Reading withTrunkZero(String rest) {
    if (MOBILE.matcher(rest).matches() || fixed(rest) || SHORT_WITH_AREA.matcher(rest).matches()) {
      return valid(rest);
    }
    if (rest.matches("0*")) {
      return invalid(Sentence.of("number.zeros"));
    }
    return invalid(whyNot(rest));
  }

  /**
   * The library drops what it takes for a carrier's prefix (17951): then it judged other digits.
   */
  private static boolean fixed(String significant) {
    return kind(significant) == PhoneNumber.Kind.FIXED
        && parsed(significant)
            .filter(LIBRARY::isValidNumber)
            .filter(number -> LIBRARY.getNationalSignificantNumber(number).equals(significant))
            .isPresent();
  }

  private static Optional<com.google.i18n.phonenumbers.Phonenumber.PhoneNumber> parsed(
      String significant) {
    try {
      return Optional.of(LIBRARY.parse("+86" + significant, "ZZ"));
    } catch (NumberParseException impossible) {
      return Optional.empty();
    }
  }

  private static Sentence whyNot(String significant) {
    if (significant.startsWith("1") && !significant.startsWith("10")) {
      return significant.matches("1[3-9].*")
          ? Sentence.of("number.mobile-length", significant.length())
          : Sentence.of("number.range");
    }
    if (significant.matches("[48]00.*")) {
      return Sentence.of("number.hotline-length", significant.length());
    }
    for (int length = 2; length <= 3 && length < significant.length(); length++) {
      if (AREA.matcher(significant.substring(0, length)).matches()) {
        return Sentence.of("number.not-of-area", "0" + significant.substring(0, length));
      }
    }
    return Sentence.of("number.no-area");
  }

  private static NumberReader.Reading valid(String significant) {
    return new NumberReader.Valid(PhoneNumber.of("+86" + significant));
  }

  private static NumberReader.Reading invalid(Sentence reason) {
    return new NumberReader.Invalid(reason);
  }
}

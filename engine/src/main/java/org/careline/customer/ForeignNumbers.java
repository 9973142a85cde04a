package org.careline.customer;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber;
import org.careline.language.Sentence;

/** Numbers of other countries, judged by libphonenumber. Pure; thread-safe. */
final class ForeignNumbers {
  private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();

  private ForeignNumbers() {}

  /**
   * @param digits country code and number
   */
  static NumberReader.Reading read(String digits) {
    Phonenumber.PhoneNumber number;
    try {
      number = LIBRARY.parse("+" + digits, "ZZ");
    } catch (NumberParseException impossible) {
      return new NumberReader.Invalid(
          switch (impossible.getErrorType()) {
            case INVALID_COUNTRY_CODE -> Sentence.of("number.country");
            case TOO_SHORT_NSN, TOO_SHORT_AFTER_IDD, NOT_A_NUMBER ->
                Sentence.of("number.too-short");
            case TOO_LONG -> Sentence.of("number.too-long");
          });
    }
    if (!LIBRARY.isValidNumber(number)) {
      return new NumberReader.Invalid(
          switch (LIBRARY.isPossibleNumberWithReason(number)) {
            case INVALID_COUNTRY_CODE -> Sentence.of("number.country");
            case TOO_SHORT -> Sentence.of("number.too-short");
            case TOO_LONG -> Sentence.of("number.too-long");
            case INVALID_LENGTH -> Sentence.of("number.length");
            case IS_POSSIBLE, IS_POSSIBLE_LOCAL_ONLY ->
                Sentence.of("number.not-of-country", number.getCountryCode());
          });
    }
    if (LIBRARY.getNumberType(number) == PhoneNumberType.PREMIUM_RATE) {
      return new NumberReader.Invalid(Sentence.of("number.premium"));
    }
    return new NumberReader.Valid(
        PhoneNumber.of(LIBRARY.format(number, PhoneNumberUtil.PhoneNumberFormat.E164)));
  }

  static PhoneNumber.Kind kind(String e164) {
    try {
      return switch (LIBRARY.getNumberType(LIBRARY.parse(e164, "ZZ"))) {
        case MOBILE, PAGER -> PhoneNumber.Kind.MOBILE;
        case TOLL_FREE, SHARED_COST, UAN, PREMIUM_RATE -> PhoneNumber.Kind.HOTLINE;
        case FIXED_LINE, FIXED_LINE_OR_MOBILE, VOIP, PERSONAL_NUMBER, VOICEMAIL, UNKNOWN ->
            PhoneNumber.Kind.FIXED;
      };
    } catch (NumberParseException impossible) {
      return PhoneNumber.Kind.FIXED;
    }
  }
}

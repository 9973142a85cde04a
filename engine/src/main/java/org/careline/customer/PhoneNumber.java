package org.careline.customer;

import org.careline.config.Configuration.DialForm;

/**
 * A telephone number in international form, and the digits of an extension behind a switchboard.
 *
 * <p>Everything is kept with the country's code, also what has no international form of its own: a
 * 400 or 800 hotline is {@code +864008123456}, a short number {@code +8695588} (the form in which
 * banks print it for callers from abroad). So one column and one key serve all kinds. Made by
 * {@link NumberReader}. Immutable.
 *
 * @param e164 plus and 5 to 18 digits
 * @param extension digits, or empty
 */
public record PhoneNumber(String e164, String extension) {
  private static final String CHINA = "+86";

  public PhoneNumber {
    if (e164 == null || !e164.matches("\\+[1-9][0-9]{4,17}")) {
      throw new IllegalArgumentException("not an international number: " + e164);
    }
    if (extension == null || !extension.matches("[0-9]{0,8}")) {
      throw new IllegalArgumentException("an extension has at most 8 digits: " + extension);
    }
  }

  public static PhoneNumber of(String e164) {
    return new PhoneNumber(e164, "");
  }

  /** What this kind of number is good for. */
  public Kind kind() {
    return Kind.of(e164);
  }

  /** The digits without the plus, for trunks that want them so. */
  public String international() {
    return e164.substring(1);
  }

  /** As dialled inside China: 0 before an area code, 00 before another country's code. */
  public String national() {
    if (!e164.startsWith(CHINA)) {
      return "00" + international();
    }
    String rest = e164.substring(CHINA.length());
    return kind() == Kind.FIXED || rest.length() > 6 && kind() == Kind.SHORT ? "0" + rest : rest;
  }

  /** The digits in the form a trunk wants. */
  public String dialled(DialForm form) {
    return switch (form) {
      case e164 -> international();
      case national -> national();
    };
  }

  /** For screens on which the whole number is nobody's business: the last four digits are shown. */
  public String masked() {
    String digits = national();
    int hidden = Math.max(0, digits.length() - 4);
    return "*".repeat(hidden) + digits.substring(hidden);
  }

  /** {@code +862158881234;ext=801}. */
  @Override
  public String toString() {
    return extension.isEmpty() ? e164 : e164 + ";ext=" + extension;
  }

  /** Kinds as the command line prints them. */
  public enum Kind {
    MOBILE,
    FIXED,
    /** 400, 800 and 950 numbers, and what is like them in other countries: they are only called. */
    HOTLINE,
    /** 110, 12345, 95588 and the like, with or without an area code. */
    SHORT;

    static Kind of(String e164) {
      if (e164.startsWith(CHINA)) {
        return ChineseNumbers.kind(e164.substring(CHINA.length()));
      }
      return ForeignNumbers.kind(e164);
    }

    /** {@code mobile}, {@code fixed}, {@code hotline}, {@code short}: never translated. */
    public String key() {
      return switch (this) {
        case MOBILE -> "mobile";
        case FIXED -> "fixed";
        case HOTLINE -> "hotline";
        case SHORT -> "short";
      };
    }
  }
}

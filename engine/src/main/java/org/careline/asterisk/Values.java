package org.careline.asterisk;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What may stand in an order to the switch. The library writes values as they are: a line break in
 * one would be a second order. So every value is held against a whole pattern first; what does not
 * match is refused, never repaired.
 */
final class Values {
  private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_./@;+-]{0,127}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]{3,20}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{0,20}");
  private static final Pattern KEYS = Pattern.compile("[0-9*#]{1,24}");
  private static final Pattern ADDRESS =
      Pattern.compile("sip:[A-Za-z0-9._-]{1,32}@[A-Za-z0-9.-]{1,64}:[0-9]{2,5}");

  private Values() {}

  static String channel(String value) {
    return whole("channel", CHANNEL, value);
  }

  static String id(String value) {
    return whole("id", ID, value);
  }

  /** A number to dial: digits, perhaps with a plus. */
  static String number(String value) {
    return whole("number", NUMBER, value);
  }

  /** Digits or nothing. */
  static String digits(String value) {
    return whole("digits", DIGITS, value);
  }

  static String keys(String value) {
    return whole("keys", KEYS, value);
  }

  static String deskPhone(String value) {
    return whole("address of a desk phone", ADDRESS, value);
  }

  /** 1 to 120 s, in whole seconds. */
  static long ringSeconds(Duration ring) {
    if (ring == null || ring.toSeconds() < 1 || ring.toSeconds() > 120) {
      throw new Refused("ring time is 1 to 120 s");
    }
    return ring.toSeconds();
  }

  private static String whole(String what, Pattern pattern, String value) {
    if (value == null || !pattern.matcher(value).matches()) {
      // The value itself is not repeated: it may be a stranger's.
      throw new Refused("not a valid " + what);
    }
    return value;
  }

  /** The order is wrong; trying again does not help. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }
}

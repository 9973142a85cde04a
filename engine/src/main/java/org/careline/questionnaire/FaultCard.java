package org.careline.questionnaire;

import java.util.Locale;

/**
 * What to ask and what to do about a fault. Immutable.
 *
 * @param model as devices have it; empty = every model
 * @param faultCode empty = every fault
 * @param ask what to ask, one question a line
 * @param todo what to do or to let the site do, one step a line
 * @param danger stop, and escalate at once
 * @param version 1 = as first saved
 */
public record FaultCard(
    long id,
    String model,
    String faultCode,
    Words title,
    Words ask,
    Words todo,
    boolean danger,
    int version) {

  /** Letter case and blanks do not count. */
  public boolean isFor(String aModel, String aCode) {
    return fits(model, aModel) && fits(faultCode, aCode);
  }

  private static boolean fits(String wanted, String given) {
    return wanted.isEmpty() || plain(wanted).equals(plain(given));
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
  }
}

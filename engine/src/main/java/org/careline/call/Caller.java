package org.careline.call;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Who calls, on which line, as far as is known. Everything that may be unknown is null. Immutable.
 *
 * @param dialled as the trunk delivered it
 * @param lineCode null = no line has that number
 * @param raw what the deciding header said, printable, at most 128 characters
 * @param e164 null = withheld or not understood
 * @param tierCode always a tier; {@code standard} for strangers
 * @param language of the line: zh or en; null = no line
 * @param menuChoice what he chose in the line's menu: install, repair, enquiry, complaint or
 *     account_manager; null = no menu, or nothing chosen
 * @param skill what an agent must know to serve him; null = nothing
 * @param handedTo the line to whose agents he was handed over; null = he is served by the one he
 *     dialled, to which the call counts in any case
 * @param knownBy what said first who he is: {@link #BY_NUMBER}, {@link #BY_CODE} or {@link
 *     #BY_AGENT}; null = nobody knows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Caller(
    String dialled,
    String lineCode,
    String raw,
    String e164,
    Long customerId,
    String customerCode,
    String customerName,
    Long siteId,
    String siteCode,
    String siteName,
    String tierCode,
    String language,
    String menuChoice,
    String skill,
    HandedTo handedTo,
    String knownBy) {

  /**
   * @param number of the line
   */
  public record HandedTo(String number, String lineCode) {}

  /** One who is served by the line he dialled. */
  public Caller(
      String dialled,
      String lineCode,
      String raw,
      String e164,
      Long customerId,
      String customerCode,
      String customerName,
      Long siteId,
      String siteCode,
      String siteName,
      String tierCode,
      String language,
      String menuChoice,
      String skill) {
    this(
        dialled,
        lineCode,
        raw,
        e164,
        customerId,
        customerCode,
        customerName,
        siteId,
        siteCode,
        siteName,
        tierCode,
        language,
        menuChoice,
        skill,
        null,
        null);
  }

  /** His number, at the door: what the recognition rate counts. */
  public static final String BY_NUMBER = "number";

  /** A code he typed. */
  public static final String BY_CODE = "code";

  /** The agent who bound his number. */
  public static final String BY_AGENT = "agent";

  /** One who has not been asked anything. */
  public Caller(
      String dialled,
      String lineCode,
      String raw,
      String e164,
      Long customerId,
      String customerCode,
      String customerName,
      Long siteId,
      String siteCode,
      String siteName,
      String tierCode) {
    this(
        dialled,
        lineCode,
        raw,
        e164,
        customerId,
        customerCode,
        customerName,
        siteId,
        siteCode,
        siteName,
        tierCode,
        null,
        null,
        null);
  }

  /** Who says first who he is; later ones change nothing. */
  public Caller knownBy(String first) {
    return new Caller(
        dialled,
        lineCode,
        raw,
        e164,
        customerId,
        customerCode,
        customerName,
        siteId,
        siteCode,
        siteName,
        tierCode,
        language,
        menuChoice,
        skill,
        handedTo,
        knownBy == null ? first : knownBy);
  }

  public Caller speaking(String lineLanguage) {
    return with(lineLanguage, menuChoice, skill, handedTo);
  }

  public Caller choosing(String choice, String neededSkill) {
    return with(language, choice, neededSkill, handedTo);
  }

  /** Served by another line from now on; what he chose in the menu of the old one is of no use. */
  public Caller handedTo(HandedTo line, String lineLanguage) {
    return with(lineLanguage, null, null, line);
  }

  /** Where the line that serves him is dialled. */
  public String servedNumber() {
    return handedTo == null ? dialled : handedTo.number();
  }

  /** Code of the line that serves him: its policy, times and settings hold. Null = none. */
  public String servedLine() {
    return handedTo == null ? lineCode : handedTo.lineCode();
  }

  private Caller with(String newLanguage, String newChoice, String newSkill, HandedTo newLine) {
    return new Caller(
        dialled,
        lineCode,
        raw,
        e164,
        customerId,
        customerCode,
        customerName,
        siteId,
        siteCode,
        siteName,
        tierCode,
        newLanguage,
        newChoice,
        newSkill,
        newLine,
        knownBy);
  }

  /** Nothing is known of him yet. */
  public static Caller unknown(String dialled) {
    return new Caller(dialled, null, "", null, null, null, null, null, null, null, "standard");
  }
}

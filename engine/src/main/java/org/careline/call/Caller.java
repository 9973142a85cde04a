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
    String skill) {

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

  public Caller speaking(String lineLanguage) {
    return with(lineLanguage, menuChoice, skill);
  }

  public Caller choosing(String choice, String neededSkill) {
    return with(language, choice, neededSkill);
  }

  private Caller with(String newLanguage, String newChoice, String newSkill) {
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
        newSkill);
  }

  /** Nothing is known of him yet. */
  public static Caller unknown(String dialled) {
    return new Caller(dialled, null, "", null, null, null, null, null, null, null, "standard");
  }
}

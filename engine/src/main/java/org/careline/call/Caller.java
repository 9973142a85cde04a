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
    String tierCode) {

  /** Nothing is known of him yet. */
  public static Caller unknown(String dialled) {
    return new Caller(dialled, null, "", null, null, null, null, null, null, null, "standard");
  }
}

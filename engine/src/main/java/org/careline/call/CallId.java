package org.careline.call;

/**
 * Names one call for its whole life: inbound the Uniqueid of the caller's channel, outbound the id
 * of the attempt, which is given to Asterisk as ChannelId. Immutable.
 */
public record CallId(String value) {
  public CallId {
    if (value == null || !value.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException("not a call id: " + value);
    }
  }

  /**
   * Whether the id is an attempt's (a ULID): the channel goes out, whatever context it begins in.
   * Text of anybody may be asked about.
   */
  public static boolean ofAttempt(String uniqueId) {
    return uniqueId != null && uniqueId.matches("[0-9A-HJKMNP-TV-Z]{26}");
  }

  /** Whether a channel of this id was made by our order: it is nobody's call to us. As above. */
  public static boolean ofOurs(String uniqueId) {
    return ofAttempt(uniqueId)
        || uniqueId != null && uniqueId.matches("[A-Za-z0-9._-]{1,50}-consult-[0-9]{1,3}");
  }

  @Override
  public String toString() {
    return value;
  }
}

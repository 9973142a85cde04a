package org.careline.callback;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.careline.call.CallId;

/**
 * Ids of attempts: 48 bits of time, 80 random bits, 26 characters of Crockford's base 32, in order
 * of time (https://github.com/ulid/spec). Thread-safe.
 */
public final class Ulid {
  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;

  public Ulid(InstantSource clock) {
    this.clock = clock;
  }

  public CallId next() {
    char[] text = new char[26];
    long time = clock.millis();
    for (int i = 9; i >= 0; i--) {
      text[i] = DIGITS[(int) (time & 31)];
      time >>>= 5;
    }
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    for (int i = 0; i < 16; i++) {
      text[10 + i] = DIGITS[bytes[i] & 31];
    }
    return new CallId(new String(text));
  }
}

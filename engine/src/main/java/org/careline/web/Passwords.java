package org.careline.web;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Argon2id with the parameters OWASP names (19 MiB, 2 passes). At most four run at once: each takes
 * memory and some 50 ms of a core, which a flood of logins must not take from the calls.
 * Thread-safe.
 */
public final class Passwords {
  private static final Argon2Function FUNCTION =
      Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);
  private static final Duration WAIT = Duration.ofSeconds(5);

  /** Of no password: what an unknown login is checked against, so that it takes as long. */
  private static final String NOBODY = hash("nobody has this password");

  private final Semaphore atOnce = new Semaphore(4, true);

  /** The text for {@code user_account.password_hash}: salt and parameters are in it. */
  public static String hash(String password) {
    return FUNCTION.hash(password).getResult();
  }

  /**
   * @param hash null = there is no such user: takes as long and says no
   */
  boolean matches(String password, String hash) {
    boolean mine = false;
    try {
      mine = atOnce.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS);
      if (!mine) {
        throw Refusal.unavailable("busy", "too many logins at once, try again");
      }
      String against = hash == null ? NOBODY : hash;
      boolean same = Argon2Function.getInstanceFromHash(against).check(password, against);
      return same && hash != null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.unavailable("busy", "the engine is stopping");
    } finally {
      if (mine) {
        atOnce.release();
      }
    }
  }
}

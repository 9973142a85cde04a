package org.careline.web;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.careline.agent.PasswordHash;
import org.careline.language.Sentence;

/**
 * Checks passwords at sign-in. At most four at once: each takes 19 MiB and some 50 ms of a core,
 * which a flood of sign-ins must not take from the calls. An unknown login takes as long as a known
 * one. Thread-safe.
 */
final class Passwords {
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final String nobody = PasswordHash.of("nobody has this password");
  private final Semaphore atOnce = new Semaphore(4, true);

  /**
   * @param hash null = there is no such user: takes as long and says no
   */
  boolean matches(String password, String hash) {
    boolean mine = false;
    try {
      mine = atOnce.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS);
      if (!mine) {
        throw Refusal.unavailable("busy", Sentence.of("web.logins"));
      }
      boolean same = PasswordHash.matches(password, hash == null ? nobody : hash);
      return same && hash != null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.unavailable("busy", Sentence.of("web.stopping"));
    } finally {
      if (mine) {
        atOnce.release();
      }
    }
  }
}

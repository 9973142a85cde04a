package org.careline.agent;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/**
 * Passwords of users: Argon2id with the parameters OWASP names (19 MiB, 2 passes, 1 lane); salt and
 * parameters stand in the hash. Each call takes some 50 ms of a core. Stateless.
 */
public final class PasswordHash {
  private static final Argon2Function FUNCTION =
      Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);
  private static final int LEAST = 10;
  private static final int MOST = 128;

  /** Without letters and digits that look alike. */
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  private static final Set<String> COMMON =
      Set.of(
          "password", "passwort", "qwertyuiop", "1234567890", "0123456789", "careline", "welcome");

  private PasswordHash() {}

  public static String of(String password) {
    return FUNCTION.hash(password).getResult();
  }

  /** False also for a text that is no hash. */
  public static boolean matches(String password, String hash) {
    try {
      return Argon2Function.getInstanceFromHash(hash).check(password, hash);
    } catch (RuntimeException notAHash) {
      return false;
    }
  }

  /** 16 characters by the secure generator: some 92 bits. */
  public static String generate() {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }

  /** Why the password must not be used; empty = it may. */
  public static Optional<Sentence> weakness(String login, String password) {
    if (password.isBlank()) {
      return Optional.of(Sentence.of("agent.password-empty"));
    }
    if (password.length() < LEAST || password.length() > MOST) {
      return Optional.of(Sentence.of("agent.password-length", LEAST, MOST));
    }
    String lower = password.toLowerCase(Locale.ROOT);
    String letters = lower.replaceAll("[0-9!?.]+$", "");
    // A shorter login may stand in a random password by chance.
    if (login.length() >= 4 && lower.contains(login.toLowerCase(Locale.ROOT))) {
      return Optional.of(Sentence.of("agent.password-login"));
    }
    if (COMMON.contains(lower)
        || COMMON.contains(letters)
        || lower.chars().distinct().count() < 5) {
      return Optional.of(Sentence.of("agent.password-easy"));
    }
    return Optional.empty();
  }
}

package org.careline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.careline.agent.InvalidAccount;
import org.careline.agent.PasswordHash;

/**
 * A password for a user: read from standard input, or made here and then printed, once.
 *
 * @param hash what is stored
 */
record NewPassword(String text, boolean madeHere, String hash) {
  private static final int MAX_INPUT = 4096;

  /**
   * @throws InvalidAccount when the password read is too weak
   */
  static NewPassword of(String login, boolean fromStdin, InputStream in) throws IOException {
    String text = fromStdin ? read(in) : PasswordHash.generate();
    if (fromStdin) {
      PasswordHash.weakness(login, text)
          .ifPresent(
              weakness -> {
                throw new InvalidAccount(weakness);
              });
    }
    return new NewPassword(text, !fromStdin, PasswordHash.of(text));
  }

  /** The first line, without its end. */
  static String read(InputStream in) throws IOException {
    String text = new String(in.readNBytes(MAX_INPUT), StandardCharsets.UTF_8);
    return text.lines().findFirst().orElse("");
  }

  /** Only what nobody knows yet is printed. */
  void print() {
    if (madeHere) {
      System.out.println("password\t" + text);
    }
  }

  @Override
  public String toString() {
    return "NewPassword[...]";
  }
}

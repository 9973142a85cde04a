package org.careline.agent;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.language.Sentence;

/**
 * An agent's number, 3 to 8 digits, as announced (工号8023). His SIP endpoint is {@code a8023}.
 * Immutable.
 */
public record AgentNumber(String value) {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{3,8}");
  private static final Pattern ENDPOINT = Pattern.compile("a([0-9]{3,8})");
  private static final Pattern CHANNEL = Pattern.compile("PJSIP/a([0-9]{3,8})-.{1,64}");

  public AgentNumber {
    if (value == null || !DIGITS.matcher(value).matches()) {
      throw new IllegalArgumentException("an agent number has 3 to 8 digits: " + value);
    }
  }

  public String endpoint() {
    return "a" + value;
  }

  /**
   * Of a text that a person wrote.
   *
   * @throws InvalidAccount when it is no such number
   */
  public static AgentNumber of(String text) {
    if (!DIGITS.matcher(text).matches()) {
      throw new InvalidAccount(Sentence.of("agent.number", text));
    }
    return new AgentNumber(text);
  }

  /** Whose phone is it? Empty for endpoints that are no agent's. */
  public static Optional<AgentNumber> ofEndpoint(String endpoint) {
    return match(ENDPOINT, endpoint);
  }

  /** Whose leg is it? Empty for channels that are no agent's, and for null. */
  public static Optional<AgentNumber> ofChannel(String channel) {
    return match(CHANNEL, channel);
  }

  private static Optional<AgentNumber> match(Pattern pattern, String text) {
    if (text == null) {
      return Optional.empty();
    }
    Matcher matcher = pattern.matcher(text);
    return matcher.matches() ? Optional.of(new AgentNumber(matcher.group(1))) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}

package org.careline.agent;

/**
 * An agent's number, 3 to 8 digits, as announced (工号8023). His SIP endpoint is {@code a8023}.
 * Immutable.
 */
public record AgentNumber(String value) {
  public AgentNumber {
    if (value == null || !value.matches("[0-9]{3,8}")) {
      throw new IllegalArgumentException("an agent number has 3 to 8 digits: " + value);
    }
  }

  public String endpoint() {
    return "a" + value;
  }

  @Override
  public String toString() {
    return value;
  }
}

package org.careline.agent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A person who may sign in, and the phone on which he is rung when he is an agent. Immutable.
 *
 * @param grade 1 (junior) to 5 (senior)
 * @param deskPhone SIP address of a fixed phone; empty = softphone in the browser
 */
public record UserAccount(
    String login,
    String name,
    List<String> roles,
    String language,
    Optional<AgentNumber> number,
    int grade,
    List<String> skills,
    Optional<String> deskPhone,
    boolean active) {
  /** Never translated. */
  public static final List<String> ROLES = List.of("agent", "scheduler", "supervisor", "admin");

  public UserAccount {
    roles = List.copyOf(roles);
    skills = List.copyOf(skills);
    require(
        login.matches("[a-z0-9][a-z0-9._-]{1,63}"),
        "a login has 2 to 64 small letters, digits, . _ -");
    require(
        !name.isBlank() && name.length() <= 128 && name.chars().noneMatch(Character::isISOControl),
        "a name has 1 to 128 characters in one line");
    require(!roles.isEmpty(), "a user needs a role: " + String.join(", ", ROLES));
    for (String role : roles) {
      require(ROLES.contains(role), "no role '" + role + "'; roles: " + String.join(", ", ROLES));
    }
    require(
        Set.copyOf(roles).size() == roles.size() && String.join(",", roles).length() <= 128,
        "a role stands twice");
    require(Set.of("en", "zh").contains(language), "language is en or zh");
    require(roles.contains("agent") || number.isEmpty(), "only an agent has a number");
    require(!roles.contains("agent") || number.isPresent(), "an agent needs a number");
    require(grade >= 1 && grade <= 5, "a grade is 1 to 5");
    require(
        Stream.concat(skills.stream(), Stream.of("x")).allMatch(s -> s.matches("[a-z0-9_-]{1,32}"))
            && String.join(",", skills).length() <= 255,
        "a skill has small letters, digits, - and _");
    require(
        deskPhone.isEmpty()
            || deskPhone
                .get()
                .matches("sip:[A-Za-z0-9_.-]{1,32}@[A-Za-z0-9.-]{1,64}(:[0-9]{1,5})?"),
        "a desk phone is an address such as sip:8001@10.0.0.7:5060");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}

package org.careline.agent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careline.language.Sentence;

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
    require(login.matches("[a-z0-9][a-z0-9._-]{1,63}"), Sentence.of("agent.login"));
    require(
        !name.isBlank() && name.length() <= 128 && name.chars().noneMatch(Character::isISOControl),
        Sentence.of("agent.name"));
    require(!roles.isEmpty(), Sentence.of("agent.no-role", String.join(", ", ROLES)));
    for (String role : roles) {
      require(
          ROLES.contains(role), Sentence.of("agent.unknown-role", role, String.join(", ", ROLES)));
    }
    require(
        Set.copyOf(roles).size() == roles.size() && String.join(",", roles).length() <= 128,
        Sentence.of("agent.role-twice"));
    require(Set.of("en", "zh").contains(language), Sentence.of("agent.language"));
    require(roles.contains("agent") || number.isEmpty(), Sentence.of("agent.number-without-role"));
    require(!roles.contains("agent") || number.isPresent(), Sentence.of("agent.needs-number"));
    require(grade >= 1 && grade <= 5, Sentence.of("agent.grade"));
    require(
        Stream.concat(skills.stream(), Stream.of("x")).allMatch(s -> s.matches("[a-z0-9_-]{1,32}"))
            && String.join(",", skills).length() <= 255,
        Sentence.of("agent.skill"));
    require(
        deskPhone.isEmpty()
            || deskPhone
                .get()
                .matches("sip:[A-Za-z0-9_.-]{1,32}@[A-Za-z0-9.-]{1,64}(:[0-9]{1,5})?"),
        Sentence.of("agent.desk-phone"));
  }

  private static void require(boolean condition, Sentence otherwise) {
    if (!condition) {
      throw new InvalidAccount(otherwise);
    }
  }
}

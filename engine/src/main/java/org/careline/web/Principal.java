package org.careline.web;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.language.Sentence;

/** Who asks. Taken from the session, never from a header. Immutable. */
public record Principal(
    String login,
    String name,
    Set<Role> roles,
    Optional<AgentNumber> agent,
    Optional<String> deskPhone,
    String language) {

  public Principal {
    roles = Set.copyOf(roles);
  }

  boolean mayDo(Set<Role> any) {
    return !Collections.disjoint(roles, any);
  }

  /**
   * Supervisors and administrators see everybody's calls. Telephone numbers are masked for them
   * too: {@link NumberEndpoints}.
   */
  boolean seesAll() {
    return roles.contains(Role.SUPERVISOR) || roles.contains(Role.ADMIN);
  }

  /** The own agent number, or a refusal: the user is an agent without a phone. */
  AgentNumber requireAgent() {
    return agent.orElseThrow(
        () -> Refusal.forbidden("no_agent_number", Sentence.of("web.no-agent-number")));
  }

  List<String> roleKeys() {
    return roles.stream().sorted().map(Role::key).toList();
  }
}

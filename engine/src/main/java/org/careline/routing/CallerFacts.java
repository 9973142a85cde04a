package org.careline.routing;

import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;

/**
 * What a policy must know of a caller. Immutable.
 *
 * @param tier its code
 * @param standard what the tier gets where the policy does not name it
 * @param skills all are needed; none = anybody can help him
 * @param lastAgent who served his open matter last
 * @param wantsManager he has asked for his account manager
 */
public record CallerFacts(
    String tier,
    TierTerms standard,
    Set<String> skills,
    Optional<Manager> manager,
    Optional<AgentNumber> lastAgent,
    boolean wantsManager) {

  /**
   * His account manager.
   *
   * @param agent empty = he is none of our agents
   * @param away by the leave calendar, or signed out
   * @param deputy who stands in while he is away
   * @param mobile his own, in international form
   */
  public record Manager(
      Optional<AgentNumber> agent,
      boolean away,
      Optional<AgentNumber> deputy,
      Optional<String> mobile) {}

  /** Of one who has not asked for his account manager. */
  public CallerFacts(
      String tier,
      TierTerms standard,
      Set<String> skills,
      Optional<Manager> manager,
      Optional<AgentNumber> lastAgent) {
    this(tier, standard, skills, manager, lastAgent, false);
  }

  /** Who answers for his account manager: that one himself, or while he is away his deputy. */
  Optional<AgentNumber> answering() {
    return manager.flatMap(known -> known.away() ? known.deputy() : known.agent());
  }

  public CallerFacts {
    skills = Set.copyOf(skills);
  }
}

package org.careline.matter;

import java.util.Optional;
import org.careline.agent.AgentNumber;

/** Who serves callers that have an open matter. Answers from memory; thread-safe. */
@FunctionalInterface
public interface OpenMatters {
  /** Nobody has an open matter. */
  OpenMatters NONE = (siteId, e164) -> Optional.empty();

  /**
   * The agent who served the open matter of this caller last; of several the one served last.
   *
   * @param siteId null = no site is known
   * @param e164 asked for only where no site is known; null = withheld
   */
  Optional<AgentNumber> lastAgent(Long siteId, String e164);
}

package org.careline.matter;

import java.util.Optional;
import org.careline.agent.AgentNumber;

/** Who serves callers that have an open matter. Answers from memory; thread-safe. */
@FunctionalInterface
public interface OpenMatters {
  /** Nobody has an open matter. */
  OpenMatters NONE = who -> Optional.empty();

  /**
   * Who calls, as far as is known.
   *
   * @param siteId null = no site is known
   * @param customerId null = no customer is known
   * @param e164 null = withheld
   */
  record Who(Long siteId, Long customerId, String e164) {}

  /**
   * The agent who served the open matter of this caller last: a matter of his site, else one told
   * from his number, else, when he is known as a customer without a site (headquarters, a
   * customer's code), one of the customer. Of several the one served last.
   */
  Optional<AgentNumber> lastAgent(Who who);
}

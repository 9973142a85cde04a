package org.careline.customer;

import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;

/**
 * An agent is away. Immutable.
 *
 * @param to not included
 * @param deputy stands in; empty = the deputy of his entry as account manager
 */
public record Leave(AgentNumber agent, Instant from, Instant to, Optional<AgentNumber> deputy) {
  public boolean covers(Instant at) {
    return !at.isBefore(from) && at.isBefore(to);
  }
}

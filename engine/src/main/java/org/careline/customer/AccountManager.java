package org.careline.customer;

import java.util.Optional;
import org.careline.agent.AgentNumber;

/**
 * Who looks after customers and sites under this name. Immutable.
 *
 * @param name as customers and sites have it
 * @param agent empty = none of our agents, or not active
 * @param deputy stands in while he is away
 * @param mobile his own, E.164
 */
public record AccountManager(
    String name,
    Optional<AgentNumber> agent,
    Optional<AgentNumber> deputy,
    Optional<String> mobile) {}

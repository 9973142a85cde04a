package org.careline.agent;

import java.time.Instant;
import java.util.Optional;

/**
 * An agent as others see him. Immutable.
 *
 * @param since start of the presence
 * @param until end of his after-call work, where he is in it
 * @param reachable his phone
 */
public record AgentView(
    AgentNumber number,
    String name,
    Presence presence,
    Wish wish,
    Instant since,
    Optional<Instant> until,
    boolean reachable) {}

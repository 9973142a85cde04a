package org.careline.routing;

import java.time.Instant;
import java.util.Set;
import org.careline.agent.AgentNumber;

/**
 * An agent who can take work now. Immutable.
 *
 * @param grade 1 junior .. 5 senior
 */
public record ReadyAgent(AgentNumber number, int grade, Set<String> skills, Instant idleSince) {}

package org.careline.routing;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.careline.agent.AgentNumber;
import org.careline.language.Sentence;

/**
 * What a policy may name. Immutable.
 *
 * @param skills some agent has or some menu asks for
 * @param lines the numbers of our own lines and landing numbers: a call put through to one of them
 *     would come back
 * @param dialable why a number must not be dialled; empty = it may
 */
public record PolicyWorld(
    Set<String> tiers,
    Set<String> skills,
    Set<AgentNumber> agents,
    Set<String> lines,
    Function<String, Optional<Sentence>> dialable) {}

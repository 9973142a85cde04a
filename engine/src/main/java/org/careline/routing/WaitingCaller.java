package org.careline.routing;

import java.time.Instant;
import java.util.Optional;
import org.careline.call.CallId;

/**
 * A caller who waits for an agent, as far as routing is concerned. Immutable.
 *
 * @param weight of his tier
 * @param rank of his tier, 1 first; decides only between equal scores
 * @param minGrade lowest grade of agent that may serve him
 * @param skill that the agent must have, where his line wants one
 * @param joinedAt his age counts from here, whatever happened since
 */
public record WaitingCaller(
    CallId id,
    String tier,
    double weight,
    int rank,
    int minGrade,
    Optional<String> skill,
    Instant joinedAt) {}

package org.careline.call;

import java.time.Duration;

/**
 * How the call's line and tier want it handled. Immutable.
 *
 * @param ring how long an agent's phone rings before the next one is tried
 * @param wrapUp longest after-call work
 * @param weight of the tier: score = weight x seconds waited
 * @param rank of the tier, 1 is served first among equal scores
 * @param minGrade lowest grade of agent that may serve it
 */
public record Handling(Duration ring, Duration wrapUp, double weight, int rank, int minGrade) {}

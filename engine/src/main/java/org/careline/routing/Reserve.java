package org.careline.routing;

import java.time.Duration;

/**
 * Agents kept free for better tiers. Immutable.
 *
 * @param agents so many who could serve the tier stay ready
 * @param tier it and all of better rank may have them
 * @param atMost who has waited so long may have them too: nobody waits for ever beside an idle
 *     agent
 */
public record Reserve(int agents, String tier, Duration atMost) {}

package org.careline.matter;

import java.time.Instant;

/**
 * An agent has written of danger about a call: whoever looks after the site must know at once.
 * Immutable.
 *
 * @param tier code of the site's tier
 * @param siteId null = nobody knows which site
 * @param site name and code, for people; empty = nobody knows
 * @param said the words that were recognised, and what they stood in
 * @param by login of the agent
 */
public record SaidDanger(
    Contact contact,
    Long customerId,
    Long siteId,
    String site,
    String e164,
    String tier,
    String said,
    String by,
    Instant at) {}

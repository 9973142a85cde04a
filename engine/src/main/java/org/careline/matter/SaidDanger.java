package org.careline.matter;

import java.time.Instant;

/**
 * An agent has written of danger: whoever looks after the site must know at once. Immutable.
 *
 * @param call id of the call or attempt it is about; {@code matter-ID} of a matter that has none
 * @param tier code of the site's tier
 * @param siteId null = nobody knows which site
 * @param site name and code, for people; empty = nobody knows
 * @param said the words that were recognised, and what they stood in
 * @param by login of the agent
 */
public record SaidDanger(
    String call,
    Long customerId,
    Long siteId,
    String site,
    String e164,
    String tier,
    String said,
    String by,
    Instant at) {}

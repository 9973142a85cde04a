package org.careline.callback;

import java.time.Instant;
import org.careline.call.CallId;

/**
 * A site has said that something is dangerous: whoever looks after it must know at once. Immutable.
 *
 * @param said the words that were recognised, and what they stood in
 * @param by login of the agent
 */
public record Danger(
    CallId call, ClaimedSite site, String e164, String said, String by, Instant at) {}

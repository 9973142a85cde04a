package org.careline.telephony;

import java.time.Instant;
import java.util.Map;
import org.careline.call.CallId;

/**
 * A caller at the door, as the dialplan's short question describes him. Immutable.
 *
 * @param callId the call's name: Uniqueid of the caller's channel
 * @param channel the channel's name, target of later orders
 * @param trunk the endpoint he came by
 * @param dialled what he dialled: digits, perhaps with a leading plus
 * @param callerHeaders raw SIP headers that may name him, in the trunk's order of trust; keys in
 *     lower case (p-asserted-identity, remote-party-id, from), absent headers left out. Text of
 *     strangers, cut at 256 characters and without control characters
 * @param at when the question came in
 */
public record Arrival(
    CallId callId,
    String channel,
    String trunk,
    String dialled,
    Map<String, String> callerHeaders,
    Instant at) {}

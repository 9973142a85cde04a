package org.careline.callback;

import org.careline.customer.PhoneNumber;

/**
 * "Not me, ask Wang": whom the person on the phone has named. Immutable.
 *
 * @param role empty = he looks after maintenance
 * @param next he is to be rung as soon as this call is over, by the agent who has heard of him
 */
public record Referral(String name, String role, PhoneNumber number, boolean next) {}

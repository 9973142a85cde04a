package org.careline.routing;

import java.time.Duration;

/**
 * From some time of his wait on, a caller is put through to this number. Immutable.
 *
 * @param number as the policy or the account manager's entry has it
 * @param manager it is his account manager's own mobile
 * @param press1 who answers must press 1
 */
public record Outside(
    Duration after, String number, boolean manager, boolean press1, Duration ring) {}

package org.careline.task;

import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEntry;
import org.careline.call.CallId;

/**
 * What an agent sees of a call he makes for a task. Immutable.
 *
 * @param reason why he and why now; empty = he dialled himself
 */
public record TaskCallView(
    CallId id,
    CalledTask task,
    AgentNumber agent,
    String state,
    Optional<Instant> answeredAt,
    Optional<CallEntry.Reason> reason) {}

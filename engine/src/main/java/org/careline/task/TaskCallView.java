package org.careline.task;

import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/** What an agent sees of a call he makes for a task. Immutable. */
public record TaskCallView(
    CallId id, CalledTask task, AgentNumber agent, String state, Optional<Instant> answeredAt) {}

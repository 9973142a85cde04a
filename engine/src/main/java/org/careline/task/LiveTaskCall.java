package org.careline.task;

import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.callback.AttemptState;
import org.careline.callback.Campaign;

/** A call for a task that goes on, in memory. Confined to the mailbox. */
final class LiveTaskCall {
  final CallId id;
  final CalledTask task;
  final AgentNumber agent;

  /** Why he and why now; empty = he dialled himself. */
  final Optional<CallEntry.Reason> reason;

  AttemptState state = new AttemptState.Inserted(Campaign.Mode.PROGRESSIVE);
  Optional<Instant> answeredAt = Optional.empty();

  /** Its row is not committed yet: nobody has been rung. */
  boolean beginning = true;

  /** When its row was asked for. */
  Instant askedAt = Instant.MAX;

  LiveTaskCall(CallId id, CalledTask task, AgentNumber agent, Optional<CallEntry.Reason> reason) {
    this.id = id;
    this.task = task;
    this.agent = agent;
    this.reason = reason;
  }

  TaskCallView view() {
    return new TaskCallView(id, task, agent, state.key(), answeredAt, reason);
  }
}

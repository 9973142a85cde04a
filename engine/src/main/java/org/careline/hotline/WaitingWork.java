package org.careline.hotline;

import java.time.Instant;
import java.util.List;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.Caller;
import org.careline.call.Handling;

/**
 * Callers who wait without being on the line, because they were promised a callback: they stand in
 * the one order with those who are. Confined to the mailbox.
 */
public interface WaitingWork {

  /**
   * One who waits.
   *
   * @param id of the call that will be made to him; it lives nowhere yet
   * @param joinedAt since when he waits, on the line at first
   * @param pressingFrom he would be called too late if those on the line went first: from then on
   *     he competes with them. Before that he gets an agent only whom nobody on the line needs
   *     (Armony and Maglaras 2004: callers on the line first, unless a promise would be broken)
   */
  record Waiting(
      CallId id, Caller caller, Handling handling, Instant joinedAt, Instant pressingFrom) {
    boolean pressing(Instant now) {
      return !now.isBefore(pressingFrom);
    }
  }

  /** Those who can be called now. */
  List<Waiting> waiting(Instant now);

  /** Sets the agent aside and calls; false when either is not possible any more. */
  boolean take(CallId id, AgentNumber agent, CallEntry.Reason reason);

  /** Nobody waits anywhere else than on the line. */
  static WaitingWork none() {
    return new WaitingWork() {
      @Override
      public List<Waiting> waiting(Instant now) {
        return List.of();
      }

      @Override
      public boolean take(CallId id, AgentNumber agent, CallEntry.Reason reason) {
        return false;
      }
    };
  }
}

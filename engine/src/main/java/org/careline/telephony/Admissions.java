package org.careline.telephony;

import org.careline.call.CallId;

/**
 * Answers the dialplan's short questions. Called on an AGI thread, several at once. It must answer
 * from memory within 1 s: the dialplan waits 3 s for the whole question and then helps itself with
 * the fallback queue (after a talk: ends the call), which also happens when the answer is an
 * exception.
 */
public interface Admissions {

  /** Who is this, what shall happen? Asked once per call. */
  Step admit(Arrival arrival);

  /** A step that plays, reads or rings outside has ended, or he pressed a key: what now? */
  Step route(CallId call, String channel, Heard heard);
}

package org.careline.telephony;

import org.careline.call.CallId;

/**
 * Answers the dialplan's two short questions. Called on an AGI thread, several at once. It must
 * answer from memory within 1 s: the dialplan waits 3 s for the whole question and then helps
 * itself with the fallback queue, which also happens when the answer is an exception.
 */
public interface Admissions {

  /** Who is this, what shall happen? Asked once per call. */
  Step admit(Arrival arrival);

  /** His greeting has been played: what now? Never {@link Step.Greet} again. */
  Step route(CallId call, String channel);
}

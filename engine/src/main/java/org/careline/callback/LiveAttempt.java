package org.careline.callback;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.questionnaire.AnswerKey;

/** An attempt that goes on, in memory. Confined to the mailbox. */
final class LiveAttempt {
  final CallId id;
  final ClaimedSite site;
  final String e164;
  final String extension;
  final AgentNumber agent;
  final Campaign.Mode mode;
  final SiteForm form;

  /** As they stand now. */
  final Map<AnswerKey, String> answers;

  /** Somebody has been told of a danger, or is being told; false again when that has failed. */
  volatile boolean escalated;

  AttemptState state;
  Optional<Instant> answeredAt;

  LiveAttempt(Attempt attempt, ClaimedSite site, SiteForm form, AttemptState state) {
    this.id = attempt.id();
    this.site = site;
    this.e164 = attempt.e164();
    this.extension = attempt.extension();
    this.agent = attempt.agent().orElseThrow();
    this.mode = attempt.mode();
    this.form = form;
    this.answers = new HashMap<>(form.answers());
    this.state = state;
    this.answeredAt = attempt.answeredAt();
  }

  /** Whether a site's phone may be ringing or speaking. */
  boolean onTheWire() {
    return switch (state) {
      case AttemptState.Inserted s -> false;
      case AttemptState.AgentRinging s -> false;
      case AttemptState.Placing s -> true;
      case AttemptState.Dialling s -> true;
      case AttemptState.Talking s -> true;
      case AttemptState.Unknown s -> true;
      case AttemptState.Ended s -> false;
      case AttemptState.Settled s -> false;
    };
  }
}

package org.careline.callback;

import java.util.Map;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.questionnaire.Questionnaire;

/**
 * An attempt as its agent sees it. Immutable.
 *
 * @param state key of {@link AttemptState}
 */
public record AttemptView(
    CallId id,
    AgentNumber agent,
    String state,
    Campaign.Mode mode,
    String e164,
    String extension,
    ClaimedSite site,
    Questionnaire questionnaire,
    Map<String, String> answers) {
  public AttemptView {
    answers = Map.copyOf(answers);
  }

  static AttemptView of(LiveAttempt live) {
    return new AttemptView(
        live.id,
        live.agent,
        live.state.key(),
        live.mode,
        live.e164,
        live.extension,
        live.site,
        live.questionnaire,
        live.answers);
  }
}

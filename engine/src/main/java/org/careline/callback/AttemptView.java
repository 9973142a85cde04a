package org.careline.callback;

import java.util.HashMap;
import java.util.Map;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * An attempt as its agent sees it. Immutable.
 *
 * @param state key of {@link AttemptState}
 * @param form as it was when the attempt began
 * @param answers as they stand now, by {@link org.careline.questionnaire.AnswerKey} in text form
 */
public record AttemptView(
    CallId id,
    AgentNumber agent,
    String state,
    Campaign.Mode mode,
    String e164,
    String extension,
    ClaimedSite site,
    SiteForm form,
    Map<String, String> answers) {
  public AttemptView {
    answers = Map.copyOf(answers);
  }

  static AttemptView of(LiveAttempt live) {
    Map<String, String> answers = new HashMap<>();
    live.answers.forEach((key, value) -> answers.put(key.toString(), value));
    return new AttemptView(
        live.id,
        live.agent,
        live.state.key(),
        live.mode,
        live.e164,
        live.extension,
        live.site,
        live.form,
        answers);
  }
}

package org.careline.callback;

import java.util.Map;
import org.careline.questionnaire.Questionnaire;

/** What the agent fills in: the questions and what the site has answered in this round. */
public record SiteForm(Questionnaire questionnaire, Map<String, String> answers) {
  public SiteForm {
    answers = Map.copyOf(answers);
  }
}

package org.careline.callback;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.careline.questionnaire.Questionnaire;
import org.careline.questionnaire.QuestionnaireRepository;
import org.jdbi.v3.core.Jdbi;

/** Reads forms before an attempt begins, so that no decision asks the database. Thread-safe. */
final class SiteForms {
  private final Jdbi jdbi;
  private final QuestionnaireRepository repository = new QuestionnaireRepository();

  /** A version never changes. */
  private final Map<String, Questionnaire> known = new ConcurrentHashMap<>();

  SiteForms(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  SiteForm of(ClaimedSite site) {
    return jdbi.withHandle(
        handle -> {
          Questionnaire questionnaire =
              known.computeIfAbsent(
                  site.questionnaireCode() + "/" + site.questionnaireVersion(),
                  key ->
                      repository
                          .find(handle, site.questionnaireCode(), site.questionnaireVersion())
                          .orElseThrow());
          Map<String, String> answers = new HashMap<>();
          handle
              .createQuery(
                  "SELECT question_code, value FROM answer"
                      + " WHERE round_id = :round AND site_id = :site")
              .bind("round", site.roundId())
              .bind("site", site.siteId())
              .map((rs, context) -> answers.put(rs.getString(1), rs.getString(2)))
              .list();
          return new SiteForm(questionnaire, answers);
        });
  }
}

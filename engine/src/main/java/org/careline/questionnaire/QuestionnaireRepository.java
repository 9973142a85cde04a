package org.careline.questionnaire;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Versions of questionnaires in MySQL. A version is inserted, never changed. Stateless. */
public final class QuestionnaireRepository {

  public Optional<Questionnaire> find(Handle handle, String code, int version) {
    return handle
        .createQuery(
            "SELECT definition FROM questionnaire WHERE code = :code AND version = :version")
        .bind("code", code)
        .bind("version", version)
        .mapTo(String.class)
        .findOne()
        .map(definition -> QuestionnaireParser.parse(code, version, definition));
  }

  public Optional<Questionnaire> latest(Handle handle, String code) {
    return handle
        .createQuery("SELECT MAX(version) FROM questionnaire WHERE code = :code")
        .bind("code", code)
        .mapTo(Integer.class)
        .findOne()
        .flatMap(version -> find(handle, code, version));
  }

  /**
   * Stores the questions as a new version, or finds that the newest version says the same: applying
   * a file twice changes nothing.
   *
   * @return the version that now holds these questions
   */
  public int save(Handle handle, Questionnaire questionnaire) {
    Optional<Questionnaire> latest = latest(handle, questionnaire.code());
    if (latest.isPresent() && latest.get().questions().equals(questionnaire.questions())) {
      return latest.get().version();
    }
    int version = latest.map(Questionnaire::version).orElse(0) + 1;
    handle
        .createUpdate(
            "INSERT INTO questionnaire (code, version, definition)"
                + " VALUES (:code, :version, :definition)")
        .bind("code", questionnaire.code())
        .bind("version", version)
        .bind("definition", QuestionnaireParser.write(questionnaire))
        .execute();
    return version;
  }
}

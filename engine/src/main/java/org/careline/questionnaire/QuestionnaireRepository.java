package org.careline.questionnaire;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Versions of questionnaires in MySQL. A version is inserted, never changed. Stateless. */
public final class QuestionnaireRepository {

  /**
   * A published version.
   *
   * @param publishedBy login; empty = from a file
   */
  public record Published(
      Questionnaire questionnaire, String publishedBy, Optional<Instant> publishedAt) {}

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
    return versions(handle, code).stream().findFirst().map(Published::questionnaire);
  }

  /** Newest first. */
  public List<Published> versions(Handle handle, String code) {
    return handle
        .createQuery("SELECT * FROM questionnaire WHERE code = :code ORDER BY version DESC")
        .bind("code", code)
        .map((row, context) -> published(row))
        .list();
  }

  /** The newest version of each. */
  public List<Published> newest(Handle handle) {
    return handle
        .createQuery(
            "SELECT q.* FROM questionnaire q JOIN (SELECT code, MAX(version) version FROM"
                + " questionnaire GROUP BY code) newest USING (code, version) ORDER BY q.code")
        .map((row, context) -> published(row))
        .list();
  }

  private static Published published(ResultSet row) throws SQLException {
    Timestamp at = row.getTimestamp("published_at");
    return new Published(
        QuestionnaireParser.parse(
            row.getString("code"), row.getInt("version"), row.getString("definition")),
        row.getString("published_by"),
        Optional.ofNullable(at).map(Timestamp::toInstant));
  }

  /**
   * Stores the questions as a new version, or finds that the newest version says the same: applying
   * a file twice changes nothing.
   *
   * @param login who publishes; empty = a file
   * @return the version that now holds these questions
   * @throws InvalidQuestionnaire when a code has come to mean something else than before
   */
  public int save(Handle handle, Questionnaire questionnaire, String login, Instant now) {
    List<Questionnaire> before =
        versions(handle, questionnaire.code()).stream().map(Published::questionnaire).toList();
    if (!before.isEmpty() && before.getFirst().sections().equals(questionnaire.sections())) {
      return before.getFirst().version();
    }
    List<InvalidQuestionnaire.Problem> clashes = QuestionnaireCheck.meanings(questionnaire, before);
    if (!clashes.isEmpty()) {
      throw new InvalidQuestionnaire(questionnaire.code(), clashes);
    }
    int version = before.isEmpty() ? 1 : before.getFirst().version() + 1;
    handle
        .createUpdate(
            "INSERT INTO questionnaire (code, version, definition, published_by, published_at)"
                + " VALUES (:code, :version, :definition, :login, :at)")
        .bind("code", questionnaire.code())
        .bind("version", version)
        .bind("definition", QuestionnaireWriter.write(questionnaire).toString())
        .bind("login", login)
        .bind("at", Timestamp.from(now))
        .execute();
    return version;
  }
}

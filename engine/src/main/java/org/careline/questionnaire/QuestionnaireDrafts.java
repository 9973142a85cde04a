package org.careline.questionnaire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;

/**
 * Drafts of questionnaires: one for each code, saved as it is typed, published as a version that
 * never changes. Who saves names the revision he has seen: of two who edit one draft the second is
 * refused and told who was first, and the first finds in the draft who was refused. Works in the
 * caller's transaction. Thread-safe.
 */
public final class QuestionnaireDrafts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final InstantSource clock;
  private final QuestionnaireRepository published = new QuestionnaireRepository();

  public QuestionnaireDrafts(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param basedOn the version it began from; 0 = a new questionnaire
   * @param refused who else wanted to save over this revision
   */
  public record Draft(
      String code,
      JsonNode document,
      int basedOn,
      int revision,
      String savedBy,
      Instant savedAt,
      Optional<Refused> refused) {}

  public record Refused(String by, Instant at) {}

  /**
   * A draft beside the newest version.
   *
   * @param newest version; the same as the draft's = nobody has published meanwhile
   */
  public record Difference(Draft draft, int newest, List<DraftMerge.Change> changes) {}

  /** What came of saving. A refusal is a value: that it happened is to be kept. */
  public sealed interface Saving {
    record Saved(Draft draft) implements Saving {}

    record Meanwhile(FormEditRefused refusal) implements Saving {}
  }

  public List<Draft> all(Handle handle) {
    return handle
        .createQuery("SELECT * FROM questionnaire_draft ORDER BY code")
        .map((row, context) -> draft(row))
        .list();
  }

  public Optional<Draft> find(Handle handle, String code) {
    return handle
        .createQuery("SELECT * FROM questionnaire_draft WHERE code = :code")
        .bind("code", code)
        .map((row, context) -> draft(row))
        .findOne();
  }

  private Optional<Draft> lock(Handle handle, String code) {
    return handle
        .createQuery("SELECT * FROM questionnaire_draft WHERE code = :code FOR UPDATE")
        .bind("code", code)
        .map((row, context) -> draft(row))
        .findOne();
  }

  private static Draft draft(ResultSet row) throws SQLException {
    try {
      Timestamp refused = row.getTimestamp("refused_at");
      return new Draft(
          row.getString("code"),
          JSON.readTree(row.getString("document")),
          row.getInt("based_on"),
          row.getInt("revision"),
          row.getString("saved_by"),
          row.getTimestamp("saved_at").toInstant(),
          refused == null
              ? Optional.empty()
              : Optional.of(new Refused(row.getString("refused_by"), refused.toInstant())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a draft cannot be read", e);
    }
  }

  /**
   * Saves a draft, whatever is wrong with it.
   *
   * @param seen the revision that was changed; 0 = there was none
   * @param from the version that was changed, where there was no draft; empty = the newest one
   * @throws FormEditRefused for a bad code
   */
  public Saving save(
      Handle handle,
      String code,
      int seen,
      Optional<Integer> from,
      JsonNode document,
      String login) {
    if (!code.matches("[a-z0-9][a-z0-9_-]{0,63}")) {
      throw FormEditRefused.invalid(Sentence.of("questionnaire.code"));
    }
    Instant now = clock.instant();
    Optional<Draft> before = lock(handle, code);
    Optional<FormEditRefused> stale = stale(handle, before, seen, login, now);
    if (stale.isPresent()) {
      return new Saving.Meanwhile(stale.get());
    }
    if (before.isEmpty()) {
      int latest = published.latest(handle, code).map(Questionnaire::version).orElse(0);
      handle
          .createUpdate(
              "INSERT INTO questionnaire_draft (code, document, based_on, revision, saved_by,"
                  + " saved_at) VALUES (:code, :document, :latest, 1, :login, :at)")
          .bind("code", code)
          .bind("document", document.toString())
          .bind("latest", from.map(version -> Math.min(version, latest)).orElse(latest))
          .bind("login", login)
          .bind("at", Timestamp.from(now))
          .execute();
    } else {
      handle
          .createUpdate(
              "UPDATE questionnaire_draft SET document = :document, revision = revision + 1,"
                  + " saved_by = :login, saved_at = :at, refused_by = NULL, refused_at = NULL"
                  + " WHERE code = :code")
          .bind("code", code)
          .bind("document", document.toString())
          .bind("login", login)
          .bind("at", Timestamp.from(now))
          .execute();
    }
    return new Saving.Saved(find(handle, code).orElseThrow());
  }

  private static Optional<FormEditRefused> stale(
      Handle handle, Optional<Draft> before, int seen, String login, Instant now) {
    int revision = before.map(Draft::revision).orElse(0);
    if (revision == seen) {
      return Optional.empty();
    }
    if (before.isEmpty()) {
      return Optional.of(
          FormEditRefused.conflict("draft_gone", Sentence.of("questionnaire.draft-gone")));
    }
    handle
        .createUpdate(
            "UPDATE questionnaire_draft SET refused_by = :login, refused_at = :at"
                + " WHERE code = :code")
        .bind("login", login)
        .bind("at", Timestamp.from(now))
        .bind("code", before.get().code())
        .execute();
    return Optional.of(
        FormEditRefused.conflict(
            "saved_meanwhile",
            Sentence.of("questionnaire.meanwhile", before.get().savedBy(), revision)));
  }

  /** Gives a draft up; what is published stays. */
  public Saving drop(Handle handle, String code, int seen, String login) {
    Optional<Draft> before = lock(handle, code);
    Optional<FormEditRefused> stale = stale(handle, before, seen, login, clock.instant());
    if (stale.isPresent()) {
      return new Saving.Meanwhile(stale.get());
    }
    handle.execute("DELETE FROM questionnaire_draft WHERE code = ?", code);
    return new Saving.Saved(
        before.orElseThrow(
            () -> FormEditRefused.notFound(Sentence.of("questionnaire.no-draft", code))));
  }

  /**
   * Makes a version of a draft. Campaigns with this questionnaire ask it from their next round on;
   * rounds that are open keep theirs.
   *
   * @throws InvalidQuestionnaire with all that is wrong
   * @throws FormEditRefused when the draft is another by now, or a version came from elsewhere
   */
  public int publish(Handle handle, String code, int seen, String login) {
    Draft draft =
        lock(handle, code)
            .orElseThrow(
                () -> FormEditRefused.notFound(Sentence.of("questionnaire.no-draft", code)));
    if (draft.revision() != seen) {
      throw FormEditRefused.conflict(
          "saved_meanwhile",
          Sentence.of("questionnaire.meanwhile", draft.savedBy(), draft.revision()));
    }
    int latest = published.latest(handle, code).map(Questionnaire::version).orElse(0);
    if (latest != draft.basedOn()) {
      throw publishedMeanwhile(latest, draft);
    }
    Questionnaire questionnaire = QuestionnaireParser.checked(code, latest + 1, draft.document());
    int version = published.save(handle, questionnaire, login, clock.instant());
    handle.execute("DELETE FROM questionnaire_draft WHERE code = ?", code);
    handle.execute(
        "UPDATE campaign SET questionnaire_version = ? WHERE questionnaire_code = ?",
        version,
        code);
    return version;
  }

  private static FormEditRefused publishedMeanwhile(int latest, Draft draft) {
    return FormEditRefused.conflict(
        "published_meanwhile",
        Sentence.of("questionnaire.published-meanwhile", latest, draft.basedOn()));
  }

  /**
   * What draft and newest version have changed since the version the draft began from.
   *
   * @throws FormEditRefused when there is no draft
   */
  public Difference difference(Handle handle, String code) {
    Draft draft =
        find(handle, code)
            .orElseThrow(
                () -> FormEditRefused.notFound(Sentence.of("questionnaire.no-draft", code)));
    return new Difference(draft, newest(handle, code), merge(handle, draft).changes());
  }

  /**
   * Carries a draft over to the newest version; where both have changed the same question the
   * draft's stands. It can be looked at, tried and changed before it is published.
   *
   * @param onto the newest version its author has seen
   * @throws FormEditRefused when the draft is another by now, or a newer version has come
   */
  public Draft rebase(Handle handle, String code, int seen, int onto, String login) {
    Draft draft =
        lock(handle, code)
            .orElseThrow(
                () -> FormEditRefused.notFound(Sentence.of("questionnaire.no-draft", code)));
    if (draft.revision() != seen) {
      throw FormEditRefused.conflict(
          "saved_meanwhile",
          Sentence.of("questionnaire.meanwhile", draft.savedBy(), draft.revision()));
    }
    int latest = newest(handle, code);
    if (latest != onto) {
      throw publishedMeanwhile(latest, draft);
    }
    handle
        .createUpdate(
            "UPDATE questionnaire_draft SET document = :document, based_on = :latest,"
                + " revision = revision + 1, saved_by = :login, saved_at = :at, refused_by = NULL,"
                + " refused_at = NULL WHERE code = :code")
        .bind("code", code)
        .bind("document", merge(handle, draft).merged().toString())
        .bind("latest", latest)
        .bind("login", login)
        .bind("at", Timestamp.from(clock.instant()))
        .execute();
    return find(handle, code).orElseThrow();
  }

  private int newest(Handle handle, String code) {
    return published.latest(handle, code).map(Questionnaire::version).orElse(0);
  }

  private DraftMerge merge(Handle handle, Draft draft) {
    JsonNode nothing = JSON.createObjectNode();
    return new DraftMerge(
        published
            .find(handle, draft.code(), draft.basedOn())
            .<JsonNode>map(QuestionnaireWriter::write)
            .orElse(nothing),
        published
            .latest(handle, draft.code())
            .<JsonNode>map(QuestionnaireWriter::write)
            .orElse(nothing),
        draft.document());
  }

  /**
   * What would be refused at publishing.
   *
   * @return empty = nothing
   */
  public List<InvalidQuestionnaire.Problem> problems(
      Handle handle, String code, JsonNode document) {
    try {
      Questionnaire questionnaire = QuestionnaireParser.checked(code, 1, document);
      return QuestionnaireCheck.meanings(questionnaire, earlier(handle, code));
    } catch (InvalidQuestionnaire invalid) {
      return invalid.problems();
    }
  }

  private List<Questionnaire> earlier(Handle handle, String code) {
    return published.versions(handle, code).stream()
        .map(QuestionnaireRepository.Published::questionnaire)
        .toList();
  }
}

package org.careline.callback;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.careline.language.Sentence;
import org.careline.questionnaire.AnswerKey;
import org.careline.questionnaire.Branching;
import org.careline.questionnaire.Questionnaire;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What a site has answered in a round, from which call and which second of its recording, what
 * stood there before, and corrections after the call. Blocks on MySQL; thread-safe.
 */
public final class AnswerBook {
  private static final int LONGEST_WHY = 500;
  private static final String OF_SITE = " WHERE round_id = :round AND site_id = :site ORDER BY ";

  /** A site that rang itself was asked in a call of the hotline: its recording has the answer. */
  private static final String WITH_CALL =
      "SELECT g.*, (SELECT COALESCE(t.call_id, t.id) FROM attempt t WHERE t.id = g.attempt_id)"
          + " AS call_id FROM %s g";

  private final Supplier<Jdbi> jdbi;
  private final InstantSource clock;
  private final ZoneId zone;

  /**
   * @param zone of the office: its day is today
   */
  public AnswerBook(Supplier<Jdbi> jdbi, InstantSource clock, ZoneId zone) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.zone = zone;
  }

  /**
   * An answer as it stands.
   *
   * @param key {@link AnswerKey} in text form
   * @param device model and serial when it was asked; empty = the site itself
   * @param second of the recording of the call
   */
  public record Given(
      String key,
      String device,
      String value,
      int version,
      String call,
      Optional<Double> second,
      String by,
      Instant at,
      Optional<Corrected> corrected) {}

  public record Corrected(String by, Instant at, String why) {}

  /**
   * What an answer said before.
   *
   * @param kind changed (in a call), void (its question fell away), corrected
   */
  public record Former(
      String key,
      String value,
      int version,
      String call,
      Optional<Double> second,
      String by,
      Instant at,
      String replacedBy,
      Instant replacedAt,
      String kind,
      String why) {}

  /**
   * @param missing required questions that are asked and have no answer, in text form
   */
  public record SiteAnswers(
      SiteForm form, List<Given> given, List<Former> former, List<String> missing) {}

  private record Place(long round, long site, long roundSite, String code, int version) {}

  public SiteAnswers read(String campaign, int round, String site) {
    return jdbi.get()
        .withHandle(handle -> read(handle, place(handle, campaign, round, site, false)));
  }

  /**
   * Puts one answer right; an empty value takes it away. Answers whose questions fall away by it
   * are taken away too. Throws {@link FormRefused}.
   *
   * @param key {@link AnswerKey} in text form
   * @param why of whoever corrects, not empty
   */
  public SiteAnswers correct(
      String campaign, int round, String site, String key, String value, String login, String why)
      throws SQLException {
    if (why.isBlank() || why.length() > LONGEST_WHY) {
      throw new FormRefused("why_missing", Sentence.of("form.why", LONGEST_WHY));
    }
    return jdbi.get()
        .inTransaction(
            handle -> {
              Place place = place(handle, campaign, round, site, true);
              correct(handle, place, key, value.strip(), login, why.strip());
              return read(handle, place);
            });
  }

  private void correct(
      Handle handle, Place place, String text, String value, String login, String why)
      throws SQLException {
    boolean open =
        handle
                .createQuery(
                    "SELECT COUNT(*) FROM attempt_site WHERE round_site_id = :id"
                        + " AND settled_at IS NULL")
                .bind("id", place.roundSite())
                .mapTo(Long.class)
                .one()
            > 0;
    if (open) {
      throw new FormRefused("call_goes_on", Sentence.of("form.call-goes-on"));
    }
    SiteForm form = form(handle, place);
    AnswerKey key =
        AnswerKey.of(text)
            .orElseThrow(
                () ->
                    new FormRefused("answers_refused", Sentence.of("form.unknown-question", text)));
    Map<AnswerKey, String> all = new HashMap<>(form.answers());
    String before = all.remove(key);
    if (!value.isEmpty()) {
      List<Questionnaire.Refusal> refusals =
          form.questionnaire()
              .check(
                  Map.of(key, value),
                  all,
                  form.asked(),
                  clock.instant().atZone(zone).toLocalDate());
      if (!refusals.isEmpty()) {
        throw new FormRefused(
            "answers_refused",
            refusals.getFirst().why(),
            List.of(text + " " + refusals.getFirst().reason()));
      }
      all.put(key, value);
    }
    if (value.equals(before) || value.isEmpty() && before == null) {
      return;
    }
    write(handle.getConnection(), place, form, key, value, all, login, why);
  }

  private void write(
      Connection connection,
      Place place,
      SiteForm form,
      AnswerKey key,
      String value,
      Map<AnswerKey, String> all,
      String login,
      String why)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    if (value.isEmpty()) {
      AnswerRows.remove(
          connection, place.round(), place.site(), key, login, now, AnswerRows.Kind.CORRECTED, why);
    } else {
      String device =
          form.devices().stream()
              .filter(each -> each.id() == key.device())
              .map(SiteForm.Device::name)
              .findFirst()
              .orElse("");
      AnswerRows.correct(
          connection,
          new AnswerRows.Correction(
              place.round(), place.site(), device, place.version(), login, now, why),
          key,
          value,
          lastCall(connection, place));
    }
    for (AnswerKey gone : Branching.of(form.questionnaire(), form.asked(), all).fallenAway()) {
      AnswerRows.remove(
          connection, place.round(), place.site(), gone, login, now, AnswerRows.Kind.VOID, why);
    }
    RoundResults.refresh(connection, place.round(), place.site());
  }

  /** Whoever adds an answer has heard it in a call, the last one with this site. */
  private static String lastCall(Connection connection, Place place) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT a.id FROM attempt_site x JOIN attempt a ON a.id = x.attempt_id"
                + " WHERE x.round_site_id = ? AND a.answered_at IS NOT NULL"
                + " ORDER BY x.seq DESC LIMIT 1")) {
      Sql.bind(statement, place.roundSite());
      try (ResultSet rs = statement.executeQuery()) {
        if (!rs.next()) {
          throw new FormRefused("not_answered", Sentence.of("form.not-answered"));
        }
        return rs.getString(1);
      }
    }
  }

  private static Place place(Handle handle, String campaign, int round, String site, boolean lock) {
    return handle
        .createQuery(
            "SELECT r.id, s.id, rs.id, COALESCE(r.questionnaire_code, c.questionnaire_code),"
                + " COALESCE(r.questionnaire_version, c.questionnaire_version)"
                + " FROM campaign c JOIN round r ON r.campaign_id = c.id AND r.number = :round"
                + " JOIN site s ON s.customer_id = c.customer_id AND s.code = :site"
                + " JOIN round_site rs ON rs.round_id = r.id AND rs.site_id = s.id"
                + " WHERE c.code = :campaign"
                + (lock ? " FOR UPDATE OF rs" : ""))
        .bind("campaign", campaign)
        .bind("round", round)
        .bind("site", site)
        .map(
            (row, context) ->
                new Place(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getString(4),
                    row.getInt(5)))
        .findOne()
        .orElseThrow(() -> new FormRefused("no_form", Sentence.of("form.none")));
  }

  private SiteForm form(Handle handle, Place place) {
    SiteForms forms = new SiteForms(jdbi.get());
    return forms.of(
        handle,
        forms.questionnaire(handle, place.code(), place.version()),
        place.round(),
        place.site());
  }

  private SiteAnswers read(Handle handle, Place place) {
    SiteForm form = form(handle, place);
    List<Given> given =
        handle
            .createQuery(String.format(WITH_CALL, "answer") + OF_SITE + "device_id, id")
            .bind("round", place.round())
            .bind("site", place.site())
            .map((row, context) -> given(row))
            .list();
    List<Former> former =
        handle
            .createQuery(
                String.format(WITH_CALL, "answer_former") + OF_SITE + "replaced_at DESC, id DESC")
            .bind("round", place.round())
            .bind("site", place.site())
            .map((row, context) -> former(row))
            .list();
    List<String> missing =
        Branching.of(form.questionnaire(), form.asked(), form.answers()).missing().stream()
            .map(AnswerKey::toString)
            .toList();
    return new SiteAnswers(form, given, former, missing);
  }

  private static String key(ResultSet row) throws SQLException {
    return new AnswerKey(row.getString("question_code"), row.getLong("device_id")).toString();
  }

  private static Optional<Double> second(ResultSet row) throws SQLException {
    return Optional.ofNullable(row.getObject("second_of_recording", Double.class));
  }

  private static Given given(ResultSet row) throws SQLException {
    String corrector = row.getString("corrected_by");
    return new Given(
        key(row),
        row.getString("device"),
        row.getString("value"),
        row.getInt("questionnaire_version"),
        row.getString("call_id"),
        second(row),
        row.getString("answered_by"),
        Sql.instant(row, "answered_at"),
        corrector == null
            ? Optional.empty()
            : Optional.of(
                new Corrected(
                    corrector, Sql.instant(row, "corrected_at"), row.getString("corrected_why"))));
  }

  private static Former former(ResultSet row) throws SQLException {
    return new Former(
        key(row),
        row.getString("value"),
        row.getInt("questionnaire_version"),
        row.getString("call_id"),
        second(row),
        row.getString("answered_by"),
        Sql.instant(row, "answered_at"),
        row.getString("replaced_by"),
        Sql.instant(row, "replaced_at"),
        row.getString("kind"),
        row.getString("why"));
  }
}

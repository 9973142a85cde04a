package org.careline.callback;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.careline.questionnaire.AnswerKey;
import org.careline.questionnaire.FaultCardStore;
import org.careline.questionnaire.Questionnaire;
import org.careline.questionnaire.QuestionnaireRepository;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;

/** Reads forms before an attempt begins, so that no decision asks the database. Thread-safe. */
final class SiteForms {
  private final Jdbi jdbi;
  private final QuestionnaireRepository repository = new QuestionnaireRepository();
  private final FaultCardStore faults = new FaultCardStore();

  /** A version never changes. */
  private final Map<String, Questionnaire> known = new ConcurrentHashMap<>();

  private record Given(AnswerKey key, String device, String value, int version) {}

  private record Earlier(long id, int number, LocalDate from, LocalDate to, String code) {}

  SiteForms(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  SiteForm of(ClaimedSite site) {
    return jdbi.withHandle(handle -> of(handle, site));
  }

  /** In the caller's transaction, on its connection. */
  List<SiteForm> of(Connection connection, List<ClaimedSite> sites) {
    Jdbi same = Jdbi.create(connection);
    // the transaction is the caller's
    same.getConfig(Handles.class).setForceEndTransactions(false);
    try (Handle handle = same.open()) {
      return sites.stream().map(site -> of(handle, site)).toList();
    }
  }

  private SiteForm of(Handle handle, ClaimedSite site) {
    return of(
        handle,
        questionnaire(handle, site.questionnaireCode(), site.questionnaireVersion()),
        site.roundId(),
        site.siteId());
  }

  SiteForm of(Handle handle, Questionnaire questionnaire, long round, long site) {
    List<SiteForm.Device> devices = devices(handle, site);
    Map<AnswerKey, String> answers = new HashMap<>();
    for (Given each : given(handle, round, site)) {
      answers.put(each.key(), each.value());
      long id = each.key().device();
      // an import has removed it since: what was said of it in this round stands
      if (id != AnswerKey.SITE && devices.stream().noneMatch(device -> device.id() == id)) {
        devices.add(new SiteForm.Device(id, each.device(), "", true));
      }
    }
    return new SiteForm(
        questionnaire,
        devices,
        answers,
        before(handle, questionnaire, round, site),
        faults.book(handle, devices.stream().map(SiteForm.Device::model).distinct().toList()));
  }

  Questionnaire questionnaire(Handle handle, String code, int version) {
    return known.computeIfAbsent(
        code + "/" + version, key -> repository.find(handle, code, version).orElseThrow());
  }

  private static List<SiteForm.Device> devices(Handle handle, long site) {
    return new ArrayList<>(
        handle
            .createQuery("SELECT id, model, serial FROM device WHERE site_id = :site ORDER BY id")
            .bind("site", site)
            .map(
                (row, context) ->
                    new SiteForm.Device(row.getLong(1), row.getString(2), row.getString(3), false))
            .list());
  }

  private static List<Given> given(Handle handle, long round, long site) {
    return handle
        .createQuery(
            "SELECT question_code, device_id, device, value, questionnaire_version FROM answer"
                + " WHERE round_id = :round AND site_id = :site")
        .bind("round", round)
        .bind("site", site)
        .map(
            (row, context) ->
                new Given(
                    new AnswerKey(row.getString(1), row.getLong(2)),
                    row.getString(3),
                    row.getString(4),
                    row.getInt(5)))
        .list();
  }

  /** By the key of answers (round, site): as many steps as the campaign has had rounds. */
  private Optional<SiteForm.Before> before(
      Handle handle, Questionnaire now, long round, long site) {
    return handle
        .createQuery(
            "SELECT e.id, e.number, e.period_from, e.period_to,"
                + " COALESCE(e.questionnaire_code, c.questionnaire_code) AS questionnaire"
                + " FROM round r JOIN round e ON e.campaign_id = r.campaign_id"
                + "  AND e.number < r.number JOIN campaign c ON c.id = r.campaign_id"
                + " WHERE r.id = :round AND EXISTS (SELECT 1 FROM answer a"
                + "  WHERE a.round_id = e.id AND a.site_id = :site)"
                + " ORDER BY e.number DESC LIMIT 1")
        .bind("round", round)
        .bind("site", site)
        .map((row, context) -> earlier(row))
        .findOne()
        .map(earlier -> before(handle, now, earlier, site));
  }

  private static Earlier earlier(ResultSet row) throws SQLException {
    return new Earlier(
        row.getLong(1),
        row.getInt(2),
        row.getObject(3, LocalDate.class),
        row.getObject(4, LocalDate.class),
        row.getString(5));
  }

  private SiteForm.Before before(Handle handle, Questionnaire now, Earlier earlier, long site) {
    Map<String, String> answers = new HashMap<>();
    Set<String> reworded = new TreeSet<>();
    for (Given each : given(handle, earlier.id(), site)) {
      answers.put(each.key().toString(), each.value());
      boolean same = earlier.code().equals(now.code()) && each.version() == now.version();
      if (!same
          && now.reworded(questionnaire(handle, earlier.code(), each.version()))
              .contains(each.key().code())) {
        reworded.add(each.key().code());
      }
    }
    return new SiteForm.Before(earlier.number(), earlier.from(), earlier.to(), answers, reworded);
  }
}

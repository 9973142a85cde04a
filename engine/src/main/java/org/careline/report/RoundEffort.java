package org.careline.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.careline.callback.Disposition;
import org.careline.report.RoundReport.Share;
import org.jdbi.v3.core.Handle;

/**
 * What it took to reach the sites, and whom the answers do not speak for. The names of the
 * components are keys of the JSON. AAPOR's names (Standard Definitions): I completed, P partial, R
 * refused when called in this round, O other eligible (appointment or referral pending). A site
 * that was do-not-call before the round is in the denominators of the loaded sites only.
 *
 * @param cooperation I / (I + P + R + O), COOP1
 * @param refusal R / sites loaded, REF1
 * @param contact (I + P + R + O) / sites loaded, CON1
 * @param attempts calls placed
 * @param connected attempts answered by anything, of all attempts
 * @param contacted sites where a person was spoken to (a wrong number is not the site), of the
 *     sites loaded
 * @param tried sites called at least once, of the sites loaded
 * @param attemptsPerCompleted null while none is completed
 * @param satisfactionUnanswered completed sites that did not answer the satisfaction question
 * @param notReached the sites whose attempts are used up, by code
 */
public record RoundEffort(
    Share cooperation,
    Share refusal,
    Share contact,
    int attempts,
    Share connected,
    Share contacted,
    Share tried,
    Double attemptsPerCompleted,
    int satisfactionUnanswered,
    List<Site> notReached) {

  public record Site(String code, String name) {}

  private record Calls(int attempts, int connected, int contacted, int tried, int barred) {}

  static RoundEffort of(Handle handle, long roundId, int loaded, Map<String, Integer> bins) {
    Calls calls =
        handle
            .createQuery(
                "SELECT COUNT(DISTINCT IF(a.call_id IS NULL, a.id, NULL)),"
                    + " COUNT(DISTINCT IF(a.answered_at IS NOT NULL AND a.call_id IS NULL, a.id,"
                    + "  NULL)),"
                    + " COUNT(DISTINCT IF(x.disposition IN (<contacted>), rs.id, NULL)),"
                    + " COUNT(DISTINCT IF(a.call_id IS NULL, rs.id, NULL)),"
                    + " COUNT(DISTINCT IF(rs.bin = 'do_not_call', rs.id, NULL)) FROM attempt a"
                    + " JOIN attempt_site x ON x.attempt_id = a.id"
                    + " JOIN round_site rs ON rs.id = x.round_site_id"
                    + " WHERE rs.round_id = :round "
                    + " AND (a.placed_at IS NOT NULL OR a.call_id IS NOT NULL)")
            .bindList(
                "contacted",
                Arrays.stream(Disposition.values())
                    .filter(Disposition::contacted)
                    .filter(disposition -> disposition != Disposition.WRONG_NUMBER)
                    .map(Disposition::id)
                    .toList())
            .bind("round", roundId)
            .map(
                (rs, c) ->
                    new Calls(rs.getInt(1), rs.getInt(2), rs.getInt(3), rs.getInt(4), rs.getInt(5)))
            .one();
    int unanswered =
        handle
            .createQuery(
                "SELECT COUNT(*) FROM round_site rs WHERE rs.round_id = :round"
                    + " AND rs.bin = 'completed' AND NOT EXISTS (SELECT 1 FROM answer a"
                    + " WHERE a.round_id = rs.round_id AND a.site_id = rs.site_id"
                    + " AND a.question_code = 'satisfaction')")
            .bind("round", roundId)
            .mapTo(Integer.class)
            .one();
    List<Site> notReached =
        handle
            .createQuery(
                "SELECT s.code, s.name FROM round_site rs JOIN site s ON s.id = rs.site_id"
                    + " WHERE rs.round_id = :round AND rs.bin = 'not_reached' ORDER BY s.code")
            .bind("round", roundId)
            .map((rs, c) -> new Site(rs.getString(1), rs.getString(2)))
            .list();
    int completed = count(bins, "completed");
    int refused = count(bins, "refused_this_round") + calls.barred();
    int heard =
        completed + refused + count(bins, "partial", "appointment_pending", "referral_pending");
    return new RoundEffort(
        new Share(completed, heard),
        new Share(refused, loaded),
        new Share(heard, loaded),
        calls.attempts(),
        new Share(calls.connected(), calls.attempts()),
        new Share(calls.contacted(), loaded),
        new Share(calls.tried(), loaded),
        completed == 0 ? null : Math.round(calls.attempts() * 100.0 / completed) / 100.0,
        unanswered,
        notReached);
  }

  private static int count(Map<String, Integer> bins, String... names) {
    return Arrays.stream(names).mapToInt(name -> bins.getOrDefault(name, 0)).sum();
  }
}

package org.careline.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careline.callback.AppointmentBook;
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
 * @param attempts calls placed; one the site made itself is none
 * @param connected attempts answered by anything, of all attempts
 * @param contacted sites where a person was spoken to (a wrong number is not the site), of the
 *     sites loaded
 * @param tried sites called at least once, or asked when they rang themselves, of the sites loaded
 * @param attemptsPerCompleted null while none is completed
 * @param satisfactionUnanswered completed sites that did not answer the satisfaction question
 * @param notReached the sites whose attempts are used up, by code
 * @param callbacksKept appointments whose call was placed within five minutes of the promised time,
 *     or whose site rang before, of those that were due
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
    List<Site> notReached,
    Share callbacksKept) {

  public record Site(String code, String name) {}

  /**
   * Calls: one for several sites is one.
   *
   * @param barred called, and in the bin of those that may not be
   */
  record Calls(
      int attempts, int connected, int contacted, int tried, int barred, int promised, int kept) {
    static final Calls NONE = new Calls(0, 0, 0, 0, 0, 0, 0);
  }

  /** Calls of a round by site; of some the site rang itself, and nobody placed them. */
  private static final String CALLS =
      " FROM attempt a JOIN attempt_site x ON x.attempt_id = a.id"
          + " JOIN round_site rs ON rs.id = x.round_site_id"
          + " JOIN site s ON s.id = rs.site_id LEFT JOIN region g ON g.id = s.region_id"
          + " WHERE rs.round_id = :round AND (a.placed_at IS NOT NULL OR a.call_id IS NOT NULL)";

  /** Promises of a round and what became of each. */
  private static final String PROMISES =
      "SELECT %s AS part, "
          + AppointmentBook.state("UTC_TIMESTAMP(3)")
          + " AS state FROM appointment p JOIN round_site rs ON rs.id = p.round_site_id"
          + " JOIN attempt a ON a.id = p.attempt_id"
          + " JOIN site s ON s.id = rs.site_id LEFT JOIN region g ON g.id = s.region_id"
          + AppointmentBook.CALL
          + " WHERE rs.round_id = :round";

  static Map<String, Calls> calls(Handle handle, long roundId, By by) {
    Map<String, Share> kept = kept(handle, roundId, by);
    Map<String, Calls> calls = new HashMap<>();
    handle
        .createQuery(
            "SELECT "
                + by.column
                + ", COUNT(DISTINCT IF(a.call_id IS NULL, a.id, NULL)),"
                + " COUNT(DISTINCT IF(a.answered_at IS NOT NULL AND a.call_id IS NULL, a.id, NULL)),"
                + " COUNT(DISTINCT IF(x.disposition IN (<contacted>), rs.id, NULL)),"
                // whoever rang himself and was asked was tried, or more would be reached than tried
                + " COUNT(DISTINCT rs.id),"
                + " COUNT(DISTINCT IF(rs.bin = 'do_not_call', rs.id, NULL))"
                + CALLS
                + " GROUP BY 1")
        .bindList(
            "contacted",
            Arrays.stream(Disposition.values())
                .filter(Disposition::contacted)
                .filter(disposition -> disposition != Disposition.WRONG_NUMBER)
                .map(Disposition::id)
                .toList())
        .bind("round", roundId)
        .map(
            (rs, c) -> {
              Share promises = kept.getOrDefault(rs.getString(1), new Share(0, 0));
              return calls.put(
                  rs.getString(1),
                  new Calls(
                      rs.getInt(2),
                      rs.getInt(3),
                      rs.getInt(4),
                      rs.getInt(5),
                      rs.getInt(6),
                      promises.of(),
                      promises.n()));
            })
        .list();
    return calls;
  }

  /** Those still to come are left out. */
  private static Map<String, Share> kept(Handle handle, long roundId, By by) {
    Map<String, Share> kept = new HashMap<>();
    handle
        .createQuery(
            "SELECT part, COUNT(*), SUM(state IN ('kept', 'rung_back')) FROM ("
                + String.format(PROMISES, by.column)
                + ") p WHERE state <> 'coming' GROUP BY part")
        .bind("round", roundId)
        .map((rs, c) -> kept.put(rs.getString(1), new Share(rs.getInt(3), rs.getInt(2))))
        .list();
    return kept;
  }

  /** What calls are counted by. */
  enum By {
    ROUND("''"),
    REGION("COALESCE(g.code, '')"),
    AGENT("COALESCE(a.agent_number, '')");

    private final String column;

    By(String column) {
      this.column = column;
    }
  }

  static List<Site> notReached(Handle handle, long roundId) {
    return handle
        .createQuery(
            "SELECT s.code, s.name FROM round_site rs JOIN site s ON s.id = rs.site_id"
                + " WHERE rs.round_id = :round AND rs.bin = 'not_reached' ORDER BY s.code")
        .bind("round", roundId)
        .map((rs, c) -> new Site(rs.getString(1), rs.getString(2)))
        .list();
  }

  static RoundEffort of(RoundTally sites, Calls calls, List<Site> notReached) {
    Map<String, Integer> bins = sites.bins();
    int completed = sites.completed();
    int refused = count(bins, "refused_this_round") + calls.barred();
    int heard =
        completed + refused + count(bins, "partial", "appointment_pending", "referral_pending");
    return new RoundEffort(
        new Share(completed, heard),
        new Share(refused, sites.loaded()),
        new Share(heard, sites.loaded()),
        calls.attempts(),
        new Share(calls.connected(), calls.attempts()),
        new Share(calls.contacted(), sites.loaded()),
        new Share(calls.tried(), sites.loaded()),
        completed == 0 ? null : Math.round(calls.attempts() * 100.0 / completed) / 100.0,
        sites.unanswered(),
        notReached,
        new Share(calls.kept(), calls.promised()));
  }

  private static int count(Map<String, Integer> bins, String... names) {
    return Arrays.stream(names).mapToInt(name -> bins.getOrDefault(name, 0)).sum();
  }
}

package org.careline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.careline.callback.RoundOpener;
import org.careline.callback.RoundPlanner;
import org.careline.callback.Seed;
import org.careline.harness.MySqlExtension;
import org.careline.report.RoundReport.Share;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whom the rates count, on six sites worked out by hand. */
class RoundEffortTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  /** Done, refused for good, never to be called, a stranger's number, silent, partly done. */
  @Test
  void onlyASiteThatWasCalledHasRefusedOrBeenSpokenTo() {
    Instant opens = Instant.parse("2026-11-23T02:00:00Z");
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, "ef");
              Seed.campaign(handle, "ef", customer, "preview", Seed.ANY_HOUR);
              for (int i = 1; i <= 6; i++) {
                Seed.site(handle, customer, null, "ef" + i, "standard", "+86216000000" + i);
              }
              handle.execute("UPDATE site SET do_not_call = TRUE WHERE code = 'ef3'");
            });
    long round = new RoundPlanner(mysql.database().jdbi()).plan("ef", opens).id();
    new RoundOpener(mysql.database().jdbi(), () -> opens).open(round);
    RoundReport report =
        mysql
            .database()
            .jdbi()
            .inTransaction(
                handle -> {
                  called(handle, round, 1, "completed", true, "completed");
                  called(handle, round, 2, "refused_for_good", true, "do_not_call");
                  called(handle, round, 4, "wrong_number", true, "no_usable_number");
                  called(handle, round, 5, "no_answer", false, "not_reached");
                  called(handle, round, 6, "partial", true, "partial");
                  return RoundReport.of(handle, round);
                });

    assertThat(report.bins()).containsEntry("do_not_call", 2);
    RoundEffort effort = report.effort();
    assertThat(effort.refusal()).as("REF1: 2").isEqualTo(new Share(1, 6));
    assertThat(effort.cooperation()).as("COOP1: 1 of 1, 2, 6").isEqualTo(new Share(1, 3));
    assertThat(effort.contact()).as("CON1: 1, 2, 6").isEqualTo(new Share(3, 6));
    assertThat(effort.contacted()).as("the stranger is no site").isEqualTo(new Share(3, 6));
    assertThat(effort.tried()).as("all but 3").isEqualTo(new Share(5, 6));
    assertThat(effort.connected()).isEqualTo(new Share(4, 5));
    assertThat(effort.attemptsPerCompleted()).isEqualTo(5.0);
    assertThat(effort.satisfactionUnanswered()).isEqualTo(1);
    assertThat(effort.notReached()).containsExactly(new RoundEffort.Site("ef5", "Site ef5"));
  }

  /** Nobody has dialled it, and a person was spoken to: reached is never more than tried. */
  @Test
  void aSiteThatRangItselfAndWasAskedIsTriedAndNoCallOfOurs() {
    Instant opens = Instant.parse("2026-11-23T02:00:00Z");
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, "rb");
              Seed.campaign(handle, "rb", customer, "preview", Seed.ANY_HOUR);
              Seed.site(handle, customer, null, "ef8", "standard", "+862160000008");
            });
    long round = new RoundPlanner(mysql.database().jdbi()).plan("rb", opens).id();
    new RoundOpener(mysql.database().jdbi(), () -> opens).open(round);
    RoundReport report =
        mysql
            .database()
            .jdbi()
            .inTransaction(
                handle -> {
                  called(handle, round, 8, "completed", true, "completed");
                  handle.execute(
                      "UPDATE attempt SET placed_at = NULL, call_id = 'c', agent_number = '8001'"
                          + " WHERE id = ?",
                      String.format("%026d", 8));
                  return RoundReport.of(handle, round);
                });
    assertThat(report.effort().tried()).isEqualTo(new Share(1, 1));
    assertThat(report.effort().contacted()).isEqualTo(new Share(1, 1));
    assertThat(report.effort().attempts()).isZero();
    assertThat(report.effort().connected()).isEqualTo(new Share(0, 0));
    assertThat(report.agents())
        .singleElement()
        .returns(new Share(1, 1), RoundReport.Agent::contacted);
  }

  private static void called(
      Handle handle, long round, int site, String disposition, boolean answered, String bin) {
    handle.execute(
        "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, disposition, created_at,"
            + " placed_at, answered_at, ended_at, settled_at, epoch)"
            + " SELECT ?, rs.id, 1, ?, 'preview', 'settled', ?, NOW(3), NOW(3),"
            + " IF(?, NOW(3), NULL), NOW(3), NOW(3), 1"
            + " FROM round_site rs JOIN site s ON s.id = rs.site_id"
            + " WHERE rs.round_id = ? AND s.code = ?",
        String.format("%026d", site),
        "+86216000000" + site,
        disposition,
        answered,
        round,
        "ef" + site);
    handle.execute(
        "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq, disposition,"
            + " settled_at) SELECT id, round_site_id, 1, seq, disposition, settled_at FROM attempt"
            + " WHERE id = ?",
        String.format("%026d", site));
    handle.execute(
        "UPDATE round_site rs JOIN site s ON s.id = rs.site_id SET rs.status = 3, rs.bin = ?,"
            + " rs.attempts = 1, rs.last_disposition = ? WHERE rs.round_id = ? AND s.code = ?",
        bin,
        disposition,
        round,
        "ef" + site);
  }
}

package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.careline.callback.Seed;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.careline.local.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command {@code reconcile} on rows and on lines as the switch writes them. */
class ReconcileCommandTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Path HOME = TestFolders.create("reconcile");
  private static final Typed typed = new Typed(mysql, HOME);
  private static final String GOOD = "01KAS0000000000000000000A1";
  private static final String LOST = "01KAS0000000000000000000A2";
  private static final String STRAY = "01KAS0000000000000000000A3";
  private static final String OTHER = "01KAS0000000000000000000A4";
  private static final String REFUSED = "01KAS0000000000000000000A5";
  private static final Instant NOON = Instant.parse("2026-03-02T04:00:00Z");

  private final List<String> lines = new ArrayList<>();

  @Test
  void tellsEachDifferenceAndNothingElse() throws Exception {
    Command empty = typed.run("reconcile");
    assertThat(empty.exitCode()).as(empty.errors()).isZero();
    assertThat(empty.output()).contains("calls\t0\nattempts\t0\nliving\t0\ndifferences\t0\n");
    assertThat(empty.errors()).contains("Master.csv cannot be seen");

    sites();
    call("t-1.1", "abandoned", null);
    inSwitch("t-1.1", "hotline", false);
    Command blind = typed.run("reconcile", "--to", "2026-03-01");
    assertThat(blind.exitCode()).as("calls, and no event of the switch").isEqualTo(1);
    assertThat(blind.output()).isEmpty();
    assertThat(blind.errors().lines()).hasSize(1).allMatch(line -> line.contains("Master.csv"));
    attempt(GOOD, 1, "completed", true);
    inSwitch(GOOD, "careline-callback", true);
    attempt(REFUSED, 5, "technical", false);
    write();
    Command agrees = typed.run("reconcile", "--from", "2026-03-02", "--to", "2026-03-03");
    assertThat(agrees.exitCode()).as(agrees.output() + agrees.errors()).isZero();
    assertThat(agrees.output())
        .isEqualTo(
            """
            from\t2026-03-01T16:00:00Z
            to\t2026-03-02T16:00:00Z
            calls\t1
            attempts\t2
            living\t0
            differences\t0
            sum\tcallers_in\t1
            bin\tcallers_in\tleft_before_queue\t0
            bin\tcallers_in\tblocked\t0
            bin\tcallers_in\tafter_hours\t0
            bin\tcallers_in\tvoicemail\t0
            bin\tcallers_in\tcallback_taken\t0
            bin\tcallers_in\tfailed\t0
            bin\tcallers_in\tstill_before_queue\t0
            bin\tcallers_in\toffered\t1
            sum_difference\tcallers_in\t0
            sum\toffered\t1
            bin\toffered\tanswered\t0
            bin\toffered\tfallback_answered\t0
            bin\toffered\tabandoned\t1
            bin\toffered\toverflowed\t0
            bin\toffered\tcallback_taken\t0
            bin\toffered\tvoicemail\t0
            bin\toffered\tfailed\t0
            bin\toffered\tstill_waiting\t0
            sum_difference\toffered\t0
            """);

    inSwitch("t-1.2", "hotline", false);
    call("t-1.3", "abandoned", null);
    call("t-1.4", "answered", "8001");
    inSwitch("t-1.4", "hotline", false);
    attempt(LOST, 2, "no_answer", false);
    inSwitch(STRAY, "careline-callback", false);
    attempt(OTHER, 4, "no_answer", false);
    inSwitch(OTHER, "careline-callback", true);
    write();
    Command differs =
        typed.run(
            "reconcile",
            "--from",
            "2026-03-02T09:00:00+08:00",
            "--to",
            "2026-03-02T15:00:00+08:00");
    assertThat(differs.exitCode()).isEqualTo(1);
    assertThat(differs.output())
        .contains("calls\t3\nattempts\t4\nliving\t0\ndifferences\t6\n")
        .contains("difference\tno_outcome\tt-1.2\tbegan 2026-03-02T04:00:00Z\n")
        .contains("difference\tunknown_call\tt-1.3\tabandoned\n")
        .contains("difference\tother_answer\tt-1.4\tswitch: nobody, outcome answered: 8001\n")
        .contains("difference\tnot_rung\t" + LOST + "\tno_answer\n")
        .contains("difference\tno_attempt\t" + STRAY + "\trung 2026-03-02T04:00:00Z\n")
        .contains(
            "difference\tother_answer\t"
                + OTHER
                + "\tswitch: answered, attempt no_answer: not answered\n");
    assertThat(differs.output())
        .contains("sum\tcallers_in\t3\n")
        .contains("sum_difference\tcallers_in\t0\n")
        .contains("sum\toffered\t3\n")
        .as("it has no time of its answer")
        .contains("sum_difference\toffered\t1\nno_bin\toffered\tt-1.4\tanswered\n");
    assertThat(typed.run("reconcile", "--to", "2026-03-01").output())
        .as("another time")
        .contains("differences\t0\n");
  }

  @Test
  void aTimeItCannotReadIsToldInOneLine() {
    for (String[] wrong :
        new String[][] {
          {"--from", "yesterday"},
          {"--from", "2026-02-30"},
          {"--to", "2026-03-02T09:00:00"},
          {"--from", "2026-03-02", "--to", "2026-03-02"}
        }) {
      Command refused = typed.run("reconcile", wrong);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.output()).isEmpty();
      assertThat(refused.errors().lines()).hasSize(1).allMatch(line -> line.contains("--"));
    }
  }

  /** A channel that comes, maybe is answered, and goes a minute later. */
  private void inSwitch(String id, String context, boolean answered) {
    line("CHAN_START", NOON, id, context);
    if (answered) {
      line("ANSWER", NOON.plusSeconds(5), id, context);
    }
    line("HANGUP", NOON.plusSeconds(60), id, context);
    line("CHAN_END", NOON.plusSeconds(60), id, context);
    line("LINKEDID_END", NOON.plusSeconds(60), id, context);
  }

  private void line(String type, Instant at, String id, String context) {
    String extra = type.equals("HANGUP") ? "{\"\"hangupcause\"\":16}" : "";
    lines.add(
        String.join(
            ",",
            List.of(
                quoted(type),
                quoted(at.getEpochSecond() + ".000000"),
                quoted(id),
                quoted(id),
                quoted("PJSIP/trunk-1"),
                quoted(context),
                quoted("4001"),
                quoted(""),
                quoted(id),
                quoted(""),
                quoted(extra),
                quoted("138"))));
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private void write() throws Exception {
    Path file = HOME.resolve("asterisk/log/cel-custom/Master.csv");
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }

  private static void call(String id, String outcome, String agent) {
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO call_record (id, tier_code, arrived_at, joined_at, ended_at, epoch,"
                        + " outcome, agent_number) VALUES (?, 'gold', ?, ?, ?, 1, ?, ?)",
                    id,
                    NOON,
                    NOON,
                    NOON.plusSeconds(60),
                    outcome,
                    agent));
  }

  private static void sites() {
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, "RC");
              Seed.campaign(handle, "RC", customer, "preview", Seed.ANY_HOUR);
              for (int i = 1; i <= 5; i++) {
                Seed.site(handle, customer, null, "S" + i, "standard", "+86215555000" + i);
              }
            });
    Command opened = typed.run("round", "open", "RC");
    assertThat(opened.exitCode()).as(opened.errors()).isZero();
  }

  /** Settled; the n-th site's. */
  private static void attempt(String id, int n, String disposition, boolean answered) {
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, disposition,"
                        + " created_at, placed_at, answered_at, ended_at, settled_at, epoch)"
                        + " SELECT ?, rs.id, 1, '+862155550001', 'preview', 'settled', ?, ?, ?, ?,"
                        + " ?, ?, 1 FROM round_site rs JOIN site s ON s.id = rs.site_id"
                        + " WHERE s.code = ?",
                    id,
                    disposition,
                    NOON,
                    NOON,
                    answered ? NOON.plusSeconds(5) : null,
                    NOON.plusSeconds(60),
                    NOON.plusSeconds(70),
                    "S" + n));
  }
}

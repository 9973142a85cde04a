package org.careline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.callback.RoundOpener;
import org.careline.callback.RoundPlanner;
import org.careline.callback.RoundRepository;
import org.careline.callback.Seed;
import org.careline.customer.TableWriter;
import org.careline.harness.MySqlExtension;
import org.careline.report.RoundReport.Share;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Seven sites worked out by hand: sources, roles, devices, promises; their list and their files.
 */
class RoundReportTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Instant OPENS = Instant.parse("2026-11-23T02:00:00Z");
  private static final RoundSites.Order BY_CODE = new RoundSites.Order(RoundSites.Sort.CODE, false);
  private static Jdbi jdbi;
  private static long round;

  @BeforeAll
  static void stage() {
    jdbi = mysql.database().jdbi();
    jdbi.useTransaction(
        handle -> {
          long customer = Seed.customer(handle, "rr");
          long east = Seed.region(handle, customer, "east");
          Seed.campaign(handle, "rr", customer, "preview", Seed.ANY_HOUR);
          for (int i = 1; i <= 7; i++) {
            Seed.site(
                handle,
                customer,
                i < 5 ? east : null,
                "rr" + i,
                "standard",
                "+86138001380" + "0" + i);
            handle.execute(
                "INSERT INTO device (site_id, model, serial) SELECT id, 'M', ? FROM site"
                    + " WHERE code = ?",
                "sn" + i,
                "rr" + i);
          }
          handle.execute("UPDATE site SET name = '=1+1' WHERE code = 'rr1'");
        });
    round = new RoundPlanner(jdbi).plan("rr", OPENS).id();
    new RoundOpener(jdbi, () -> OPENS).open(round);
    jdbi.useTransaction(
        handle -> {
          // 1 tells of a fault, solved on the phone; 2 of one that the hotline knew; 3 forgets one
          call(handle, 1, 1, "completed", "8001", null);
          answers(
              handle, 1, Map.of("fault", "yes", "satisfaction", "5", "respondent_role", "manager"));
          device(handle, 1, "solved_on_phone", "yes");
          call(handle, 2, 1, "completed", "8002", null);
          answers(
              handle,
              2,
              Map.of(
                  "fault",
                  "yes",
                  "fault_solved",
                  "no",
                  "satisfaction",
                  "4",
                  "respondent_role",
                  "front_desk"));
          matter(handle, 2, "call", "2026-10-01", false);
          call(handle, 3, 1, "completed", "8002", null);
          answers(
              handle, 3, Map.of("fault", "no", "satisfaction", "3", "respondent_role", "engineer"));
          matter(handle, 3, "call", "2026-11-23", true);
          // 4 was just served, 5 has nothing; matters of rounds and of other times do not count
          bin(handle, 4, "answered_by_record");
          matter(handle, 4, "hand", "2026-11-20", true);
          call(handle, 5, 1, "appointment", "8001", "2026-11-24 02:00:00");
          call(handle, 5, 2, "appointment", "8001", "2026-11-25 02:00:00");
          call(handle, 5, 3, "completed", "8001", null);
          answers(handle, 5, Map.of("fault", "no"));
          matter(handle, 5, "callback", "2026-11-23", false);
          matter(handle, 5, "call", "2026-08-01", false);
          bin(handle, 6, "closed");
        });
  }

  private static void bin(Handle handle, int site, String bin) {
    handle.execute(
        "UPDATE round_site rs JOIN site s ON s.id = rs.site_id SET rs.status = 3, rs.bin = ?"
            + " WHERE rs.round_id = ? AND s.code = ?",
        bin,
        round,
        "rr" + site);
  }

  /** The first at 10:00, the second a minute late, the third ten minutes late. */
  private static void call(
      Handle handle, int site, int seq, String disposition, String agent, String promised) {
    String placed =
        List.of("2026-11-23 02:00:00", "2026-11-24 02:01:00", "2026-11-25 02:10:00").get(seq - 1);
    handle.execute(
        "INSERT INTO attempt (id, round_site_id, seq, e164, agent_number, mode, state, disposition,"
            + " created_at, placed_at, answered_at, ended_at, settled_at, epoch)"
            + " SELECT ?, rs.id, ?, ?, ?, 'preview', 'settled', ?, ?, ?, ?, ?, ?, 1"
            + " FROM round_site rs JOIN site s ON s.id = rs.site_id"
            + " WHERE rs.round_id = ? AND s.code = ?",
        id(site, seq),
        seq,
        "+8613800138" + "00" + site,
        agent,
        disposition,
        placed,
        placed,
        placed,
        placed,
        placed,
        round,
        "rr" + site);
    handle.execute(
        "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq, disposition,"
            + " settled_at) SELECT id, round_site_id, 1, seq, disposition, settled_at"
            + " FROM attempt WHERE id = ?",
        id(site, seq));
    if (promised != null) {
      handle.execute(
          "INSERT INTO appointment (round_site_id, attempt_id, at, made_by, made_at)"
              + " SELECT round_site_id, id, ?, 'li', settled_at FROM attempt WHERE id = ?",
          promised,
          id(site, seq));
    }
    if (disposition.equals("completed")) {
      bin(handle, site, "completed");
    }
  }

  private static String id(int site, int seq) {
    return String.format("%013d%013d", site, seq);
  }

  private static void answers(Handle handle, int site, Map<String, String> answers) {
    answers.forEach((code, value) -> answer(handle, site, 0, code, value));
  }

  private static void answer(Handle handle, int site, long device, String code, String value) {
    handle.execute(
        "INSERT INTO answer (round_id, site_id, device_id, question_code, questionnaire_version,"
            + " value, attempt_id, answered_by, answered_at)"
            + " SELECT ?, id, ?, ?, 1, ?, ?, 'li', NOW(3) FROM site WHERE code = ?",
        round,
        device,
        code,
        value,
        id(site, site == 5 ? 3 : 1),
        "rr" + site);
  }

  private static void device(Handle handle, int site, String code, String value) {
    long device =
        handle
            .select("SELECT id FROM device WHERE serial = ?", "sn" + site)
            .mapTo(Long.class)
            .one();
    answer(handle, site, device, code, value);
  }

  private static void matter(Handle handle, int site, String source, String day, boolean done) {
    handle.execute(
        "INSERT INTO matter (kind_code, site_id, source, opened_at, opened_by, done_at)"
            + " SELECT 'repair-power', id, ?, ?, 'li', ? FROM site WHERE code = ?",
        source,
        day,
        done ? "2026-11-25" : null,
        "rr" + site);
  }

  @Test
  void countsSourcesRolesAndPromises() {
    RoundReport report = jdbi.inTransaction(handle -> RoundReport.of(handle, round));
    assertThat(report.sitesLoaded()).isEqualTo(7);
    assertThat(report.faults()).as("1, 2, 3, 4 of these and 5").isEqualTo(new Share(4, 5));
    assertThat(report.sources()).isEqualTo(new RoundReport.Sources(1, 2, 1));
    assertThat(report.unresolved()).as("2; what 3 and 4 had is done").isEqualTo(new Share(1, 5));
    assertThat(report.unresolvedOfFaults()).isEqualTo(new Share(1, 4));
    assertThat(report.solvedOnPhone()).isEqualTo(new Share(1, 4));
    assertThat(report.devices().faults()).isEqualTo(new Share(4, 5));
    assertThat(report.devices().solvedOnPhone()).isEqualTo(new Share(1, 4));
    assertThat(report.satisfied()).as("5 and 4; neutral is not").isEqualTo(new Share(2, 3));
    assertThat(report.content().leading()).as("manager and engineer").isEqualTo(new Share(1, 2));
    assertThat(report.content().byRole()).containsOnlyKeys("manager", "front_desk", "engineer");
    assertThat(report.content().refused()).as("5 was completed without").isEqualTo(1);
    assertThat(report.responseRateInScope()).as("6 is closed").isEqualTo(new Share(4, 6));
    assertThat(report.effort().callbacksKept())
        .as("a minute late is kept, ten are not")
        .isEqualTo(new Share(1, 2));
    assertThat(report.agents())
        .extracting(RoundReport.Agent::number, RoundReport.Agent::attempts)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("8001", 4),
            org.assertj.core.groups.Tuple.tuple("8002", 2));
    assertThat(report.agents().getLast().faults()).isEqualTo(new Share(2, 2));
    assertThat(report.regions()).extracting(RoundReport.Region::code).containsExactly("", "east");
    assertThat(report.regions().getLast().faults()).isEqualTo(new Share(4, 4));
    assertThat(report.figures())
        .allSatisfy(
            figure -> {
              assertThat(figure.textZh()).isNotEqualTo(figure.textEn());
              assertThat(figure.formulaZh()).isNotEmpty();
            });
  }

  @Test
  void listsItsSitesPageByPageInAnyOrder() {
    List<String> codes = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Optional<String> from = after;
      RoundSites.Page page =
          RoundSites.page(
              jdbi,
              round,
              RoundSites.Filter.ALL,
              new RoundSites.Order(RoundSites.Sort.BIN, true),
              from,
              2);
      page.sites().forEach(site -> codes.add(site.bin() + " " + site.code()));
      after = Optional.ofNullable(page.next());
    } while (after.isPresent());
    assertThat(codes)
        .containsExactly(
            "due rr7",
            "completed rr5",
            "completed rr3",
            "completed rr2",
            "completed rr1",
            "closed rr6",
            "answered_by_record rr4");
  }

  @Test
  void aListOfALargeRoundIsReadInTheOrderOfAnIndex() {
    jdbi.useHandle(
        handle -> {
          for (RoundSites.Sort sort : RoundSites.Sort.values()) {
            for (boolean descending : List.of(false, true)) {
              RoundSites.Order order = new RoundSites.Order(sort, descending);
              long before = sorted(handle);
              List<RoundSites.Place> large = RoundSites.places(handle, walk(order, true), 100);
              assertThat(sorted(handle)).as(order + ": nothing is sorted").isEqualTo(before);
              assertThat(large)
                  .as(order.toString())
                  .isEqualTo(RoundSites.places(handle, walk(order, false), 100))
                  .hasSize(7);
            }
          }
        });
    List<Integer> inUse = new ArrayList<>();
    RoundSites.each(
        jdbi,
        round,
        RoundSites.Filter.ALL,
        new RoundSites.Order(RoundSites.Sort.NAME, false),
        site -> inUse.add(inUse()));
    assertThat(inUse).as("nothing is held while somebody reads").hasSize(7).containsOnly(0);
  }

  private static RoundSites.Walk walk(RoundSites.Order order, boolean large) {
    long customer =
        jdbi.withHandle(
            handle ->
                handle.select("SELECT id FROM customer WHERE code = 'rr'").mapTo(Long.class).one());
    return new RoundSites.Walk(round, customer, large, RoundSites.Filter.ALL, order, false, false);
  }

  private static long sorted(Handle handle) {
    return handle
        .select("SHOW SESSION STATUS LIKE 'Sort_rows'")
        .map((row, context) -> row.getLong(2))
        .one();
  }

  private static int inUse() {
    return ((com.zaxxer.hikari.HikariDataSource) mysql.database().dataSource())
        .getHikariPoolMXBean()
        .getActiveConnections();
  }

  @Test
  void writesFilesThatNoSpreadsheetTakesForFormulas() throws Exception {
    RoundExport.Numbers masked = new RoundExport.Numbers(number -> "138****", text -> text);
    for (RoundExport.Kind kind : RoundExport.Kind.values()) {
      String csv = new String(file(kind, TableWriter.Format.CSV, masked), StandardCharsets.UTF_8);
      assertThat(csv).as(kind.key()).doesNotContain("+86138").doesNotContain(",=1+1");
      if (kind == RoundExport.Kind.SITES) {
        assertThat(csv).contains("rr1,'=1+1,east,").contains("138****");
        assertThat(csv.lines()).hasSize(8);
      }
    }
    byte[] xlsx = file(RoundExport.Kind.SITES, TableWriter.Format.XLSX, RoundExport.Numbers.WHOLE);
    try (ReadableWorkbook book = new ReadableWorkbook(new ByteArrayInputStream(xlsx))) {
      var rows = book.getFirstSheet().read();
      assertThat(rows).hasSize(8);
      assertThat(rows.get(1).getCellText(1)).isEqualTo("'=1+1");
      assertThat(rows.get(1).getCellText(7)).isEqualTo("+8613800138001");
    }
  }

  private static byte[] file(
      RoundExport.Kind kind, TableWriter.Format format, RoundExport.Numbers numbers)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TableWriter table = TableWriter.of(format, out, kind.key())) {
      RoundExport.write(jdbi, round, kind, RoundSites.Filter.ALL, BY_CODE, numbers, table);
    }
    return out.toByteArray();
  }

  @Test
  void expectsTheEndAtTheRateOfLateWithinTheWindows() {
    // open from 10 to 12 UTC: 3 of 4 finished in 2 open hours, 2 left are 80 minutes more
    Instant eleven = Instant.parse("2026-11-24T11:00:00Z");
    java.util.function.Predicate<Instant> windows =
        at -> {
          int hour = at.atZone(java.time.ZoneOffset.UTC).getHour();
          return hour == 10 || hour == 11;
        };
    Duration open = RoundProgress.open(windows, eleven.minus(Duration.ofDays(1)), eleven);
    assertThat(open).isEqualTo(Duration.ofHours(2));
    assertThat(RoundProgress.end(windows, 2, 3, open, eleven))
        .as("an hour today, twenty minutes tomorrow")
        .contains(Instant.parse("2026-11-25T10:20:00Z"));
    assertThat(RoundProgress.end(windows, 2, 0, open, eleven)).as("nothing to go by").isEmpty();
    assertThat(RoundProgress.end(windows, 0, 0, open, eleven)).contains(eleven);
    RoundProgress now =
        jdbi.withHandle(
            handle ->
                RoundProgress.of(
                    handle,
                    new RoundRepository().find(handle, round).orElseThrow(),
                    Instant.parse("2026-11-25T02:10:00Z")));
    // any hour is open: 4 sites in 48:10 h, one is left
    assertThat(now.left()).isEqualTo(1);
    assertThat(now.finished()).isEqualTo(4);
    assertThat(now.expectedEnd())
        .isBetween(Instant.parse("2026-11-25T14:12:29Z"), Instant.parse("2026-11-25T14:12:31Z"));
  }
}

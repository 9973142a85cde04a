package org.careline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.careline.bench.StraightTransitions;
import org.careline.callback.AnswerBook;
import org.careline.callback.FormRefused;
import org.careline.callback.RoundCloser;
import org.careline.callback.RoundResults.Cell;
import org.careline.callback.RoundResults.What;
import org.careline.callback.Seed;
import org.careline.database.Database;
import org.careline.harness.TestMySql;
import org.jdbi.v3.core.Handle;

/** The summary is what the answers say, whatever was answered, put right and taken back. */
class TransitionsTest {
  private static final String SEED = "7311";
  private static final Instant NOW = Instant.parse("2026-12-01T04:00:00Z");
  private static final InstantSource CLOCK = () -> NOW;

  /** The fault is asked of the site, and which device shows a code. */
  private static final String OF_SITE =
      """
      {"sections":[{"code":"a","titleEn":"A","titleZh":"甲","questions":[
        {"code":"fault","type":"yes_no","textEn":"F?","textZh":"故障？"},
        {"code":"fault_solved","type":"yes_no","textEn":"S?","textZh":"解决？"},
        {"code":"hidden_danger","type":"yes_no","textEn":"D?","textZh":"隐患？"},
        {"code":"satisfaction","type":"scale_1_5","textEn":"C?","textZh":"满意？"}]},
       {"code":"b","titleEn":"B","titleZh":"乙","perDevice":true,"questions":[
        {"code":"fault_code","type":"text","textEn":"Code?","textZh":"代码？"},
        {"code":"solved_on_phone","type":"yes_no","textEn":"P?","textZh":"电话解决？"}]}]}
      """;

  /** All of it is asked of each device. */
  private static final String OF_DEVICES =
      """
      {"sections":[{"code":"a","titleEn":"A","titleZh":"甲","perDevice":true,"questions":[
        {"code":"fault","type":"yes_no","textEn":"F?","textZh":"故障？"},
        {"code":"fault_solved","type":"yes_no","textEn":"S?","textZh":"解决？"},
        {"code":"hidden_danger","type":"yes_no","textEn":"D?","textZh":"隐患？"}]},
       {"code":"b","titleEn":"B","titleZh":"乙","questions":[
        {"code":"satisfaction","type":"scale_1_5","textEn":"C?","textZh":"满意？"}]}]}
      """;

  private static final List<String> SITE_CODES =
      List.of("fault", "fault_solved", "hidden_danger", "satisfaction");
  private static final List<String> DEVICE_CODES = List.of("fault_code", "solved_on_phone");
  private static final List<String> EACH_CODES = List.of("fault", "fault_solved", "hidden_danger");

  private static String schema;
  private static Database database;

  @BeforeContainer
  static void start() {
    schema = TestMySql.shared().freshSchema();
    database = TestMySql.shared().database(schema);
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "INSERT INTO questionnaire (code, version, definition) VALUES ('of-site', 1, ?),"
                      + " ('of-devices', 1, ?)",
                  OF_SITE,
                  OF_DEVICES);
            });
  }

  @AfterContainer
  static void stop() {
    database.close();
    TestMySql.shared().drop(schema);
  }

  /** A customer with sites and devices, whose rounds answer what chance wants. */
  private static final class Chain {
    final Random random;
    final String code;
    final long customer;
    final long campaign;
    final List<Long> sites = new ArrayList<>();
    final List<List<Long>> devices = new ArrayList<>();
    final List<Long> rounds = new ArrayList<>();
    final List<Boolean> ofDevices = new ArrayList<>();

    Chain(Handle handle, long seed) {
      random = new Random(seed);
      code = "c" + seed;
      customer = Seed.customer(handle, code);
      campaign = Seed.campaign(handle, code, customer, "preview", Seed.ANY_HOUR);
      long east = Seed.region(handle, customer, "east");
      for (int i = 0; i < 10; i++) {
        Long region = i % 3 == 0 ? null : east;
        long site = Seed.site(handle, customer, region, code + "-" + i, "standard");
        sites.add(site);
        List<Long> own = new ArrayList<>();
        for (int d = random.nextInt(4); d > 0; d--) {
          handle.execute("INSERT INTO device (site_id, model) VALUES (?, 'M')", site);
          own.add(id(handle));
        }
        devices.add(own);
        if (random.nextInt(3) == 0) {
          matter(handle, site, own);
        }
      }
    }

    private static long id(Handle handle) {
      return handle.select("SELECT LAST_INSERT_ID()").mapTo(Long.class).one();
    }

    private void matter(Handle handle, long site, List<Long> own) {
      Long device = own.isEmpty() || random.nextBoolean() ? null : own.getFirst();
      handle.execute(
          "INSERT INTO matter (kind_code, site_id, device_id, source, opened_at, opened_by,"
              + " done_at) VALUES (?, ?, ?, ?, ?, 'li', ?)",
          random.nextInt(4) == 0 ? "enquiry-use" : "repair-power",
          site,
          device,
          random.nextInt(4) == 0 ? "callback" : "call",
          // the office's midnight is 16:00 UTC: some of them are just inside or outside
          List.of("2026-03-31 15:59:59", "2026-03-31 16:00:00", "2026-06-30 16:00:00")
              .get(random.nextInt(3)),
          random.nextBoolean() ? "2026-11-01" : null);
    }

    void round(Handle handle, String from, String to) {
      boolean each = random.nextBoolean();
      handle.execute(
          "INSERT INTO round (campaign_id, number, status, opens_at, opened_at, closing,"
              + " period_from, period_to, rules, questionnaire_code, questionnaire_version)"
              + " VALUES (?, ?, 'open', ?, ?, TRUE, ?, ?, '{}', ?, 1)",
          campaign,
          rounds.size() + 1,
          "2026-11-01",
          "2026-11-01",
          from,
          to,
          each ? "of-devices" : "of-site");
      long round = id(handle);
      rounds.add(round);
      ofDevices.add(each);
      for (int i = 0; i < sites.size(); i++) {
        if (random.nextInt(6) > 0) {
          site(handle, round, i, each);
        }
      }
      handle.execute(
          "UPDATE round SET sites_loaded = (SELECT COUNT(*) FROM round_site WHERE round_id = ?)"
              + " WHERE id = ?",
          round,
          round);
    }

    private void site(Handle handle, long round, int i, boolean each) {
      String bin =
          List.of("completed", "completed", "partial", "not_reached", "answered_by_record")
              .get(random.nextInt(5));
      handle.execute(
          "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at, bin)"
              + " VALUES (?, ?, 1, 3, NOW(3), ?)",
          round,
          sites.get(i),
          bin);
      String attempt = String.format("%010d%010d%06d", customer, round, i);
      handle.execute(
          "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at, placed_at,"
              + " answered_at, ended_at, settled_at, epoch)"
              + " VALUES (?, ?, 1, '+862160000000', 'preview', 'settled', NOW(3), NOW(3), NOW(3),"
              + " NOW(3), NOW(3), 1)",
          attempt,
          id(handle));
      handle.execute(
          "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq, settled_at)"
              + " SELECT id, round_site_id, 1, seq, settled_at FROM attempt WHERE id = ?",
          attempt);
      if (bin.equals("not_reached")) {
        return;
      }
      for (String question : each ? List.of("satisfaction") : SITE_CODES) {
        answer(handle, round, i, 0, question, attempt);
      }
      for (long device : devices.get(i)) {
        for (String question : each ? EACH_CODES : DEVICE_CODES) {
          answer(handle, round, i, device, question, attempt);
        }
      }
    }

    private void answer(
        Handle handle, long round, int i, long device, String question, String attempt) {
      String value = value(question);
      if (!value.isEmpty()) {
        handle.execute(
            "INSERT INTO answer (round_id, site_id, device_id, device, question_code,"
                + " questionnaire_version, value, attempt_id, answered_by, answered_at)"
                + " VALUES (?, ?, ?, 'M', ?, 1, ?, ?, 'li', NOW(3))",
            round,
            sites.get(i),
            device,
            question,
            value,
            attempt);
      }
    }

    /** Empty = no answer. */
    private String value(String question) {
      return switch (question) {
        case "satisfaction" -> List.of("", "1", "3", "4", "5").get(random.nextInt(5));
        case "fault_code" -> List.of("", "", "E1").get(random.nextInt(3));
        default -> List.of("", "yes", "yes", "no").get(random.nextInt(4));
      };
    }

    /** Puts some answer right, or takes it away; false when there is nothing to put right. */
    boolean correct(AnswerBook book) throws Exception {
      int round = random.nextInt(rounds.size());
      int i = random.nextInt(sites.size());
      boolean each = ofDevices.get(round);
      List<Long> own = devices.get(i);
      boolean device = !own.isEmpty() && random.nextBoolean();
      String question =
          !device
              ? (each ? "satisfaction" : SITE_CODES.get(random.nextInt(4)))
              : (each ? EACH_CODES.get(random.nextInt(3)) : DEVICE_CODES.get(random.nextInt(2)));
      String key = device ? question + "@" + own.get(random.nextInt(own.size())) : question;
      try {
        book.correct(code, round + 1, code + "-" + i, key, value(question), "boss", "listened");
        return true;
      } catch (FormRefused notInTheRound) {
        return false;
      }
    }
  }

  @Property(tries = 14, seed = SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  @Label("summary = straight query = report, also after corrections")
  void theSummaryIsWhatTheAnswersSay(@ForAll @LongRange(min = 1, max = 1L << 40) long seed)
      throws Exception {
    Chain chain =
        database
            .jdbi()
            .inTransaction(
                handle -> {
                  Chain made = new Chain(handle, seed);
                  made.round(handle, "2026-01-01", "2026-03-31");
                  made.round(handle, "2026-04-01", "2026-06-30");
                  made.round(handle, "2026-04-01", "2026-05-31");
                  return made;
                });
    compare(chain, "while they are open");
    new RoundCloser(database.jdbi(), CLOCK).closeFinished();
    compare(chain, "closed");
    KeptReports kept =
        new KeptReports(
            database::jdbi,
            CLOCK,
            new KeptReports.Pace(Duration.ofSeconds(-1), 20, Duration.ofMinutes(5)));
    for (long round : chain.rounds) {
      assertThat(kept.of(round)).as("not counted again").isSameAs(kept.of(round));
    }
    AnswerBook book = new AnswerBook(database::jdbi, CLOCK, ZoneId.of("Asia/Shanghai"));
    int corrected = 0;
    for (int i = 0; i < 12; i++) {
      corrected += chain.correct(book) ? 1 : 0;
    }
    assertThat(corrected).isPositive();
    compare(chain, "put right");
    for (long round : chain.rounds) {
      assertThat(kept.of(round))
          .as("what was kept is counted again")
          .isEqualTo(RoundReport.of(database.jdbi(), round).countedAt(NOW));
    }
  }

  private static void compare(Chain chain, String when) throws Exception {
    RoundComparison comparison = new RoundComparison(database.jdbi(), CLOCK);
    for (int from = 1; from <= 3; from++) {
      {
        int to = from % 3 + 1;
        Transitions seen = comparison.compare(chain.code, from, chain.code, to);
        Map<What, List<Cell>> straight;
        try (Connection connection = database.dataSource().getConnection()) {
          straight =
              StraightTransitions.count(
                  connection, chain.rounds.get(from - 1), chain.rounds.get(to - 1));
        }
        String as = when + ", " + chain.code + " " + from + " -> " + to;
        assertTable(seen.sites(), straight.get(What.SITE), as);
        assertTable(seen.content(), straight.get(What.CONTENT), as);
        assertTable(seen.devices(), straight.get(What.DEVICE), as);
        Transitions.Table sites = seen.sites();
        assertThat(sites.sum()).as(as).isEqualTo(sites.earlier() + sites.later() - sites.both());
        assertThat(seen.groups().values().stream().mapToInt(n -> n).sum())
            .as(as)
            .isEqualTo(sites.sum());
        assertSide(seen.to(), chain.rounds.get(to - 1), as);
        regions(comparison, chain, from, to, seen, as);
      }
    }
  }

  /** The tables of the regions are parts of the whole. */
  private static void regions(
      RoundComparison comparison, Chain chain, int from, int to, Transitions whole, String as) {
    List<Transitions> parts =
        Stream.of("east", "")
            .map(
                region -> comparison.compare(chain.code, from, chain.code, to, Optional.of(region)))
            .toList();
    for (Function<Transitions, Transitions.Table> table :
        List.<Function<Transitions, Transitions.Table>>of(
            Transitions::sites, Transitions::content, Transitions::devices)) {
      List<Cell> cells = new ArrayList<>();
      for (Transitions part : parts) {
        List<List<Integer>> n = table.apply(part).cells();
        for (int f = 0; f < n.size(); f++) {
          for (int t = 0; t < n.size(); t++) {
            cells.add(new Cell(f, t, n.get(f).get(t)));
          }
        }
      }
      assertTable(table.apply(whole), cells, as + ", regions");
    }
    RoundReport report = RoundReport.of(database.jdbi(), chain.rounds.get(to - 1));
    for (RoundReport.Region region : report.regions()) {
      Transitions.Side side = parts.get(region.code().isEmpty() ? 1 : 0).to();
      assertThat(side.bins()).as(as).isEqualTo(region.bins());
      assertThat(side.faults()).as(as).isEqualTo(region.faults());
      assertThat(side.unheard().values().stream().mapToInt(n -> n).sum())
          .as(as)
          .isEqualTo(side.loaded() - side.faults().of());
    }
  }

  private static void assertTable(Transitions.Table table, List<Cell> straight, String as) {
    Transitions.Table expected = Transitions.Table.of(table.states(), straight);
    assertThat(table).as(as).isEqualTo(expected);
  }

  private static void assertSide(Transitions.Side side, long round, String as) {
    RoundReport report = database.jdbi().inTransaction(handle -> RoundReport.of(handle, round));
    assertThat(side.loaded()).as(as).isEqualTo(report.sitesLoaded());
    assertThat(side.bins()).as(as).isEqualTo(report.bins());
    assertThat(side.faults()).as(as).isEqualTo(report.faults());
    assertThat(side.unresolved()).as(as).isEqualTo(report.unresolved());
    assertThat(side.satisfied()).as(as).isEqualTo(report.satisfied());
    assertThat(side.deviceFaults()).as(as).isEqualTo(report.devices().faults());
    assertThat(side.unheard().values().stream().mapToInt(n -> n).sum())
        .as(as)
        .isEqualTo(side.loaded() - side.faults().of());
  }
}

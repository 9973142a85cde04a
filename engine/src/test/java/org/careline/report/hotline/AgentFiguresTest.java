package org.careline.report.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentApplier;
import org.careline.agent.AgentNumber;
import org.careline.call.Journal;
import org.careline.harness.MySqlExtension;
import org.careline.report.hotline.AgentFigures.Behind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One agent's morning on real rows, and his objections. */
class AgentFiguresTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Instant NINE = Instant.parse("2026-03-02T01:00:00Z");
  private static final Instant TEN = NINE.plus(Duration.ofHours(1));
  private static final AgentNumber LI = new AgentNumber("8001");
  private static final String ATTEMPT = "01KAS0000000000000000000A1";

  @TempDir Path folder;
  private final Rows rows = new Rows(mysql.database());
  private final Contests contests = new Contests(mysql.database().jdbi(), () -> TEN);
  private final AgentFigures figures =
      new AgentFigures(mysql.database().jdbi(), contests, Rows.ZONE, () -> TEN);
  private final List<Journal.Entry> states = new ArrayList<>();

  @BeforeEach
  void morning() throws Exception {
    for (String table :
        List.of(
            "call_record",
            "call_leg",
            "call_event",
            "agent_event",
            "after_call_work",
            "figure_contest",
            "matter")) {
      rows.execute("DELETE FROM " + table);
    }
    states.clear();
    state("8001", -600, "not_ready", "login", "");
    state("8001", 0, "ready", "", "");
    state("8001", 600, "offered", "", "c-1");
    state("8001", 604, "on_call", "", "c-1");
    state("8001", 704, "after_call_work", "", "c-1");
    state("8001", 734, "ready", "", "");
    state("8001", 1000, "offered", "", "c-2");
    state("8001", 1015, "not_ready", "missed", "");
    state("8001", 1315, "ready", "", "");
    state("8001", 2000, "offered", "", ATTEMPT);
    state("8001", 2060, "on_call", "", ATTEMPT);
    state("8001", 2160, "after_call_work", "", ATTEMPT);
    state("8001", 2180, "not_ready", "break", "");
    state("8001", 3000, "logged_out", "", "");
    state("8002", 0, "ready", "", "");
    apply();
    apply();
    rows.execute(
        "INSERT IGNORE INTO user_account (login, name, password_hash, roles, agent_number) VALUES"
            + " ('li', 'Li', 'x', 'agent', '8001')");
    promise(1, "li", 600, 600L);
    promise(2, "li", 700, 701L);
    promise(3, "li", 800, null);
    promise(4, "li", 4000, null);
    promise(5, "unit 7", 800, null);
    rows.call("c-1", NINE.plusSeconds(590))
        .joins(0)
        .held(20)
        .answered("8001", 14, 4, 100, "agent")
        .surveyed(3)
        .write();
    rows.call("c-2", NINE.plusSeconds(1000))
        .joins(0)
        .missed("8001", 0, 15, "missed")
        .missed("8001", 16, 1, "unreachable")
        .missed("8001", 18, 1, "engine")
        .answered("8002", 30, 4, 10, "caller")
        .write();
    rows.call("c-3", NINE.plusSeconds(3590)).joins(0).missed("8001", 0, 3, "rejected").write();
  }

  private void state(String agent, long at, String presence, String reason, String work) {
    String json =
        "{\"presence\":\"%s\",\"reason\":\"%s\",\"wishReady\":true,\"work\":%s}"
            .formatted(presence, reason, work.isEmpty() ? "null" : "\"" + work + "\"");
    states.add(
        new Journal.Entry(states.size() + 1L, 3, NINE.plusSeconds(at), "agent", agent, json));
  }

  private void promise(int id, String who, long due, Long done) {
    rows.execute(
        "INSERT INTO matter (id, kind_code, source, opened_at, opened_by, assigned_to, due_at,"
            + " done_at) VALUES (?, 'enquiry', 'hand', ?, 'li', ?, ?, ?)",
        id,
        NINE,
        who,
        NINE.plusSeconds(due),
        done == null ? null : NINE.plusSeconds(done));
  }

  /** A second time as after a crash: nothing may be doubled. */
  private void apply() throws Exception {
    try (Connection connection = mysql.database().dataSource().getConnection()) {
      new AgentApplier().apply(connection, states);
    }
  }

  private Map<String, Amount> of(String agent) {
    return figures.report(NINE, TEN, Optional.empty(), null).rows().stream()
        .filter(row -> row.agent().equals(agent))
        .findFirst()
        .orElseThrow()
        .values();
  }

  private static Amount share(long n, long of) {
    return Amount.share(n, of).objected(0, 0);
  }

  @Test
  void timesAndOffersGiveHisFigures() {
    Map<String, Amount> his = of("8001");
    assertThat(his.get("logged_in").value()).as("from nine to fifty").isEqualTo(3000);
    assertThat(his.get("ready").value()).isEqualTo(600 + 266 + 685);
    assertThat(his.get("not_ready").value()).isEqualTo(300 + 820);
    assertThat(his.get("on_call").value()).as("hotline alone").isEqualTo(100);
    assertThat(his.get("wrapping").value()).isEqualTo(30);
    assertThat(his.get("outbound").value()).as("apart").isEqualTo(120);
    assertThat(his.get("preview").value()).isEqualTo(60);
    assertThat(his.get("ringing").value()).isEqualTo(19);
    assertThat(his.get("occupancy"))
        .as("not-ready time is in neither")
        .isEqualTo(Amount.part(250_000, 250_000 + 1_551_000).objected(0, 0));
    assertThat(his.get("utilisation")).isEqualTo(Amount.part(250_000, 3_000_000).objected(0, 0));
    assertThat(his.get("offers").value()).isEqualTo(5);
    assertThat(his.get("answered").value()).isEqualTo(1);
    assertThat(his.get("rona")).as("only the cause agent").isEqualTo(share(2, 5));
    assertThat(his.get("rona_browser")).isEqualTo(share(0, 5));
    assertThat(his.get("rona_network")).isEqualTo(share(1, 5));
    assertThat(his.get("left_ringing")).isEqualTo(share(0, 5));
    assertThat(his.get("rona_engine")).isEqualTo(share(1, 5));
    assertThat(his.get("ring_answer")).isEqualTo(share(1, 3));
    assertThat(his.get("first_hangup_by_agent")).isEqualTo(share(1, 1));
    assertThat(his.get("aht").value()).as("talk, hold, after-call work").isEqualTo(130);
    assertThat(his.get("talk").value()).isEqualTo(80);
    assertThat(his.get("hold").value()).isEqualTo(20);
    assertThat(his.get("acw").value()).isEqualTo(30);
    assertThat(his.get("survey_offered")).isEqualTo(share(1, 1));
    assertThat(his.get("satisfied")).isEqualTo(share(0, 1));
    assertThat(his.get("promises_kept"))
        .as("the fourth is not due yet, the fifth is not his")
        .isEqualTo(share(1, 3));
    assertThat(of("8002").get("ready").value()).as("still, at the end").isEqualTo(3600);
    AgentFigures.Row row = figures.report(NINE, TEN, Optional.of(LI), null).rows().getFirst();
    assertThat(row.notReadySeconds()).isEqualTo(Map.of("missed", 300.0, "break", 820.0));
  }

  @Test
  void theTeamTogetherAndWhoNeverHandsOverToTheSurvey() {
    AgentFigures.Report quiet = figures.report(NINE, TEN, Optional.empty(), null);
    assertThat(quiet.neverToSurvey()).as("a line without survey").isEmpty();
    assertThat(quiet.total().get("occupancy"))
        .isEqualTo(Amount.part(250_000, 250_000 + 1_551_000 + 3_600_000).objected(0, 0));
    assertThat(quiet.total().get("utilisation"))
        .isEqualTo(Amount.part(250_000, 6_600_000).objected(0, 0));
    assertThat(quiet.total().get("answered").value()).isEqualTo(2);
    assertThat(figures.report(NINE, TEN, Optional.empty(), Grouping.Interval.QUARTER).total())
        .as("whatever it is taken apart by")
        .isEqualTo(quiet.total());

    rows.execute(
        "INSERT INTO line (code, number, name_en, name_zh, settings) VALUES"
            + " ('main', '4001', 'Main', '主线', JSON_OBJECT('survey', 'three'))");
    try {
      assertThat(figures.report(NINE, TEN, Optional.empty(), null).neverToSurvey())
          .as("8001 has handed his call over")
          .containsExactly(new AgentFigures.NoSurvey("8002", "", 1));
    } finally {
      rows.execute("DELETE FROM line WHERE code = 'main'");
    }
  }

  @Test
  void aStateIsCutAtTheEndsOfIntervals() {
    List<AgentFigures.Row> quarters =
        figures.report(NINE, TEN, Optional.of(LI), Grouping.Interval.QUARTER).rows();
    assertThat(quarters).hasSize(4);
    assertThat(quarters.stream().mapToDouble(q -> q.values().get("logged_in").value()))
        .containsExactly(900.0, 900.0, 900.0, 300.0);
    assertThat(quarters.get(0).values().get("on_call").value()).isEqualTo(100);
    assertThat(quarters.get(0).values().get("ready").value()).isEqualTo(600 + 166);
    assertThat(quarters.get(3).values().get("rona")).isEqualTo(share(1, 1));
  }

  /** Every figure is the sum of the rows shown behind it. */
  @Test
  void theRowsBehindAFigureAddUpToIt() {
    Map<String, Amount> his = of("8001");
    for (AgentFigure figure : AgentFigure.values()) {
      List<Behind> behind = figures.rows(NINE, TEN, LI, figure).rows();
      Amount amount = his.get(figure.id());
      double sum = behind.stream().mapToDouble(Behind::n).sum();
      assertThat(sum).as(figure.id()).isEqualTo(amount.n() == null ? amount.value() : amount.n());
      assertThat(behind).extracting(Behind::from).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }
    Behind missed = figures.rows(NINE, TEN, LI, AgentFigure.RONA).rows().getLast();
    assertThat(missed.callId()).isEqualTo("c-1");
    assertThat(figures.rows(NINE, TEN, LI, AgentFigure.RONA).rows().get(3).what())
        .isEqualTo("missed");
  }

  @Test
  void ofMoreRowsThanAreShownItSaysSo() {
    assertThat(figures.rows(NINE, TEN, LI, AgentFigure.OFFERS).more()).isFalse();
    rows.execute(
        "INSERT INTO call_leg (call_id, n, agent_number, offered_at, ended_at, result)"
            + " WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many"
            + " WHERE n < 500) SELECT 'c-1', 100 + n, '8001', ?, ?, 'engine' FROM many",
        NINE.plusSeconds(1),
        NINE.plusSeconds(2));
    AgentFigures.Newest newest = figures.rows(NINE, TEN, LI, AgentFigure.OFFERS);
    assertThat(newest.rows()).hasSize(AgentFigures.MOST_ROWS);
    assertThat(newest.more()).isTrue();
  }

  @Test
  void whoHandsACallOverHasNotHungUpFirst() {
    rows.call("handed", NINE.plusSeconds(100))
        .joins(0)
        .answered("8001", 10, 4, 30, "agent")
        .answered("8002", 50, 4, 30, "agent")
        .write();
    rows.call("outside", NINE.plusSeconds(200))
        .joins(0)
        .answered("8001", 10, 4, 30, "agent")
        .write();
    rows.execute(
        "INSERT INTO call_event (call_id, epoch, seq, at, kind, detail) VALUES"
            + " ('handed', 1, 1, ?, 'transferred', '{\"agent\": \"8001\", \"target\": \"8002\"}'),"
            + " ('outside', 1, 2, ?, 'transferred', '{\"agent\": \"8001\", \"target\": \"95555\"}')",
        NINE.plusSeconds(140),
        NINE.plusSeconds(240));
    assertThat(of("8001").get("first_hangup_by_agent"))
        .as("of three answered only the first call was ended by him")
        .isEqualTo(share(1, 3));
    assertThat(of("8002").get("first_hangup_by_agent"))
        .as("the last agent's hang-up is one")
        .isEqualTo(share(1, 2));
  }

  @Test
  void anAcceptedObjectionTakesTheRowOutAndBothWordsAreKept() {
    Contest open = contests.raise(LI, AgentFigure.RONA, "leg:c-2:1", "my headset was dead", "li");
    assertThat(open.decision()).isNull();
    assertThat(of("8001").get("rona"))
        .as("it counts until it is decided")
        .isEqualTo(Amount.share(2, 5).objected(0, 1));
    assertThat(contests.list(Optional.empty(), true)).containsExactly(open);

    Contest accepted = contests.decide(open.id(), true, "the log says so", "boss");
    assertThat(accepted.text()).isEqualTo("my headset was dead");
    assertThat(accepted.reason()).isEqualTo("the log says so");
    assertThat(accepted.decidedBy()).isEqualTo("boss");
    assertThat(of("8001").get("rona")).isEqualTo(Amount.share(1, 4).objected(1, 0));
    assertThat(of("8001").get("ring_answer")).as("of this figure alone").isEqualTo(share(1, 3));
    assertThat(figures.rows(NINE, TEN, LI, AgentFigure.RONA).rows())
        .as("still shown")
        .anyMatch(row -> row.contest() != null && row.contest().equals(accepted));
    assertThat(contests.list(Optional.of(LI), false)).containsExactly(accepted);
    assertThat(contests.list(Optional.of(LI), true)).isEmpty();
    assertThat(contests.list(Optional.of(new AgentNumber("8002")), false)).isEmpty();

    Contest state =
        contests.raise(LI, AgentFigure.UTILISATION, "state:3:8", "the network was down", "li");
    contests.decide(state.id(), true, "it was", "boss");
    assertThat(of("8001").get("utilisation"))
        .isEqualTo(Amount.part(250_000, 2_700_000).objected(1, 0));

    Contest promise =
        contests.raise(LI, AgentFigure.PROMISES_KEPT, "matter:3", "he was not in", "li");
    contests.decide(promise.id(), true, "noted in the call", "boss");
    assertThat(of("8001").get("promises_kept")).isEqualTo(Amount.share(1, 2).objected(1, 0));

    Contest refused =
        contests.raise(LI, AgentFigure.RONA, "leg:c-3:1", "I had declined by mistake", "li");
    contests.decide(refused.id(), false, "then it was you", "boss");
    assertThat(of("8001").get("rona")).isEqualTo(Amount.share(1, 4).objected(1, 0));
    assertThatThrownBy(() -> contests.decide(refused.id(), true, "again", "boss"))
        .isInstanceOf(Contests.Refused.class)
        .hasMessage("it has been decided already");
    assertThatThrownBy(() -> contests.decide(999, true, "none", "boss"))
        .hasMessage("no such objection");
  }

  @Test
  void onlyOwnRowsAndOnlyOnce() {
    contests.raise(LI, AgentFigure.RONA, "leg:c-2:1", "once", "li");
    for (String row :
        List.of(
            "matter:5",
            "matter:99",
            "leg:c-2:4",
            "leg:c-9:1",
            "leg:c-2:1:1",
            "leg::1",
            "state:9:9",
            "x",
            "leg:c'2:1",
            "")) {
      assertThatThrownBy(() -> contests.raise(LI, AgentFigure.RONA, row, "no", "li"))
          .as(row)
          .isInstanceOf(Contests.Refused.class)
          .hasMessage("no such row behind your figures");
    }
    assertThatThrownBy(() -> contests.raise(LI, AgentFigure.RONA, "leg:c-2:1", "twice", "li"))
        .isInstanceOf(Contests.Refused.class)
        .hasMessage("you have objected to this row already");
    contests.raise(LI, AgentFigure.RING_ANSWER, "leg:c-2:1", "another figure", "li");
  }
}

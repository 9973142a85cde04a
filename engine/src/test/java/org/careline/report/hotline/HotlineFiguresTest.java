package org.careline.report.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.LiveCall;
import org.careline.callback.Seed;
import org.careline.harness.MySqlExtension;
import org.careline.report.hotline.Grouping.Dimension;
import org.careline.report.hotline.Grouping.Interval;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The figures on rows of a real MySQL, worked out by hand. */
class HotlineFiguresTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  /** Nine in the morning in the office. */
  private static final Instant NINE = Instant.parse("2026-03-02T01:00:00Z");

  private static final Instant MIDNIGHT = Instant.parse("2026-03-01T16:00:00Z");
  private static final Instant NEXT = MIDNIGHT.plus(Duration.ofDays(1));

  private final Rows rows = new Rows(mysql.database());

  @BeforeEach
  void clear() {
    for (String table :
        List.of(
            "call_record",
            "call_leg",
            "call_event",
            "after_call_work",
            "matter_contact",
            "matter",
            "task")) {
      rows.execute("DELETE FROM " + table);
    }
  }

  private HotlineFigures.Report report(Grouping grouping) throws Exception {
    return rows.figures(() -> NEXT).report(MIDNIGHT, NEXT, grouping, Optional.empty());
  }

  /** 1000 answered, 860 within T; 60 abandoned, 20 within T, 40 after, 10 of them within 5 s. */
  @Test
  void theWorkedDayGivesTheFiveServiceLevels() throws Exception {
    for (int i = 0; i < 1000; i++) {
      rows.call("a" + i, NINE.plusSeconds(i))
          .joins(1)
          .answered("8001", i < 860 ? 20 : 20.001, 3, 60, "caller")
          .write();
    }
    for (int i = 0; i < 60; i++) {
      double wait = i < 10 ? 4.999 : i < 20 ? 20 : 20.001;
      rows.call("b" + i, NINE.plusSeconds(i))
          .joins(1)
          .ends(i < 10 ? "short_abandoned" : "abandoned", wait)
          .write();
    }

    HotlineFigures.Report report = report(Rows.by(null));
    Map<String, Amount> day = report.total();
    assertThat(day.get("service_level_strict")).isEqualTo(Amount.share(860, 1060));
    assertThat(day.get("service_level")).isEqualTo(Amount.share(860, 1050));
    assertThat(day.get("service_level_all")).isEqualTo(Amount.share(860, 1060));
    assertThat(day.get("service_level_asterisk")).isEqualTo(Amount.share(860, 1000));
    assertThat(day.get("service_level_asterisk_2")).isEqualTo(Amount.share(880, 1060));
    assertThat(percent(day, HotlineFigure.SERVICE_LEVEL_STRICT)).isEqualTo("81.1");
    assertThat(percent(day, HotlineFigure.SERVICE_LEVEL)).isEqualTo("81.9");
    assertThat(percent(day, HotlineFigure.SERVICE_LEVEL_ASTERISK)).isEqualTo("86.0");
    assertThat(percent(day, HotlineFigure.SERVICE_LEVEL_ASTERISK_2)).isEqualTo("83.0");
    assertThat(day.get("abandonment")).isEqualTo(Amount.share(60, 1060));
    assertThat(day.get("abandonment_less_short")).isEqualTo(Amount.share(50, 1050));
    assertThat(report.identities()).allMatch(identity -> identity.difference() == 0);
    assertThat(report.shortAbandon()).isEqualTo(Duration.ofSeconds(5));

    rows.call("c", NINE).joins(1).ends("callback_taken", 2).write();
    rows.call("v", NINE).joins(1).ends("voicemail", 2).write();
    rows.call("o", NINE).joins(1).ends("overflowed", 2).write();
    Map<String, Amount> pushed = report(Rows.by(null)).total();
    assertThat(pushed.get("service_level"))
        .as("pushing callers out cannot raise the one")
        .isEqualTo(Amount.share(860, 1050));
    assertThat(pushed.get("service_level_all")).isEqualTo(Amount.share(860, 1063));
    HotlineFigures.Report slower =
        rows.figures(() -> NEXT)
            .report(MIDNIGHT, NEXT, Rows.by(null), Optional.of(Duration.ofSeconds(21)));
    assertThat(slower.total().get("service_level_asterisk")).isEqualTo(Amount.share(1000, 1000));
    assertThat(slower.targets()).containsEntry("main/gold", new Target(80, Duration.ofSeconds(21)));
  }

  /** By line and day; a code typed and a number bound in the call do not make it better. */
  @Test
  void theRecognitionRateCountsWhomHisNumberTold() throws Exception {
    Instant yesterday = NINE.minus(Duration.ofDays(1));
    for (int i = 0; i < 4; i++) {
      rows.call("n" + i, NINE)
          .of("main", "gold")
          .knownBy("number")
          .joins(1)
          .ends("abandoned", 9)
          .write();
    }
    rows.call("c", NINE).of("main", "gold").knownBy("code").joins(1).ends("abandoned", 9).write();
    rows.call("a", NINE).of("main", "gold").knownBy("agent").joins(1).ends("abandoned", 9).write();
    rows.call("u", NINE).of("main", "gold").joins(1).ends("abandoned", 9).write();
    rows.call("w", NINE).of("main", "gold").withheld().joins(1).ends("abandoned", 9).write();
    rows.call("o", NINE)
        .of("other", "gold")
        .knownBy("number")
        .joins(1)
        .ends("abandoned", 9)
        .write();
    rows.call("y", yesterday).of("main", "gold").joins(1).ends("abandoned", 9).write();
    rows.call("z", yesterday)
        .of("main", "gold")
        .knownBy("number")
        .joins(1)
        .ends("abandoned", 9)
        .write();
    HotlineFigures.Report report =
        rows.figures(() -> NEXT)
            .report(
                MIDNIGHT.minus(Duration.ofDays(1)),
                NEXT,
                Rows.by(Grouping.Interval.DAY, Grouping.Dimension.LINE),
                Optional.empty());
    assertThat(
            report.rows().stream()
                .map(row -> row.key() + " " + row.from() + " " + row.values().get("recognised")))
        .containsExactlyInAnyOrder(
            "[main] " + MIDNIGHT.minus(Duration.ofDays(1)) + " " + Amount.share(1, 2),
            "[main] " + MIDNIGHT + " " + Amount.share(4, 8),
            "[other] " + MIDNIGHT + " " + Amount.share(1, 1));
  }

  private static String percent(Map<String, Amount> values, HotlineFigure figure) {
    return "%.1f".formatted(Rows.value(values, figure) * 100);
  }

  /** Callback, transfer, lost agent, fallback, refused, blocked, closed: each in its one bin. */
  @Test
  void everyCallIsInOneBinAndIsCountedOnce() throws Exception {
    rows.call("plain", NINE)
        .joins(10)
        .held(5)
        .answered("8001", 30, 4, 100, "agent")
        .surveyed(1)
        .write();
    rows.call("transferred", NINE)
        .joins(10)
        .answered("8001", 10, 2, 50, "agent")
        .answered("8002", 65, 3, 40, "caller")
        .surveyed(3)
        .write();
    rows.call("callback", NINE).joins(10).ends("callback_taken", 90).write();
    rows.call("fallback", NINE).joins(0).answered("8003", 8, 0, 20, "caller").write();
    rows.execute("UPDATE call_record SET outcome = 'fallback_answered' WHERE id = 'fallback'");
    rows.call("left", NINE).ends("left_before_queue", 7).write();
    rows.call("blocked", NINE).withheld().ends("blocked", 1).write();
    rows.call("closed", NINE).ends("after_hours", 20).write();
    rows.call("message", NINE).ends("voicemail", 30).write();
    rows.call("refused", NINE).ends("failed", 1).write();
    rows.call("broken", NINE).joins(3).ends("failed", 5).write();
    rows.call("gone", NINE)
        .joins(3)
        .missed("8001", 1, 15, "missed")
        .missed("8002", 17, 2, "unreachable")
        .missed("8002", 19, 1, "browser")
        .missed("8003", 20, 1, "engine")
        .missed("8003", 21, 2, "abandoned")
        .ends("abandoned", 23)
        .write();
    rows.call("open", NINE).write();
    rows.execute(
        "INSERT INTO call_event (call_id, epoch, seq, at, kind, detail) VALUES"
            + " ('open', 1, 1, ?, 'arrived', '{}'), ('open', 1, 2, ?, 'joined', '{}')",
        NINE,
        NINE.plusSeconds(9));
    rows.call("menu", NINE).write();
    rows.execute(
        "INSERT INTO after_call_work (agent_number, epoch, seq, call_id, began_at, ended_at)"
            + " VALUES ('8001', 1, 1, 'transferred', ?, ?), ('8002', 1, 2, 'transferred', ?, ?)",
        NINE.plusSeconds(70),
        NINE.plusSeconds(80),
        NINE.plusSeconds(115),
        NINE.plusSeconds(135));

    HotlineFigures.Report report = report(Rows.by(null, Dimension.AGENT));
    Map<String, Amount> all = report.total();
    assertThat(Rows.value(all, HotlineFigure.CALLERS_IN)).isEqualTo(13);
    assertThat(Rows.value(all, HotlineFigure.OFFERED)).isEqualTo(7);
    assertThat(Rows.value(all, HotlineFigure.ANSWERED)).as("a transfer is no second").isEqualTo(3);
    assertThat(Rows.value(all, HotlineFigure.ABANDONED)).as("not the callback").isEqualTo(1);
    assertThat(Rows.value(all, HotlineFigure.STILL_WAITING)).isEqualTo(1);
    assertThat(all.get("asa")).isEqualTo(Amount.mean(48_000, 3));
    assertThat(Rows.value(all, HotlineFigure.LONGEST_WAIT)).isEqualTo(90);
    assertThat(all.get("hold")).isEqualTo(Amount.mean(5_000, 3));
    assertThat(all.get("talk"))
        .as("hold is apart")
        .isEqualTo(Amount.mean(95_000 + 90_000 + 20_000, 3));
    assertThat(all.get("acw")).as("of both agents").isEqualTo(Amount.mean(30_000, 3));
    assertThat(all.get("aht")).isEqualTo(Amount.mean(240_000, 3));
    assertThat(all.get("call_to_voice")).isEqualTo(Amount.mean(40_000 + 20_000 + 8_000, 3));
    assertThat(all.get("reached")).isEqualTo(Amount.share(3, 13));
    assertThat(all.get("first_hangup_by_agent")).isEqualTo(Amount.share(1, 3));
    assertThat(all.get("survey_offered")).isEqualTo(Amount.share(2, 3));
    assertThat(all.get("satisfied")).isEqualTo(Amount.share(1, 2));
    assertThat(all.get("rona")).isEqualTo(Amount.share(4, 9));
    assertThat(all.get("rona_agent")).isEqualTo(Amount.share(1, 9));
    assertThat(all.get("rona_browser")).isEqualTo(Amount.share(1, 9));
    assertThat(all.get("rona_network")).isEqualTo(Amount.share(1, 9));
    assertThat(all.get("rona_engine")).isEqualTo(Amount.share(1, 9));
    assertThat(all.get("left_ringing")).as("missed by nobody").isEqualTo(Amount.share(1, 9));
    assertThat(all.get("ring_answer")).isEqualTo(Amount.share(4, 5));
    assertThat(all.get("withheld")).isEqualTo(Amount.share(1, 13));
    HotlineFigures.Row his = Rows.row(report, "8002").orElseThrow();
    assertThat(Rows.value(his.values(), HotlineFigure.ANSWERED)).as("8001 was first").isZero();
    assertThat(Rows.value(his.values(), HotlineFigure.RONA)).isEqualTo(2.0 / 3);

    Identities.Identity in = report.identities().getFirst();
    assertThat(in.total()).isEqualTo(13);
    assertThat(in.bins())
        .isEqualTo(
            Map.of(
                "left_before_queue", 1L,
                "blocked", 1L,
                "after_hours", 1L,
                "voicemail", 1L,
                "callback_taken", 0L,
                "failed", 1L,
                "still_before_queue", 1L,
                "offered", 7L));
    Identities.Identity offered = report.identities().getLast();
    assertThat(offered.bins())
        .isEqualTo(
            Map.of(
                "answered", 2L,
                "fallback_answered", 1L,
                "abandoned", 1L,
                "overflowed", 0L,
                "callback_taken", 1L,
                "voicemail", 0L,
                "failed", 1L,
                "still_waiting", 1L));
    assertThat(List.of(in.difference(), offered.difference())).containsExactly(0L, 0L);
  }

  @Test
  void aRecordThatContradictsItselfIsADifferenceAndIsNamed() throws Exception {
    rows.call("good", NINE).joins(1).ends("abandoned", 30).write();
    rows.call("never-joined", NINE).ends("abandoned", 30).write();
    rows.call("blocked-late", NINE).joins(1).ends("blocked", 30).write();
    rows.call("no-answer", NINE).joins(1).ends("answered", 30).write();
    rows.call("unknown", NINE).joins(1).ends("vanished", 30).write();
    List<Identities.Identity> both = rows.figures(() -> NEXT).identities(MIDNIGHT, NEXT);
    assertThat(both.getFirst().difference()).isEqualTo(1);
    assertThat(both.getFirst().calls()).containsExactly("never-joined abandoned");
    assertThat(both.getLast().difference()).isEqualTo(3);
    assertThat(both.getLast().calls())
        .containsExactlyInAnyOrder(
            "blocked-late blocked", "no-answer answered", "unknown vanished");
  }

  /** Into the queue at ten past, though he came before the hour. */
  @Test
  void countedInTheIntervalOfEntryByLineTierAndSkill() throws Exception {
    rows.call("late", NINE.minusSeconds(5))
        .of("main", "gold")
        .skill("install")
        .joins(10)
        .ends("abandoned", 9)
        .write();
    rows.call("early", NINE.minusSeconds(5))
        .of("main", "silver")
        .ends("left_before_queue", 10)
        .write();
    rows.call("noon", NINE.plusSeconds(3 * 3600 + 29 * 60 + 59))
        .of("second", "gold")
        .joins(1)
        .ends("abandoned", 9)
        .write();
    rows.call("yesterday", MIDNIGHT.minusSeconds(5))
        .of("main", "gold")
        .joins(5)
        .ends("abandoned", 9)
        .write();

    assertThat(starts(Interval.HALF))
        .containsExactly(
            MIDNIGHT, NINE.minusSeconds(1800), NINE, NINE.plusSeconds(3 * 3600 + 30 * 60));
    assertThat(starts(Interval.QUARTER)).contains(NINE.minusSeconds(900), NINE);
    assertThat(starts(Interval.HOUR)).contains(NINE.minusSeconds(3600), NINE);
    assertThat(starts(Interval.DAY)).containsExactly(MIDNIGHT);

    HotlineFigures.Report report =
        report(Rows.by(null, Dimension.LINE, Dimension.TIER, Dimension.SKILL));
    assertThat(report.rows().stream().map(HotlineFigures.Row::key))
        .containsExactly(
            List.of("main", "gold", ""),
            List.of("main", "gold", "install"),
            List.of("main", "silver", ""),
            List.of("second", "gold", ""));
  }

  private List<Instant> starts(Interval interval) throws Exception {
    return report(Rows.by(interval)).rows().stream().map(HotlineFigures.Row::from).toList();
  }

  /** Memory knows a call before MySQL does, and MySQL its end before memory was asked again. */
  @Test
  void todaySoFarHasWhatLivesInMemoryOnce() throws Exception {
    rows.call("both", NINE).joins(2).ends("abandoned", 9).write();
    rows.call("row", NINE).write();
    Instant now = NINE.plusSeconds(60);
    HotlineFigures.Report report =
        rows.figures(() -> now, alive("both", NINE), alive("row", NINE), alive("new", NINE))
            .report(MIDNIGHT, NEXT, Rows.by(null, Dimension.TIER), Optional.empty());
    assertThat(Rows.value(report.total(), HotlineFigure.CALLERS_IN)).isEqualTo(3);
    assertThat(Rows.value(report.total(), HotlineFigure.ABANDONED)).isEqualTo(1);
    assertThat(Rows.value(report.total(), HotlineFigure.STILL_WAITING)).isEqualTo(2);
    assertThat(Rows.value(report.total(), HotlineFigure.LONGEST_WAIT)).isCloseTo(57, within(0.1));
    assertThat(report.identities()).allMatch(identity -> identity.difference() == 0);
  }

  private static LiveCall alive(String id, Instant arrived) {
    CallState.Place place = places(arrived.plusSeconds(3));
    return new LiveCall(
        new CallId(id),
        "PJSIP/trunk-1",
        Caller.unknown("4001"),
        null,
        arrived,
        new CallState.Offered(place, new AgentNumber("8001"), arrived.plusSeconds(4)),
        Instant.MIN,
        Optional.empty());
  }

  private static CallState.Place places(Instant joined) {
    return new org.careline.call.CallTransitions(Duration.ofSeconds(5))
        .next(new CallState.Arrived(joined), new org.careline.call.CallEvent.Joined(joined))
        .next()
        .place()
        .orElseThrow();
  }

  /** Monday 2 March; the tenth working day after it is Monday 16. */
  @Test
  void aMatterNobodyCameBackToIsSettledByItsCall() throws Exception {
    long[] site = new long[3];
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, "fcr");
              site[0] = Seed.site(handle, customer, null, "fcr1", "gold", "+862160000001");
              site[1] = Seed.site(handle, customer, null, "fcr2", "gold", "+862160000002");
              site[2] = Seed.site(handle, customer, null, "fcr3", "gold", "+862160000003");
            });
    Instant late = Instant.parse("2026-03-16T15:59:00Z");
    matter(1, "enquiry-use", "a", site[0], NINE);
    matter(2, "enquiry-use", "b", site[0], NINE.plusSeconds(60));
    matter(3, "repair-leak", "z", site[0], NINE.plusSeconds(61));
    matter(4, "enquiry-use", "c", site[0], NINE);
    matter(5, "enquiry-use", "d", site[0], NINE);
    matter(6, "enquiry-use", "e", site[0], NINE);
    // the same device again in time, and another one a minute too late
    matter(7, "complaint-product", "b", site[0], late);
    matter(8, "enquiry-use", "c", site[0], late.plusSeconds(120));
    // headquarters asks about it in a call that is joined
    rows.call("hq", NINE.plusSeconds(86_400)).joins(1).ends("abandoned", 9).write();
    rows.execute(
        "INSERT INTO matter_contact VALUES (5, 'call', 'hq', ?, 'li')", NINE.plusSeconds(86_400));
    rows.execute(
        "INSERT INTO matter_contact VALUES (6, 'attempt', 'ours', ?, 'li')",
        NINE.plusSeconds(86_400));

    Map<String, Amount> young = fcr(late);
    assertThat(young.get("fcr")).as("all younger than ten days").isEqualTo(Amount.share(0, 0));
    Instant over = late.plusSeconds(61);
    assertThat(fcr(over).get("fcr"))
        .as("a, c and e of a to e; the leak is no matter of a call")
        .isEqualTo(Amount.share(3, 5));

    // one who calls again and whose call nobody joins to anything has come back all the same
    long other = site[1];
    matter(11, "enquiry-use", "f", other, NINE);
    matter(12, "enquiry-price", "", other, NINE.plusSeconds(3600));
    assertThat(fcr(over).get("fcr"))
        .as("f came back with a matter of no known device; that one is settled")
        .isEqualTo(Amount.share(4, 7));
    rows.call("again", NINE.plusSeconds(2 * 86_400)).joins(1).ends("abandoned", 9).write();
    rows.execute("UPDATE call_record SET site_id = ? WHERE id = 'again'", other);
    assertThat(fcr(over).get("fcr")).as("not settled either").isEqualTo(Amount.share(3, 7));
    matter(13, "enquiry-use", "f", site[2], NINE);
    rows.execute("INSERT INTO matter_contact VALUES (13, 'call', 'again', ?, 'li')", over);
    assertThat(fcr(over).get("fcr"))
        .as("asked by another site in a call that was joined")
        .isEqualTo(Amount.share(3, 8));

    MatterFigures.Report matters =
        rows.figures(() -> over)
            .ofMatters()
            .report(MIDNIGHT, NEXT, List.of(MatterFigures.By.GROUP, MatterFigures.By.KIND));
    assertThat(matters.total().get("fcr")).as("one figure").isEqualTo(fcr(over).get("fcr"));
    assertThat(matters.rows())
        .extracting(MatterFigures.Row::key)
        .containsExactly(
            List.of("enquiry", "enquiry-price"),
            List.of("enquiry", "enquiry-use"),
            List.of("repair", "repair-leak"));
    assertThat(matters.rows().getLast().values().get("fcr")).isEqualTo(Amount.share(0, 0));
  }

  @Test
  void whatBecameOfMatters() throws Exception {
    long customer = mysql.database().jdbi().inTransaction(handle -> Seed.customer(handle, "mf"));
    Instant noon = NINE.plus(Duration.ofHours(3));
    became(1, "enquiry-use", customer, "solved", null, NINE.plusSeconds(600));
    became(2, "enquiry-use", customer, "solved", null, NINE.plusSeconds(1200));
    became(3, "repair-leak", customer, "dispatch", noon, noon);
    became(4, "repair-leak", customer, "dispatch", noon, noon.plusMillis(1));
    became(5, "repair-leak", customer, "answer", noon, null);
    became(6, "complaint-fee", customer, "answer", noon.plusSeconds(1), null);
    became(7, "complaint-fee", customer, null, null, null);
    MatterFigures figures = rows.figures(() -> noon).ofMatters();
    MatterFigures.Report report =
        figures.report(MIDNIGHT, NEXT, List.of(MatterFigures.By.CUSTOMER));
    Map<String, Amount> all = report.total();
    assertThat(report.rows()).hasSize(1);
    assertThat(report.rows().getFirst().values()).isEqualTo(all);
    assertThat(all.get("opened").value()).isEqualTo(7);
    assertThat(all.get("done").value()).isEqualTo(4);
    assertThat(all.get("solved_on_phone")).isEqualTo(Amount.share(2, 7));
    assertThat(all.get("to_dispatch")).isEqualTo(Amount.share(2, 7));
    assertThat(all.get("to_answer")).isEqualTo(Amount.share(2, 7));
    assertThat(all.get("undecided")).isEqualTo(Amount.share(1, 7));
    assertThat(all.get("unresolved")).isEqualTo(Amount.share(3, 7));
    assertThat(all.get("overdue").value()).as("5, at the minute; 6 has time").isEqualTo(1);
    assertThat(all.get("in_time")).as("3 of 3, 4 and 5").isEqualTo(Amount.share(1, 3));
    assertThat(all.get("time_to_done"))
        .isEqualTo(Amount.mean(1_800_000 + 2 * 3 * 3_600_000 + 1, 4));
    assertThat(FigureFile.csv(report)).contains("unresolved,unresolved_n,unresolved_of");
    assertThat(figures.report(NEXT, NEXT.plusSeconds(60), List.of()).total().get("unresolved"))
        .as("nothing opened then")
        .isEqualTo(Amount.share(0, 0));
  }

  private void became(
      int id, String kind, long customer, String result, Instant due, Instant done) {
    rows.execute(
        "INSERT INTO matter (id, kind_code, customer_id, source, opened_at, opened_by, result,"
            + " due_at, done_at) VALUES (?, ?, ?, 'hand', ?, 'li', ?, ?, ?)",
        id,
        kind,
        customer,
        NINE,
        result,
        due,
        done);
  }

  private Map<String, Amount> fcr(Instant now) throws Exception {
    return rows.figures(() -> now).report(MIDNIGHT, NEXT, Rows.by(null), Optional.empty()).total();
  }

  private void matter(int id, String kind, String device, long site, Instant at) {
    rows.call("m" + id, at).joins(0).answered("8001", 5, 2, 60, "caller").write();
    rows.execute("UPDATE call_record SET site_id = ? WHERE id = ?", site, "m" + id);
    rows.execute(
        "INSERT INTO matter (id, kind_code, site_id, device, source, opened_at, opened_by)"
            + " VALUES (?, ?, ?, ?, 'call', ?, 'li')",
        id,
        kind,
        site,
        device,
        at.plusSeconds(30));
    rows.execute(
        "INSERT INTO matter_contact VALUES (?, 'call', ?, ?, 'li')",
        id,
        "m" + id,
        at.plusSeconds(30));
  }

  @Test
  void aPromisedCallbackIsKeptWhenItWasPlacedInTime() throws Exception {
    promise("kept", "promise", NINE.plusSeconds(600), NINE.plusSeconds(599));
    promise("late", "promise", NINE.plusSeconds(600), NINE.plusSeconds(601));
    promise("never", "closing", NINE.plusSeconds(600), null);
    promise("other", "voicemail", NINE.plusSeconds(600), null);
    promise("later", "promise", NEXT.plusSeconds(600), null);
    assertThat(report(Rows.by(null)).total().get("promises_kept")).isEqualTo(Amount.share(1, 3));
  }

  private void promise(String call, String kind, Instant due, Instant placed) {
    rows.call(call, NINE).joins(0).ends("callback_taken", 60).write();
    rows.execute(
        "INSERT INTO task (id, kind, call_id, e164, tier_code, created_at, due_at,"
            + " first_placed_at, epoch) VALUES (?, ?, ?, ?, 'gold', ?, ?, ?, 1)",
        kind + call,
        kind,
        call,
        "+86138" + Math.abs(call.hashCode()),
        NINE,
        due,
        placed);
  }

  /** Ten working days: neither the holiday nor the weekend counts, the day worked for it does. */
  @Test
  void workingDaysGoByTheCalendarOfTheLine() {
    Instant opened = Instant.parse("2026-09-29T08:00:00Z");
    assertThat(WorkingDays.after(org.careline.line.OfficeCalendars.china(), Rows.ZONE, opened, 1))
        .isEqualTo("2026-09-30T16:00:00Z");
    assertThat(WorkingDays.after(org.careline.line.OfficeCalendars.china(), Rows.ZONE, opened, 2))
        .as("1 to 7 October are free")
        .isEqualTo("2026-10-08T16:00:00Z");
    assertThat(WorkingDays.plain(Rows.ZONE).after(null, opened, 2))
        .isEqualTo("2026-10-01T16:00:00Z");
  }

  @Test
  void everyFigureHasItsNameAndFormulaInBothLanguages() {
    for (HotlineFigure figure : HotlineFigure.values()) {
      explained(figure.explained());
    }
    for (AgentFigure figure : AgentFigure.values()) {
      explained(figure.explained());
    }
    new Identities().both().forEach(identity -> explained(identity.explained()));
  }

  private static void explained(Explained figure) {
    for (String english : List.of(figure.textEn(), figure.formulaEn())) {
      assertThat(english).as(figure.id()).isNotBlank().matches("\\p{ASCII}+");
    }
    for (String chinese : List.of(figure.textZh(), figure.formulaZh())) {
      assertThat(chinese).as(figure.id()).containsPattern("\\p{IsHan}");
    }
  }
}

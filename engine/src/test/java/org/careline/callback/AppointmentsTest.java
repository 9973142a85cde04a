package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.callback.AppointmentBook.State;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.PhoneNumber;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was promised to sites, on real MySQL and in virtual time: when, by whom, and kept or not.
 */
class AppointmentsTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final AgentNumber CHEN = new AgentNumber("8001");
  private static final AgentNumber LI = new AgentNumber("8002");
  private static final String RULES =
      """
      {"windows":{"default":{"mon-sun":["09:00-12:00","13:00-18:00"]}},"officeDays":"all",
       "tradeCalendar":{"default":[]},"caps":{"perDay":9,"perWeek":20}}
      """;

  /** Ten o'clock in Shanghai, a Tuesday. */
  private static final Instant TEN = Instant.parse("2026-06-09T02:00:00Z");

  private final Database database = mysql.database();
  @TempDir private Path folder;
  private RoundRun run;
  private long round;

  @BeforeEach
  void open() {
    Seed.empty(database);
    database
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, "promised");
              Seed.campaign(handle, "promised", customer, "progressive", RULES);
              Seed.site(handle, customer, null, "A", "standard", "+862155550001");
            });
    round = new RoundPlanner(database.jdbi()).plan("promised", TEN).id();
    new RoundOpener(database.jdbi(), () -> TEN).open(round);
    run = new RoundRun(database, folder, TEN, CHEN.value(), LI.value());
  }

  @AfterEach
  void close() {
    run.close();
  }

  @Test
  void onlyWhatTheRulesPermitIsPromisedUnlessSomebodyThereAskedForIt() throws Exception {
    CallId id = run.answered().orElseThrow();
    assertThat(refusal(id, "02:30", ""))
        .isEqualTo("appointment_not_permitted [2026-06-09T05:00:00Z]");
    assertThat(refusal(id, "11:30", ""))
        .isEqualTo("appointment_outside_window [2026-06-10T01:00:00Z]");
    assertThat(refusal(id, "01:30", "")).isEqualTo("appointment_past []");
    assertThat(refusal(id, "11:30", "x".repeat(401))).isEqualTo("asked_too_long []");
    assertThatThrownBy(() -> promise(id, at("02:30"), Optional.empty(), ""))
        .isInstanceOfSatisfying(
            FormRefused.class,
            refused -> {
              assertThat(refused.in(Locale.ENGLISH)).startsWith("the site cannot be rung then: ");
              assertThat(refused.in(Locale.SIMPLIFIED_CHINESE)).startsWith("该时间不能拨打此门店：");
            });

    promise(id, at("11:30"), Optional.empty(), "the manager: only after closing");
    run.drain();
    assertThat(next()).isEqualTo(at("11:30"));
    WhyNot why = new WhyNot(database.jdbi(), new AllowedDestinations(List.of("+86")));
    assertThat(why.ask("A", Optional.empty(), at("11:30")).permitted()).isTrue();
    assertThat(why.ask("A", Optional.empty(), at("11:00")).next()).contains(at("11:30"));
    assertThat(kept().entries().getFirst())
        .returns(State.COMING, AppointmentBook.Entry::state)
        .returns("the manager: only after closing", AppointmentBook.Entry::asked)
        .returns(id.value(), AppointmentBook.Entry::madeIn);
    pass(at("11:29"));
    assertThat(run.answered()).as("not before").isEmpty();
    pass(at("11:34"));
    CallId again = run.answered().orElseThrow();
    run.drain();
    assertThat(kept().entries().getFirst().state()).isEqualTo(State.KEPT);
    assertThat(run.world.dialled).containsEntry(again.value(), 1);
  }

  @Test
  void whatSomebodyAskedForBindsNobodyAnHourLater() throws Exception {
    promise(run.answered().orElseThrow(), at("11:30"), Optional.empty(), "the cook");
    run.drain();
    pass(at("12:01"));
    assertThat(run.answered()).isEmpty();
    assertThat(next()).as("in its hours, the next day").isEqualTo(TEN.plus(Duration.ofHours(23)));
    assertThat(kept())
        .returns(1, AppointmentBook.Kept::promised)
        .returns(1, AppointmentBook.Kept::missed);
  }

  @Test
  void whoIsWantedRingsOrStandsInAndSomebodyBeforeItIsTooLate() throws Exception {
    promise(run.answered().orElseThrow(), at("07:00"), Optional.of(CHEN), "");
    run.drain();
    pass(at("06:59"));
    run.world.reserve(CHEN, "another call");
    pass(at("07:00"));
    assertThat(run.answered()).as("he speaks with somebody else").isEmpty();
    pass(at("07:01"));
    run.world.deputies.put(CHEN, LI);
    CallId id = run.answered().orElseThrow();
    assertThat(run.attempts.agentOf(id)).as("he is away").contains(LI);
    promise(id, at("09:30"), Optional.of(CHEN), "");
    run.drain();
    run.world.deputies.clear();
    pass(at("09:31"));
    assertThat(run.answered()).isEmpty();
    pass(at("09:32").plusSeconds(5));
    assertThat(run.attempts.agentOf(run.answered().orElseThrow())).as("or it is late").contains(LI);
    run.drain();
    assertThat(kept())
        .returns(2, AppointmentBook.Kept::promised)
        .returns(2, AppointmentBook.Kept::kept);
  }

  @Test
  void whatRunsOutBeforeItIsDialledComesAgainAsItWasAskedForOrNamed() throws Exception {
    promise(run.answered().orElseThrow(), at("11:30"), Optional.empty(), "the cook");
    run.drain();
    pass(at("11:30"));
    handedOutInVain();
    assertThat(next()).as("not the next morning").isEqualTo(at("11:31"));
    pass(at("11:31"));
    refer(
        run.answered().orElseThrow(),
        new Referral("Wang", "", new PhoneNumber("+8613900000001", ""), true));
    run.drain();
    sql("UPDATE round_site SET next_call_at = '2026-06-10 01:00', appointment_at = NULL");
    pass(Instant.parse("2026-06-10T01:00:00Z"));
    sql("UPDATE attempt SET placed_at = '2026-06-10 00:30'");
    sql("UPDATE referral SET made_at = '2026-06-10 00:31'");
    handedOutInVain();
    assertThat(next())
        .as("Wang has waited for nobody's two hours")
        .isEqualTo(Instant.parse("2026-06-10T01:01:00Z"));
  }

  private void handedOutInVain() throws Exception {
    CallId id = handedOut();
    try (java.sql.Connection connection = database.dataSource().getConnection()) {
      Settlement.notPlaced(connection, id, run.world.now, false);
    }
  }

  private CallId handedOut() throws Exception {
    ClaimedSite site =
        run.due
            .details(run.due.claim(List.of(1, 2, 100), 1, run.world.now, RoundRun.EPOCH))
            .getFirst();
    CallId id = new Ulid(() -> run.world.now).next();
    assertThat(run.repository.insert(site, id, CHEN, run.world.now, RoundRun.EPOCH))
        .isInstanceOf(AttemptRepository.Insertion.Committed.class);
    return id;
  }

  @Test
  void whatWasPromisedAndWhoWasNamedOutlastACallWithoutAChannel() throws Exception {
    promise(run.answered().orElseThrow(), at("11:30"), Optional.empty(), "the cook");
    run.drain();
    pass(at("11:30"));
    noChannel();
    assertThat(next()).as("as was asked for, and not too late").isEqualTo(at("11:31"));
    pass(at("11:31"));
    noChannel();
    assertThat(kept().coming()).isEqualTo(1);
    pass(at("11:32"));
    CallId again = run.answered().orElseThrow();
    run.drain();
    assertThat(kept().kept()).isEqualTo(1);

    refer(again, new Referral("Wang", "", new PhoneNumber("+8613900000001", ""), true));
    run.drain();
    sql("UPDATE attempt SET placed_at = '2026-06-10 00:30'");
    sql("UPDATE referral SET made_at = '2026-06-10 00:31'");
    pass(Instant.parse("2026-06-10T01:00:00Z"));
    noChannel();
    assertThat(next())
        .as("Wang waits for a channel, for nobody's two hours")
        .isEqualTo(Instant.parse("2026-06-10T01:30:00Z"));
    pass(Instant.parse("2026-06-10T01:30:00Z"));
    CallId last = dialled();
    new RoundCloser(database.jdbi(), () -> run.world.now).close(round);
    findsNoChannel(last);
    assertThat(bins()).containsOnly(Map.entry("referral_pending", 1));
    assertThat(text("SELECT last_disposition FROM round_site")).isEqualTo("referred");
  }

  /** The trunk is full: nobody's phone rings. */
  private void noChannel() throws Exception {
    findsNoChannel(dialled());
  }

  private CallId dialled() throws Exception {
    CallId id = handedOut();
    assertThat(run.repository.placing(id, run.world.now, RoundRun.EPOCH)).isTrue();
    return id;
  }

  private void findsNoChannel(CallId id) throws Exception {
    sql("UPDATE attempt SET hangup_cause = 34 WHERE id = '" + id + "'");
    try (java.sql.Connection connection = database.dataSource().getConnection()) {
      Settlement.settle(
          connection,
          id,
          Optional.empty(),
          new Settlement.Result(
              Disposition.TECHNICAL, "", Optional.empty(), AttemptJournal.ENGINE, run.world.now));
    }
  }

  @Test
  void aRingBackNeedsOneConnectionAndIsNotBegunWhenItsFormCannotBeRead() throws Exception {
    com.zaxxer.hikari.HikariConfig config = new com.zaxxer.hikari.HikariConfig();
    config.setDataSource(database.dataSource());
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(1000);
    try (com.zaxxer.hikari.HikariDataSource one = new com.zaxxer.hikari.HikariDataSource(config)) {
      RingBacks back =
          new RingBacks(
              one,
              org.jdbi.v3.core.Jdbi.create(one),
              new DueSites(one, "engine", Duration.ofSeconds(30)),
              () -> RoundRun.EPOCH,
              () -> run.world.now);
      RingBacks.Ringing ringing =
          new RingBacks.Ringing(new CallId("careline-1780000000.9"), null, "+862155550001", TEN);
      sql("UPDATE questionnaire SET definition = '[]'");
      assertThatThrownBy(() -> back.begin(ringing, LI)).isInstanceOf(RuntimeException.class);
      assertThat(bins()).as("as it was").containsOnly(Map.entry("due", 1));
      database
          .jdbi()
          .useHandle(h -> h.execute("UPDATE questionnaire SET definition = ?", Seed.QUESTIONS));
      assertThat(back.begin(ringing, LI).sites())
          .singleElement()
          .satisfies(site -> assertThat(site.form().questionnaire().question("fault")).isPresent());
    }
  }

  @Test
  void theyGoBeforeAllThatIsOnlyDue() throws Exception {
    promise(run.answered().orElseThrow(), at("07:00"), Optional.empty(), "");
    run.drain();
    database
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = handle.select("SELECT id FROM customer").mapTo(Long.class).one();
              long urgent = Seed.site(handle, customer, null, "B", "platinum", "+862155550002");
              handle.execute(
                  "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at)"
                      + " SELECT id, ?, 1, 0, ? FROM round",
                  urgent,
                  at("02:00"));
            });
    pass(at("07:00"));
    List<ClaimedSite> first =
        run.due.details(run.due.claim(List.of(1, 2, 100), 1, run.world.now, RoundRun.EPOCH));
    assertThat(first).extracting(ClaimedSite::siteCode).containsExactly("A");
  }

  @Test
  void aSiteThatRingsBackBeforeIsAskedThenAndNotRungAgain() throws Exception {
    promise(run.answered().orElseThrow(), at("07:00"), Optional.empty(), "");
    run.drain();
    pass(at("04:00"));
    RingBacks back =
        new RingBacks(
            database.dataSource(),
            database.jdbi(),
            run.due,
            () -> RoundRun.EPOCH,
            () -> run.world.now);
    CallId call = new CallId("careline-1780000000.7");
    RingBacks.Ringing stranger = new RingBacks.Ringing(call, null, "+8613800000000", at("04:00"));
    assertThat(back.waiting(stranger)).isEmpty();
    assertThatThrownBy(() -> back.begin(stranger, LI))
        .isInstanceOfSatisfying(
            FormRefused.class, refused -> assertThat(refused.id()).isEqualTo("nothing_due"));
    RingBacks.Ringing ringing = new RingBacks.Ringing(call, null, "+862155550001", at("04:00"));
    assertThat(back.waiting(ringing))
        .singleElement()
        .returns("A", RingBacks.Waiting::siteCode)
        .returns(Optional.of(at("07:00")), RingBacks.Waiting::appointmentAt);
    int dialled = run.world.dialled.size();
    pass(at("04:01"));
    run.attempts.beginRungBack(back.begin(ringing, LI), living -> true);
    assertThatThrownBy(() -> back.begin(ringing, CHEN)).isInstanceOf(FormRefused.class);
    AttemptView asked = run.attempts.ofCall(call).orElseThrow();
    assertThat(run.attempts.work(LI)).as("his work is the hotline's call").isEmpty();
    assertThat(run.attempts.inTheAir()).isZero();
    run.forms
        .answers(asked.id(), "li", Map.of("fault", "no", "satisfaction", "5"))
        .get(5, TimeUnit.SECONDS);
    RoundCloser closer = new RoundCloser(database.jdbi(), () -> run.world.now);
    new RoundPauser(database.jdbi(), closer).pause(round);
    run.restart();
    assertThat(run.attempts.ofCall(call).orElseThrow().answers()).hasSize(2);
    run.forms
        .disposition(asked.id(), "li", Disposition.COMPLETED, "", Optional.empty())
        .get(5, TimeUnit.SECONDS);
    run.drain();
    assertThat(run.attempts.ofCall(call)).isEmpty();
    assertThat(run.world.dialled).hasSize(dialled);
    assertThat(run.world.free).as("the agents are the hotline's").contains(LI);
    assertThat(kept())
        .returns(1, AppointmentBook.Kept::promised)
        .returns(1, AppointmentBook.Kept::rungBack);
    assertThat(bins()).containsOnly(Map.entry("completed", 1));
    AnswerBook book = new AnswerBook(database::jdbi, () -> run.world.now, SiteRules.OFFICE);
    assertThat(book.read("promised", 1, "A").given())
        .allSatisfy(
            given -> {
              assertThat(given.call()).as("its recording").isEqualTo(call.value());
              assertThat(given.second()).contains(60.0);
            });
  }

  @Test
  void whoIsNamedIsRungNextByWhoHeardOfHimAndKeptAsTheMaintenanceContact() throws Exception {
    Referrals referrals =
        new Referrals(
            database.dataSource(), new AllowedDestinations(List.of("+86")), () -> run.world.now);
    CallId id = run.answered().orElseThrow();
    sql(
        "INSERT INTO do_not_call_number (e164, reason, by_login, at) VALUES"
            + " ('+8613900000009', 'asked', 'x', UTC_TIMESTAMP(3))");
    for (String[] wrong :
        new String[][] {
          {"", "13900000001", "say who it is, in at most 128 characters", "请填写是谁，最多 128 个字符"},
          {"Wang", "1390000", null, null},
          {"Wang", "58881234", "the area code is missing", null},
          {"Wang", "400-812-3456", "this is the number of a service", "这是服务号码"},
          {"Wang", "95588", "this is a short number", "这是短号码"},
          {"Wang", "+1 212 555 0100", "numbers with this beginning are not dialled", "不允许拨打"},
          {"Wang", "13900000009", "this number is on the do-not-call list", "此号码在禁止呼叫名单中"}
        }) {
      assertThatThrownBy(() -> referrals.read(wrong[0], "", wrong[1], true))
          .isInstanceOfSatisfying(
              FormRefused.class,
              refused -> {
                assertThat(refused.in(Locale.ENGLISH)).contains(wrong[2] == null ? "" : wrong[2]);
                assertThat(refused.in(Locale.SIMPLIFIED_CHINESE))
                    .contains(wrong[3] == null ? "" : wrong[3])
                    .isNotEqualTo(refused.in(Locale.ENGLISH));
              });
    }
    assertThatThrownBy(() -> refer(id, referrals.read("Wang", "", "021-55550001", true)))
        .isInstanceOfSatisfying(
            FormRefused.class,
            refused ->
                assertThat(refused.in(Locale.ENGLISH))
                    .startsWith("this is the number that was rung"));
    assertThatThrownBy(
            () -> run.forms.disposition(id, "chen", Disposition.REFERRED, "", Optional.empty()))
        .as("neither a name nor a note")
        .isInstanceOf(FormRefused.class);

    refer(id, referrals.read("Wang", "engineer", "139 0000 0001", true));
    run.drain();
    assertThat(bins()).as("not done").containsOnly(Map.entry("due", 1));
    run.world.reserve(CHEN, "another call");
    assertThat(run.answered()).as("the one who has heard of him").isEmpty();
    run.world.release(CHEN, "another call", AgentPool.How.NOT_NEEDED);
    pass(run.world.now.plusSeconds(6));
    CallId next = run.answered().orElseThrow();
    assertThat(run.attempts.agentOf(next)).contains(CHEN);
    AttemptView view = run.attempts.view(next).orElseThrow();
    assertThat(view.e164()).isEqualTo("+8613900000001");
    assertThat(view.site().phone().orElseThrow())
        .returns("Wang", ClaimedSite.Phone::contactName)
        .returns("engineer", ClaimedSite.Phone::contactRole);
    run.forms
        .answers(next, "chen", Map.of("fault", "no", "satisfaction", "5"))
        .get(5, TimeUnit.SECONDS);
    run.forms
        .disposition(next, "chen", Disposition.COMPLETED, "", Optional.empty())
        .get(5, TimeUnit.SECONDS);
    run.drain();
    assertThat(bins()).containsOnly(Map.entry("completed", 1));
    assertThat(
            text(
                "SELECT CONCAT(c.name, ' ', sc.source, ' ', sc.maintenance_since IS NOT NULL)"
                    + " FROM site_contact sc JOIN contact c ON c.id = sc.contact_id"
                    + " WHERE sc.maintenance_since IS NOT NULL"))
        .isEqualTo("Wang call " + id + " 1");
    assertThat(text("SELECT value FROM change_history WHERE source = 'call " + id + "'"))
        .isEqualTo("+8613900000001");
    assertThat(kept().promised()).as("a referral is no appointment").isZero();
  }

  @Test
  void aReferralPendsUntilItIsDoneAndWaivesNothingButTheTimeBetweenCallsToTheSite()
      throws Exception {
    Referral wang = new Referral("Wang", "", new PhoneNumber("+8613900000001", ""), true);
    pass(at("03:59"));
    CallId id = run.answered().orElseThrow();
    pass(at("04:00"));
    refer(id, wang);
    run.drain();
    assertThat(next()).as("after noon: its hours hold for him too").isEqualTo(at("05:00"));
    new RoundCloser(database.jdbi(), () -> run.world.now).close(round);
    assertThat(bins()).containsOnly(Map.entry("referral_pending", 1));
  }

  private void refer(CallId id, Referral referral) throws Exception {
    run.forms
        .disposition(
            id,
            Optional.of("A"),
            "chen",
            Disposition.REFERRED,
            "",
            Optional.empty(),
            Optional.of(referral))
        .get(5, TimeUnit.SECONDS);
  }

  private void sql(String statement) {
    database.jdbi().useHandle(h -> h.execute(statement));
  }

  private String text(String query) {
    return database.jdbi().withHandle(h -> h.select(query).mapTo(String.class).one());
  }

  @Test
  void aSiteThatRingsBackAndIsNotAskedWaitsOnForWhatWasPromised() throws Exception {
    promise(run.answered().orElseThrow(), at("07:00"), Optional.empty(), "");
    run.drain();
    pass(at("04:00"));
    RingBacks back =
        new RingBacks(
            database.dataSource(),
            database.jdbi(),
            run.due,
            () -> RoundRun.EPOCH,
            () -> run.world.now);
    CallId call = new CallId("careline-1780000000.8");
    run.attempts.beginRungBack(
        back.begin(new RingBacks.Ringing(call, null, "+862155550001", at("04:00")), LI),
        living -> true);
    assertThat(kept().rungBack()).isEqualTo(1);
    assertThat(run.attempts.leftOver(LI)).as("they talk").isEmpty();
    run.attempts.on(
        new TelephonyEvent.ChannelEnded(
            run.world.now, call.value(), "PJSIP/trunk-9", call.value(), 16));
    assertThat(run.attempts.leftOver(LI)).as("his form waits").isPresent();
    pass(at("04:16"));
    assertThat(run.attempts.leftOver(LI)).isEmpty();
    run.drain();
    assertThat(kept().coming()).isEqualTo(1);
    assertThat(next()).isEqualTo(at("07:00"));
    pass(at("07:00"));
    assertThat(run.answered()).isPresent();
    run.drain();
    assertThat(kept().kept()).isEqualTo(1);
  }

  private Map<String, Integer> bins() {
    return database.jdbi().withHandle(h -> new RoundRepository().bins(h, round));
  }

  /** What becomes of one, by its call, whether the site rang back, whether it waits, and now. */
  @Test
  void isKeptWithinFiveMinutesOfItsTimeAndCountedOverAllOfAPeriod() {
    String[][] cases = {
      {"", "0", "1", "14:04", "coming"},
      {"", "0", "1", "15:06", "missed"},
      {"", "0", "0", "14:00", "missed"},
      {"15:05", "0", "0", "16:00", "kept"},
      {"14:55", "0", "0", "16:00", "kept"},
      {"14:54", "0", "0", "16:00", "missed"},
      {"15:06", "0", "0", "16:00", "late"},
      {"15:01 no channel", "0", "0", "16:00", "missed"},
      {"", "1", "0", "14:00", "rung_back"}
    };
    for (String[] each : cases) {
      sql("DELETE FROM attempt");
      sql("DELETE FROM appointment");
      sql(
          "INSERT INTO appointment (round_site_id, attempt_id, at, made_by, made_at,"
              + " rung_back_call) SELECT id, 'made', '2026-06-09 15:00', 'chen',"
              + " '2026-06-09 02:00', IF("
              + each[1]
              + ", 'call', NULL) FROM round_site");
      sql(
          "UPDATE round_site SET appointment_id = IF("
              + each[2]
              + ", (SELECT MAX(id) FROM appointment), NULL)");
      if (!each[0].isEmpty()) {
        sql(
            "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at, placed_at,"
                + " ended_at, settled_at, hangup_cause, epoch) SELECT 'a', id, 1, '+861', 'preview',"
                + " 'settled', NOW(3), '2026-06-09 "
                + each[0].substring(0, 5)
                + "', NOW(3), NOW(3), "
                + (each[0].length() > 5 ? "34" : "17")
                + ", 1 FROM round_site");
        sql(
            "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq, settled_at)"
                + " SELECT 'a', id, 1, 1, NOW(3) FROM round_site");
      }
      AppointmentBook.Kept kept =
          new AppointmentBook(database.jdbi())
              .of("promised", 0, Optional.empty(), Optional.empty(), at(each[3]));
      assertThat(kept.entries().getFirst().state().id())
          .as(String.join(", ", each))
          .isEqualTo(each[4]);
      assertThat(kept.missed()).isEqualTo(List.of("missed", "late").contains(each[4]) ? 1 : 0);
      assertThat(kept.promised()).isEqualTo(kept.kept() + kept.rungBack() + kept.missed());
    }
    sql(
        "INSERT INTO appointment (round_site_id, attempt_id, at, made_by, made_at)"
            + " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)"
            + " SELECT rs.id, CONCAT('m', n.i, '-', o.i), '2026-06-09 15:00' - INTERVAL o.i DAY,"
            + " 'chen', '2026-01-01' FROM round_site rs, n, (SELECT 1 AS i UNION SELECT 100) o");
    AppointmentBook book = new AppointmentBook(database.jdbi());
    Instant now = at("16:00");
    assertThat(book.of("promised", 0, Optional.empty(), Optional.empty(), now))
        .as("of 90 days")
        .returns(1000, AppointmentBook.Kept::promised)
        .returns(now.minus(Duration.ofDays(90)), AppointmentBook.Kept::from);
    assertThat(
            book.of(
                "promised", 0, Optional.of(now.minus(Duration.ofDays(101))), Optional.empty(), now))
        .returns(1999, AppointmentBook.Kept::promised)
        .returns(1998, AppointmentBook.Kept::missed)
        .returns(1, AppointmentBook.Kept::rungBack)
        .satisfies(kept -> assertThat(kept.entries()).hasSize(1000));
  }

  private static Instant at(String time) {
    return Instant.parse("2026-06-09T" + time + ":00Z");
  }

  private void pass(Instant until) {
    run.world.pass(Duration.between(run.world.now, until));
  }

  private void promise(CallId id, Instant at, Optional<AgentNumber> agent, String asked)
      throws Exception {
    run.forms
        .disposition(
            id,
            Optional.of("A"),
            "chen",
            Disposition.APPOINTMENT,
            "",
            Optional.of(new Appointment(at, agent, asked)))
        .get(5, TimeUnit.SECONDS);
  }

  private String refusal(CallId id, String time, String asked) {
    try {
      promise(id, at(time), Optional.empty(), asked);
      return "taken";
    } catch (FormRefused refused) {
      return refused.id() + " " + refused.details();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private AppointmentBook.Kept kept() {
    return new AppointmentBook(database.jdbi())
        .of("promised", 1, Optional.empty(), Optional.empty(), run.world.now);
  }

  private Instant next() {
    return database
        .jdbi()
        .withHandle(
            h -> h.select("SELECT next_call_at FROM round_site").mapTo(Instant.class).one());
  }
}

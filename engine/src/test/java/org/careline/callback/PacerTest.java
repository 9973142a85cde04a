package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.database.Database;
import org.careline.database.JournalWriter;
import org.careline.harness.MySqlExtension;
import org.careline.recovery.Evidence;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Pacing, forms and recovery on real MySQL with a real mailbox and journal. */
class PacerTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Duration SOON = Duration.ofSeconds(2);
  private final Database database = mysql.database();
  private Duration ahead = Duration.ZERO;
  private final InstantSource clock = () -> Instant.now().plus(ahead);
  private final VirtualCallbacks world =
      new VirtualCallbacks(clock.instant(), "8001", "8002", "8003");
  private final AtomicBoolean mayDial = new AtomicBoolean(true);
  private final Mailbox mailbox = new Mailbox();
  @TempDir private Path folder;
  private Journal journal;
  private JournalWriter writer;
  private Attempts attempts;
  private Forms forms;
  private AttemptRecovery recovery;
  private AttemptRepository repository;
  private PlacingDesk placing;
  private Pacer pacer;

  @BeforeEach
  void begin() {
    Seed.empty(database);
    journal = new Journal(folder.resolve("journal.db"), clock);
    journal.epoch(1);
    writer = new JournalWriter(journal, database.dataSource(), AttemptAppliers.all(), clock);
    writer.start();
    engine(10);
  }

  private void engine(int channels) {
    DueSites due = new DueSites(database.dataSource(), "engine", Duration.ofMinutes(1));
    repository = new AttemptRepository(database.dataSource(), "engine");
    placing = new PlacingDesk(repository, mailbox::execute, mayDial::get, () -> 1, clock);
    attempts =
        new Attempts(
            world,
            world,
            journal,
            placing,
            mailbox::schedule,
            clock,
            e164 -> Optional.of(e164.substring(1)),
            new CallbackListener() {
              @Override
              public void workChanged(AgentNumber agent) {}

              @Override
              public void roundChanged(long roundId) {}
            });
    forms = new Forms(attempts, clock, danger -> CompletableFuture.completedFuture(null));
    recovery =
        new AttemptRecovery(repository, due, database.jdbi(), attempts, mailbox::execute, clock);
    pacer =
        new Pacer(
            due,
            repository,
            database.jdbi(),
            attempts,
            recovery,
            mailbox,
            mayDial::get,
            () -> 1,
            clock,
            new Pacer.Limits(Duration.ofMillis(50), 10, channels, 0));
  }

  @AfterEach
  void end() {
    pacer.close();
    placing.close();
    mailbox.close();
    writer.close();
    journal.close();
  }

  @Test
  void neverMoreInTheAirThanAgentsOrChannels() throws Exception {
    Seed.openRound(database, "pace", 20, clock.instant());
    pacer.beat();
    pacer.beat();
    assertThat(onMailbox(attempts::inTheAir)).isEqualTo(3);
    assertThat(count("attempt WHERE settled_at IS NULL")).isEqualTo(3);
    assertThat(count("round_site WHERE status = 2")).isEqualTo(3);
    assertThat(onMailbox(() -> world.orders.stream().filter(o -> o.startsWith("agent")).count()))
        .isEqualTo(3);
    assertThat(onMailbox(() -> world.dialled.size())).as("no site before its agent").isZero();
  }

  @Test
  void theTrunkLimitsAndWithoutLeaseNothingHappens() throws Exception {
    engine(2);
    Seed.openRound(database, "trunk", 20, clock.instant());
    mayDial.set(false);
    pacer.beat();
    assertThat(count("attempt")).isZero();
    mayDial.set(true);
    pacer.beat();
    pacer.beat();
    assertThat(count("attempt")).isEqualTo(2);
  }

  @Test
  void juniorsAreNotIdleBecauseOnlySeniorsServeWhatIsMostUrgent() throws Exception {
    Seed.openRound(database, "grades", 30, clock.instant());
    database
        .jdbi()
        .useHandle(h -> h.execute("UPDATE tier SET min_grade = 4 WHERE code = 'platinum'"));
    onMailbox(
        () -> {
          world.grades.put(new AgentNumber("8001"), 5);
          world.grades.put(new AgentNumber("8002"), 2);
          return world.grades.put(new AgentNumber("8003"), 2);
        });
    pacer.beat();
    assertThat(count("attempt")).isEqualTo(3);
    assertThat(count("round_site WHERE status = 2 AND tier = 1")).isEqualTo(1);
    database
        .jdbi()
        .useHandle(h -> h.execute("UPDATE tier SET min_grade = 1 WHERE code = 'platinum'"));
  }

  @Test
  void theRowIsCommittedBeforeTheSiteIsDialled() throws Exception {
    Seed.openRound(database, "before", 1, clock.instant());
    pacer.beat();
    CallId id = attempt();
    answerAgent(id);
    await(() -> world.dialled.containsKey(id.value()));
    assertThat(count("attempt WHERE state = 'dialling' AND placed_at IS NOT NULL")).isEqualTo(1);
  }

  @Test
  void withoutTheDatabasesPermissionNothingIsDialled() throws Exception {
    Seed.openRound(database, "refused", 1, clock.instant());
    pacer.beat();
    CallId id = attempt();
    database
        .jdbi()
        .useHandle(
            h -> h.execute("INSERT INTO lease VALUES ('leader', 'other', 2, UTC_TIMESTAMP(3))"));
    answerAgent(id);
    await(() -> attempts.view(id).isEmpty());
    assertThat(onMailbox(() -> world.dialled)).isEmpty();
    assertThat(onMailbox(() -> world.free)).hasSize(3);
  }

  @Test
  void aFormIsCheckedKeptAndTakenOnce() throws Exception {
    Seed.openRound(database, "form", 1, clock.instant());
    pacer.beat();
    CallId id = attempt();
    refused("not_answered", () -> forms.answers(id, "a", Map.of("fault", "yes")));
    answerAgent(id);
    await(() -> world.dialled.containsKey(id.value()));
    Instant answered = clock.instant();
    onMailbox(
        () -> {
          attempts.on(new TelephonyEvent.ChannelAnswered(answered, id.value(), "c", null));
          return null;
        });
    refused("answers_refused", () -> forms.answers(id, "a", Map.of("satisfaction", "6")));
    onMailbox(() -> forms.answers(id, "a", Map.of("fault", "yes"))).get(5, TimeUnit.SECONDS);
    onMailbox(() -> forms.answers(id, "a", Map.of("fault_solved", "no"))).get(5, TimeUnit.SECONDS);
    refused(
        "answers_missing",
        () -> forms.disposition(id, "a", Disposition.COMPLETED, "", Optional.empty()));
    refused(
        "note_required",
        () -> forms.disposition(id, "a", Disposition.SITE_MOVED, " ", Optional.empty()));
    refused(
        "appointment_missing",
        () -> forms.disposition(id, "a", Disposition.APPOINTMENT, "", Optional.empty()));
    refused(
        "appointment_past",
        () -> forms.disposition(id, "a", Disposition.APPOINTMENT, "", Optional.of(answered)));
    onMailbox(() -> forms.answers(id, "a", Map.of("fault", "no", "satisfaction", "4")))
        .get(5, TimeUnit.SECONDS);
    onMailbox(() -> forms.disposition(id, "a", Disposition.COMPLETED, "", Optional.empty()))
        .get(5, TimeUnit.SECONDS);
    onMailbox(() -> forms.disposition(id, "a", Disposition.COMPLETED, "", Optional.empty()))
        .get(5, TimeUnit.SECONDS);
    refused(
        "already_settled",
        () -> forms.disposition(id, "a", Disposition.PARTIAL, "", Optional.empty()));
    drain();
    assertThat(count("round_site WHERE bin = 'completed'")).isEqualTo(1);
    assertThat(count("answer WHERE question_code = 'fault' AND value = 'no'")).isEqualTo(1);
    assertThat(count("answer WHERE question_code = 'fault_solved'"))
        .as("taken back with its condition")
        .isZero();
    assertThat(count("answer WHERE attempt_id = '" + id + "' AND second_of_recording >= 0"))
        .isEqualTo(2);
  }

  @Test
  void afterARestartOnlyEvidenceSettlesWhatMayHaveBeenDialled() throws Exception {
    Seed.openRound(database, "restart", 2, clock.instant());
    pacer.beat();
    var ids =
        database
            .jdbi()
            .withHandle(
                h -> h.select("SELECT id FROM attempt ORDER BY id").mapTo(String.class).list());
    CallId dialled = new CallId(ids.get(0));
    CallId waiting = new CallId(ids.get(1));
    answerAgent(dialled);
    await(() -> world.dialled.containsKey(dialled.value()));
    onMailbox(
        () -> {
          attempts.standDown();
          return null;
        });
    engine(10);
    recovery.takeOver(1);
    drain();
    assertThat(count("attempt WHERE id = '" + waiting + "' AND settled_at IS NOT NULL"))
        .as("never permitted, so never dialled")
        .isEqualTo(1);
    assertThat(onMailbox(() -> List.copyOf(world.orders)))
        .as("its agent does not hold a silent line")
        .contains("hangup " + Telephony.agentLeg(waiting, 1));
    assertThat(count("attempt WHERE id = '" + dialled + "' AND state = 'unknown'")).isEqualTo(1);
    assertThat(recovery.open(clock.instant())).containsExactly(dialled.value());
    assertThat(recovery.open(clock.instant().minusSeconds(60)))
        .as("younger than the switch's session")
        .isEmpty();
    recovery.evidence(dialled.value(), new Evidence.Unknown());
    drain();
    assertThat(count("attempt WHERE settled_at IS NULL")).isEqualTo(1);
    recovery.evidence(
        dialled.value(),
        new Evidence.Ended(clock.instant(), Optional.empty(), clock.instant(), 17));
    drain();
    assertThat(count("attempt WHERE disposition = 'busy'")).isEqualTo(1);
    assertThat(onMailbox(() -> world.dialled.get(dialled.value()))).isEqualTo(1);
  }

  /** Its engine died in the talk, and the switch's file of it is gone. */
  @Test
  void whatWasAnsweredEndsAlthoughTheSwitchNoLongerKnowsIt() throws Exception {
    Seed.openRound(database, "forgotten", 1, clock.instant());
    pacer.beat();
    CallId id = attempt();
    answerAgent(id);
    await(() -> world.dialled.containsKey(id.value()));
    answerSite(id);
    drain();
    onMailbox(
        () -> {
          attempts.standDown();
          return null;
        });
    engine(10);
    recovery.takeOver(1);
    recovery.evidence(id.value(), new Evidence.NeverSeen());
    drain();
    assertThat(count("attempt WHERE open_number IS NOT NULL")).isZero();
    assertThat(
            count(
                "attempt WHERE state = 'settled' AND disposition = 'technical' AND NOT heard"
                    + " AND placed_at IS NOT NULL AND answered_at IS NOT NULL"))
        .isEqualTo(1);
    assertThat(count("round_site WHERE status = 0 AND attempts = 1"))
        .as("it was rung, and waits for its next try")
        .isEqualTo(1);
  }

  @Test
  void sitesOfOneContactAreOneCallAndEachEndsInItsOwnBin() throws Exception {
    shared(8);
    pacer.beat();
    pacer.beat();
    assertThat(count("attempt")).as("one call for eight sites, and one for the other").isEqualTo(2);
    CallId id = callOf("many0");
    assertThat(count("attempt_site WHERE attempt_id = '" + id + "'")).isEqualTo(8);
    assertThat(count("round_site WHERE status = 2 AND attempts = 1")).isEqualTo(9);
    AttemptView shown = onMailbox(() -> attempts.view(id)).orElseThrow();
    assertThat(shown.sites()).extracting(each -> each.site().siteCode()).hasSize(8);
    answerAgent(id);
    await(() -> world.dialled.containsKey(id.value()));
    answerSite(id);

    refused("no_site", () -> forms.answers(id, Optional.of("nope"), "a", Map.of("fault", "no")));
    answer(id, "many0", "5");
    answer(id, "many1", "4");
    form(id, "many0", Disposition.COMPLETED);
    form(id, "many0", Disposition.COMPLETED);
    refused(
        "already_settled",
        () ->
            forms.disposition(
                id, Optional.of("many0"), "a", Disposition.PARTIAL, "", Optional.empty()));
    refused(
        "already_settled",
        () -> forms.answers(id, Optional.of("many0"), "a", Map.of("fault", "yes")));
    refused(
        "answers_missing",
        () ->
            forms.disposition(
                id, Optional.of("many2"), "a", Disposition.COMPLETED, "", Optional.empty()));
    drain();
    assertThat(count("round_site WHERE bin = 'completed'")).as("while they talk").isEqualTo(1);
    assertThat(count("attempt WHERE id = '" + id + "' AND settled_at IS NULL")).isEqualTo(1);

    onMailbox(
        () -> {
          attempts.standDown();
          return null;
        });
    engine(10);
    recovery.takeOver(1);
    recovery.evidence(id.value(), new Evidence.Living(Optional.of(clock.instant())));
    await(() -> attempts.view(id).filter(view -> view.state().equals("talking")).isPresent());
    AttemptView back = onMailbox(() -> attempts.view(id)).orElseThrow();
    assertThat(back.sites()).hasSize(8);
    assertThat(back.sites().getFirst().disposition()).contains(Disposition.COMPLETED);
    assertThat(back.sites().get(1).answers()).containsEntry("satisfaction", "4");
    form(id, "many1", Disposition.COMPLETED);
    form(id, "many2", Disposition.REFUSED_THIS_ROUND);
    onMailbox(
            () ->
                forms.disposition(
                    id, "a", Disposition.NOT_ASKED, "no time for the others", Optional.empty()))
        .get(5, TimeUnit.SECONDS);
    await(() -> attempts.view(id).isEmpty());
    drain();
    assertThat(count("attempt WHERE id = '" + id + "' AND disposition = 'completed'")).isEqualTo(1);
    assertThat(count("attempt_site WHERE settled_at IS NULL AND attempt_id = '" + id + "'"))
        .isZero();
    assertThat(count("round_site WHERE bin = 'completed'")).isEqualTo(2);
    assertThat(count("round_site WHERE bin = 'refused_this_round'")).isEqualTo(1);
    assertThat(count("round_site WHERE status = 0 AND last_disposition = 'not_asked'"))
        .isEqualTo(5);
    assertThat(count("answer WHERE attempt_id = '" + id + "' AND question_code = 'satisfaction'"))
        .isEqualTo(2);
    assertThat(onMailbox(() -> world.dialled.get(id.value()))).isEqualTo(1);

    pacer.beat();
    assertThat(count("attempt_site WHERE settled_at IS NULL AND seq = 2"))
        .as("the others in one more call")
        .isEqualTo(5);
    CallId again = callOf("many7");
    onMailbox(
        () -> {
          attempts.hangUp(again);
          return null;
        });
    drain();
    assertThat(count("round_site WHERE status = 0 AND attempts = 1"))
        .as("not placed: all five come back, and nothing is counted")
        .isEqualTo(5);
  }

  /** A person with so many sites, and somebody else with one. */
  private void shared(int sites) {
    database
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, "many");
              Seed.campaign(handle, "many", customer, "progressive", Seed.ANY_HOUR);
              List<Long> ids = new ArrayList<>();
              for (int i = 0; i < sites; i++) {
                ids.add(Seed.site(handle, customer, null, "many" + i, "standard"));
              }
              Seed.contact(handle, customer, "Wang", "+8613900000001", ids);
              Seed.site(handle, customer, null, "one", "standard", "+8613900000002");
            });
    long round = new RoundPlanner(database.jdbi()).plan("many", clock.instant()).id();
    new RoundOpener(database.jdbi(), clock).open(round);
  }

  private CallId callOf(String site) {
    return new CallId(
        database
            .jdbi()
            .withHandle(
                h ->
                    h.select(
                            "SELECT x.attempt_id FROM attempt_site x JOIN round_site rs ON rs.id ="
                                + " x.round_site_id JOIN site s ON s.id = rs.site_id"
                                + " WHERE s.code = ? ORDER BY x.seq DESC LIMIT 1",
                            site)
                        .mapTo(String.class)
                        .one()));
  }

  private void answer(CallId id, String site, String satisfaction) throws Exception {
    Map<String, String> given = Map.of("fault", "no", "satisfaction", satisfaction);
    onMailbox(() -> forms.answers(id, Optional.of(site), "a", given)).get(5, TimeUnit.SECONDS);
  }

  private void form(CallId id, String site, Disposition disposition) throws Exception {
    onMailbox(
            () -> forms.disposition(id, Optional.of(site), "a", disposition, "", Optional.empty()))
        .get(5, TimeUnit.SECONDS);
  }

  private void answerSite(CallId id) {
    onMailbox(
        () -> {
          attempts.on(new TelephonyEvent.ChannelAnswered(clock.instant(), id.value(), "c", null));
          return null;
        });
  }

  @Test
  void agentsWhoLeaveStopTheDiallingAtOnce() throws Exception {
    Seed.openRound(database, "leave", 20, clock.instant());
    pacer.beat();
    assertThat(count("attempt")).isEqualTo(3);
    CallId ringing = latest();
    answerAgent(ringing);
    await(() -> world.dialled.containsKey(ringing.value()));
    onMailbox(
        () -> {
          // he leaves with a site ringing: nobody there may answer to silence
          attempts.on(
              new TelephonyEvent.ChannelEnded(
                  clock.instant(), Telephony.agentLeg(ringing, 1), "c", null, 16));
          world.free.clear();
          return null;
        });
    assertThat(onMailbox(() -> world.orders)).contains("hangup " + ringing);
    pacer.beat();
    pacer.beat();
    assertThat(count("attempt")).as("nobody is left to talk").isEqualTo(3);
    assertThat(onMailbox(() -> world.dialled)).hasSize(1);
  }

  /** No channel was free, on the trunk or behind it: nobody's phone has rung. */
  @Test
  void aCallWithoutAChannelCostsTheSiteNothing() throws Exception {
    Seed.openRound(database, "channel", 1, clock.instant());
    for (int i = 0; i < 6; i++) {
      int before = i;
      database
          .jdbi()
          .useHandle(h -> h.execute("UPDATE round_site SET next_call_at = UTC_TIMESTAMP(3)"));
      pacer.beat();
      assertThat(count("attempt")).isEqualTo(before + 1);
      unanswered(latest(), 34, 0);
    }
    assertThat(count("attempt WHERE disposition = 'technical' AND hangup_cause = 34")).isEqualTo(6);
    assertThat(count("round_site WHERE bin IS NULL AND last_disposition = 'technical'"))
        .as("four tries and six calls a round are the limit, and none of these is one")
        .isEqualTo(1);
  }

  /** Its phone rings each time: the network's word for the end does not make that undone. */
  @Test
  void whoWasRungCountsWhateverTheNetworkCallsItsEnd() throws Exception {
    Seed.openRound(database, "rang", 1, clock.instant());
    for (int i = 0; i < 4; i++) {
      due();
      pacer.beat();
      CallId id = latest();
      answerAgent(id);
      await(() -> world.dialled.containsKey(id.value()));
      onMailbox(
          () -> {
            attempts.on(new TelephonyEvent.ChannelRinging(clock.instant(), id.value()));
            return null;
          });
      ends(id, 34, 8);
    }
    assertThat(count("attempt WHERE rang AND trunk_full IS NULL")).isEqualTo(4);
    assertThat(count("round_site WHERE bin = 'not_reached'"))
        .as("four tries of one kind are the limit")
        .isEqualTo(1);
  }

  @Test
  void aNumberThatIsAlwaysRefusedIsGivenUpOnTheFourthDay() throws Exception {
    Seed.openRound(database, "refused", 1, clock.instant());
    for (int day = 1; day <= 4; day++) {
      assertThat(count("round_site WHERE bin IS NULL")).as("day %d", day).isEqualTo(1);
      due();
      pacer.beat();
      unanswered(latest(), 34, 8);
      sql("UPDATE attempt SET placed_at = placed_at - INTERVAL 1 DAY");
    }
    assertThat(count("attempt WHERE NOT rang AND NOT trunk_full")).isEqualTo(4);
    assertThat(count("round_site WHERE bin = 'not_reached' AND last_disposition = 'technical'"))
        .isEqualTo(1);
  }

  /** While others find none either it is our trunk, and not the number. */
  @Test
  void aFullTrunkIsToldFromANumberThatIsRefused() throws Exception {
    Seed.openRound(database, "full", 5, clock.instant());
    String open = "SELECT id FROM attempt WHERE settled_at IS NULL ORDER BY id";
    pacer.beat();
    for (String id : texts(open)) {
      leftBy("carrier", new CallId(id), 34);
    }
    sql("UPDATE round_site SET next_call_at = next_call_at + INTERVAL 1 HOUR WHERE attempts > 0");
    pacer.beat();
    List<String> others = texts(open);
    leftBy("carrier", new CallId(others.get(0)), 34);
    leftBy("carrier", new CallId(others.get(1)), 17);
    assertThat(texts("SELECT trunk_full FROM attempt ORDER BY id"))
        .as("the fourth number in a row; the fifth found a channel")
        .containsExactly("0", "0", "0", "1", null);
  }

  private void leftBy(String trunk, CallId id, int cause) throws Exception {
    answerAgent(id);
    await(() -> world.dialled.containsKey(id.value()));
    sql("UPDATE attempt SET trunk = '" + trunk + "'");
    ends(id, cause, 8);
  }

  /**
   * What a lost lease had not yet carried into MySQL, when the same engine leads again: nobody else
   * would close the row.
   */
  @Test
  void anEndWrittenDownUnderAnOlderLeaseClosesItsRow() throws Exception {
    Seed.openRound(database, "older", 1, clock.instant());
    pacer.beat();
    CallId id = attempt();
    drain();
    sql("INSERT INTO lease VALUES ('leader', 'engine', 2, UTC_TIMESTAMP(3))");
    onMailbox(
        () -> {
          attempts.hangUp(id);
          return null;
        });
    journal.epoch(2);
    drain();
    assertThat(count("attempt WHERE settled_at IS NOT NULL AND placed_at IS NULL")).isEqualTo(1);
    assertThat(count("round_site WHERE status = 0 AND attempts = 0")).isEqualTo(1);
    // and where an entry was lost for good, the look of each minute finds the row
    sql("UPDATE attempt SET settled_at = NULL, state = 'inserted'");
    sql("UPDATE attempt_site SET settled_at = NULL");
    sql("UPDATE round_site SET status = 2, attempts = 1");
    recovery.open(clock.instant());
    drain();
    assertThat(count("attempt WHERE settled_at IS NULL")).as("perhaps on its way").isEqualTo(1);
    ahead = Duration.ofSeconds(90);
    recovery.open(clock.instant());
    drain();
    assertThat(count("attempt WHERE settled_at IS NULL")).isZero();
    assertThat(count("round_site WHERE status = 0 AND attempts = 0")).isEqualTo(1);
  }

  /** Its round may be paused, another engine lead, before it is an order's turn. */
  @Test
  void whatWaitsForTheTrunkIsAskedForOnceMore() throws Exception {
    Seed.openRound(database, "gate", 2, clock.instant());
    pacer.beat();
    List<CallId> ids =
        texts("SELECT id FROM attempt ORDER BY id").stream().map(CallId::new).toList();
    for (CallId id : ids) {
      onMailbox(() -> world.held.put(id.value(), new CompletableFuture<>()));
      answerAgent(id);
      await(() -> world.asked.containsKey(id.value()));
    }
    CallId paused = ids.get(0);
    CallId leaves = ids.get(1);
    assertThat(still(leaves)).isTrue();
    sql("UPDATE round SET paused = TRUE");
    assertThat(still(paused)).as("its round is paused").isFalse();
    sql("UPDATE round SET paused = FALSE");
    sql("INSERT INTO lease VALUES ('leader', 'other', 2, UTC_TIMESTAMP(3))");
    assertThat(still(paused)).as("another leads").isFalse();
    sql("DELETE FROM lease");
    mayDial.set(false);
    assertThat(still(paused)).as("nobody knows who leads").isFalse();
    mayDial.set(true);
    onMailbox(
        () ->
            world
                .held
                .get(paused.value())
                .complete(new Telephony.Accepted(false, "not any more", true)));
    await(() -> attempts.view(paused).isEmpty());
    drain();
    assertThat(
            count("attempt WHERE id = '" + paused + "' AND settled_at > 0 AND placed_at IS NULL"))
        .as("closed as not placed")
        .isEqualTo(1);
    assertThat(count("round_site WHERE status = 0 AND attempts = 0")).isEqualTo(1);
  }

  private boolean still(CallId id) throws Exception {
    return onMailbox(() -> world.asked.get(id.value()).get()).get(5, TimeUnit.SECONDS);
  }

  private void due() {
    sql("UPDATE round_site SET next_call_at = UTC_TIMESTAMP(3) WHERE bin IS NULL");
  }

  private void sql(String statement) {
    database.jdbi().useHandle(h -> h.execute(statement));
  }

  private List<String> texts(String sql) {
    return database.jdbi().withHandle(h -> h.select(sql).mapTo(String.class).list());
  }

  @Test
  void twiceUnverifiedAndSomebodyListens() throws Exception {
    Seed.openRound(database, "listen", 1, clock.instant());
    for (int i = 0; i < 2; i++) {
      database
          .jdbi()
          .useHandle(h -> h.execute("UPDATE round_site SET next_call_at = UTC_TIMESTAMP(3)"));
      pacer.beat();
      unanswered(latest(), 19, 0);
    }
    assertThat(count("attempt WHERE disposition = 'no_answer_unverified' AND mode = 'progressive'"))
        .isEqualTo(2);
    database
        .jdbi()
        .useHandle(h -> h.execute("UPDATE round_site SET next_call_at = UTC_TIMESTAMP(3)"));
    pacer.beat();
    CallId id = latest();
    assertThat(count("attempt WHERE id = '" + id + "' AND mode = 'preview'")).isEqualTo(1);
    refused(
        "not_answered",
        () -> forms.disposition(id, "a", Disposition.SWITCHED_OFF, "", Optional.empty()));
    onMailbox(
        () -> {
          attempts.dial(id);
          return null;
        });
    answerAgent(id);
    await(() -> world.dialled.containsKey(id.value()));
    onMailbox(
        () -> {
          attempts.on(new TelephonyEvent.DialProgress(clock.instant(), id.value()));
          return null;
        });
    await(() -> attempts.view(id).map(AttemptView::state).equals(Optional.of("listening")));
    assertThat(onMailbox(() -> world.orders)).contains("listen " + id + " PJSIP/a8001-1");
    onMailbox(
        () -> {
          attempts.on(new TelephonyEvent.ChannelEnded(clock.instant(), id.value(), "c", null, 19));
          return null;
        });
    await(() -> attempts.view(id).map(AttemptView::state).equals(Optional.of("heard")));
    refused(
        "not_answered",
        () -> forms.disposition(id, "a", Disposition.COMPLETED, "", Optional.empty()));
    onMailbox(
            () -> forms.disposition(id, "a", Disposition.NUMBER_NOT_EXISTING, "", Optional.empty()))
        .get(5, TimeUnit.SECONDS);
    drain();
    assertThat(count("round_site WHERE bin = 'no_usable_number'"))
        .as("heard by a person: dead at once")
        .isEqualTo(1);
    assertThat(count("attempt WHERE heard AND hangup_cause = 19")).isEqualTo(1);
  }

  /** The agent's phone answers, the site's leg ends so. */
  private void unanswered(CallId id, int cause, int reason) throws Exception {
    answerAgent(id);
    await(() -> world.dialled.containsKey(id.value()));
    ends(id, cause, reason);
  }

  private void ends(CallId id, int cause, int reason) throws Exception {
    onMailbox(
        () -> {
          attempts.on(
              new TelephonyEvent.ChannelEnded(clock.instant(), id.value(), "c", null, cause));
          attempts.on(
              new TelephonyEvent.OriginateEnded(clock.instant(), id.value(), false, reason));
          return null;
        });
    drain();
  }

  private CallId latest() {
    return new CallId(
        database
            .jdbi()
            .withHandle(
                h ->
                    h.select("SELECT id FROM attempt ORDER BY id DESC LIMIT 1")
                        .mapTo(String.class)
                        .one()));
  }

  private void refused(String id, Supplier<?> order) {
    assertThatThrownBy(() -> onMailbox(order))
        .isInstanceOf(FormRefused.class)
        .extracting(refused -> ((FormRefused) refused).id())
        .isEqualTo(id);
  }

  private CallId attempt() {
    return new CallId(
        database
            .jdbi()
            .withHandle(h -> h.select("SELECT id FROM attempt").mapTo(String.class).one()));
  }

  private void answerAgent(CallId id) {
    onMailbox(
        () -> {
          attempts.on(
              new TelephonyEvent.ChannelAnswered(
                  clock.instant(), Telephony.agentLeg(id, 1), "PJSIP/a8001-1", id.value()));
          return null;
        });
  }

  private <T> T onMailbox(Supplier<T> question) {
    return mailbox.ask(SOON, question);
  }

  private void await(Supplier<Boolean> condition) {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> onMailbox(condition));
  }

  private void drain() throws Exception {
    onMailbox(() -> null);
    journal.flush().get(5, TimeUnit.SECONDS);
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> writer.lag().entries() == 0);
    assertThat(journal.health().setAside()).isZero();
  }

  private int count(String from) {
    return database
        .jdbi()
        .withHandle(h -> h.select("SELECT COUNT(*) FROM " + from).mapTo(Integer.class).one());
  }
}

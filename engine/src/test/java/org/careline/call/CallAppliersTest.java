package org.careline.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CallAppliersTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00.123Z");
  private static final Handling HANDLING =
      new Handling(Duration.ofSeconds(15), Duration.ofSeconds(30), 1, 100, 1);
  private static final Caller CALLER =
      new Caller(
          "4001",
          "hot",
          "138\"; DROP",
          "+8613800138000",
          7L,
          "RJ",
          "Rui",
          9L,
          "S1",
          "Site",
          "gold");
  private final CallRepository repository = new CallRepository(database().jdbi());

  private static Database database() {
    return MYSQL.database();
  }

  @Test
  void aStoryIsToldInItsOrderAndOnceHoweverOftenItIsDelivered() throws Exception {
    CallId id = new CallId("m-1767000000.1");
    CallEvent offer = new CallEvent.OfferMade(T0.plusSeconds(1), new AgentNumber("8001"));
    List<Journal.Entry> history =
        List.of(
            entry(1, 1, id, CallEntry.arrived(T0, "PJSIP/x", CALLER, HANDLING, false)),
            entry(
                2,
                1,
                id,
                CallEntry.of(
                    offer,
                    new CallState.Offered(CallState.Place.from(T0), new AgentNumber("8001"), T0),
                    new CallEntry.Reason("why", "为什么", null),
                    true)));
    for (int i = 0; i < 3; i++) {
      apply(CallAppliers.history(), history);
    }
    CallRepository.Story story = repository.story(id).orElseThrow();
    assertThat(story.call().outcome()).isNull();
    assertThat(story.call().callerE164()).isEqualTo("+8613800138000");
    assertThat(story.call().callerRaw()).isEqualTo("138\"; DROP");
    assertThat(story.call().arrivedAt()).isEqualTo(T0);
    assertThat(story.events()).hasSize(2);
    assertThat(story.events().get(1).kind()).isEqualTo("offer_made");
    assertThat(story.events().get(1).at()).isEqualTo(T0.plusSeconds(1));
    assertThat(story.events().get(1).replayed()).isTrue();
    assertThat(story.events().get(1).detail().get("reasonZh").asText()).isEqualTo("为什么");
    assertThat(story.agents()).containsExactly("8001");
  }

  @Test
  void theFirstOutcomeStaysWhateverComesLater() throws Exception {
    CallId id = new CallId("m-1767000001.1");
    apply(CallAppliers.outcomes(), List.of(entry(5, 2, id, record(id, Outcome.ANSWERED))));
    apply(CallAppliers.outcomes(), List.of(entry(5, 2, id, record(id, Outcome.ANSWERED))));
    apply(CallAppliers.outcomes(), List.of(entry(9, 1, id, record(id, Outcome.ABANDONED))));
    apply(CallAppliers.outcomes(), List.of(entry(9, 3, id, record(id, Outcome.FAILED))));
    // history that was late does not touch the record either
    Caller other = Caller.unknown("4002");
    apply(
        CallAppliers.history(),
        List.of(entry(1, 2, id, CallEntry.arrived(T0, "PJSIP/x", other, HANDLING, false))));
    CallRepository.Row row = repository.find(id).orElseThrow();
    assertThat(row.outcome()).isEqualTo("answered");
    assertThat(row.endedBy()).isEqualTo("caller");
    assertThat(row.dialled()).isEqualTo("4001");
    assertThat(row.agentNumber()).isEqualTo("8001");
    assertThat(row.waitMs()).isEqualTo(4000);
    assertThat(row.talkMs()).isEqualTo(60_000);
    assertThat(row.recording()).isEqualTo("2025/12/29/m-1767000001.1.wav");
  }

  /** It adopts the call from the switch, which does not know who calls. */
  @Test
  void anEngineThatTookACallOverDoesNotEraseItsCaller() throws Exception {
    Caller stranger = Caller.unknown("4001");
    CallId early = new CallId("m-1767000003.1");
    Journal.Entry seen =
        entry(1, 1, early, CallEntry.arrived(T0, "PJSIP/x", CALLER, HANDLING, false));
    apply(CallAppliers.history(), List.of(seen));
    apply(
        CallAppliers.history(),
        List.of(entry(1, 2, early, CallEntry.arrived(T0, "PJSIP/x", stranger, HANDLING, true))));
    apply(
        CallAppliers.outcomes(),
        List.of(entry(2, 2, early, record(early, stranger, Outcome.ANSWERED))));
    assertKnown(repository.find(early).orElseThrow());

    // The killed engine delivers what it knew when it is started again, after the outcome.
    CallId late = new CallId("m-1767000003.2");
    apply(
        CallAppliers.outcomes(),
        List.of(entry(3, 2, late, record(late, stranger, Outcome.ANSWERED))));
    assertThat(repository.find(late).orElseThrow().callerE164()).isNull();
    apply(
        CallAppliers.history(),
        List.of(entry(2, 1, late, CallEntry.arrived(T0, "PJSIP/x", CALLER, HANDLING, false))));
    assertKnown(repository.find(late).orElseThrow());
  }

  private static void assertKnown(CallRepository.Row row) {
    assertThat(row.outcome()).isEqualTo("answered");
    assertThat(row.callerE164()).isEqualTo(CALLER.e164());
    assertThat(row.callerRaw()).isEqualTo(CALLER.raw());
    assertThat(row.tierCode()).isEqualTo(CALLER.tierCode());
    assertThat(row.dialled()).isEqualTo("4001");
  }

  @Test
  void pagesAreWholeAndLastCallsAreFound() throws Exception {
    for (int i = 0; i < 7; i++) {
      CallId id = new CallId("p-1767000002." + i);
      apply(CallAppliers.outcomes(), List.of(entry(i, 1, id, record(id, Outcome.ANSWERED))));
    }
    int seen = 0;
    Optional<String> cursor = Optional.empty();
    do {
      CallRepository.Page page = repository.list(T0, T0.plusMillis(1), 3, cursor, of("8001"));
      seen += page.calls().size();
      cursor = Optional.ofNullable(page.next());
    } while (cursor.isPresent());
    assertThat(seen).isGreaterThanOrEqualTo(7);
    assertThat(repository.lastOfSite(9, 5)).hasSize(5);
    assertThat(repository.lastOfNumber("+8613800138000", 2)).hasSize(2);
    assertThat(repository.lastOfNumber("+8613800138001", 2)).isEmpty();
  }

  private static CallFilter of(String agent) {
    return new CallFilter(Optional.of(agent), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private List<String> found(CallFilter filter) {
    Instant day = T0.plus(Duration.ofDays(40));
    return repository.list(day, day.plusSeconds(60), 9, Optional.empty(), filter).calls().stream()
        .map(CallRepository.Row::id)
        .toList();
  }

  @Test
  void callsAreFoundByWhoWasAskedTheirLineTheirNumberAndTheirOutcome() {
    Instant day = T0.plus(Duration.ofDays(40));
    database()
        .jdbi()
        .useHandle(
            handle -> {
              String call =
                  "INSERT INTO call_record (id, line_code, caller_e164, tier_code, arrived_at,"
                      + " outcome, agent_number, epoch) VALUES (?, ?, ?, 'gold', ?, ?, ?, 1)";
              handle.execute(call, "f-1", "main", "+8613800131111", day, "answered", "8001");
              handle.execute(
                  call, "f-2", "night", "+862158882222", day.plusSeconds(1), "abandoned", null);
              handle.execute(call, "f-3", "main", null, day.plusSeconds(2), null, null);
              String leg =
                  "INSERT INTO call_leg (call_id, n, agent_number, offered_at, result)"
                      + " VALUES (?, ?, ?, ?, 'missed')";
              handle.execute(leg, "f-1", 1, "8002", day.plusSeconds(3));
              handle.execute(leg, "f-2", 1, "8001", day.plusSeconds(3));
            });
    assertThat(found(CallFilter.ALL)).containsExactly("f-3", "f-2", "f-1");
    assertThat(found(of("8001"))).containsExactly("f-2", "f-1");
    assertThat(found(of("8002"))).containsExactly("f-1");
    assertThat(found(of("8003"))).isEmpty();
    Optional<String> none = Optional.empty();
    Optional<Outcome> any = Optional.empty();
    assertThat(found(new CallFilter(none, Optional.of("night"), none, any))).containsExactly("f-2");
    for (String number : List.of("1111", "+8613800131111", "013800131111", "13800131111")) {
      assertThat(found(new CallFilter(none, none, Optional.of(number), any)))
          .as(number)
          .containsExactly("f-1");
    }
    assertThat(found(new CallFilter(none, none, Optional.of("02158882222"), any)))
        .containsExactly("f-2");
    assertThat(found(new CallFilter(none, none, none, Optional.of(Outcome.ABANDONED))))
        .containsExactly("f-2");
  }

  private static CallRecord record(CallId id, Outcome outcome) {
    return record(id, CALLER, outcome);
  }

  private static CallRecord record(CallId id, Caller caller, Outcome outcome) {
    CallState.Place place =
        CallState.Place.from(T0)
            .answeredBy(new AgentNumber("8001"), T0.plusSeconds(4), false)
            .talked(T0.plusSeconds(4), T0.plusSeconds(64));
    return CallRecord.of(
        id,
        caller,
        T0,
        new CallState.Ended(outcome, T0.plusSeconds(64), EndedBy.CALLER, Optional.of(place)),
        List.of());
  }

  @Test
  void theWholeCallAndItsLegsAreWrittenOnce() throws Exception {
    CallId id = new CallId("m-1767000004.1");
    CallRecord first = whole(id, "8001");
    Journal.Entry entry = entry(1, 4, id, first);
    apply(CallAppliers.outcomes(), List.of(entry));
    apply(CallAppliers.outcomes(), List.of(entry));
    apply(CallAppliers.outcomes(), List.of(entry(7, 3, id, whole(id, "8077"))));
    Map<String, Object> row =
        database()
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT * FROM call_record WHERE id = :id")
                        .bind("id", id.value())
                        .mapToMap()
                        .one());
    assertThat(row)
        .containsEntry("skill", "heating")
        .containsEntry("menu_choice", "repair")
        .containsEntry("language", "zh")
        .containsEntry("position_joined", 3)
        .containsEntry("position_left", 1)
        .containsEntry("hold_ms", 5000L)
        .containsEntry("talk_ms", 20_000L)
        .containsEntry("survey_offered", true)
        .containsEntry("ended_leg", 2);
    assertThat(((Number) row.get("survey_score")).intValue()).isEqualTo(3);
    List<String> legs =
        database()
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT CONCAT_WS(' ', n, agent_number, result,"
                                + " TIMESTAMPDIFF(SECOND, offered_at, ended_at),"
                                + " COALESCE(hold_ms, '-'), COALESCE(ended_by, '-')) FROM call_leg"
                                + " WHERE call_id = :id ORDER BY n")
                        .bind("id", id.value())
                        .mapTo(String.class)
                        .list());
    assertThat(legs).containsExactly("1 8001 missed 15 - -", "2 8002 answered 25 5000 agent");
  }

  /** Missed by one, answered by the next, held, ended by the agent, dissatisfied. */
  private static CallRecord whole(CallId id, String missed) {
    AgentNumber one = new AgentNumber(missed);
    AgentNumber two = new AgentNumber("8002");
    CallTransitions rules = new CallTransitions(Duration.ofSeconds(5));
    CallLegs legs = new CallLegs();
    CallState state = new CallState.Greeting(T0);
    for (CallEvent event :
        List.of(
            new CallEvent.Joined(T0, 3),
            new CallEvent.OfferMade(T0.plusSeconds(10), one, 2),
            new CallEvent.OfferFailed(T0.plusSeconds(25), one, CallEvent.Miss.MISSED),
            new CallEvent.OfferMade(T0.plusSeconds(25), two, 1),
            new CallEvent.Answered(T0.plusSeconds(30), two),
            new CallEvent.Held(T0.plusSeconds(35)),
            new CallEvent.Resumed(T0.plusSeconds(40)),
            new CallEvent.AgentLeft(T0.plusSeconds(50), two),
            new CallEvent.SurveyOffered(T0.plusSeconds(50)),
            new CallEvent.SurveyAnswered(T0.plusSeconds(55), 3),
            new CallEvent.HungUp(T0.plusSeconds(60), EndedBy.AGENT, false))) {
      CallState before = state;
      state = rules.next(before, event).next();
      legs.add(before, event, state);
    }
    return CallRecord.of(
        id,
        CALLER.speaking("zh").choosing("repair", "heating"),
        T0,
        (CallState.Ended) state,
        legs.all());
  }

  @Test
  void anOutcomeOfAnOlderVersionIsStillWritten() throws Exception {
    CallId id = new CallId("m-1767000005.1");
    String json =
        "{\"id\":\"m-1767000005.1\",\"dialled\":\"4001\",\"callerRaw\":\"\",\"tierCode\":"
            + "\"standard\",\"arrivedAt\":\"2026-03-02T08:00:00Z\",\"endedAt\":"
            + "\"2026-03-02T08:00:09Z\",\"outcome\":\"abandoned\",\"endedBy\":\"caller\"}";
    apply(
        CallAppliers.outcomes(), List.of(new Journal.Entry(1, 1, T0, "outcome", id.value(), json)));
    assertThat(repository.find(id).orElseThrow().outcome()).isEqualTo("abandoned");
  }

  private static Journal.Entry entry(long seq, long epoch, CallId id, Object payload)
      throws Exception {
    return new Journal.Entry(
        seq, epoch, T0, "test", id.value(), Journal.JSON.writeValueAsString(payload));
  }

  private static void apply(Applier applier, List<Journal.Entry> batch) throws SQLException {
    try (Connection connection = database().dataSource().getConnection()) {
      connection.setAutoCommit(false);
      applier.apply(connection, batch);
      connection.commit();
      connection.setAutoCommit(true);
    }
  }
}

package org.careline.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEvent.AgentLeft;
import org.careline.call.CallEvent.AgentLost;
import org.careline.call.CallEvent.Answered;
import org.careline.call.CallEvent.Asked;
import org.careline.call.CallEvent.EnteredFallback;
import org.careline.call.CallEvent.EnteredRoom;
import org.careline.call.CallEvent.Greeted;
import org.careline.call.CallEvent.Held;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Joined;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;
import org.careline.call.CallEvent.OverflowAnswered;
import org.careline.call.CallEvent.OverflowFailed;
import org.careline.call.CallEvent.OverflowMade;
import org.careline.call.CallEvent.Resumed;
import org.careline.call.CallEvent.SurveyAnswered;
import org.careline.call.CallEvent.SurveyOffered;
import org.careline.call.CallEvent.Transferred;
import org.careline.call.CallEvent.Turned;
import org.careline.call.CallState.Arrived;
import org.careline.call.CallState.Asking;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.FallbackTalking;
import org.careline.call.CallState.Greeting;
import org.careline.call.CallState.InFallback;
import org.careline.call.CallState.Leaving;
import org.careline.call.CallState.Offered;
import org.careline.call.CallState.Overflowing;
import org.careline.call.CallState.Place;
import org.careline.call.CallState.Surveying;
import org.careline.call.CallState.Talking;
import org.careline.call.CallState.Waiting;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CallTransitionsTest {
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00Z");
  private static final Instant NOW = T0.plusSeconds(20);
  private static final AgentNumber A = new AgentNumber("8001");
  private static final AgentNumber B = new AgentNumber("8002");
  private static final Place PLACE = Place.from(T0);
  private static final Place TALKED = PLACE.answeredBy(A, T0, false);
  private static final CallTransitions RULES = new CallTransitions(Duration.ofSeconds(5));

  private static final Map<String, CallState> STATES =
      Map.ofEntries(
          Map.entry("arrived", new Arrived(T0)),
          Map.entry("greeting", new Greeting(T0)),
          Map.entry("waiting", new Waiting(PLACE, false)),
          Map.entry("inRoom", new Waiting(PLACE, true)),
          Map.entry("asking", new Asking(PLACE, T0)),
          Map.entry("offered", new Offered(PLACE, A, T0)),
          Map.entry("outside", new Overflowing(PLACE, "13800138000", T0)),
          Map.entry("talking", new Talking(TALKED, A, T0)),
          Map.entry(
              "onHold", new Talking(TALKED, A, T0, Optional.of(T0.plusSeconds(5)), Duration.ZERO)),
          Map.entry("after", new Surveying(TALKED, T0)),
          Map.entry("leaving", new Leaving(Outcome.AFTER_HOURS, Optional.empty(), T0)),
          Map.entry("promised", new Leaving(Outcome.CALLBACK_TAKEN, Optional.of(PLACE), T0)),
          Map.entry("fallback", new InFallback(PLACE)),
          Map.entry("fbTalking", new FallbackTalking(PLACE.answeredBy(A, T0, true), A, T0)),
          Map.entry("ended", new Ended(Outcome.ANSWERED, T0, EndedBy.AGENT, Optional.of(PLACE))));

  private static final Map<String, CallEvent> EVENTS =
      Map.ofEntries(
          Map.entry("greeted", new Greeted(NOW)),
          Map.entry("joined", new Joined(NOW)),
          Map.entry("entered", new EnteredRoom(NOW)),
          Map.entry("offer", new OfferMade(NOW, A)),
          Map.entry("missed", new OfferFailed(NOW, A, Miss.MISSED)),
          Map.entry("missedB", new OfferFailed(NOW, B, Miss.MISSED)),
          Map.entry("answered", new Answered(NOW, A)),
          Map.entry("answeredB", new Answered(NOW, B)),
          Map.entry("fallback", new EnteredFallback(NOW)),
          Map.entry("lost", new AgentLost(NOW, A)),
          Map.entry("lostB", new AgentLost(NOW, B)),
          Map.entry("turned", new Turned(NOW, Outcome.VOICEMAIL, "closed")),
          Map.entry("asked", new Asked(NOW)),
          Map.entry("rung", new OverflowMade(NOW, "13900139000")),
          Map.entry("taken", new OverflowAnswered(NOW)),
          Map.entry("untaken", new OverflowFailed(NOW)),
          Map.entry("left", new AgentLeft(NOW, A)),
          Map.entry("leftB", new AgentLeft(NOW, B)),
          Map.entry("held", new Held(NOW)),
          Map.entry("resumed", new Resumed(NOW)),
          Map.entry("given", new Transferred(NOW, A, "8002")),
          Map.entry("givenB", new Transferred(NOW, B, "8001")),
          Map.entry("survey", new SurveyOffered(NOW)),
          Map.entry("score", new SurveyAnswered(NOW, 3)),
          Map.entry("hangup", new HungUp(NOW, EndedBy.CALLER, false)));

  /** state, event, kind of the next state and the effects; pairs not named change nothing. */
  private static final String TABLE =
      """
      arrived   greeted   greeting
      arrived   joined    waiting
      arrived   entered   waiting
      arrived   offer     offered
      arrived   answered  talking          talks 8001
      arrived   answeredB talking          talks 8002
      arrived   fallback  in_fallback
      arrived   hangup    ended            outcome left_before_queue
      greeting  joined    waiting
      greeting  entered   waiting
      greeting  offer     offered
      greeting  answered  talking          talks 8001
      greeting  answeredB talking          talks 8002
      greeting  fallback  in_fallback
      greeting  hangup    ended            outcome left_before_queue
      waiting   entered   waiting
      waiting   offer     offered
      waiting   answered  talking          talks 8001
      waiting   answeredB talking          talks 8002
      waiting   fallback  in_fallback
      waiting   hangup    ended            outcome abandoned
      inRoom    offer     offered
      inRoom    answered  talking          talks 8001
      inRoom    answeredB talking          talks 8002
      inRoom    fallback  in_fallback
      inRoom    hangup    ended            outcome abandoned
      offered   answered  talking          talks 8001
      offered   answeredB talking          free 8001 ENGINE, talks 8002
      offered   missed    waiting          free 8001 MISSED
      offered   lost      waiting          free 8001 UNREACHABLE, waitroom
      offered   fallback  in_fallback      free 8001 ENGINE
      offered   hangup    ended            free 8001 ENGINE, outcome abandoned
      talking   lost      waiting          free 8001 UNREACHABLE, waitroom
      talking   hangup    ended            wrapup 8001, outcome answered
      fallback  entered   waiting
      fallback  answered  fallback_talking talks 8001
      fallback  answeredB fallback_talking talks 8002
      fallback  hangup    ended            outcome abandoned
      arrived   turned    leaving
      arrived   rung      overflowing
      greeting  turned    leaving
      greeting  rung      overflowing
      waiting   turned    leaving
      waiting   asked     asking
      waiting   rung      overflowing
      inRoom    turned    leaving
      inRoom    asked     asking
      inRoom    rung      overflowing
      asking    entered   waiting
      asking    answered  talking          talks 8001
      asking    answeredB talking          talks 8002
      asking    fallback  in_fallback
      asking    turned    leaving
      asking    hangup    ended            outcome abandoned
      offered   turned    leaving          free 8001 ENGINE
      outside   entered   waiting
      outside   answered  talking          talks 8001
      outside   answeredB talking          talks 8002
      outside   fallback  in_fallback
      outside   turned    leaving
      outside   rung      overflowing
      outside   taken     leaving
      outside   untaken   waiting
      outside   hangup    ended            outcome abandoned
      talking   held      talking
      talking   left      surveying        wrapup 8001
      talking   given     waiting          wrapup 8001
      onHold    resumed   talking
      onHold    left      surveying        wrapup 8001
      onHold    given     waiting          wrapup 8001
      onHold    lost      waiting          free 8001 UNREACHABLE, waitroom
      onHold    hangup    ended            wrapup 8001, outcome answered
      after     survey    surveying
      after     score     surveying
      after     turned    leaving
      after     answered  talking          talks 8001
      after     answeredB talking          talks 8002
      after     entered   waiting
      after     fallback  in_fallback
      after     hangup    ended            outcome answered
      leaving   turned    leaving
      leaving   answered  talking          talks 8001
      leaving   answeredB talking          talks 8002
      leaving   entered   waiting
      leaving   fallback  in_fallback
      leaving   hangup    ended            outcome after_hours
      promised  turned    leaving
      promised  answered  talking          talks 8001
      promised  answeredB talking          talks 8002
      promised  entered   waiting
      promised  fallback  in_fallback
      promised  hangup    ended            outcome callback_taken
      fallback  turned    leaving
      fbTalking lost      waiting          free 8001 UNREACHABLE, waitroom
      fbTalking hangup    ended            wrapup 8001, outcome fallback_answered
      """;

  @TestFactory
  Stream<DynamicTest> everyPair() {
    List<DynamicTest> tests = new ArrayList<>();
    STATES.forEach(
        (stateName, state) ->
            EVENTS.forEach(
                (eventName, event) ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            stateName + " + " + eventName,
                            () -> check(stateName, state, eventName, event)))));
    return tests.stream();
  }

  private static void check(String stateName, CallState state, String eventName, CallEvent event) {
    CallTransitions.Step step = RULES.next(state, event);
    String[] row =
        TABLE
            .lines()
            .map(line -> line.strip().split("\\s+", 4))
            .filter(cells -> cells[0].equals(stateName) && cells[1].equals(eventName))
            .findFirst()
            .orElse(null);
    if (row == null) {
      assertThat(step.next()).isEqualTo(state);
      assertThat(step.effects()).isEmpty();
      return;
    }
    assertThat(step.next().kind()).isEqualTo(row[2]);
    assertThat(step.next()).isNotEqualTo(state);
    assertThat(String.join(", ", step.effects().stream().map(e -> word(e, step)).toList()))
        .isEqualTo(row.length > 3 ? row[3] : "");
  }

  private static String word(CallTransitions.Effect effect, CallTransitions.Step step) {
    return switch (effect) {
      case CallTransitions.FreeAgent e -> "free " + e.agent() + " " + e.why();
      case CallTransitions.AgentTalks e -> "talks " + e.agent();
      case CallTransitions.WrapUp e -> "wrapup " + e.agent();
      case CallTransitions.SendToWaitroom e -> "waitroom";
      case CallTransitions.WriteOutcome e -> "outcome " + ((Ended) step.next()).outcome().key();
    };
  }

  @Test
  void placeIsKeptThroughAMissAndALostAgent() {
    CallState state = new Waiting(PLACE, true);
    for (CallEvent event :
        List.of(
            new OfferMade(T0.plusSeconds(10), A),
            new OfferFailed(T0.plusSeconds(25), A, Miss.MISSED),
            new EnteredRoom(T0.plusSeconds(25)),
            new OfferMade(T0.plusSeconds(26), B),
            new Answered(T0.plusSeconds(28), B),
            new AgentLost(T0.plusSeconds(38), B))) {
      state = RULES.next(state, event).next();
    }
    assertThat(state.place().orElseThrow().joinedAt()).isEqualTo(T0);
    assertThat(state.place().orElseThrow().talked()).isEqualTo(Duration.ofSeconds(10));
    CallState end = RULES.next(state, new HungUp(T0.plusSeconds(60), EndedBy.CALLER, false)).next();
    assertThat(((Ended) end).outcome()).isEqualTo(Outcome.ANSWERED);
  }

  @Test
  void whatIsDecidedAfterATalkDoesNotUndoTheAnswer() {
    CallState state = new Talking(TALKED, A, T0);
    for (CallEvent event :
        List.of(
            new AgentLost(T0.plusSeconds(10), A),
            new Turned(T0.plusSeconds(20), Outcome.CALLBACK_TAKEN, "callback"))) {
      state = RULES.next(state, event).next();
    }
    CallState end = RULES.next(state, new HungUp(NOW, EndedBy.CALLER, false)).next();
    assertThat(((Ended) end).outcome()).isEqualTo(Outcome.ANSWERED);
  }

  @Test
  void holdsAreCountedAlsoTheOneThatNeverEnded() {
    CallState state = new Talking(TALKED, A, T0);
    for (CallEvent event :
        List.of(
            new Held(T0.plusSeconds(10)),
            new Held(T0.plusSeconds(11)),
            new Resumed(T0.plusSeconds(14)),
            new Resumed(T0.plusSeconds(15)),
            new Held(T0.plusSeconds(20)),
            new AgentLeft(T0.plusSeconds(27), A),
            new SurveyOffered(T0.plusSeconds(27)),
            new SurveyAnswered(T0.plusSeconds(30), 3),
            new SurveyAnswered(T0.plusSeconds(31), 1))) {
      state = RULES.next(state, event).next();
    }
    Place place = state.place().orElseThrow();
    assertThat(place.talked()).isEqualTo(Duration.ofSeconds(27));
    assertThat(place.held()).isEqualTo(Duration.ofSeconds(4 + 7));
    assertThat(place.survey().orElseThrow().score()).as("the first answer").contains(3);
  }

  @Test
  void positionsAreThoseOfJoiningAndOfTheLastDecision() {
    CallState state = new Greeting(T0);
    for (CallEvent event :
        List.of(
            new Joined(T0, 7),
            new OfferMade(T0.plusSeconds(5), A, 4),
            new OfferFailed(T0.plusSeconds(20), A, Miss.MISSED),
            new EnteredRoom(T0.plusSeconds(20)),
            new HungUp(T0.plusSeconds(30), EndedBy.CALLER, false, 2))) {
      state = RULES.next(state, event).next();
    }
    assertThat(state.place().orElseThrow().positionJoined()).isEqualTo(7);
    assertThat(state.place().orElseThrow().positionLeft()).isEqualTo(2);
  }

  @Test
  void aLateEventDoesNotBringBackWhoIsLeaving() {
    CallState leaving = new Leaving(Outcome.CALLBACK_TAKEN, Optional.of(PLACE), NOW);
    for (CallEvent late :
        List.of(
            new EnteredRoom(T0),
            new EnteredFallback(T0),
            new Answered(T0, A),
            new Answered(NOW, A))) {
      assertThat(RULES.next(leaving, late).next()).isEqualTo(leaving);
      assertThat(RULES.next(new Surveying(TALKED, NOW), late).next().kind()).isEqualTo("surveying");
    }
  }

  @Test
  void shortAbandonIsBelowTheThresholdOnly() {
    assertThat(outcomeAfter(Duration.ofMillis(4999))).isEqualTo(Outcome.SHORT_ABANDONED);
    assertThat(outcomeAfter(Duration.ofMillis(5000))).isEqualTo(Outcome.ABANDONED);
  }

  private static Outcome outcomeAfter(Duration wait) {
    CallState end =
        RULES
            .next(new Waiting(PLACE, true), new HungUp(T0.plus(wait), EndedBy.CALLER, false))
            .next();
    return ((Ended) end).outcome();
  }

  @Test
  void refusedIsFailed() {
    CallState end = RULES.next(new Arrived(T0), new HungUp(NOW, EndedBy.SYSTEM, true)).next();
    assertThat(((Ended) end).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void anEntryGivesItsEventAgain() {
    List<CallEvent> events = new ArrayList<>(EVENTS.values());
    events.add(new Joined(NOW, 3));
    events.add(new OfferMade(NOW, A, 2));
    events.add(new HungUp(NOW, EndedBy.AGENT, true, 9));
    events.add(new Turned(NOW, Outcome.BLOCKED, "blocklist", 4));
    for (CallEvent event : events) {
      CallState after = RULES.next(new Offered(PLACE, A, T0), event).next();
      CallEntry entry = CallEntry.of(event, after, CallEntry.Reason.NONE, false);
      String json = Journal.JSON.valueToTree(entry).toString();
      assertThat(read(json).toEvent()).contains(event);
    }
  }

  private static CallEntry read(String json) {
    try {
      return Journal.JSON.readValue(json, CallEntry.class);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatAnOlderVersionWroteIsStillRead() {
    assertThat(
            read("{\"event\":\"offer_made\",\"state\":\"offered\",\"at\":\"2026-03-02T08:00:20Z\","
                    + "\"agent\":\"8001\",\"replayed\":false}")
                .toEvent())
        .contains(new OfferMade(NOW, A));
    assertThat(
            read("{\"event\":\"hung_up\",\"state\":\"ended\",\"at\":\"2026-03-02T08:00:20Z\","
                    + "\"by\":\"CALLER\",\"refused\":false,\"replayed\":false}")
                .toEvent())
        .contains(new HungUp(NOW, EndedBy.CALLER, false));
    CallEntry arrived =
        read(
            "{\"event\":\"arrived\",\"state\":\"arrived\",\"at\":\"2026-03-02T08:00:20Z\","
                + "\"channel\":\"PJSIP/trunk-1\",\"caller\":{\"dialled\":\"4001\",\"raw\":\"\","
                + "\"tierCode\":\"standard\"},\"replayed\":false}");
    assertThat(arrived.caller()).isEqualTo(Caller.unknown("4001"));
  }
}

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
import org.careline.call.CallEvent.AgentLost;
import org.careline.call.CallEvent.Answered;
import org.careline.call.CallEvent.EnteredFallback;
import org.careline.call.CallEvent.EnteredRoom;
import org.careline.call.CallEvent.Greeted;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Joined;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;
import org.careline.call.CallState.Arrived;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.FallbackTalking;
import org.careline.call.CallState.Greeting;
import org.careline.call.CallState.InFallback;
import org.careline.call.CallState.Offered;
import org.careline.call.CallState.Place;
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
  private static final CallTransitions RULES = new CallTransitions(Duration.ofSeconds(5));

  private static final Map<String, CallState> STATES =
      Map.of(
          "arrived", new Arrived(T0),
          "greeting", new Greeting(T0),
          "waiting", new Waiting(PLACE, false),
          "inRoom", new Waiting(PLACE, true),
          "offered", new Offered(PLACE, A, T0),
          "talking", new Talking(PLACE.answeredBy(A, T0, false), A, T0),
          "fallback", new InFallback(PLACE),
          "fbTalking", new FallbackTalking(PLACE.answeredBy(A, T0, true), A, T0),
          "ended", new Ended(Outcome.ANSWERED, T0, EndedBy.AGENT, Optional.of(PLACE)));

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
    for (CallEvent event : EVENTS.values()) {
      CallState after = RULES.next(new Offered(PLACE, A, T0), event).next();
      CallEntry entry = CallEntry.of(event, after, CallEntry.Reason.NONE, false);
      assertThat(entry.toEvent()).contains(event);
    }
  }
}

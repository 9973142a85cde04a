package org.careline.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEvent.AgentLost;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;
import org.careline.call.CallState.Place;
import org.careline.call.CallState.Waiting;
import org.junit.jupiter.api.Test;

class CallLegsTest {
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00Z");
  private static final AgentNumber AGENT = new AgentNumber("8001");
  private static final CallTransitions RULES = new CallTransitions(Duration.ofSeconds(5));

  /** What became of an offer that ended so. */
  private static CallLeg leg(CallEvent end) {
    CallLegs legs = new CallLegs();
    CallState state = new Waiting(Place.from(T0), true);
    for (CallEvent event : new CallEvent[] {new OfferMade(T0.plusSeconds(1), AGENT), end}) {
      CallState before = state;
      state = RULES.next(before, event).next();
      legs.add(before, event, state);
    }
    assertThat(legs.all()).hasSize(1);
    return legs.all().getFirst();
  }

  @Test
  void aCallerWhoLeavesWhileItRingsHasAbandonedAndNobodyHasMissedHim() {
    CallLeg leg = leg(new HungUp(T0.plusSeconds(3), EndedBy.CALLER, false));
    assertThat(leg.result()).isEqualTo("abandoned");
    assertThat(leg.endedAt()).isEqualTo(T0.plusSeconds(3));
    assertThat(leg.answeredAt()).isNull();
  }

  @Test
  void anEndByOurOrderIsTheEngines() {
    assertThat(leg(new HungUp(T0.plusSeconds(3), EndedBy.SYSTEM, false)).result())
        .isEqualTo("engine");
    assertThat(leg(new OfferFailed(T0.plusSeconds(3), AGENT, Miss.ENGINE)).result())
        .isEqualTo("engine");
  }

  @Test
  void aPhoneThatIsLostSaysWhatTookIt() {
    for (Miss why : new Miss[] {Miss.BROWSER, Miss.NETWORK, Miss.UNREACHABLE}) {
      String key = why.name().toLowerCase(java.util.Locale.ROOT);
      AgentLost lost = new AgentLost(T0.plusSeconds(3), AGENT, why);
      assertThat(leg(lost).result()).isEqualTo(key);
      assertThat(CallEntry.of(lost, new Waiting(Place.from(T0), false)).toEvent()).contains(lost);
      assertThat(leg(new OfferFailed(T0.plusSeconds(3), AGENT, why)).result()).isEqualTo(key);
    }
  }
}

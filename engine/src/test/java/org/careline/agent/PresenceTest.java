package org.careline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.careline.agent.Presence.Facts;
import org.careline.agent.Presence.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresenceTest {
  private static final Work CALL = Work.call("c1");

  /** Ready only when every single fact is known to be right. */
  @ParameterizedTest
  @CsvSource({
    "true,  ready, true,  true,  false, ready,      ''",
    "false, ready, true,  true,  false, logged_out, ''",
    "true,  break, true,  true,  false, not_ready,  break",
    "true,  ready, false, true,  false, not_ready,  connection_lost",
    "true,  ready, true,  false, false, not_ready,  connection_lost",
    "true,  ready, true,  true,  true,  on_call,    ''",
    "true,  break, false, false, false, not_ready,  break",
  })
  void followsFromFacts(
      boolean signedIn,
      String wish,
      boolean phone,
      boolean console,
      boolean busy,
      String presence,
      String reason) {
    Wish wanted = wish.equals("ready") ? Wish.READY : Wish.notReady(wish);
    Facts facts = new Facts(signedIn, wanted, phone, console, busy, new Step.Idle());
    assertThat(Presence.of(facts).key()).isEqualTo(presence);
    assertThat(Presence.of(facts).why()).isEqualTo(reason);
    assertThat(Wish.parse(wanted.text())).isEqualTo(wanted);
  }

  @Test
  void workIsNeverHiddenByMissingFacts() {
    for (Step step :
        new Step[] {
          new Step.Ringing(CALL), new Step.Talking(CALL), new Step.Wrapping(CALL, Instant.EPOCH)
        }) {
      Facts facts = new Facts(false, Wish.notReady("break"), false, false, false, step);
      assertThat(Presence.of(facts).doing()).contains(CALL);
      assertThat(Presence.servesFallback(facts)).isFalse();
    }
  }

  @Test
  void theSwitchAloneMayRingHimAlsoWhenHeIsInATalkNow() {
    assertThat(serves(new Step.Idle())).isTrue();
    assertThat(serves(new Step.Ringing(CALL))).isTrue();
    assertThat(serves(new Step.Talking(CALL))).isTrue();
    assertThat(serves(new Step.Wrapping(CALL, Instant.EPOCH))).isFalse();
  }

  private static boolean serves(Step step) {
    return Presence.servesFallback(new Facts(true, Wish.READY, true, true, false, step));
  }
}

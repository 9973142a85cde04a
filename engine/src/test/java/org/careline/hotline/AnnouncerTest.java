package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.careline.call.CallId;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.Whispers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnouncerTest {
  @TempDir private Path folder;
  private final List<String> said = new ArrayList<>();
  private Accepted answer = new Accepted(true, "");
  private boolean offer;
  private Stage stage;
  private Announcer announcer;

  @BeforeEach
  void begin() {
    stage = new Stage(folder);
    announcer = announcer();
  }

  private Announcer announcer() {
    Forecast forecast =
        new Forecast(
            stage.calls, stage.agents, stage.dispatcher, stage.turns, Runnable::run, stage.turns);
    Whispers whispers =
        (call, channel, words) -> {
          said.add(call + " " + words.language() + " " + String.join(" ", words.prompts()));
          return CompletableFuture.completedFuture(answer);
        };
    return new Announcer(
        new Announcer.Settings(2),
        stage.calls,
        stage.dispatcher,
        forecast,
        stage.telephony,
        whispers,
        call -> call.caller().tierCode().equals("mute") ? Duration.ZERO : Duration.ofSeconds(60),
        call -> offer,
        call -> Optional.of("zh"),
        stage.turns,
        stage.turns,
        () -> stage.serving);
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void atWholeIntervalsHisPlaceAndComfortBetween() {
    announcer.tick();
    stage.waits("c1", "standard");
    stage.waits("c2", "standard");
    pass(29);
    assertThat(said).isEmpty();
    pass(1);
    assertThat(said).containsExactly("c1 zh comfort", "c2 zh comfort");
    over("c1");
    over("c2");
    pass(30);
    over("c1");
    over("c2");
    assertThat(said.subList(2, said.size()))
        .containsExactly("c1 zh place-next", "c2 zh place-before number-2 place-after");
    pass(29);
    assertThat(said).hasSize(4);
  }

  @Test
  void atMostSoManyAtOnceAndALaterOneWhenThereIsRoom() {
    announcer.tick();
    for (int i = 1; i <= 5; i++) {
      stage.waits("c" + i, "standard");
    }
    pass(30);
    assertThat(said).containsExactly("c1 zh comfort", "c2 zh comfort");
    pass(5);
    assertThat(said).hasSize(2);
    over("c1");
    pass(1);
    assertThat(said).hasSize(3).last().isEqualTo("c3 zh comfort");
  }

  @Test
  void aTierWithoutAnnouncementsHearsMusic() {
    announcer.tick();
    stage.waits("c1", "mute");
    pass(200);
    assertThat(said).isEmpty();
  }

  @Test
  void theKeyForACallbackIsNamedAtFirstAndWithEachPlace() {
    offer = true;
    announcer.tick();
    stage.waits("c1", "standard");
    for (int i = 0; i < 5; i++) {
      pass(30);
      over("c1");
    }
    assertThat(said)
        .containsExactly(
            "c1 zh comfort callback-offer",
            "c1 zh place-next callback-offer",
            "c1 zh comfort",
            "c1 zh place-next callback-offer",
            "c1 zh comfort");
  }

  @Test
  void aTierWithoutAnnouncementsHearsOfTheKeyOnce() {
    offer = true;
    announcer.tick();
    stage.waits("c1", "mute");
    pass(29);
    assertThat(said).isEmpty();
    pass(1);
    over("c1");
    pass(200);
    assertThat(said).containsExactly("c1 zh callback-offer");
  }

  @Test
  void theVoiceStopsBeforeHeIsPulledOut() {
    announcer.tick();
    stage.waits("c1", "standard");
    pass(30);
    assertThat(said).hasSize(1);
    stage.ready("8001");
    assertThat(stage.state("c1")).isEqualTo("offered");
    assertThat(stage.telephony.orders)
        .containsExactly("hangup whisper-c1-w", "offer PJSIP/trunk-c1 8001 15");
    pass(100);
    assertThat(said).as("nothing while a phone rings for him").hasSize(1);
  }

  @Test
  void nothingIsSaidInADialogueAndTheVoiceStopsForIt() {
    announcer.tick();
    stage.waits("c1", "standard");
    pass(30);
    stage.calls.asked(new CallId("c1"));
    stage.turns.settle();
    assertThat(stage.state("c1")).isEqualTo("asking");
    assertThat(stage.telephony.orders).containsExactly("hangup whisper-c1-w");
    pass(90);
    assertThat(said).hasSize(1);
    stage.room("c1");
    pass(31);
    assertThat(said).as("his place was kept").hasSize(2).last().isEqualTo("c1 zh place-next");
  }

  @Test
  void aRefusedOneIsNotOnTheAir() {
    announcer.tick();
    answer = new Accepted(false, "no such channel");
    stage.waits("c1", "standard");
    pass(30);
    stage.ready("8001");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-c1 8001 15");
  }

  /** Another engine has spoken to him and is gone: no turn twice, and its voice is stopped. */
  @Test
  void afterARestart() {
    stage.waits("c1", "standard");
    pass(30);
    said.clear();
    stage.serving = false;
    announcer = announcer();
    pass(5);
    stage.serving = true;
    pass(10);
    assertThat(said).isEmpty();
    stage.ready("8001");
    // once by each of the two, and both before the offer
    assertThat(stage.telephony.orders)
        .containsExactly(
            "hangup whisper-c1-w", "hangup whisper-c1-w", "offer PJSIP/trunk-c1 8001 15");
  }

  @Test
  void twoCallersOfOneBeginning() {
    // an id that is the beginning of a living one is refused by the switch
    assertThat(Whispers.leg(new CallId("t-1.51")))
        .doesNotStartWith(Whispers.leg(new CallId("t-1.5")));
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      stage.pass(1, "8001");
      announcer.tick();
      stage.turns.settle();
    }
  }

  private void over(String id) {
    announcer.on(
        new TelephonyEvent.ChannelEnded(
            stage.now(), Whispers.leg(new CallId(id)), "Local/s@careline-announce-1;1", null, 16));
  }
}

package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.Calls;
import org.careline.call.Handling;
import org.careline.line.LineSettings;
import org.careline.line.LineSettings.Disposition;
import org.careline.line.LineSettings.WrapUp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After-call work in virtual time: how long it lasts, and what an agent must have said. */
class WrapUpsTest {
  private static final AgentNumber AGENT = new AgentNumber("8001");
  private static final Duration USUAL = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Stage stage;
  private WrapUps wrapUps;
  private Disposition disposition = Disposition.OPTIONAL;
  private WrapUp limits = new WrapUp(Duration.ofSeconds(120), Duration.ofSeconds(60));

  @BeforeEach
  void start() {
    stage = new Stage(folder);
    wrapUps = new WrapUps(stage.calls, stage.agents, stage.journal, stage.turns, stage.turns);
    wrapUps.settingsBy(line -> settings(disposition, limits));
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void itEndsByItselfAfterTheLinesTime() {
    talked("c1", USUAL);
    assertThat(wrapUps.view(AGENT)).contains(new WrapUps.View(false, true));
    stage.pass(29, "8001");
    assertThat(stage.presence("8001")).isEqualTo("after_call_work");
    stage.pass(2, "8001");
    assertThat(stage.presence("8001")).isEqualTo("ready");
    assertThat(wrapUps.view(AGENT)).isEmpty();
    refused("no_wrap_up", () -> wrapUps.extend(AGENT));
  }

  @Test
  void oneStepMoreThenOnlyWhatIsLeftUpToTheMaximum() {
    talked("c1", USUAL);
    Instant began = stage.now();
    wrapUps.extend(AGENT);
    assertThat(stage.agents.view(AGENT).until()).contains(began.plusSeconds(90));
    wrapUps.extend(AGENT);
    assertThat(stage.agents.view(AGENT).until()).contains(began.plusSeconds(120));
    refused("wrap_up_max", () -> wrapUps.extend(AGENT));
    assertThat(wrapUps.view(AGENT)).contains(new WrapUps.View(false, false));
    stage.pass(119, "8001");
    assertThat(stage.presence("8001")).isEqualTo("after_call_work");
    stage.pass(2, "8001");
    assertThat(stage.presence("8001")).isEqualTo("ready");
  }

  @Test
  void withoutAStepItCannotBeExtended() {
    limits = new WrapUp(Duration.ofSeconds(120), Duration.ZERO);
    talked("c1", USUAL);
    refused("wrap_up_max", () -> wrapUps.extend(AGENT));
  }

  @Test
  void aForcedDispositionHoldsHimUntilItIsWrittenDown() throws Exception {
    disposition = Disposition.FORCED;
    CallId call = talked("c1", USUAL);
    assertThat(wrapUps.view(AGENT)).contains(new WrapUps.View(true, true));
    refused("disposition_first", () -> wrapUps.end(AGENT));
    stage.pass(60, "8001");
    assertThat(stage.presence("8001")).isEqualTo("after_call_work");
    said(call, "solved");
    assertThat(stage.presence("8001")).as("his time was over").isEqualTo("ready");
  }

  @Test
  void whatWasSaidDuringTheTalkCounts() throws Exception {
    disposition = Disposition.FORCED;
    CallId call = talks("c1", USUAL);
    said(call, "solved");
    talkEnds("c1");
    assertThat(wrapUps.view(AGENT)).contains(new WrapUps.View(false, true));
    wrapUps.end(AGENT);
    assertThat(stage.presence("8001")).isEqualTo("ready");
  }

  @Test
  void noTimeAtAllIsNoWayRoundAForcedDisposition() throws Exception {
    disposition = Disposition.FORCED;
    CallId call = talked("c1", Duration.ZERO);
    assertThat(stage.presence("8001")).isEqualTo("after_call_work");
    stage.pass(20, "8001");
    assertThat(stage.presence("8001")).isEqualTo("after_call_work");
    said(call, "solved");
    assertThat(stage.presence("8001")).isEqualTo("ready");
    disposition = Disposition.OPTIONAL;
    talked("c2", Duration.ZERO);
    assertThat(stage.presence("8001")).as("not forced: no after-call work").isEqualTo("ready");
  }

  @Test
  void theMaximumEndsAlsoWhatIsForced() {
    disposition = Disposition.FORCED;
    talked("c1", Duration.ZERO);
    stage.pass(119, "8001");
    assertThat(stage.presence("8001")).isEqualTo("after_call_work");
    stage.pass(2, "8001");
    assertThat(stage.presence("8001")).isEqualTo("ready");
  }

  @Test
  void aSupervisorLetsHimGo() {
    disposition = Disposition.FORCED;
    talked("c1", USUAL);
    wrapUps.release(AGENT);
    assertThat(stage.presence("8001")).isEqualTo("ready");
    talked("c2", USUAL);
    assertThat(wrapUps.view(AGENT)).as("only that once").contains(new WrapUps.View(true, true));
  }

  /** A disposition the journal could not take has not been given. */
  @Test
  void whatCouldNotBeWrittenDownWasNotSaid() {
    disposition = Disposition.FORCED;
    CallId call = talked("c1", USUAL);
    stage.journal.close();
    CompletableFuture<Long> kept = disposition(call, "solved");
    assertThat(kept).failsWithin(Duration.ofSeconds(5));
    stage.turns.settle();
    assertThat(wrapUps.view(AGENT)).contains(new WrapUps.View(true, true));
    refused("disposition_first", () -> wrapUps.end(AGENT));
  }

  @Test
  void onlyOfHisOwnCalls() {
    refused("not_your_call", () -> wrapUps.disposition(new CallId("c9"), AGENT, "solved"));
  }

  private CallId talks(String id, Duration wrapUp) {
    stage.ready("8001");
    CallId call = stage.waits(id, "standard");
    Calls.Known known = Stage.known("standard");
    stage.calls.recognised(
        call,
        new Calls.Known(known.caller(), new Handling(known.handling().ring(), wrapUp, 1, 100, 1)));
    stage.rings(id, "8001");
    stage.dialEnded(id, "8001", "ANSWER");
    assertThat(stage.presence("8001")).isEqualTo("on_call");
    return call;
  }

  private void talkEnds(String id) {
    stage.ends(id);
    stage.legEnds(id, "8001");
  }

  private CallId talked(String id, Duration wrapUp) {
    CallId call = talks(id, wrapUp);
    talkEnds(id);
    return call;
  }

  private CompletableFuture<Long> disposition(CallId call, String code) {
    try {
      return wrapUps.disposition(call, AGENT, code);
    } catch (IllegalStateException closed) {
      return CompletableFuture.failedFuture(closed);
    }
  }

  /** The journal writes on a thread of its own; what follows is a turn. */
  private void said(CallId call, String code) throws Exception {
    CompletableFuture<Long> kept = wrapUps.disposition(call, AGENT, code);
    stage.journal.flush().get(5, TimeUnit.SECONDS);
    org.awaitility.Awaitility.await()
        .until(
            () -> {
              stage.turns.settle();
              return kept.isDone();
            });
  }

  private static void refused(String id, org.assertj.core.api.ThrowableAssert.ThrowingCallable by) {
    assertThatThrownBy(by)
        .isInstanceOfSatisfying(
            TalkRefused.class, refusal -> assertThat(refusal.id()).isEqualTo(id));
  }

  private static LineSettings settings(Disposition disposition, WrapUp wrapUp) {
    LineSettings usual = LineSettings.DEFAULT;
    return new LineSettings(
        "",
        java.util.List.of(),
        "",
        false,
        usual.hours(),
        java.util.Set.of(),
        java.util.List.of(),
        usual.afterHours(),
        usual.closing(),
        false,
        usual.survey(),
        "",
        usual.callback(),
        disposition,
        wrapUp);
  }
}

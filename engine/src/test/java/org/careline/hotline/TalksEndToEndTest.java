package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.call.LiveCall;
import org.careline.harness.MySqlExtension;
import org.careline.hotline.TalkTarget.ToAgent;
import org.careline.routing.PolicyParser;
import org.careline.telephony.Telephony.Accepted;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds, transfers and conferences: callers, phones, Asterisk and MySQL are real. */
class TalksEndToEndTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static LiveHotline live;

  @BeforeAll
  static void start() throws Exception {
    live = new LiveHotline(MYSQL.database());
  }

  @AfterAll
  static void stop() {
    if (live != null) {
      live.close();
    }
  }

  @AfterEach
  void everybodyGoesHome() {
    live.live().forEach(call -> live.mailbox.execute(() -> live.hotline.calls().hangUp(call.id())));
    for (String agent : List.of("8001", "8002", "8003", "8101")) {
      live.notReady(agent);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> live.live().isEmpty());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> List.of("8001", "8002").stream().allMatch(this::gone));
    await().until(() -> live.asterisk.cli("core show channels concise").isBlank());
  }

  private boolean gone(String agent) {
    String presence = live.presence(agent).split(":")[0];
    return presence.equals("not_ready") || presence.equals("logged_out");
  }

  @Test
  void aHeldCallIsOneTalkAndOneRecording() throws Exception {
    CallId id = talk(30);
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    taken(talks -> talks.hold(id));
    refused("held", talks -> talks.hold(id));
    assertThat(phase(id)).isEqualTo("held");
    assertThat(live.live().getFirst().state().kind()).isEqualTo("talking");
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    taken(talks -> talks.resume(id));
    await().until(() -> phase(id).equals("talking"));
    refused("not_held", talks -> talks.resume(id));
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    live.hangUpDeskPhone("8001");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(story.call().endedBy()).isEqualTo("agent");
    assertThat(column(id, "hold_ms")).isBetween(2800L, 4500L);
    Sound sound = Sound.of(live.recording(id));
    assertThat(sound.seconds()).as("nothing of the hold").isBetween(4.0, 6.5);
    assertThat(sound.left(440)).isGreaterThan(3000);
    assertThat(sound.right(1000)).isGreaterThan(3000);
  }

  @Test
  void aBlindTransferIsTwoTalksOneAnsweredCallAndOneRecording() throws Exception {
    CallId id = talk(30);
    live.ready("8002");
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    refused("to_yourself", talks -> talks.transfer(id, to("8001")));
    refused("agent_not_ready", talks -> talks.transfer(id, to("8003")));
    refused("no_agent", talks -> talks.transfer(id, to("8999")));
    taken(talks -> talks.transfer(id, to("8002")));
    assertThat(live.presence("8001")).isEqualTo("after_call_work");
    await().until(() -> agentOf(id).equals("8002"));
    await().until(() -> live.live().getFirst().state().kind().equals("talking"));
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    live.hangUpDeskPhone("8002");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(story.call().agentNumber()).as("who answered first").isEqualTo("8001");
    assertThat(legs(id)).containsExactly("8001 answered agent", "8002 answered agent");
    Sound sound = Sound.of(live.recording(id));
    assertThat(sound.seconds()).isBetween(4.0, 7.5);
    assertThat(sound.left(440)).isGreaterThan(3000);
    assertThat(sound.right(1000)).isGreaterThan(3000);
  }

  @Test
  void aTransferThatNobodyTakesBringsTheCallerBackToTheQueueWithHisPlace() throws Exception {
    live.ready("8001");
    live.call(LiveHotline.SHORT_RING, 30);
    CallId id = live.in("talking");
    var place = live.joinedAt(id);
    live.ready("8101");
    taken(talks -> talks.transfer(id, to("8101")));
    live.notReady("8001");
    assertThat(live.in("waiting")).isEqualTo(id);
    assertThat(live.joinedAt(id)).isEqualTo(place);
    await().until(() -> live.presence("8101").equals("not_ready:missed"));
    // whoever is ready takes him, also the one who had him
    live.ready("8001");
    assertThat(live.in("talking")).isEqualTo(id);
  }

  @Test
  void aConsultedColleagueTakesTheCallerOrGivesHimBack() throws Exception {
    CallId id = talk(60);
    live.ready("8002");
    taken(talks -> talks.consult(id, to("8002")));
    assertThat(phase(id)).isEqualTo("consulting");
    refused("not_answered_yet", talks -> talks.complete(id));
    await().until(() -> live.presence("8002").equals("on_call"));
    taken(talks -> talks.cancel(id));
    await().until(() -> phase(id).equals("talking"));
    await().until(() -> live.presence("8002").equals("ready"));

    taken(talks -> talks.consult(id, to("8002")));
    await().until(() -> live.presence("8002").equals("on_call"));
    // he puts the receiver down himself
    live.hangUpDeskPhone("8002");
    await().until(() -> phase(id).equals("talking"));

    taken(talks -> talks.consult(id, to("8002")));
    await().until(() -> live.presence("8002").equals("on_call"));
    taken(talks -> talks.complete(id));
    await().until(() -> agentOf(id).equals("8002"));
    assertThat(live.presence("8001")).isEqualTo("after_call_work");
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    live.hangUpDeskPhone("8002");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(legs(id)).containsExactly("8001 answered agent", "8002 answered agent");
    Sound sound = Sound.of(live.recording(id));
    assertThat(sound.left(440)).isGreaterThan(2500);
    assertThat(sound.left(1000)).as("what colleagues say is not recorded").isLessThan(300);
  }

  @Test
  void theConsultedOneWhoDoesNotAnswerCostsNothing() throws Exception {
    CallId id = talk(60);
    // rings, nobody answers: the call is taken back; busy: it comes back by itself
    taken(talks -> talks.consult(id, number("02155550091")));
    taken(talks -> talks.cancel(id));
    await().until(() -> phase(id).equals("talking"));
    taken(talks -> talks.consult(id, number("02155550090")));
    await().until(() -> phase(id).equals("talking"));
    assertThat(live.live()).as("a call that goes out is no call to us").hasSize(1);
  }

  @Test
  void threeTalkUntilTheAgentLeaves() throws Exception {
    CallId id = talk(60);
    live.ready("8002");
    taken(talks -> talks.consult(id, to("8002")));
    await().until(() -> live.presence("8002").equals("on_call"));
    taken(talks -> talks.conference(id));
    await().until(() -> phase(id).equals("conference"));
    refused("conference", talks -> talks.hold(id));
    await()
        .until(
            () ->
                live.asterisk
                        .cli("core show channels concise")
                        .lines()
                        .filter(line -> line.contains("!ConfBridge!"))
                        .count()
                    == 3);
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    live.hangUpDeskPhone("8001");
    await().until(() -> agentOf(id).equals("8002"));
    assertThat(live.presence("8001")).isEqualTo("after_call_work");
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    live.mailbox.execute(() -> live.hotline.calls().hangUp(id));
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    await().until(() -> live.asterisk.cli("core show channels concise").isBlank());
    assertThat(legs(id)).hasSize(2);
  }

  @Test
  void anOutsideNumberTakesTheCallerOrHeWaitsAgain() throws Exception {
    CallId id = talk(60);
    taken(talks -> talks.transfer(id, number("02155550090")));
    // an own number, or one that costs, is not rung at all
    refusedBy("premium_number", () -> number("16812345"));
    // he may wait a moment only: his agent is ready again
    assertThat(live.in("talking")).isEqualTo(id);
    // rings 0 s, talks 4 s
    taken(talks -> talks.transfer(id, number("02155550004")));
    live.notReady("8001");
    await().until(() -> live.live().getFirst().state().kind().equals("leaving"));
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(kinds(story))
        .contains("overflow_failed")
        .as("he does not wait again")
        .endsWith("overflow_answered", "hung_up");
    Sound sound = Sound.of(live.recording(id));
    assertThat(sound.right(620)).as("the person outside").isGreaterThan(1500);
  }

  @Test
  void aConsultedNumberOutsideTakesTheCallerOver() throws Exception {
    CallId id = talk(60);
    live.recorded(id, 1);
    // rings 0 s, talks 7 s
    taken(talks -> talks.consult(id, number("02155550007")));
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> view(id).map(Talks.View::answered).orElse(false));
    taken(talks -> talks.complete(id));
    live.notReady("8001");
    await().until(() -> live.live().getFirst().state().kind().equals("leaving"));
    assertThat(live.presence("8001")).isEqualTo("after_call_work");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(kinds(story))
        .endsWith("transferred", "overflow_made", "overflow_answered", "hung_up");
    assertThat(legs(id)).containsExactly("8001 answered agent");
    Sound sound = Sound.of(live.recording(id));
    assertThat(sound.right(620)).as("the person outside").isGreaterThan(3000);
    assertThat(sound.left(440)).as("the caller").isGreaterThan(3000);
    assertThat(live.filesOf(id)).as("one recording").hasSize(1);
  }

  /** Policy, times and dispositions are those of the line he is handed to; his place stays. */
  @Test
  void aCallerHandedToALineIsServedByItsRules() throws Exception {
    BookRules rules = new BookRules();
    rules.byLine =
        Map.of(
            "forced",
            PolicyParser.parse(
                "night",
                1,
                "{\"steps\": [{\"after\": \"0s\", \"who\": \"wider\", \"skill\": \"night\"}]}"));
    live.mailbox.execute(() -> live.hotline.dispatcher().by(rules));
    try {
      CallId id = talk(60);
      live.recorded(id, 1.5);
      var place = live.joinedAt(id);
      live.ready("8002");
      live.ready("8003");
      refusedBy("line_closed", () -> live.transfers.line("voicemail", call(id)));
      TalkTarget forced = live.transfers.line("forced", call(id));
      taken(talks -> talks.transfer(id, forced));
      await().until(() -> agentOf(id).equals("8003"));
      await().until(() -> call(id).orElseThrow().state().kind().equals("talking"));
      assertThat(live.joinedAt(id)).isEqualTo(place);
      await().until(() -> !live.presence("8001").equals("after_call_work"));
      live.recorded(id, 4);
      live.hangUpDeskPhone("8003");
      // 0 s, but forced
      await().until(() -> live.presence("8003").equals("after_call_work"));
      refusedBy("disposition_first", () -> wrapUp(wrapUps -> wrapUps.end(new AgentNumber("8003"))));
      live.mailbox
          .ask(
              Duration.ofSeconds(5),
              () -> live.hotline.wrapUps().disposition(id, new AgentNumber("8003"), "solved"))
          .get(5, TimeUnit.SECONDS);
      assertThat(live.presence("8003")).isEqualTo("ready");
      CallRepository.Story story = live.story(id);
      assertThat(story.call().outcome()).isEqualTo("answered");
      assertThat(story.call().lineCode()).as("it counts where he dialled").isEqualTo("plain");
      assertThat(legs(id)).containsExactly("8001 answered agent", "8003 answered agent");
      Sound sound = Sound.of(live.recording(id));
      assertThat(sound.left(440)).isGreaterThan(3000);
      assertThat(sound.right(1000)).isGreaterThan(3000);
      assertThat(live.filesOf(id)).as("one recording").hasSize(1);
    } finally {
      live.mailbox.execute(() -> live.hotline.dispatcher().by(Rules.plain(Duration.ofSeconds(30))));
    }
  }

  /** 4 s more, then 2 s more, then no more; the line's 6 s end also what is forced. */
  @Test
  void afterCallWorkIsExtendedUpToTheLinesMaximumWhichEndsIt() throws Exception {
    AgentNumber agent = new AgentNumber("8001");
    live.ready("8001");
    live.call(LiveHotline.FORCED, 2);
    CallId id = live.in("talking");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> live.presence("8001").equals("after_call_work"));
    Instant began = Instant.now();
    wrapUp(wrapUps -> wrapUps.extend(agent));
    wrapUp(wrapUps -> wrapUps.extend(agent));
    refusedBy("wrap_up_max", () -> wrapUp(wrapUps -> wrapUps.extend(agent)));
    await().atMost(Duration.ofSeconds(12)).until(() -> live.presence("8001").equals("ready"));
    assertThat(Duration.between(began, Instant.now()).toMillis()).isBetween(5000L, 9000L);
    assertThat(live.story(id).call().outcome()).isEqualTo("answered");
  }

  /** Nothing of a pause is heard; it outlasts a hold and ends with the talk of who made it. */
  @Test
  void nothingOfAPauseIsInTheRecording() throws Exception {
    CallId id = talk(60);
    live.ready("8002");
    live.recorded(id, 2);
    refused("not_paused", talks -> talks.record(id));
    taken(talks -> talks.pause(id));
    refused("already_paused", talks -> talks.pause(id));
    live.recorded(id, 4);
    taken(talks -> talks.hold(id));
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    taken(talks -> talks.resume(id));
    await().until(() -> phase(id).equals("talking"));
    assertThat(view(id).orElseThrow().paused()).as("after a hold").isTrue();
    live.recorded(id, 6);
    taken(talks -> talks.record(id));
    live.recorded(id, 8);
    taken(talks -> talks.pause(id));
    live.recorded(id, 9.5);
    taken(talks -> talks.transfer(id, to("8002")));
    await().until(() -> agentOf(id).equals("8002") && phase(id).equals("talking"));
    await().until(() -> call(id).orElseThrow().state().kind().equals("talking"));
    assertThat(view(id).orElseThrow().paused()).as("with the next agent").isFalse();
    live.recorded(id, 11.5);
    live.hangUpDeskPhone("8002");
    CallRepository.Story story = live.story(id);
    assertThat(kinds(story))
        .filteredOn(kind -> kind.startsWith("talk_"))
        .containsExactly(
            "talk_recording_paused", "talk_recording_goes_on", "talk_recording_paused");
    List<Double> pattern = Sound.of(live.recording(id)).pattern();
    assertThat(pattern).as(pattern.toString()).hasSize(5);
    assertThat(pattern.get(0)).isBetween(1.2, 3.5);
    assertThat(pattern.get(1)).as("4 s of pause, not the hold").isBetween(-6.0, -3.4);
    assertThat(pattern.get(2)).isBetween(1.4, 3.5);
    assertThat(pattern.get(3)).isBetween(-3.0, -0.8);
    assertThat(pattern.get(4)).isBetween(1.0, 3.5);
  }

  @Test
  void whoHangsUpWithTheCallerOnHoldDoesNotLoseHim() throws Exception {
    CallId id = talk(60);
    taken(talks -> talks.hold(id));
    await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    live.hangUpDeskPhone("8001");
    assertThat(live.in("waiting")).isEqualTo(id);
    live.ready("8002");
    await().until(() -> agentOf(id).equals("8002"));
  }

  @Test
  void theCallerWhoHangsUpOnHoldLeavesNobodyBehind() throws Exception {
    CallId id = talk(6);
    taken(talks -> talks.hold(id));
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(story.call().endedBy()).isEqualTo("caller");
    await().until(() -> live.asterisk.cli("core show channels concise").isBlank());
  }

  private static CallId talk(int seconds) throws Exception {
    live.ready("8001");
    live.call(LiveHotline.PLAIN, seconds);
    return live.in("talking");
  }

  private static ToAgent to(String number) {
    return new ToAgent(new AgentNumber(number));
  }

  private static TalkTarget number(String typed) {
    return live.transfers.number(typed, "4008001111");
  }

  private static Optional<LiveCall> call(CallId id) {
    return live.live().stream().filter(call -> call.id().equals(id)).findFirst();
  }

  private static Optional<Talks.View> view(CallId id) {
    return live.mailbox.ask(Duration.ofSeconds(5), () -> live.hotline.talks().view(id));
  }

  private static List<String> kinds(CallRepository.Story story) {
    return story.events().stream().map(CallRepository.Event::kind).toList();
  }

  private static void refusedBy(
      String id, org.assertj.core.api.ThrowableAssert.ThrowingCallable target) {
    assertThatThrownBy(target)
        .isInstanceOfSatisfying(
            TalkRefused.class, refusal -> assertThat(refusal.id()).isEqualTo(id));
  }

  private static void wrapUp(Consumer<WrapUps> order) {
    live.mailbox.ask(
        Duration.ofSeconds(5),
        () -> {
          order.accept(live.hotline.wrapUps());
          return true;
        });
  }

  private static void taken(Function<Talks, CompletableFuture<Accepted>> order) throws Exception {
    Accepted answer = ordered(order).get(5, TimeUnit.SECONDS);
    assertThat(answer.taken()).as(answer.reason()).isTrue();
  }

  private static void refused(String id, Function<Talks, CompletableFuture<Accepted>> order) {
    assertThatThrownBy(() -> ordered(order))
        .isInstanceOfSatisfying(
            TalkRefused.class, refusal -> assertThat(refusal.id()).isEqualTo(id));
  }

  private static CompletableFuture<Accepted> ordered(
      Function<Talks, CompletableFuture<Accepted>> order) {
    return live.mailbox.ask(Duration.ofSeconds(5), () -> order.apply(live.hotline.talks()));
  }

  private static String phase(CallId id) {
    return live.mailbox.ask(
        Duration.ofSeconds(5),
        () -> live.hotline.talks().view(id).map(Talks.View::phase).orElse("none"));
  }

  private static String agentOf(CallId id) {
    return live.live().stream()
        .filter(call -> call.id().equals(id))
        .findFirst()
        .flatMap(call -> call.state().agent())
        .map(AgentNumber::value)
        .orElse("");
  }

  private static long column(CallId id, String name) {
    return MYSQL
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT " + name + " FROM call_record WHERE id = :id")
                    .bind("id", id.value())
                    .mapTo(Long.class)
                    .one());
  }

  private static List<String> legs(CallId id) {
    return MYSQL
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT CONCAT(agent_number, ' ', result, ' ', ended_by) FROM call_leg"
                            + " WHERE call_id = :id ORDER BY n")
                    .bind("id", id.value())
                    .mapTo(String.class)
                    .list());
  }
}

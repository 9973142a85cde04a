package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sound.sampled.AudioSystem;
import org.careline.asterisk.Ear;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestAsterisk;
import org.careline.local.AgentVoices;
import org.careline.task.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Notice, menu, code, hours, voicemail, survey: with real sound, keys and MySQL. */
class DialogueEndToEndTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static LiveHotline live;

  @BeforeAll
  static void start() throws Exception {
    live = new LiveHotline(MYSQL.database());
    Path spoken = live.asterisk.home().resolve("recordings/announcements/zh");
    Files.createDirectories(spoken);
    Files.copy(TestAsterisk.prompts().resolve("zh/agent-before.wav"), spoken.resolve("8003.wav"));
  }

  @AfterAll
  static void stop() {
    if (live != null) {
      live.close();
    }
  }

  @AfterEach
  void everybodyGoesHome() {
    for (String agent : List.of("8001", "8002", "8003", "8004")) {
      live.notReady(agent);
    }
    live.ahead = Duration.ZERO;
    live.live().forEach(call -> live.hangUp(call.id()));
    await().atMost(Duration.ofSeconds(20)).until(() -> live.live().isEmpty());
  }

  /**
   * The 2 typed during the notice is dropped, the 1 typed into the menu's first words counts: only
   * the agent with the skill is rung, although another one has been idle for longer. He ends the
   * talk; the caller is not content, and that is a task.
   */
  @Test
  void noticeMenuAgentAndSurvey() throws Exception {
    live.ready("8001");
    live.ready("8003");
    double notice = seconds("recording-notice") + seconds("greeting");
    String pause = "w".repeat((int) Math.ceil(2 * (notice + 1.5)));
    live.call(LiveHotline.DIALOGUE, "13800138000", "w2" + pause + "1", 60);
    CallId id = live.in("greeting");
    assertThat(live.in("talking")).isEqualTo(id);
    // of a shorter talk the recording may have one side only
    live.recorded(id, 1.5);
    live.hangUpDeskPhone("8003");
    assertThat(live.in("surveying")).isEqualTo(id);
    live.type("3");
    CallRepository.Story story = live.story(id);
    assertThat(kinds(story))
        .containsExactly(
            "arrived",
            "recognised",
            "greeted",
            "recognised",
            "offer_made",
            "answered",
            "agent_left",
            "survey_offered",
            "survey_answered",
            "hung_up");
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(story.call().endedBy()).isEqualTo("agent");
    assertThat(row(id))
        .containsEntry("agent_number", "8003")
        .containsEntry("menu_choice", "install")
        .containsEntry("skill", "install")
        .containsEntry("language", "zh")
        .containsEntry("survey_offered", true);
    assertThat(((Number) row(id).get("survey_score")).intValue()).isEqualTo(3);
    assertThat(task(id).kind()).isEqualTo(Task.Kind.DISSATISFIED);
    assertThat(task(id).note()).isEqualTo("dissatisfied 8003");
    Sound talk = Sound.of(live.recording(id));
    assertThat(talk.left(440)).as("caller, though announced before").isGreaterThan(1000);
    assertThat(talk.right(1000)).as("agent").isGreaterThan(1000);
  }

  @Test
  void whoIsNotAskedInTimeWaitsWithoutAChoice() {
    live.call(LiveHotline.DIALOGUE, "13800138000", "", 60);
    CallId id = live.in("greeting");
    await()
        .atMost(Duration.ofSeconds(50))
        .until(() -> live.live().stream().anyMatch(c -> c.state().kind().equals("waiting")));
    live.hangUp(id);
    assertThat(row(live.story(id).call().id())).containsEntry("menu_choice", null);
  }

  /**
   * One speaks after the tone and hangs up; one says nothing and presses the hash key; one hangs up
   * at the tone. Only the first has left a message.
   */
  @Test
  void afterHoursAMessageIsLeftAndIsATaskButSilenceIsNone() throws Exception {
    double words = seconds("after-hours") + seconds("voicemail-ask") + seconds("tone");
    int spoken = (int) Math.ceil(words + 4);
    String silence = "w".repeat((int) Math.ceil(2 * (words + 2)));
    live.call(LiveHotline.VOICEMAIL, LiveHotline.KNOWN, "", spoken);
    live.call(LiveHotline.VOICEMAIL, "13800138001", silence + "#", 60);
    live.call(LiveHotline.VOICEMAIL, "13800138002", "w".repeat(63), 60);
    CallId id = live.in("leaving", LiveHotline.KNOWN);
    CallId silent = live.in("leaving", "13800138001");
    CallId gone = live.in("leaving", "13800138002");
    Ear ear = Ear.on(live.asterisk, live.channel(silent));
    Path begun = live.asterisk.home().resolve("recordings/" + gone + ".voicemail.sln");
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.isRegularFile(begun));
    live.callerHangsUp("13800138002");
    for (CallId none : List.of(silent, gone)) {
      CallRepository.Story nothing = live.story(none);
      assertThat(nothing.call().outcome()).isEqualTo("after_hours");
      assertThat(kinds(nothing)).containsExactly("arrived", "recognised", "turned", "hung_up");
    }
    assertThat(ear.like(TestAsterisk.prompts().resolve("zh/voicemail-empty.wav")))
        .isGreaterThan(0.8);
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("voicemail");
    assertThat(kinds(story))
        .containsExactly("arrived", "recognised", "turned", "turned", "hung_up");
    assertThat(live.tasks).noneMatch(t -> t.call().equals(silent) || t.call().equals(gone));
    assertThat(live.hotline.recordings().find(silent)).isEmpty();
    assertThat(task(id).kind()).isEqualTo(Task.Kind.VOICEMAIL);
    assertThat(task(id).e164()).isEqualTo("+86" + LiveHotline.KNOWN);
    assertThat(task(id).customerId()).isEqualTo(7);
    Path message = live.recording(id);
    assertThat(message.toString()).endsWith(story.call().recording());
    try (var in = AudioSystem.getAudioInputStream(message.toFile())) {
      assertThat(in.getFormat().getChannels()).isEqualTo(1);
      assertThat(in.getFrameLength() / 8000.0).isBetween(1.5, 8.0);
    }
  }

  @Test
  void afterHoursAMessageIsHeard() {
    live.call(LiveHotline.MESSAGE, "13800138000", "", 60);
    CallRepository.Story story = live.story(live.in("leaving"));
    assertThat(story.call().outcome()).isEqualTo("after_hours");
    assertThat(story.call().endedBy()).isEqualTo("system");
    assertThat(kinds(story)).containsExactly("arrived", "recognised", "turned", "hung_up");
  }

  @Test
  void inAnEmergencyTheGroupIsRung() throws Exception {
    live.ready("8001");
    live.ready("8003");
    live.call(LiveHotline.EMERGENCY, "13800138000", "", 12);
    CallId id = live.in("talking");
    live.hangUp(id);
    CallRepository.Story story = live.story(id);
    assertThat(story.call().agentNumber()).isEqualTo("8003");
    assertThat(story.call().outcome()).isEqualTo("answered");
  }

  @Test
  void aCodeSaysWhoCallsAtTheThirdTry() {
    live.call(LiveHotline.CODE, "13800138000", "ww12#wwww34#wwww4711#", 30);
    CallId id = live.in("waiting");
    assertThat(row(live, id)).isEqualTo("4711 gold");
    live.hangUp(id);
    CallRepository.Story story = live.story(id);
    assertThat(story.call().tierCode()).isEqualTo("gold");
    assertThat(kinds(story))
        .containsExactly(
            "arrived", "recognised", "greeted", "recognised", "joined", "entered_room", "hung_up");
  }

  @Test
  void afterThreeWrongCodesHeIsServedAsStandard() {
    live.call(LiveHotline.CODE, "13800138000", "ww12#wwww34#wwww56#", 30);
    CallId id = live.in("waiting");
    assertThat(row(live, id)).isEqualTo("null standard");
    live.hangUp(id);
    live.story(id);
  }

  @Test
  void aNumberOfSeveralCustomersIsAskedForWhich() {
    live.call(LiveHotline.PLAIN, LiveHotline.SHARED, "ww4711#", 30);
    CallId id = live.in("waiting");
    assertThat(row(live, id)).isEqualTo("4711 gold");
    live.hangUp(id);
    live.story(id);
  }

  @Test
  void aBlockedNumberIsRefusedWithoutAnAnswer() {
    Instant began = Instant.now().minusSeconds(1);
    live.call(LiveHotline.DIALOGUE, LiveHotline.BLOCKED, "", 5);
    CallRepository.Row row = live.lastSince(began);
    assertThat(row.outcome()).isEqualTo("blocked");
    assertThat(row.endedBy()).isEqualTo("system");
    assertThat(kinds(live.story(new CallId(row.id()))))
        .containsExactly("arrived", "recognised", "turned", "hung_up");
  }

  @Test
  void whoWaitsWhenTheLineClosesIsPromisedACallback() {
    live.closesIn(4);
    live.call(LiveHotline.CLOSING, LiveHotline.KNOWN, "", 60);
    CallId id = live.in("waiting");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("callback_taken");
    assertThat(kinds(story))
        .containsExactly(
            "arrived", "recognised", "joined", "entered_room", "asked", "turned", "hung_up");
    assertThat(task(id).kind()).isEqualTo(Task.Kind.CLOSING);
    assertThat(task(id).nextCallAt()).isAfter(Instant.now());
    assertThat(task(id).joinedAt())
        .isCloseTo(story.call().joinedAt(), within(1, ChronoUnit.MILLIS));
  }

  /**
   * All a caller of an English line hears is English: notice, greeting, menu, and, as his agent
   * does, whom he has got. The key leads to the agent who knows about complaints.
   */
  @Test
  void anEnglishLineSpeaksEnglish() throws Exception {
    live.ready("8001");
    live.ready("8004");
    Path spoken = live.asterisk.home().resolve("recordings/announcements");
    try (AgentVoices voices = new AgentVoices(TestAsterisk.prompts(), spoken)) {
      voices.speak(Set.of("en", "zh"), List.of("8004"));
      await().until(() -> Files.isRegularFile(spoken.resolve("zh/8004.wav")));
      await().until(() -> Files.isRegularFile(spoken.resolve("en/8004.wav")));
    }
    live.call(LiveHotline.ENGLISH, "13800138000", "", 60);
    CallId id = live.in("greeting");
    Ear caller = Ear.on(live.asterisk, live.channel(id));
    double before =
        LiveHotline.seconds("recording-notice", "en") + LiveHotline.seconds("greeting", "en");
    await()
        .pollDelay(Duration.ofMillis((long) (1000 * before)))
        .pollInterval(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(30))
        .until(() -> caller.like(prompt("en/menu-install")) > 0.8);
    live.type("4");
    Ear agent = Ear.on(live.asterisk, live.phone("8004"));
    assertThat(live.in("talking")).isEqualTo(id);
    for (String name : List.of("recording-notice", "greeting", "menu-install")) {
      assertThat(caller.like(prompt("en/" + name))).as(name).isGreaterThan(0.8);
      assertThat(caller.like(prompt("zh/" + name))).as("not Chinese: " + name).isLessThan(0.6);
    }
    for (Ear ear : List.of(caller, agent)) {
      String end = ear == caller ? "the caller" : "the agent";
      await()
          .untilAsserted(
              () -> assertThat(ear.like(spoken.resolve("en/8004.wav"))).as(end).isGreaterThan(0.8));
      assertThat(ear.like(spoken.resolve("zh/8004.wav"))).as(end).isLessThan(0.6);
    }
    live.hangUp(id);
    assertThat(live.story(id).call().agentNumber()).isEqualTo("8004");
    assertThat(row(id))
        .containsEntry("menu_choice", "complaint")
        .containsEntry("skill", "complaint")
        .containsEntry("language", "en");
  }

  /** Four callers answer the question with the four keys; who is not content leaves a task. */
  @Test
  void allFourAnswersOfTheSurvey() throws Exception {
    List<String> agents = List.of("8001", "8002", "8003", "8004");
    for (String agent : agents) {
      live.ready(agent);
    }
    List<String> callers = List.of("13800138001", "13800138002", "13800138003", "13800138004");
    List<String> sides =
        callers.stream().map(caller -> live.side(LiveHotline.SURVEY, caller, 60)).toList();
    List<CallId> ids = callers.stream().map(caller -> live.in("talking", caller)).toList();
    agents.forEach(live::hangUpDeskPhone);
    for (int key = 1; key <= 4; key++) {
      live.in("surveying", callers.get(key - 1));
      live.callers.type(sides.get(key - 1), "" + key).join();
    }
    for (int key = 1; key <= 4; key++) {
      CallId id = ids.get(key - 1);
      live.story(id);
      assertThat(((Number) row(id).get("survey_score")).intValue()).isEqualTo(key);
    }
    assertThat(task(ids.get(2)).note()).startsWith("dissatisfied ");
    assertThat(task(ids.get(3)).note()).startsWith("unresolved ");
    assertThat(live.tasks).noneMatch(task -> ids.subList(0, 2).contains(task.call()));
  }

  /** The product's calendar of China: a holiday on a Thursday, a Saturday worked in exchange. */
  @ParameterizedTest
  @CsvSource({
    "2026-10-01T02:00:00Z, leaving",
    "2026-10-10T02:00:00Z, waiting",
    "2026-10-17T02:00:00Z, leaving",
    "2026-10-15T02:00:00Z, waiting"
  })
  void holidaysAndMakeUpDays(Instant day, String state) {
    live.ahead = Duration.between(Instant.now(), day);
    live.call(LiveHotline.OFFICE, "13800138000", "", 60);
    CallId id = live.in(state);
    live.hangUp(id);
    assertThat(live.story(id).call().outcome())
        .endsWith(state.equals("leaving") ? "after_hours" : "abandoned");
  }

  private static Path prompt(String name) {
    return TestAsterisk.prompts().resolve(name + ".wav");
  }

  private static org.careline.task.NewTask task(CallId id) {
    return await()
        .until(
            () -> live.tasks.stream().filter(task -> task.call().equals(id)).findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  private static String row(LiveHotline live, CallId id) {
    var caller =
        live.live().stream()
            .filter(call -> call.id().equals(id))
            .findFirst()
            .orElseThrow()
            .caller();
    return caller.customerCode() + " " + caller.tierCode();
  }

  private static Map<String, Object> row(CallId id) {
    return row(id.value());
  }

  private static Map<String, Object> row(String id) {
    return MYSQL
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT * FROM call_record WHERE id = :id")
                    .bind("id", id)
                    .mapToMap()
                    .one());
  }

  private static double seconds(String name) throws Exception {
    return LiveHotline.seconds(name, "zh");
  }

  private static List<String> kinds(CallRepository.Story story) {
    return story.events().stream().map(CallRepository.Event::kind).toList();
  }
}

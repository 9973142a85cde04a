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
import javax.sound.sampled.AudioSystem;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestAsterisk;
import org.careline.task.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
    for (String agent : List.of("8001", "8002", "8003")) {
      live.notReady(agent);
    }
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

  @Test
  void afterHoursAMessageIsLeftAndIsATask() throws Exception {
    double words = seconds("after-hours") + seconds("voicemail-ask") + seconds("tone");
    String pause = "w".repeat((int) Math.ceil(2 * (words + 4)));
    live.call(LiveHotline.VOICEMAIL, LiveHotline.KNOWN, pause + "#", 60);
    CallId id = live.in("leaving");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("voicemail");
    assertThat(kinds(story))
        .containsExactly("arrived", "recognised", "turned", "turned", "hung_up");
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

  private static double seconds(String prompt) throws Exception {
    try (var in =
        AudioSystem.getAudioInputStream(
            TestAsterisk.prompts().resolve("zh/" + prompt + ".wav").toFile())) {
      return in.getFrameLength() / 8000.0;
    }
  }

  private static List<String> kinds(CallRepository.Story story) {
    return story.events().stream().map(CallRepository.Event::kind).toList();
  }
}

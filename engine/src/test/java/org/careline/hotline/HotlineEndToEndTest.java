package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.careline.call.CallFilter;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.harness.MySqlExtension;
import org.careline.harness.Sipp;
import org.careline.local.Command;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callers, agents' phones, Asterisk and MySQL are real; the outside world plays the people. */
class HotlineEndToEndTest {
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
    for (String agent : List.of("8001", "8002", "8003", "8101")) {
      live.notReady(agent);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> live.live().isEmpty());
    await().until(() -> live.presence("8001").startsWith("not_ready"));
  }

  @Test
  void idleAgentAnswersAndBothVoicesAreInTheRecording() throws Exception {
    live.ready("8001");
    live.call(LiveHotline.PLAIN, 4);
    CallId id = live.in("talking");
    assertThat(live.presence("8001")).isEqualTo("on_call");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(story.call().endedBy()).isEqualTo("caller");
    assertThat(story.call().agentNumber()).isEqualTo("8001");
    assertThat(story.call().lineCode()).isEqualTo("plain");
    assertThat(story.call().talkMs()).isBetween(3000L, 6000L);
    assertThat(kinds(story))
        .containsExactly("arrived", "recognised", "offer_made", "answered", "hung_up");
    assertThat(story.events().get(2).detail().get("reasonEn").asText()).contains("8001 (grade 1)");
    assertThat(story.agents()).containsExactly("8001");
    Path wav = live.recording(id);
    assertThat(wav.toString()).endsWith(story.call().recording());
    Sound sound = Sound.of(wav);
    assertThat(sound.seconds()).isBetween(2.0, 6.0);
    assertThat(sound.left(440)).as("caller left").isGreaterThan(3000);
    assertThat(sound.right(1000)).as("agent right").isGreaterThan(3000);
    assertThat(sound.left(1000)).isLessThan(300);
    assertThat(sound.right(440)).isLessThan(300);
    await().until(() -> !live.presence("8001").equals("after_call_work"));
  }

  @Test
  void waitingCallerGetsTheAgentWhoBecomesReady() throws Exception {
    live.call(LiveHotline.PLAIN, 8);
    CallId id = live.in("waiting");
    live.ready("8002");
    assertThat(live.in("talking")).isEqualTo(id);
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(story.call().waitMs()).isGreaterThan(500);
    assertThat(kinds(story))
        .containsExactly(
            "arrived", "recognised", "joined", "entered_room", "offer_made", "answered", "hung_up");
  }

  @Test
  void agentWhoDoesNotAnswerCostsHimHisReadinessAndNotTheCallersPlace() throws Exception {
    live.ready("8101");
    live.call(LiveHotline.SHORT_RING, 10);
    CallId id = live.in("offered");
    Instant place = live.joinedAt(id);
    assertThat(live.in("waiting")).isEqualTo(id);
    assertThat(live.joinedAt(id)).isEqualTo(place);
    assertThat(live.presence("8101")).isEqualTo("not_ready:missed");
    live.ready("8003");
    assertThat(live.in("talking")).isEqualTo(id);
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(story.call().agentNumber()).isEqualTo("8003");
    assertThat(story.agents()).containsExactly("8101", "8003");
    assertThat(kinds(story))
        .containsExactly(
            "arrived",
            "recognised",
            "offer_made",
            "offer_failed",
            "entered_room",
            "offer_made",
            "answered",
            "hung_up");
    Sound sound = Sound.of(live.recording(id));
    double talked =
        Duration.between(at(story, "answered"), at(story, "hung_up")).toMillis() / 1000.0;
    assertThat(sound.seconds()).as("the talk once").isBetween(talked - 1.5, talked + 0.5);
    assertThat(sound.left(440)).as("caller left").isGreaterThan(3000);
    assertThat(sound.right(1000)).as("agent right").isGreaterThan(3000);
    assertThat(live.filesOf(id)).as("one recording").hasSize(1);
  }

  private static Instant at(CallRepository.Story story, String kind) {
    return story.events().stream()
        .filter(event -> event.kind().equals(kind))
        .findFirst()
        .orElseThrow()
        .at();
  }

  @Test
  void theAgentWhoHangsUpFirstHasEndedTheCall() throws Exception {
    live.ready("8001");
    live.call(LiveHotline.PLAIN, 30);
    CallId id = live.in("talking");
    live.hangUpDeskPhone("8001");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(story.call().endedBy()).isEqualTo("agent");
    assertThat(kinds(story))
        .containsExactly(
            "arrived", "recognised", "offer_made", "answered", "agent_left", "hung_up");
    await().until(() -> live.presence("8001").equals("ready"));
  }

  @Test
  void hangUpInTheGreeting() {
    live.call(LiveHotline.GREETING, 1);
    CallRepository.Story story = live.story(live.in("greeting"));
    assertThat(story.call().outcome()).isEqualTo("left_before_queue");
    assertThat(kinds(story)).containsExactly("arrived", "recognised", "greeted", "hung_up");
    assertThat(story.call().recording()).isNull();
  }

  @Test
  void hangUpWhileWaiting() {
    live.call(LiveHotline.PLAIN, 2);
    CallRepository.Story brief = live.story(live.in("waiting"));
    assertThat(brief.call().outcome()).isEqualTo("short_abandoned");
    live.call(LiveHotline.PLAIN, 6);
    CallRepository.Story patient = live.story(live.in("waiting"));
    assertThat(patient.call().outcome()).isEqualTo("abandoned");
    assertThat(patient.call().waitMs()).isBetween(5000L, 8000L);
  }

  @Test
  void hangUpWhileRingingIsNotTheAgentsFault() throws Exception {
    live.ready("8101");
    Command caller =
        Sipp.run(
            Path.of("src/test/resources/sipp/caller-cancels.xml"),
            Duration.ofSeconds(20),
            "-i",
            "127.0.0.2",
            "-p",
            "" + (live.ports.base() + 9),
            "-mp",
            "" + (live.ports.base() + 480),
            "-s",
            LiveHotline.PLAIN,
            "-m",
            "1",
            "127.0.0.1:" + live.ports.sip());
    assertThat(caller.succeeded()).as(caller.output()).isTrue();
    await().until(() -> live.live().isEmpty());
    CallRepository.Row last =
        await()
            .until(
                () ->
                    live.repository
                        .list(
                            Instant.now().minusSeconds(60),
                            Instant.now().plusSeconds(1),
                            1,
                            java.util.Optional.empty(),
                            CallFilter.ALL)
                        .calls(),
                calls -> !calls.isEmpty() && calls.getFirst().outcome() != null)
            .getFirst();
    CallRepository.Story story = live.story(new CallId(last.id()));
    assertThat(story.call().outcome()).isEqualTo("short_abandoned");
    assertThat(kinds(story)).containsExactly("arrived", "recognised", "offer_made", "hung_up");
    await().until(() -> live.presence("8101").equals("ready"));
    String result =
        MYSQL
            .database()
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT result FROM call_leg WHERE call_id = ?")
                        .bind(0, last.id())
                        .mapTo(String.class)
                        .one());
    assertThat(result).as("what he has missed").isEqualTo("abandoned");
  }

  @Test
  void unknownLineIsRefused() {
    live.call("4008007999", 2);
    CallRepository.Row row =
        await()
            .atMost(Duration.ofSeconds(10))
            .until(
                () ->
                    MYSQL
                        .database()
                        .jdbi()
                        .withHandle(
                            handle ->
                                handle
                                    .createQuery(
                                        "SELECT id FROM call_record WHERE dialled = '4008007999'"
                                            + " AND outcome IS NOT NULL")
                                    .mapTo(String.class)
                                    .findOne()),
                java.util.Optional::isPresent)
            .flatMap(id -> live.repository.find(new CallId(id)))
            .orElseThrow();
    assertThat(row.outcome()).isEqualTo("failed");
    assertThat(row.endedBy()).isEqualTo("system");
  }

  private static List<String> kinds(CallRepository.Story story) {
    return story.events().stream().map(CallRepository.Event::kind).toList();
  }
}

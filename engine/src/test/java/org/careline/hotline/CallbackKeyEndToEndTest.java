package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.PromisedCalls;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.call.LiveCall;
import org.careline.callback.CallingWindow.Span;
import org.careline.customer.PolicyStore;
import org.careline.customer.ReferenceSnapshot;
import org.careline.harness.CallerAudio;
import org.careline.harness.MySqlExtension;
import org.careline.harness.Sipp;
import org.careline.harness.TestFolders;
import org.careline.line.LineHours;
import org.careline.line.LineSettings;
import org.careline.line.LineSettings.Closing;
import org.careline.line.OfficeCalendar;
import org.careline.local.ChildProcess;
import org.careline.routing.Terms;
import org.careline.routing.WaitOutlook;
import org.careline.routing.WaitingCaller;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One minute of a hotline that calls back, with real sound, keys, policy and MySQL: a dozen callers
 * wait at the same time, each in his own way; then two agents come. All begin in {@link #start},
 * each test looks at what has become of one of them.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CallbackKeyEndToEndTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static final String OFFERS = "4008001313";
  private static final String SOON_OVER = "4008001414";
  private static final String PROMISES = "4008001515";
  private static final String SERVES = "4008001616";

  /** He calls back at once and talks for a minute; gold. */
  private static final String OWN = LiveHotline.KNOWN;

  private static final String OTHER = "13800110004";
  private static final List<String> MORE = List.of("13800120002", "13800130002", "13800140002");
  private static final String BUSY = "13800150090";
  private static final String EXPIRES = "13800160002";
  private static final String CLOSED = "13800170002";
  private static LiveHotline live;
  private static TonePrompts tones;
  private static ReferenceSnapshot reference;
  private static final Map<String, CallId> CALLS = new HashMap<>();
  private static final Map<String, Path> HEARD = new HashMap<>();
  private static Instant edge;

  @BeforeAll
  static void start() throws Exception {
    tones =
        new TonePrompts(
            List.of(
                "callback-offer",
                "callback-number",
                "callback-confirm",
                "callback-enter",
                "callback-refused",
                "callback-refused-kind",
                "callback-refused-foreign",
                "callback-refused-own",
                "callback-kept",
                "callback-already",
                "callback-within",
                "callback-minutes",
                "callback-taken",
                "code-thanks",
                "closing-now",
                "call-today",
                "clock-hour",
                "call-then",
                "number-5",
                "number-10",
                "number-60",
                "comfort",
                "place-next",
                "wait-before",
                "wait-minutes"));
    live = new LiveHotline(MYSQL.database(), Map.of("PROMPTS", tones.folder().toString()));
    policies();
    live.line(OFFERS, "offers", settings(LineSettings.DEFAULT.hours(), Closing.SERVE, 3600));
    live.line(SOON_OVER, "soon", settings(LineSettings.DEFAULT.hours(), Closing.SERVE, 5));
    calls(OFFERS, OWN, "wwwwwwww1www1");
    calls(OFFERS, "13800138001", "wwwwwwww1ww2w16812345#ww0085221234567#ww4008001313#");
    calls(OFFERS, "13800138002", "wwwwwwww1ww2w8001#ww" + OTHER + "#wwwwww1");
    for (String more : MORE) {
      calls(OFFERS, more, "wwwwwwww1www1");
    }
    calls(OFFERS, BUSY, "wwwwwwww1www1");
    calls(SOON_OVER, EXPIRES, "wwwwwwww1www1");
    edge = Instant.now().plusSeconds(7).truncatedTo(ChronoUnit.SECONDS);
    live.line(PROMISES, "promises", settings(untilEdge(), Closing.PROMISE, 3600));
    live.line(SERVES, "serves", settings(untilEdge(), Closing.SERVE, 3600));
    calls(PROMISES, CLOSED, "");
    calls(SERVES, "13800138003", "");
  }

  @AfterAll
  static void stop() {
    if (reference != null) {
      reference.close();
    }
    if (live != null) {
      live.close();
    }
  }

  /** The real rules, as saved. */
  private static void policies() throws Exception {
    String document =
        """
        {"steps": [{"after": "0s", "who": "graded"}],
         "tiers": {"gold": {"rank": 1, "weight": 8, "announceEvery": "0s", "callbackWhenAbandoned": true},
                   "standard": {"rank": 100, "announceEvery": "15s"}}}
        """;
    MYSQL
        .database()
        .jdbi()
        .useTransaction(
            handle ->
                new PolicyStore(number -> Optional.empty(), InstantSource.system())
                    .save(
                        handle,
                        "default",
                        Optional.empty(),
                        new ObjectMapper().readTree(document),
                        "boss"));
    reference =
        new ReferenceSnapshot(
            MYSQL.database().dataSource(), TestFolders.create("rules").resolve("reference.bin"));
    reference.start();
    PolicyRules rules = new PolicyRules(reference::current, caller -> Optional.empty());
    live.mailbox.execute(() -> live.hotline.dispatcher().by(rules));
    live.announceBy = call -> rules.tier(call.caller()).announceEvery();
    live.calledBack = caller -> PromisedCalls.calledBack(reference.current(), caller);
  }

  /** Closed for one minute from the edge on: 12:00 to 12:01 in a zone made for it. */
  private static LineHours untilEdge() {
    ZoneOffset zone = ZoneOffset.ofTotalSeconds(43_200 - (int) (edge.getEpochSecond() % 86_400));
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, List.of(new Span(0, 720), new Span(721, 1440)));
    }
    return new LineHours(zone, week, List.of(), List.of(), OfficeCalendar.NONE);
  }

  private static LineSettings settings(LineHours hours, Closing closing, int expirySeconds) {
    LineSettings usual = LineSettings.DEFAULT;
    return new LineSettings(
        "",
        List.of(),
        "",
        false,
        hours,
        Set.of(),
        List.of(),
        usual.afterHours(),
        closing,
        false,
        usual.survey(),
        "",
        new LineSettings.Callback(
            true, Duration.ofSeconds(expirySeconds), 2, Duration.ofSeconds(5)),
        usual.disposition(),
        usual.wrapUp());
  }

  /** Begins a call; what he hears is written down from his arrival on. */
  private static void calls(String line, String from, String keys) throws IOException {
    Set<CallId> before = new HashSet<>();
    live.live().forEach(call -> before.add(call.id()));
    live.callers.call(line, from, keys, Duration.ofSeconds(150)).join();
    LiveCall call =
        await()
            .pollInterval(Duration.ofMillis(20))
            .until(
                () -> live.live().stream().filter(c -> !before.contains(c.id())).findFirst(),
                Optional::isPresent)
            .orElseThrow();
    Path folder = Files.createTempDirectory(live.asterisk.home(), "ear");
    live.asterisk.cli(
        "mixmonitor start %s %s/both.raw,t(%s/heard.raw)"
            .formatted(call.channel(), folder, folder));
    CALLS.put(from, call.id());
    HEARD.put(from, folder.resolve("heard.raw"));
  }

  private static List<String> heard(String from) throws IOException {
    return tones.in(TonePrompts.samples(HEARD.get(from)));
  }

  private static List<String> kinds(CallRepository.Story story) {
    return story.events().stream().map(CallRepository.Event::kind).toList();
  }

  private static Optional<Map<String, Object>> task(String number) {
    return MYSQL
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT * FROM task WHERE e164 = :e164 AND kind <> 'abandoned'")
                    .bind("e164", "+86" + number)
                    .mapToMap()
                    .findOne());
  }

  private static List<Map<String, Object>> attempts(String number) {
    return MYSQL
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT * FROM task_attempt WHERE e164 = :e164 ORDER BY seq")
                    .bind("e164", "+86" + number)
                    .mapToMap()
                    .list());
  }

  private static void ends(String number, String result) {
    await()
        .atMost(Duration.ofSeconds(75))
        .until(() -> result.equals(task(number).map(row -> row.get("result")).orElse(null)));
  }

  @Test
  @Order(1)
  void heConfirmsHisOwnNumberFasterThanItIsRead() throws Exception {
    CallRepository.Story story = live.story(CALLS.get(OWN));
    assertThat(story.call().outcome()).isEqualTo("callback_taken");
    assertThat(kinds(story)).endsWith("entered_room", "asked", "turned", "hung_up");
    assertThat(heard(OWN))
        .containsExactly(
            "callback-number", "code-thanks", "callback-within", "number-60", "callback-minutes");
    await().until(() -> task(OWN).isPresent());
    Map<String, Object> row = task(OWN).orElseThrow();
    assertThat(row)
        .containsEntry("kind", "promise")
        .containsEntry("tier_code", "gold")
        .containsEntry("call_id", CALLS.get(OWN).value())
        .containsEntry("state", "open");
    assertThat(instant(row, "joined_at"))
        .isCloseTo(story.call().joinedAt(), within(2, ChronoUnit.MILLIS));
    assertThat(Duration.between(instant(row, "created_at"), instant(row, "due_at")))
        .isEqualTo(Duration.ofMinutes(60));
  }

  private static Instant instant(Map<String, Object> row, String column) {
    return row.get(column) instanceof java.time.LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC)
        : ((java.sql.Timestamp) row.get(column)).toInstant();
  }

  @Test
  @Order(2)
  void refusedNumbersAreToldWhyAndAnotherOneIsTaken() throws Exception {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> heard("13800138001").contains("callback-kept"));
    assertThat(heard("13800138001"))
        .containsSubsequence(
            "callback-number",
            "callback-enter",
            "callback-refused-kind",
            "callback-refused-foreign",
            "callback-refused-own",
            "callback-kept");
    CallId stays = CALLS.get("13800138001");
    await().until(() -> live.live().stream().anyMatch(waits(stays)));
    live.hangUp(stays);
    assertThat(live.story(CALLS.get("13800138002")).call().outcome()).isEqualTo("callback_taken");
    assertThat(heard("13800138002"))
        .containsSubsequence(
            "callback-number",
            "callback-refused",
            "callback-number",
            "callback-confirm",
            "code-thanks",
            "callback-within");
    await().until(() -> task(OTHER).isPresent());
    assertThat(task("13800138002")).isEmpty();
  }

  private static java.util.function.Predicate<LiveCall> waits(CallId id) {
    return call -> call.id().equals(id) && call.state().kind().equals("waiting");
  }

  @Test
  @Order(3)
  void atClosingHeIsToldWhenHeIsCalled() throws Exception {
    CallRepository.Story story = live.story(CALLS.get(CLOSED));
    assertThat(story.call().outcome()).isEqualTo("callback_taken");
    assertThat(heard(CLOSED))
        .containsExactly("closing-now", "call-today", "clock-hour", "call-then");
    await().until(() -> task(CLOSED).isPresent());
    assertThat(task(CLOSED).orElseThrow()).containsEntry("kind", "closing");
    assertThat(instant(task(CLOSED).orElseThrow(), "next_call_at")).isEqualTo(edge.plusSeconds(60));
  }

  /** His number has its promise: he is told, waits on, gives up, and is a task for a person. */
  @Test
  @Order(4)
  void aNumberHasOnePromiseAndWhoGivesUpIsATask() throws Exception {
    live.callers.call(OFFERS, OWN, "wwwwww1wwwwwwww", Duration.ofSeconds(1)).join();
    CallId again =
        await()
            .until(
                () ->
                    live.live().stream()
                        .filter(call -> ("+86" + OWN).equals(call.caller().e164()))
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow()
            .id();
    CallRepository.Story story = live.story(again);
    assertThat(story.call().outcome()).isEqualTo("abandoned");
    assertThat(kinds(story)).contains("asked");
    assertThat(live.tasks.stream().filter(task -> task.call().equals(again)).toList())
        .singleElement()
        .satisfies(task -> assertThat(task.id()).startsWith("abandoned-"));
    await()
        .until(
            () ->
                MYSQL
                    .database()
                    .jdbi()
                    .withHandle(
                        handle ->
                            handle
                                .createQuery(
                                    "SELECT COUNT(*) FROM task WHERE call_id = :call AND kind ="
                                        + " 'abandoned' AND state = 'open'")
                                .bind("call", again.value())
                                .mapTo(int.class)
                                .one()),
            found -> found == 1);
    assertThat(live.tasks.stream().map(task -> task.call()).toList())
        .as("of a tier without it, no task")
        .doesNotContain(CALLS.get("13800138001"));
  }

  /** Half of 15 s: comfort. Then his place and the rest of his wait; the key with both. */
  @Test
  @Order(5)
  void placeWaitAndKeyAreHeardAsThePolicySays() throws Exception {
    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () ->
                live.live().stream().filter(c -> c.state().kind().equals("waiting")).count() == 1);
    live.mailbox.execute(CallbackKeyEndToEndTest::goodEstimates);
    Path folder = TestFolders.create("caller");
    try (CallerAudio ear = new CallerAudio("127.0.0.2");
        ChildProcess caller = caller(folder, ear)) {
      Instant began = Instant.now();
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(100))
          .until(
              () ->
                  ear.tone(
                          tones.hertz("wait-minutes"),
                          Instant.now().minusMillis(200),
                          Instant.now())
                      > 2000);
      await().atMost(Duration.ofSeconds(10)).until(() -> prompts(ear, began).size() >= 6);
      assertThat(prompts(ear, began))
          .containsExactly(
              "comfort",
              "callback-offer",
              "wait-before",
              "number-5",
              "wait-minutes",
              "callback-offer");
    } finally {
      live.live().stream()
          .filter(call -> "+8613800138000".equals(call.caller().e164()))
          .forEach(call -> live.hangUp(call.id()));
    }
  }

  /** A gap in the sound, as on a busy machine, does not make two of one. */
  private static List<String> prompts(CallerAudio ear, Instant since) throws IOException {
    List<String> heard = new ArrayList<>();
    for (String prompt : tones.in(ear.samples(since, Instant.now()))) {
      if (heard.isEmpty() || !heard.getLast().equals(prompt)) {
        heard.add(prompt);
      }
    }
    return heard;
  }

  /** Both agents come: who is on the line goes first, also where the line has closed meanwhile. */
  @Test
  @Order(6)
  void whoWaitsAtAServingLineIsServedThoughItHasClosed() throws Exception {
    live.ready("8001");
    live.ready("8002");
    CallId id = CALLS.get("13800138003");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                live.live().stream()
                    .anyMatch(c -> c.id().equals(id) && c.state().kind().equals("talking")));
    live.hangUp(id);
    CallRepository.Row served = live.story(id).call();
    assertThat(served.outcome()).isEqualTo("answered");
    assertThat(served.joinedAt()).isBefore(edge);
    assertThat(served.joinedAt().plusMillis(served.waitMs())).isAfter(edge);
  }

  /** As after an hour in which all waited five minutes and the last one's wait foretold it. */
  private static void goodEstimates() {
    WaitOutlook outlook = live.hotline.forecast().outlook();
    Terms terms = new Terms("standard", 100, 1, Terms.graded(1, Optional.empty(), Duration.ZERO));
    Instant from = Instant.now().minusSeconds(310);
    for (int i = 0; i < 12; i++) {
      CallId id = new CallId("before-" + i);
      outlook.joined(new WaitingCaller(id, terms, from));
      outlook.estimated(Map.of(id, Duration.ofSeconds(60)), 0, from);
      outlook.left(id, from.plusSeconds(300), true);
    }
  }

  private static ChildProcess caller(Path folder, CallerAudio ear) throws Exception {
    return Sipp.start(
        Path.of(CallbackKeyEndToEndTest.class.getResource("/sipp/caller-with-audio.xml").toURI()),
        folder,
        "-s",
        OFFERS,
        "-i",
        "127.0.0.2",
        "-p",
        "" + live.ports.outsideHttp(),
        "-key",
        "audio_port",
        "" + ear.port(),
        "-m",
        "1",
        "127.0.0.1:" + live.ports.sip());
  }

  /** The better tier first; his agent's phone before his; both are heard in the recording. */
  @Test
  @Order(7)
  void thePromiseIsKeptAgentFirst() throws Exception {
    await().atMost(Duration.ofSeconds(40)).until(() -> !attempts(OWN).isEmpty());
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> attempts(OWN).getFirst().get("answered_at") != null);
    Map<String, Object> attempt = attempts(OWN).getFirst();
    assertThat((String) attempt.get("reason_en")).contains("Gold");
    CallId id = new CallId((String) attempt.get("id"));
    Instant answered = Instant.now();
    await().until(() -> Instant.now().isAfter(answered.plusSeconds(4)));
    live.hangUpDeskPhone((String) attempt.get("agent_number"));
    ends(OWN, "reached");
    assertThat(at(TelephonyEvent.ChannelStarted.class, id.value()))
        .as("the agent has answered before")
        .isAfter(at(TelephonyEvent.ChannelAnswered.class, Telephony.agentLeg(id, 1)));
    Sound talk = Sound.of(live.recording(id));
    assertThat(talk.right(1000)).as("agent").isGreaterThan(1000);
    assertThat(talk.left(620)).as("customer").isGreaterThan(1000);
    assertThat(attempts(OWN)).hasSize(1);
  }

  private static Instant at(Class<? extends TelephonyEvent> kind, String id) {
    return live.events.stream()
        .filter(kind::isInstance)
        .filter(
            event ->
                switch (event) {
                  case TelephonyEvent.ChannelStarted e -> e.uniqueId().equals(id);
                  case TelephonyEvent.ChannelAnswered e -> e.uniqueId().equals(id);
                  default -> false;
                })
        .findFirst()
        .orElseThrow()
        .at();
  }

  @Test
  @Order(8)
  void whoIsNotReachedIsTriedAgainAndWhatIsTooLateIsNot() {
    ends(BUSY, "not_reached");
    List<Map<String, Object>> tries = attempts(BUSY);
    assertThat(tries).hasSize(2);
    assertThat(
            Duration.between(
                instant(tries.get(0), "placed_at"), instant(tries.get(1), "placed_at")))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    ends(EXPIRES, "too_late");
    assertThat(attempts(EXPIRES)).isEmpty();
  }

  /** Seven promises, two agents; that of the line which was closed comes when it opens. */
  @Test
  @Order(9)
  void neverMoreInTheAirThanAgents() {
    List<String> kept = new ArrayList<>(MORE);
    kept.add(OTHER);
    kept.add(CLOSED);
    kept.forEach(number -> ends(number, "reached"));
    kept.forEach(number -> assertThat(attempts(number)).as(number).hasSize(1));
    assertThat(instant(attempts(CLOSED).getFirst(), "placed_at")).isAfter(edge.plusSeconds(60));
    assertThat(most(id -> CallId.ofAttempt(id))).as("customers").isBetween(1, 2);
    assertThat(most(id -> Telephony.attemptOfAgentLeg(id) != null)).as("agents").isEqualTo(2);
  }

  /** Most legs of a kind at a time. */
  private static int most(java.util.function.Predicate<String> kind) {
    Set<String> living = new HashSet<>();
    int most = 0;
    for (TelephonyEvent event : live.events) {
      if (event instanceof TelephonyEvent.ChannelStarted e && kind.test(e.uniqueId())) {
        living.add(e.uniqueId());
      } else if (event instanceof TelephonyEvent.ChannelEnded e) {
        living.remove(e.uniqueId());
      }
      most = Math.max(most, living.size());
    }
    return most;
  }
}

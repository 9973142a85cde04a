package org.careline.asterisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.harness.LogLines;
import org.careline.harness.TestAsterisk;
import org.careline.local.AgentVoices;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;
import org.careline.telephony.SwitchState.LivingChannel;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent.Bridged;
import org.careline.telephony.TelephonyEvent.ChannelAnswered;
import org.careline.telephony.TelephonyEvent.ChannelEnded;
import org.careline.telephony.TelephonyEvent.ChannelStarted;
import org.careline.telephony.TelephonyEvent.DialEnded;
import org.careline.telephony.TelephonyEvent.DialStarted;
import org.careline.telephony.TelephonyEvent.LinkUp;
import org.careline.telephony.TelephonyEvent.OriginateEnded;
import org.careline.telephony.TelephonyEvent.QueueJoined;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The adapter and the dialplan on a real Asterisk, callers and phones from the outside world. */
class LiveSwitchTest {
  private static final Duration RING = Duration.ofSeconds(10);
  private static LiveSwitch live;

  @BeforeAll
  static void start() throws Exception {
    live = new LiveSwitch();
  }

  @BeforeEach
  void nobodyIsThere() throws Exception {
    live.afresh();
  }

  @AfterEach
  void whatTheDialplanUsesIsLoaded() throws Exception {
    assertThat(live.log()).doesNotContain("No application '");
  }

  @AfterAll
  static void stop() {
    if (live != null) {
      live.close();
    }
  }

  @Test
  void connectsGreetsWaitsAndOffersWithBothSidesRecorded() throws Exception {
    live.beat();
    AgentNumber agent = live.agent(8001);
    live.route = call -> new Step.Wait();
    live.admit = arrival -> new Step.Say(List.of("greeting"), "greeted");
    live.call("4008001234", "13800138000", 12);

    QueueJoined joined = live.first(QueueJoined.class, event -> event.queue().equals("waitroom"));
    ChannelStarted began = live.first(ChannelStarted.class, e -> e.context().equals("hotline"));
    assertThat(joined.uniqueId()).isEqualTo(began.uniqueId()).isEqualTo(joined.callId());
    assertThat(live.arrivals.getFirst().dialled()).isEqualTo("4008001234");
    assertThat(live.arrivals.getFirst().trunk()).isEqualTo("trunk");
    assertThat(live.arrivals.getFirst().callerHeaders().get("from")).contains("13800138000");
    assertThat(live.state.queued())
        .singleElement()
        .extracting("callId")
        .isEqualTo(began.uniqueId());

    LiveSwitch.taken(live.telephony.offer(joined.channel(), agent, RING, Optional.empty()));
    DialStarted dial = live.first(DialStarted.class, e -> began.uniqueId().equals(e.uniqueId()));
    assertThat(dial.callId()).isEqualTo(began.uniqueId());
    live.first(DialEnded.class, e -> e.status().equals("ANSWER"));
    live.first(Bridged.class, e -> e.uniqueId().equals(began.uniqueId()));
    List<LivingChannel> living = live.state.channels();
    assertThat(living).hasSize(2).allMatch(channel -> channel.bridgeId() != null);
    assertThat(living).allMatch(channel -> began.uniqueId().equals(channel.callId()));

    ChannelEnded ended = live.first(ChannelEnded.class, e -> e.uniqueId().equals(began.uniqueId()));
    assertThat(ended.cause()).isEqualTo(16);
    Tones tones = recorded(began.uniqueId(), 3);
    assertThat(tones.left(1000)).isGreaterThan(3000);
    assertThat(tones.right(440)).isGreaterThan(3000);
    assertThat(tones.left(440)).isLessThan(300);
    assertThat(tones.right(1000)).isLessThan(300);
  }

  /**
   * What is typed while something is played is dropped; what is typed into a question interrupts
   * its prompts and counts, up to the hash.
   */
  @Test
  void aDialogueBringsBackStageAndDigits() throws Exception {
    live.beat();
    live.admit = arrival -> new Step.In("en", new Step.Say(List.of("recording-notice"), "notice"));
    live.answers =
        said ->
            switch (said.stage()) {
              case "notice" ->
                  new Step.Read(
                      List.of("code-ask", "code-ask", "code-ask"),
                      "code.1",
                      12,
                      Duration.ofSeconds(4));
              case "code.1" ->
                  new Step.Read(List.of("menu-repair"), "menu", 1, Duration.ofSeconds(1));
              default -> new Step.Bye(List.of("goodbye"));
            };
    // 9 in the notice of some 4 s; the code well before its three prompts of 5 s each are over
    live.call("4008001234", "13800138000", "www9wwwwwwwwww4711#", 60);
    ChannelStarted began = live.first(ChannelStarted.class, e -> e.context().equals("hotline"));
    ChannelEnded ended = live.first(ChannelEnded.class, e -> e.uniqueId().equals(began.uniqueId()));
    assertThat(live.heard)
        .containsExactly(
            new Heard("notice", "", false),
            new Heard("code.1", "4711", false),
            new Heard("menu", "", false));
    assertThat(Duration.between(began.at(), ended.at())).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aMessageIsRecordedAndTheKeyEndsIt() throws Exception {
    live.beat();
    live.admit =
        arrival -> new Step.In("en", new Step.Record("tone", "message", Duration.ofSeconds(30)));
    live.answers = said -> new Step.Bye(List.of("voicemail-thanks"));
    live.call("4008001234", "13800138000", "wwwwwwww#", 60);
    ChannelStarted began = live.first(ChannelStarted.class, e -> e.context().equals("hotline"));
    live.first(ChannelEnded.class, e -> e.uniqueId().equals(began.uniqueId()));
    assertThat(live.heard).containsExactly(new Heard("message", "", false));
    Path message =
        live.asterisk.home().resolve("recordings/" + began.uniqueId() + ".voicemail.sln");
    assertThat(Files.size(message)).isBetween(16_000L * 2, 16_000L * 6);
  }

  /** "Agent number 8023 is at your service", in the words of the line: at both ends. */
  @Test
  void theAgentsNumberIsHeardByBothAndTheTalkGoesOnToTheQuestionAfterIt() throws Exception {
    live.beat();
    AgentNumber agent = live.agent(8023);
    Path announcements = live.asterisk.home().resolve("recordings/announcements");
    Path english = announcements.resolve("en/8023.wav");
    Path chinese = announcements.resolve("zh/8023.wav");
    try (AgentVoices voices = new AgentVoices(TestAsterisk.prompts(), announcements)) {
      voices.speak(Set.of("en", "zh"), List.of("8023"));
      await().until(() -> Files.isRegularFile(english) && Files.isRegularFile(chinese));
    }
    live.admit = arrival -> new Step.Connect(agent, RING, Optional.of("en"));
    live.answers = said -> new Step.Refuse();
    live.call("4008001234", "13800138000", 60);
    ChannelStarted began = live.first(ChannelStarted.class, e -> e.context().equals("hotline"));
    DialStarted rings = live.first(DialStarted.class, e -> began.uniqueId().equals(e.uniqueId()));
    Ear caller = Ear.on(live, began.channel());
    Ear desk = Ear.on(live, rings.dialledChannel());
    ChannelAnswered answered =
        live.first(
            ChannelAnswered.class,
            e -> AgentNumber.ofChannel(e.channel()).equals(Optional.of(agent)));
    Bridged talk = live.first(Bridged.class, e -> e.uniqueId().equals(began.uniqueId()));
    assertThat(Duration.between(answered.at(), talk.at()))
        .as("both hear it before they talk")
        .isBetween(Duration.ofMillis(500), Duration.ofSeconds(6));
    for (Ear ear : List.of(caller, desk)) {
      String end = ear == caller ? "the caller" : "the agent";
      await().untilAsserted(() -> assertThat(ear.like(english)).as(end).isGreaterThan(0.8));
      assertThat(ear.like(chinese)).as(end + " hears no Chinese").isLessThan(0.6);
    }
    live.asterisk.cli("channel request hangup " + living(live, agent));
    live.first(ChannelEnded.class, e -> e.uniqueId().equals(began.uniqueId()));
    assertThat(live.heard).containsExactly(new Heard(Heard.AFTER_TALK, "", false));
  }

  private static String living(LiveSwitch live, AgentNumber agent) {
    return live.state.channels().stream()
        .map(LivingChannel::channel)
        .filter(name -> AgentNumber.ofChannel(name).equals(Optional.of(agent)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aNumberOutsideIsRungAndMustBeConfirmed() throws Exception {
    live.beat();
    live.admit = arrival -> new Step.In("en", new Step.Wait());
    live.answers = said -> new Step.Bye(List.of("manager-unreached"));
    live.call("4008001234", "13800138000", 60);
    ChannelStarted began = live.first(ChannelStarted.class, e -> e.context().equals("hotline"));
    live.first(QueueJoined.class, event -> event.queue().equals("waitroom"));
    LiveSwitch.taken(
        live.telephony.external(began.channel(), "13900139003", Duration.ofSeconds(10), true));
    live.first(ChannelEnded.class, e -> e.uniqueId().equals(began.uniqueId()));
    assertThat(live.heard)
        .as("answered outside, but nobody pressed 1")
        .containsExactly(new Heard(Heard.EXTERNAL_FAILED, "", false));
    assertThat(live.seen(Bridged.class))
        .as("the caller never talked")
        .noneMatch(event -> event.uniqueId().equals(began.uniqueId()));
  }

  @Test
  void aGreetingWithoutAFileIsLoggedAndTheCallerGoesOn() throws Exception {
    live.beat();
    live.route = call -> new Step.Wait();
    live.admit = arrival -> new Step.In("en", new Step.Say(List.of("welcom"), "greeted"));
    try (LogLines log = LogLines.of(AgiEntry.class)) {
      live.call("4008001234", "13800138000", 3);
      live.first(QueueJoined.class, event -> event.queue().equals("waitroom"));
      assertThat(log.containing("prompt welcom")).hasSize(1);
    }
  }

  @Test
  void connectsAnIdleAgentInTheAnswerItself() throws Exception {
    live.beat();
    AgentNumber agent = live.agent(8002);
    live.admit = arrival -> new Step.Connect(agent, RING);
    live.call("4008001234", "13800138000", 6);
    ChannelStarted began = live.first(ChannelStarted.class, e -> e.context().equals("hotline"));
    live.first(Bridged.class, event -> event.uniqueId().equals(began.uniqueId()));
    assertThat(live.seen(QueueJoined.class)).isEmpty();
    live.first(ChannelEnded.class, event -> event.uniqueId().equals(began.uniqueId()));
  }

  @Test
  void aCallerWhoseAgentDoesNotAnswerComesBackToTheWaitroom() throws Exception {
    live.beat();
    AgentNumber deaf = live.agent(8101);
    live.admit = arrival -> new Step.Connect(deaf, Duration.ofSeconds(2));
    live.call("4008001234", "13800138000", 10);
    live.first(DialEnded.class, event -> event.status().equals("NOANSWER"));
    live.first(QueueJoined.class, event -> event.queue().equals("waitroom"));
  }

  @Test
  void refusesWithoutAnswering() {
    live.beat();
    live.admit = arrival -> new Step.Refuse();
    live.call("4008001234", "13800138000", 5);
    ChannelStarted began = live.first(ChannelStarted.class, e -> e.context().equals("hotline"));
    live.first(ChannelEnded.class, event -> event.uniqueId().equals(began.uniqueId()));
    assertThat(live.seen(ChannelAnswered.class)).isEmpty();
  }

  @Test
  void servesCallersAloneWhileNoEngineBeatsOrTheEngineStalls() throws Exception {
    AgentNumber agent = live.agent(8003);
    LiveSwitch.taken(live.telephony.mirror(agent, true));
    assertThat(live.state.members()).singleElement().extracting("paused").isEqualTo(false);
    AgentNumber second = live.agent(8004);
    LiveSwitch.taken(live.telephony.mirror(second, true));
    // Nobody beats: the question is not even asked. An engine has left word of one line, none of
    // the other one.
    live.telephony.notices(Map.of("4008001234", "en/recording-notice", "4008005678", ""));
    await()
        .until(
            () -> live.asterisk.cli("dialplan show globals").contains("CARELINE_NOTICE_40080056"));
    live.call("4008009999", "13800138000", 5);
    live.call("4008001234", "13800138001", 13);
    ChannelStarted known = started("4008001234");
    Ear ear = Ear.on(live, known.channel());
    ChannelStarted unknown = started("4008009999");
    QueueJoined atOnce =
        live.first(QueueJoined.class, event -> event.uniqueId().equals(unknown.uniqueId()));
    assertThat(Duration.between(unknown.at(), atOnce.at()))
        .as("who is not recorded is served at once")
        .isLessThan(Duration.ofSeconds(1));
    QueueJoined informed =
        live.first(QueueJoined.class, event -> event.uniqueId().equals(known.uniqueId()));
    assertThat(informed.queue()).isEqualTo("fallback");
    assertThat(Duration.between(known.at(), informed.at()))
        .as("who is hears the notice first")
        .isGreaterThan(Duration.ofSeconds(2));
    // the switch writes what it has heard a moment later
    await()
        .untilAsserted(
            () -> assertThat(ear.like(prompt("en/recording-notice"))).isGreaterThan(0.8));
    assertThat(ear.like(prompt("zh/recording-notice"))).isLessThan(0.6);
    assertThat(live.arrivals).isEmpty();
    live.first(ChannelEnded.class, event -> event.uniqueId().equals(known.uniqueId()));
    Tones talk = recorded(known.uniqueId(), 3);
    assertThat(talk.left(1000)).isGreaterThan(3000);
    assertThat(talk.right(440)).isGreaterThan(3000);
    live.first(ChannelEnded.class, event -> event.uniqueId().equals(unknown.uniqueId()));
    assertThat(live.recording(unknown.uniqueId())).doesNotExist();

    // It beats but does not answer: after 3 s the guard takes him away.
    live.events.clear();
    live.beat();
    live.admit =
        arrival -> {
          await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(6)).until(() -> true);
          return new Step.Wait();
        };
    live.call("4008005678", "13800138001", 9);
    QueueJoined joined = live.first(QueueJoined.class, event -> event.queue().equals("fallback"));
    assertThat(Duration.between(started("4008005678").at(), joined.at()))
        .as("this line has no notice")
        .isBetween(Duration.ofMillis(2900), Duration.ofMillis(4000));
    ChannelStarted stalled = started("4008005678");
    live.first(ChannelEnded.class, event -> event.uniqueId().equals(stalled.uniqueId()));
    assertThat(recorded(stalled.uniqueId(), 2).right(440)).isGreaterThan(3000);
    LiveSwitch.taken(live.telephony.mirror(agent, false));
    LiveSwitch.taken(live.telephony.mirror(second, false));
    assertThat(live.state.members()).hasSize(2).allMatch(member -> member.paused());
  }

  private ChannelStarted started(String line) {
    return live.first(
        ChannelStarted.class, e -> e.context().equals("hotline") && e.extension().equals(line));
  }

  private static Path prompt(String name) {
    return TestAsterisk.prompts().resolve(name + ".wav");
  }

  @Test
  void placesACallbackAgentFirstThenTheSite() throws Exception {
    AgentNumber agent = live.agent(8004);
    CallId attempt = new CallId("01JC000000000000000000ABCD");
    LiveSwitch.taken(live.telephony.callAgent(attempt, 1, agent, RING));
    String leg = Telephony.agentLeg(attempt, 1);
    ChannelAnswered held = live.first(ChannelAnswered.class, e -> e.uniqueId().equals(leg));
    assertThat(held.callId()).isEqualTo(attempt.value());
    assertThat(live.outside.cli("core show channels verbose")).contains("8004");

    LiveSwitch.taken(
        live.telephony.dialSite(attempt, "02155550106", "4008001234", held.channel(), RING));
    live.first(OriginateEnded.class, e -> e.uniqueId().equals(attempt.value()) && e.answered());
    live.first(Bridged.class, event -> event.uniqueId().equals(attempt.value()));
    live.first(Bridged.class, event -> event.uniqueId().equals(leg));
    live.first(ChannelEnded.class, event -> event.uniqueId().equals(attempt.value()));
    live.first(ChannelEnded.class, event -> event.uniqueId().equals(leg));
    Tones tones = recorded(attempt.value(), 4);
    assertThat(tones.left(1000)).isGreaterThan(3000);
    assertThat(tones.right(620)).isGreaterThan(3000);

    CallId busy = new CallId("01JC000000000000000000ABCE");
    LiveSwitch.taken(
        live.telephony.dialSite(busy, "02155550090", "4008001234", held.channel(), RING));
    OriginateEnded end = live.first(OriginateEnded.class, e -> e.uniqueId().equals(busy.value()));
    assertThat(end.answered()).isFalse();
    ChannelEnded gone = live.first(ChannelEnded.class, e -> e.uniqueId().equals(busy.value()));
    assertThat(gone.cause()).isEqualTo(17);
  }

  @Test
  void keysReachASwitchboard() throws Exception {
    AgentNumber agent = live.agent(8005);
    CallId attempt = new CallId("01JC000000000000000000ABCF");
    LiveSwitch.taken(live.telephony.callAgent(attempt, 1, agent, RING));
    String leg = Telephony.agentLeg(attempt, 1);
    ChannelAnswered held = live.first(ChannelAnswered.class, e -> e.uniqueId().equals(leg));
    LiveSwitch.taken(
        live.telephony.dialSite(attempt, "02155550095", "4008001234", held.channel(), RING));
    Bridged site = live.first(Bridged.class, e -> e.uniqueId().equals(attempt.value()));
    await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
    LiveSwitch.taken(live.telephony.sendDigits(site.channel(), "801#"));
    Path accounts = live.outside.asterisk().home().resolve("log/messages");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Files.readString(accounts).contains("switchboard: keys 801"));
  }

  @Test
  void theManagerUserCanDoNothingDangerous() {
    assertThat(SelfTest.tooWide(live.engine)).isEmpty();
    assertThat(SelfTest.tooWide(live.credentials)).isNotEmpty();
    SelfTest wide = new SelfTest(live.credentials);
    assertThat(wide.tooWide()).as("nothing tried yet").isEmpty();
    wide.on(new LinkUp(Instant.now(), true));
    await().until(() -> !wide.tooWide().isEmpty());
  }

  @Test
  void givesABrowserPhoneAndTakesItAway() throws Exception {
    AgentNumber agent = new AgentNumber("8023");
    var first = live.phones.browser(agent).get();
    var second = live.phones.browser(agent).get();
    assertThat(first.user()).isEqualTo("a8023");
    assertThat(first.secret()).hasSizeGreaterThanOrEqualTo(32).isNotEqualTo(second.secret());
    assertThat(live.asterisk.cli("pjsip show endpoint a8023")).contains("from-agent");
    assertThat(live.state.phones()).anyMatch(p -> p.endpoint().equals("a8023") && !p.reachable());
    LiveSwitch.taken(live.phones.revoke(agent));
    assertThat(live.asterisk.cli("database show sip auth")).doesNotContain(second.secret());
    assertThat(live.phones.desk(agent, "sip:8001@127.0.0.2:18006\r\nAction: x").get().taken())
        .isFalse();
  }

  @Test
  void takesAwayThePhonesOfAgentsWhoLeftWhileNobodyWasThere() throws Exception {
    AgentNumber stays = live.agent(8001);
    AgentNumber browserNow = live.agent(8002);
    AgentNumber left = live.agent(8003);
    AgentNumber browser = new AgentNumber("8004");
    live.phones.browser(browser).get();
    assertThat(live.phones.keepOnly(Set.of(stays, browserNow, browser), Set.of(stays)).get())
        .containsExactlyInAnyOrder(browserNow, left);
    assertThat(live.asterisk.cli("database show sip"))
        .contains("a8001", "a8004")
        .doesNotContain("a8002", "a8003");
    assertThat(live.state.phones())
        .extracting("endpoint")
        .contains("trunk", "a8001", "a8004")
        .doesNotContain("a8002", "a8003");
    assertThat(live.phones.keepOnly(Set.of(stays, browser), Set.of(stays)).get()).isEmpty();
  }

  private Tones recorded(String call, double seconds) {
    return await().until(() -> Tones.of(live.recording(call)), tones -> tones.seconds() > seconds);
  }
}

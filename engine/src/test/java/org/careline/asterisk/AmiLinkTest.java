package org.careline.asterisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.harness.LogLines;
import org.careline.telephony.SwitchState.SwitchUnavailable;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.TelephonyEvent.Bridged;
import org.careline.telephony.TelephonyEvent.ChannelRinging;
import org.careline.telephony.TelephonyEvent.ChannelStarted;
import org.careline.telephony.TelephonyEvent.ContactChanged;
import org.careline.telephony.TelephonyEvent.LinkDown;
import org.careline.telephony.TelephonyEvent.LinkUp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The link and the orders over TCP, with the real library and a scripted other side. */
class AmiLinkTest {
  private static final AmiLink.Timing QUICK =
      new AmiLink.Timing(
          Duration.ofMillis(100),
          Duration.ofMillis(800),
          Duration.ofMillis(600),
          Duration.ofMillis(50),
          Duration.ofMillis(200),
          Duration.ofSeconds(30));
  private static final String[] NEWCHANNEL = {
    "Event: Newchannel",
    "Timestamp: 1795470612.751831",
    "Channel: PJSIP/trunk-00000001",
    "ChannelState: 0",
    "CallerIDNum: 13800138000",
    "Context: hotline",
    "Exten: 4008001234",
    "Uniqueid: c-1.1",
    "ChanVariable: CARELINE_CALL="
  };

  private final List<TelephonyEvent> events = new CopyOnWriteArrayList<>();
  private FakeAsterisk asterisk;
  private AmiLink link;
  private AsteriskTelephony telephony;

  @BeforeEach
  void start() throws Exception {
    asterisk = new FakeAsterisk();
    connect(FakeAsterisk.SECRET);
  }

  private void connect(String secret) {
    connect(secret, QUICK);
  }

  private void connect(String secret, AmiLink.Timing timing) {
    link =
        new AmiLink(
            new AmiLink.Login("127.0.0.1", asterisk.port(), "engine", secret),
            timing,
            InstantSource.system(),
            events::add);
    telephony = new AsteriskTelephony(link, "trunk", InstantSource.system());
    link.start();
  }

  @AfterEach
  void stop() throws Exception {
    link.close();
    asterisk.close();
  }

  private void up() {
    await().until(() -> link.session() > 0);
  }

  @Test
  void handsEventsOnInOrderAfterLinkUp() throws Exception {
    up();
    asterisk.event(NEWCHANNEL);
    asterisk.event(
        "Event: BridgeEnter",
        "Uniqueid: c-1.1",
        "Channel: PJSIP/trunk-00000001",
        "BridgeUniqueid: b-1",
        "ChanVariable: CARELINE_CALL=c-1.1");
    asterisk.event("Event: Newstate", "Uniqueid: c-1.2", "ChannelState: 5");
    asterisk.event("Event: Newstate", "Uniqueid: c-1.2", "ChannelStateDesc: Ring");
    asterisk.event(NEWCHANNEL);
    await().until(() -> events.size() >= 5);
    assertThat(events.getFirst()).isInstanceOf(LinkUp.class);
    assertThat(((LinkUp) events.getFirst()).first()).isTrue();
    ChannelStarted started = (ChannelStarted) events.get(1);
    assertThat(started.at()).isEqualTo(Instant.ofEpochSecond(1795470612, 751831000));
    assertThat(started.callId()).isNull();
    assertThat(started.extension()).isEqualTo("4008001234");
    Bridged bridged = (Bridged) events.get(2);
    assertThat(bridged.callId()).isEqualTo("c-1.1");
    assertThat(bridged.bridgeId()).isEqualTo("b-1");
    assertThat(events.get(3))
        .isInstanceOfSatisfying(
            ChannelRinging.class, ringing -> assertThat(ringing.uniqueId()).isEqualTo("c-1.2"));
    assertThat(events.get(4)).isEqualTo(started);
  }

  @Test
  void eventsWithMissingFieldsDoNoHarm() throws Exception {
    up();
    for (String name :
        List.of(
            "Newchannel",
            "Newstate",
            "DialBegin",
            "DialEnd",
            "QueueCallerJoin",
            "QueueCallerLeave",
            "Hangup",
            "OriginateResponse",
            "ContactStatus",
            "NobodyKnowsThis")) {
      asterisk.event("Event: " + name, "Privilege: call,all");
    }
    asterisk.event(NEWCHANNEL);
    await().until(() -> events.stream().anyMatch(ChannelStarted.class::isInstance));
    assertThat(events).hasSize(2);
    assertThat(link.session()).isEqualTo(1);
  }

  @Test
  void aPhoneThatIsTakenAwayIsToldFromOneThatIsLost() throws Exception {
    up();
    for (String status : List.of("Created", "Unreachable", "Reachable", "Removed", "Updated")) {
      asterisk.event(
          "Event: ContactStatus",
          "Privilege: system,all",
          "AOR: a8001",
          "EndpointName: a8001",
          "URI: sip:a8001@127.0.0.3:5060",
          "ContactStatus: " + status);
    }
    asterisk.event(NEWCHANNEL);
    await().until(() -> events.getLast() instanceof ChannelStarted);
    assertThat(events)
        .filteredOn(ContactChanged.class::isInstance)
        .extracting("endpoint", "reachable", "removed")
        .containsExactly(
            tuple("a8001", true, false),
            tuple("a8001", false, false),
            tuple("a8001", true, false),
            tuple("a8001", false, true));
  }

  /** Such an event ends the library's reader thread (NullPointerException); the link returns. */
  @Test
  void survivesAnEventThatKillsTheLibrarysReader() throws Exception {
    up();
    asterisk.event("Event: BridgeEnter", "Privilege: call,all");
    await().until(() -> link.session() > 1);
    asterisk.event(NEWCHANNEL);
    await().until(() -> events.getLast() instanceof ChannelStarted);
  }

  @Test
  void anOrderlyEndIsNoWarning() {
    try (LogLines log = LogLines.of(AmiLink.class)) {
      up();
      link.close();
      assertThat(log.containing("is closed")).hasSize(1);
      assertThat(log.containing("WARN")).isEmpty();
    }
  }

  @Test
  void comesBackAfterALostConnection() throws Exception {
    up();
    asterisk.drop();
    await().until(() -> link.session() > 1);
    assertThat(events).hasExactlyElementsOfTypes(LinkUp.class, LinkDown.class, LinkUp.class);
    assertThat(((LinkUp) events.get(2)).first()).isFalse();
    asterisk.event(NEWCHANNEL);
    await().until(() -> events.size() == 4);
    assertThat(link.session()).isEqualTo(asterisk.logins);
  }

  @Test
  void noticesAStalledAsterisk() {
    up();
    asterisk.stalled = true;
    await().atMost(Duration.ofSeconds(5)).until(() -> link.session() == 0);
    assertThat(events.getLast()).isInstanceOf(LinkDown.class);
    asterisk.stalled = false;
    await().atMost(Duration.ofSeconds(10)).until(() -> link.session() > 1);
  }

  @Test
  void aWrongPasswordIsTriedSeldom() throws Exception {
    link.close();
    connect("wrong");
    await().until(() -> asterisk.refusedLogins > 0);
    await().during(Duration.ofMillis(600)).until(() -> asterisk.refusedLogins == 1);
    assertThat(link.session()).isZero();
  }

  @Test
  void aWrongPasswordIsToldOnceHoweverOftenItIsTriedAndNeverShown() {
    link.close();
    AmiLink.Timing eager =
        new AmiLink.Timing(
            QUICK.ping(),
            QUICK.silence(),
            QUICK.answer(),
            QUICK.firstPause(),
            QUICK.longestPause(),
            Duration.ofMillis(20));
    try (LogLines log = LogLines.of(AmiLink.class)) {
      connect("never-to-be-seen", eager);
      await().until(() -> asterisk.refusedLogins >= 3);
      assertThat(log.containing("ERROR"))
          .hasSize(1)
          .first()
          .asString()
          .contains("engine@127.0.0.1");
      assertThat(log.containing("never-to-be-seen")).isEmpty();
    }
    assertThat(events).isEmpty();
    assertThat(new AmiLink.Login("h", 1, "u", "hidden").toString()).doesNotContain("hidden");
  }

  @Test
  void anUnansweredOrderIsUnknownAndSentOnce() {
    up();
    asterisk.swallow = true;
    CompletableFuture<Accepted> order =
        telephony.dialSite(
            new CallId("01JC000000000000000000ABCD"),
            "02155550106",
            "4008001234",
            "PJSIP/a8001-00000001",
            Duration.ofSeconds(20));
    assertThatThrownBy(() -> order.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(SwitchUnavailable.class);
    assertThat(asterisk.actions("Originate")).hasSize(1);
  }

  @Test
  void anOrderWithoutLinkFailsAtOnce() throws Exception {
    up();
    asterisk.stalled = true;
    asterisk.drop();
    await().until(() -> link.session() == 0);
    assertThatThrownBy(() -> telephony.hangUp("c-1.1").get(1, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SwitchUnavailable.class);
    assertThat(asterisk.actions("Hangup")).isEmpty();
  }

  @Test
  void ordersSayWhatTheSwitchAnswered() throws Exception {
    up();
    asterisk.answers = action -> "Response: Error\r\nMessage: Channel does not exist\r\n";
    Accepted refused = telephony.waitroom("PJSIP/trunk-00000001").get(2, TimeUnit.SECONDS);
    assertThat(refused).isEqualTo(new Accepted(false, "Channel does not exist"));
    asterisk.answers = action -> "Response: Success\r\n";
    Accepted taken =
        telephony
            .offer(
                "PJSIP/trunk-00000001",
                new AgentNumber("8023"),
                Duration.ofSeconds(20),
                Optional.empty())
            .get(2, TimeUnit.SECONDS);
    assertThat(taken.taken()).isTrue();
    assertThat(asterisk.actions("Setvar").get(0))
        .as("whom another line has announced is not announced again")
        .containsEntry("variable", "CARELINE_ANNOUNCE")
        .containsEntry("value", "");
    assertThat(asterisk.actions("Setvar").get(1))
        .containsEntry("variable", "CARELINE_RING")
        .containsEntry("value", "20");
    assertThat(asterisk.actions("Setvar").get(2))
        .containsEntry("variable", "CARELINE_AGENT")
        .containsEntry("value", "8023");
    assertThat(asterisk.actions("Redirect").getLast())
        .containsEntry("context", "careline-offer")
        .containsEntry("exten", "8023");
  }

  @Test
  void textFromOutsideNeverBecomesASecondAction() throws Exception {
    up();
    String injected = "PJSIP/x\r\n\r\nAction: Originate\r\nChannel: PJSIP/1@trunk";
    CallId id = new CallId("01JC000000000000000000ABCD");
    Duration ring = Duration.ofSeconds(10);
    for (CompletableFuture<Accepted> order :
        List.of(
            telephony.waitroom(injected),
            telephony.hangUp(injected),
            telephony.offer(injected, new AgentNumber("8023"), ring, Optional.empty()),
            telephony.dialSite(id, "123\r\nX: y", "", "PJSIP/a", ring),
            telephony.dialSite(id, "12345&PJSIP/1", "", "PJSIP/a", ring),
            telephony.dialSite(id, "12345", "1\n", "PJSIP/a", ring),
            telephony.dialSite(id, "12345", "", "PJSIP/a,b", ring),
            telephony.dialSite(id, "12345", "", "PJSIP/a", Duration.ofDays(1)),
            telephony.sendDigits("PJSIP/a", "1\r\nAction: x"),
            telephony.sendDigits(injected, "1"))) {
      assertThat(order.get(1, TimeUnit.SECONDS).taken()).isFalse();
    }
    for (String action : List.of("Originate", "Redirect", "Hangup", "Setvar", "PlayDTMF")) {
      assertThat(asterisk.actions(action)).isEmpty();
    }
  }

  @Test
  void aFailingConsumerDoesNotEndTheSession() throws Exception {
    link.close();
    events.clear();
    link =
        new AmiLink(
            new AmiLink.Login("127.0.0.1", asterisk.port(), "engine", FakeAsterisk.SECRET),
            QUICK,
            InstantSource.system(),
            event -> {
              events.add(event);
              throw new IllegalStateException("on purpose");
            });
    link.start();
    up();
    asterisk.event(NEWCHANNEL);
    asterisk.event(NEWCHANNEL);
    await().until(() -> events.size() == 3);
    assertThat(link.session()).isEqualTo(1);
  }
}

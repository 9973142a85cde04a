package org.careline.asterisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.telephony.Step;
import org.careline.telephony.TalkControl;
import org.careline.telephony.TalkControl.Colleague;
import org.careline.telephony.TalkControl.Outside;
import org.careline.telephony.TelephonyEvent.Bridged;
import org.careline.telephony.TelephonyEvent.ChannelEnded;
import org.careline.telephony.TelephonyEvent.ChannelStarted;
import org.careline.telephony.TelephonyEvent.Unbridged;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders about a talk on a real Asterisk: who hears whom, and what is recorded. */
class TalkControlTest {
  private static final Duration RING = Duration.ofSeconds(10);
  private static final int CALLER = 440;
  private static final int DESK = 1000;
  private static final int SITE = 620;

  private static LiveSwitch live;
  private AsteriskTalk talk;
  private String call;
  private String caller;
  private String leg;

  @BeforeAll
  static void start() throws Exception {
    live = new LiveSwitch();
  }

  @BeforeEach
  void twoTalk() throws Exception {
    live.afresh();
    talk = new AsteriskTalk(live.engine, "trunk", (endpoint, wanted) -> wanted);
    live.beat();
    AgentNumber agent = live.agent(8001);
    live.admit = arrival -> new Step.Connect(agent, RING);
    live.route = ended -> new Step.Refuse();
    live.call("4008001234", "13800138000", 60);
    ChannelStarted began = live.first(ChannelStarted.class, e -> e.context().equals("hotline"));
    call = began.uniqueId();
    caller = began.channel();
    leg = live.first(Bridged.class, e -> e.channel().startsWith("PJSIP/a8001")).channel();
  }

  @AfterAll
  static void stop() {
    if (live != null) {
      live.close();
    }
  }

  @Test
  void onHoldTheCallerHearsMusicTheAgentSilenceAndNothingIsRecorded() throws Exception {
    recordedMoreThan(1.5);
    LiveSwitch.taken(talk.hold(caller, leg));
    live.first(Unbridged.class, e -> e.uniqueId().equals(call));
    // the caller's own voice would be heard here, were he still with the agent
    Ear music = Ear.on(live, caller);
    Ear silence = Ear.on(live, leg);
    await().until(() -> music.heardSeconds() > 1.5 && silence.saidSeconds() > 1.5);
    assertThat(music.heard(CALLER)).isLessThan(300);
    assertThat(music.heard(DESK)).isLessThan(300);
    assertThat(music.heardLoudness()).as("music").isGreaterThan(50);
    assertThat(silence.heardLoudness()).as("silence").isLessThan(10);
    double held = seconds();
    await().pollDelay(Duration.ofMillis(1200)).until(() -> true);
    assertThat(seconds()).as("nothing of the hold is recorded").isEqualTo(held);

    int before = live.seen(Bridged.class).size();
    LiveSwitch.taken(talk.join(leg, caller, false));
    await().until(() -> live.seen(Bridged.class).size() == before + 2);
    bothRecorded(held + 2.5, CALLER, DESK);

    // muted: what is said is silence in the file, and times stay aligned
    LiveSwitch.taken(talk.mute(leg, true));
    double paused = seconds();
    await().until(() -> seconds() > paused + 3.5);
    Tones muted = Tones.of(live.recording(call));
    assertThat(muted.left(DESK)).isLessThan(50);
    assertThat(muted.right(CALLER)).isLessThan(50);
    LiveSwitch.taken(talk.mute(leg, false));
    bothRecorded(seconds() + 2.5, CALLER, DESK);

    live.talkEnds(leg);
    live.first(ChannelEnded.class, e -> e.uniqueId().equals(call));
  }

  @Test
  void aConsultedColleagueTakesTheCallerOver() throws Exception {
    AgentNumber other = live.agent(8002);
    recordedMoreThan(1.5);
    LiveSwitch.taken(talk.hold(caller, leg));
    live.first(Unbridged.class, e -> e.uniqueId().equals(call));
    await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    double held = seconds();
    CallId id = new CallId(call);
    LiveSwitch.taken(talk.consult(id, 1, new Colleague(other), caller, leg, RING));
    String third = TalkControl.consultLeg(id, 1);
    String colleague =
        live.first(Bridged.class, e -> e.uniqueId().equals(third) && e.callId() != null).channel();
    Ear asks = Ear.on(live, leg);
    await().until(() -> asks.heardSeconds() > 1.5);
    assertThat(asks.heard(DESK)).as("the colleague's voice").isGreaterThan(3000);
    assertThat(asks.heard(CALLER)).as("the caller hears nothing of it").isLessThan(300);
    assertThat(seconds()).as("what colleagues say is not recorded").isEqualTo(held);

    LiveSwitch.taken(talk.join(colleague, caller, false));
    LiveSwitch.taken(talk.hangUp(leg));
    live.first(ChannelEnded.class, e -> e.channel().equals(leg));
    bothRecorded(held + 2.5, CALLER, DESK);
    live.talkEnds(colleague);
    live.first(ChannelEnded.class, e -> e.uniqueId().equals(call));
    assertThat(live.seen(ChannelStarted.class).stream().map(ChannelStarted::uniqueId))
        .doesNotHaveDuplicates();
  }

  @Test
  void threeTalkAndTwoGoOn() throws Exception {
    recordedMoreThan(1.5);
    LiveSwitch.taken(talk.hold(caller, leg));
    CallId id = new CallId(call);
    // rings 0 s, talks 60 s
    LiveSwitch.taken(
        talk.consult(id, 7, new Outside("02155550000", "4008001234"), caller, leg, RING));
    String third = TalkControl.consultLeg(id, 7);
    String outside = live.first(Bridged.class, e -> e.uniqueId().equals(third)).channel();
    LiveSwitch.taken(talk.conference(caller, leg, outside, false));
    String room =
        live.first(
                Bridged.class,
                e ->
                    e.uniqueId().equals(call)
                        && live.seen(Bridged.class).stream()
                                .filter(b -> b.bridgeId().equals(e.bridgeId()))
                                .count()
                            == 3)
            .bridgeId();
    Ear ear = Ear.on(live, caller);
    await().until(() -> ear.heardSeconds() > 3);
    assertThat(ear.heard(DESK)).isGreaterThan(1500);
    assertThat(ear.heard(SITE)).isGreaterThan(1500);
    double three = seconds();
    await().atMost(Duration.ofSeconds(15)).until(() -> seconds() > three + 2.5);
    Tones tones = Tones.of(live.recording(call));
    assertThat(tones.left(DESK)).isGreaterThan(3000);
    assertThat(tones.right(CALLER)).isGreaterThan(1500);
    assertThat(tones.right(SITE)).isGreaterThan(1500);

    // the agent leaves, the two others go on
    LiveSwitch.taken(talk.rejoin(caller, outside, false));
    LiveSwitch.taken(talk.hangUp(leg));
    live.first(
        Bridged.class, e -> e.uniqueId().equals(call) && e.at().isAfter(lastLeft(room).at()));
    bothRecorded(seconds() + 2.5, CALLER, SITE);
    live.talkEnds(caller);
    live.first(ChannelEnded.class, e -> e.uniqueId().equals(third));
  }

  private Unbridged lastLeft(String bridge) {
    return live.first(
        Unbridged.class, e -> e.uniqueId().equals(call) && e.bridgeId().equals(bridge));
  }

  private double seconds() throws Exception {
    Path raw = live.recording(call);
    return Files.isRegularFile(raw) ? Tones.of(raw).seconds() : 0;
  }

  private void recordedMoreThan(double seconds) {
    await().atMost(Duration.ofSeconds(15)).until(() -> seconds() > seconds);
  }

  private void bothRecorded(double after, int right, int left) throws Exception {
    recordedMoreThan(after);
    Tones tones = Tones.of(live.recording(call));
    assertThat(tones.left(left)).isGreaterThan(3000);
    assertThat(tones.right(right)).isGreaterThan(3000);
  }
}

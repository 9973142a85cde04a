package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.agent.Wish;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.routing.Policy;
import org.careline.routing.PolicyParser;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies at work: agents 8001 and 8003 of grade 1, 8002 of grade 3. */
class PolicyRoutingTest {
  private static final String GRADED = "{\"after\": \"%s\", \"who\": \"graded\"}";

  @TempDir Path folder;
  private Stage stage;
  private final BookRules book = new BookRules();

  @BeforeEach
  void open() {
    stage = new Stage(folder);
    stage.dispatcher.by(book);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private void steps(String... steps) {
    save("ageing", "", steps);
  }

  private void save(String discipline, String more, String... steps) {
    book.policy =
        PolicyParser.parse(
            "default",
            1,
            "{\"discipline\": \"%s\", \"steps\": [%s]%s}"
                .formatted(discipline, String.join(",", steps), more));
    stage.dispatcher.changed();
    stage.turns.settle();
  }

  private static String step(String after, String who) {
    return "{\"after\": \"%s\", \"who\": \"%s\"}".formatted(after, who);
  }

  private static String last(String after) {
    return "{\"after\": \"%s\", \"who\": \"wider\", \"lowerGrades\": true}".formatted(after);
  }

  @Test
  void theAccountManagerFirstThenHisGradeThenAnybody() {
    steps(step("0s", "account_manager"), GRADED.formatted("20s"), last("40s"));
    book.manager = Optional.of(new AgentNumber("8003"));
    stage.ready("8003");
    stage.agents.wish(new AgentNumber("8003"), Wish.notReady("break"));
    stage.turns.settle();
    stage.waits("c1", "platinum");
    stage.ready("8002");
    stage.ready("8001");
    stage.pass(19, "8001", "8002", "8003");
    assertThat(stage.telephony.orders).as("kept for his manager").isEmpty();
    stage.pass(1, "8001", "8002", "8003");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-c1 8002 15");
  }

  @Test
  void nobodyWaitsForAManagerWhoIsNotThere() {
    steps(
        step("0s", "account_manager"), step("0s", "deputy"), GRADED.formatted("20s"), last("40s"));
    book.manager = Optional.of(new AgentNumber("8003"));
    stage.waits("c1", "platinum");
    stage.ready("8002");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-c1 8002 15");
  }

  /** Leave begins while the caller waits. */
  @Test
  void theDeputyWhileTheManagerIsOnLeave() {
    steps(
        step("0s", "account_manager"), step("0s", "deputy"), GRADED.formatted("60s"), last("90s"));
    book.manager = Optional.of(new AgentNumber("8003"));
    book.deputy = Optional.of(new AgentNumber("8001"));
    book.leaveFrom = stage.now().plusSeconds(10);
    stage.dispatcher.changed();
    stage.ready("8003");
    stage.agents.wish(new AgentNumber("8003"), Wish.notReady("break"));
    stage.waits("c1", "platinum");
    stage.ready("8001");
    stage.pass(9, "8001", "8003");
    assertThat(stage.telephony.orders).isEmpty();
    stage.pass(2, "8001", "8003");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-c1 8001 15");
  }

  /** What is saved decides on those who wait already, and their places. */
  @Test
  void aSavedPolicyReordersThoseWhoWait() {
    stage.waits("old", "standard");
    stage.pass(100);
    stage.waits("key", "platinum");
    stage.pass(1);
    assertThat(stage.dispatcher.order().getFirst().id().value()).isEqualTo("old");
    save("strict", "", GRADED.formatted("0s"), last("1s"));
    assertThat(stage.dispatcher.order().getFirst().id().value()).isEqualTo("key");
    assertThat(stage.dispatcher.position(new CallId("old"))).isEqualTo(2);
    stage.ready("8002");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-key 8002 15");
    save("fifo", "", GRADED.formatted("0s"), last("1s"));
    stage.ready("8001");
    assertThat(stage.telephony.orders.getLast()).isEqualTo("offer PJSIP/trunk-old 8001 15");
  }

  /** A new policy opens a step that has begun already. */
  @Test
  void aSavedStepWorksAtOnce() {
    steps(GRADED.formatted("0s"));
    stage.waits("c1", "platinum");
    stage.ready("8001");
    stage.pass(40, "8001");
    assertThat(stage.telephony.orders).as("lower grades are barred").isEmpty();
    steps(GRADED.formatted("0s"), last("30s"));
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-c1 8001 15");
  }

  @Test
  void agentsInReserveAreNotForStandardCallersNorForCallbacks() {
    save(
        "ageing",
        ", \"tiers\": {\"platinum\": {\"rank\": 1, \"weight\": 8, \"minGrade\": 3}},"
            + " \"reserve\": {\"agents\": 1, \"tier\": \"platinum\", \"atMost\": \"60s\"}",
        GRADED.formatted("0s"));
    stage.ready("8002");
    assertThat(stage.agents.spare()).as("kept for platinum").isEmpty();
    stage.ready("8001");
    assertThat(stage.agents.spare())
        .extracting(free -> free.number().value())
        .containsExactly("8001");
    stage.waits("s1", "standard");
    stage.waits("s2", "standard");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-s1 8001 15");
    stage.waits("k1", "platinum");
    assertThat(stage.telephony.orders.getLast()).isEqualTo("offer PJSIP/trunk-k1 8002 15");
  }

  /** Two lines that keep one such agent each keep the same one. */
  @Test
  void reservesOfSeveralPoliciesAreNotAddedUp() {
    stage.ready("8001");
    stage.ready("8002");
    stage.ready("8003");
    String reserve =
        ", \"tiers\": {\"platinum\": {\"rank\": 1, \"weight\": 8, \"minGrade\": %d}},"
            + " \"reserve\": {\"agents\": %d, \"tier\": \"platinum\", \"atMost\": \"60s\"}";
    save("ageing", reserve.formatted(1, 1), GRADED.formatted("0s"));
    Policy one = book.policy;
    save("ageing", reserve.formatted(1, 2), GRADED.formatted("0s"));
    book.byLine = Map.of("other", one);
    assertThat(stage.agents.spare()).hasSize(1);
    save("ageing", reserve.formatted(3, 1), GRADED.formatted("0s"));
    assertThat(stage.agents.spare())
        .as("the one of grade 3 is also one of grade 1")
        .extracting(free -> free.number().value())
        .containsExactlyInAnyOrder("8001", "8003");
  }

  /** Five minutes of talk are no wait: he has the steps of the 20 s that he has waited. */
  @Test
  void whoIsHandedOverHasWaitedWhatHeWaited() {
    steps(GRADED.formatted("0s"), last("60s"));
    CallId call = stage.waits("k1", "platinum");
    Instant joined = stage.now();
    stage.pass(20);
    stage.ready("8002");
    stage.rings("k1", "8002");
    stage.dialEnded("k1", "8002", "ANSWER");
    stage.pass(300, "8002");
    stage.agents.wish(new AgentNumber("8002"), Wish.notReady("break"));
    stage.calls.transferred(call, new AgentNumber("8002"), "8001");
    stage.room("k1");
    stage.ready("8001");
    assertThat(stage.state("k1")).as("lower grades after 60 s").isEqualTo("waiting");
    assertThat(stage.dispatcher.waiting())
        .singleElement()
        .satisfies(
            caller -> assertThat(caller.waited(stage.now())).isEqualTo(Duration.ofSeconds(20)));
    assertThat(stage.calls.find(call).orElseThrow().joinedAt()).contains(joined);
    stage.pass(39, "8001");
    assertThat(stage.state("k1")).isEqualTo("waiting");
    stage.pass(2, "8001");
    assertThat(stage.state("k1")).isEqualTo("offered");
  }

  @Test
  void whoHasWaitedLongEnoughMayHaveTheReserve() {
    save(
        "ageing",
        ", \"tiers\": {\"platinum\": {\"rank\": 1, \"weight\": 8, \"minGrade\": 3}},"
            + " \"reserve\": {\"agents\": 1, \"tier\": \"platinum\", \"atMost\": \"60s\"}",
        GRADED.formatted("0s"));
    stage.ready("8002");
    stage.waits("s1", "standard");
    stage.pass(59, "8002");
    assertThat(stage.telephony.orders).isEmpty();
    stage.pass(2, "8002");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-s1 8002 15");
  }

  /** Names, not codes: whom he went before, who was passed and why, who was asked before. */
  @Test
  void eachOfferSaysWhyInBothLanguages() {
    steps(step("0s", "account_manager"), GRADED.formatted("20s"));
    book.manager = Optional.of(new AgentNumber("8002"));
    stage.ready("8002");
    stage.agents.wish(new AgentNumber("8002"), Wish.notReady("break"));
    stage.turns.settle();
    stage.waits("key", "platinum");
    stage.pass(5, "8002");
    stage.waits("s1", "standard");
    stage.pass(5, "8002");
    stage.waits("s2", "standard");
    stage.pass(2, "8002");
    stage.ready("8001");
    stage.rings("s1", "8001");
    stage.pass(3, "8001", "8002");
    stage.dialEnded("s1", "8001", "NOANSWER");
    stage.room("s1");
    stage.ready("8003");
    List<CallEntry> offers = offers("s1");
    assertThat(offers.get(0).reasonEn())
        .isEqualTo(
            "Standard was first: weight 1 x 7 s waited = 7; 3 waiting; after him comes Standard"
                + " with 2 s waited, score 2; 1 ahead of him had nobody suitable ready: Platinum"
                + " (12 s waited, may have: his account manager, 王芳 8002); 王芳 8001 (grade 1)"
                + " comes by the step \"agents of his grade\", 0 s idle, the longest of those"
                + " suitable, 1 ready in all");
    assertThat(offers.get(0).reasonZh())
        .contains("普通排在首位：权重 1 × 已等待 7 秒 = 7")
        .contains("白金（已等待 12 秒，可由其客户经理 王芳 8002接听）")
        .doesNotContain("platinum");
    assertThat(offers.get(1).reasonEn()).endsWith("asked before without success: 王芳 8001");
    assertThat(offers.get(1).decision().asked()).containsExactly("8001");
    assertThat(offers.get(0).decision().ahead()).isEqualTo(1);
    assertThat(offers.get(0).decision().passed().getFirst().call()).isEqualTo("key");
    assertThat(offers.get(0).decision().behind().call()).isEqualTo("s2");
    assertThat(offers.get(0).decision().step()).isEqualTo("graded");
  }

  private List<CallEntry> offers(String id) {
    List<CallEntry> found = new ArrayList<>();
    stage.journal.flush().join();
    stage.journal.replay(
        0,
        entry -> {
          if (entry.kind().equals("call") && entry.key().equals(id)) {
            CallEntry line = entry.as(CallEntry.class);
            if (line.event().equals("offer_made")) {
              found.add(line);
            }
          }
        });
    return found;
  }

  /** An agent first; then the number outside, once; then he waits on. */
  @Test
  void aNumberOutsideWhenNoAgentSuits() {
    List<String> unreached = new ArrayList<>();
    stage.dispatcher.outsideBy(
        new OutsideCalls(
            stage.calls,
            stage.telephony,
            stage.turns,
            stage.turns,
            number -> number.startsWith("00") ? Optional.empty() : Optional.of("0" + number),
            call -> unreached.add(call.id().value())));
    save(
        "ageing",
        "",
        GRADED.formatted("0s"),
        "{\"after\": \"10s\", \"who\": \"external\", \"number\": \"00155512345\"}",
        "{\"after\": \"20s\", \"who\": \"external\", \"number\": \"13900000001\","
            + " \"ring\": \"25s\", \"press1\": true}");
    stage.waits("c1", "standard");
    stage.pass(19);
    assertThat(stage.telephony.orders).as("abroad is never dialled").isEmpty();
    stage.pass(1);
    assertThat(stage.telephony.orders)
        .containsExactly("external PJSIP/trunk-c1 013900000001 25 true");
    assertThat(stage.state("c1")).isEqualTo("overflowing");
    stage.ready("8001");
    assertThat(stage.telephony.orders).as("he is not offered meanwhile").hasSize(1);
    stage.agents.signedOut(new AgentNumber("8001"));
    stage.calls.overflowFailed(new CallId("c1"));
    stage.room("c1");
    stage.pass(60);
    assertThat(stage.telephony.orders).as("each number once").hasSize(1);
    assertThat(stage.state("c1")).isEqualTo("waiting");
    assertThat(unreached).as("that was no manager's mobile").isEmpty();
    stage.ready("8003");
    assertThat(stage.telephony.orders.getLast()).isEqualTo("offer PJSIP/trunk-c1 8003 15");
  }

  /** Nor is a mobile that must not be dialled reached: the manager has to know that. */
  @Test
  void aManagersMobileThatMustNotBeDialled() {
    List<String> unreached = new ArrayList<>();
    stage.dispatcher.outsideBy(
        new OutsideCalls(
            stage.calls,
            stage.telephony,
            stage.turns,
            stage.turns,
            number -> Optional.empty(),
            call -> unreached.add(call.id().value())));
    book.manager = Optional.of(new AgentNumber("8003"));
    book.mobile = Optional.of("+8613800000001");
    steps(
        GRADED.formatted("0s"),
        "{\"after\": \"10s\", \"who\": \"external\", \"number\": \"account_manager\"}",
        "{\"after\": \"10s\", \"who\": \"external\", \"number\": \"13900000001\"}");
    stage.waits("k1", "platinum");
    stage.pass(9);
    assertThat(unreached).isEmpty();
    stage.pass(20);
    assertThat(unreached).as("once, and not for the other number").containsExactly("k1");
    assertThat(stage.telephony.orders).isEmpty();
    assertThat(stage.state("k1")).isEqualTo("waiting");
  }

  /** A manager who does not take his mobile is told of it, once. */
  @Test
  void anUnreachedManagersMobile() {
    List<String> unreached = new ArrayList<>();
    stage.dispatcher.outsideBy(
        new OutsideCalls(
            stage.calls,
            stage.telephony,
            stage.turns,
            stage.turns,
            Optional::of,
            call -> unreached.add(call.id().value())));
    book.manager = Optional.of(new AgentNumber("8003"));
    book.mobile = Optional.of("+8613800000001");
    save(
        "ageing",
        "",
        step("0s", "account_manager"),
        GRADED.formatted("5s"),
        "{\"after\": \"10s\", \"who\": \"external\", \"number\": \"account_manager\"}");
    stage.waits("s1", "standard");
    stage.waits("k1", "platinum");
    stage.pass(11);
    assertThat(stage.telephony.orders)
        .as("only for him who has a manager; he must press 1")
        .containsExactly("external PJSIP/trunk-k1 +8613800000001 30 true");
    stage.calls.overflowFailed(new CallId("k1"));
    stage.room("k1");
    stage.ends("k1");
    assertThat(unreached).containsExactly("k1");

    // one who has talked before: the call stays answered by whom he talked to
    stage.waits("k2", "platinum");
    stage.ready("8003");
    stage.rings("k2", "8003");
    stage.dialEnded("k2", "8003", "ANSWER");
    stage.calls.transferred(new CallId("k2"), new AgentNumber("8003"), "queue");
    stage.room("k2");
    stage.pass(11);
    assertThat(stage.state("k2")).isEqualTo("overflowing");
    stage.on(new TelephonyEvent.Bridged(stage.now(), "k2", Stage.channel("k2"), "k2", "bridge"));
    assertThat(stage.state("k2")).isEqualTo("leaving");
    stage.ends("k2");
    assertThat(unreached).as("he was taken").containsExactly("k1");
  }

  /** Someone who cannot take it after all does not cost a caller his turn. */
  @Test
  void aConsoleThatFellSilentIsPassed() {
    stage.waits("c1", "standard");
    stage.ready("8001");
    stage.telephony.orders.clear();
    stage.ends("c1");
    stage.turns.pass(Duration.ofSeconds(11));
    stage.waits("c2", "standard");
    assertThat(stage.telephony.orders).isEmpty();
    stage.ready("8003");
    assertThat(stage.telephony.orders).containsExactly("offer PJSIP/trunk-c2 8003 15");
  }
}

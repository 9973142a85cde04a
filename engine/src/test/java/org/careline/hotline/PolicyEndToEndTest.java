package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.careline.agent.AgentNumber;
import org.careline.agent.Wish;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.harness.MySqlExtension;
import org.careline.routing.PolicyParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Policies at work on a real Asterisk: who is asked when, numbers outside, what is saved meanwhile.
 */
class PolicyEndToEndTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static final List<String> UNREACHED = new CopyOnWriteArrayList<>();
  private static LiveHotline live;
  private static BookRules book;

  @BeforeAll
  static void start() throws Exception {
    live = new LiveHotline(MYSQL.database());
    book = new BookRules();
    // callers of this line are key accounts
    book.key = caller -> "short".equals(caller.lineCode());
    live.mailbox.execute(
        () -> {
          live.hotline.dispatcher().by(book);
          live.hotline.ringOutside(Optional::of, call -> UNREACHED.add(call.id().value()));
        });
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
    await().atMost(Duration.ofSeconds(90)).ignoreExceptions().until(() -> live.live().isEmpty());
    live.mailbox.execute(
        () -> {
          book.manager = Optional.empty();
          book.deputy = Optional.empty();
          book.mobile = Optional.empty();
          book.leaveFrom = Instant.MAX;
        });
    UNREACHED.clear();
  }

  private static void save(String discipline, String... steps) {
    save(
        1,
        "{\"discipline\": \"%s\", \"steps\": [%s]}".formatted(discipline, String.join(",", steps)));
  }

  private static void save(int version, String document) {
    live.mailbox.execute(
        () -> {
          book.policy = PolicyParser.parse("default", version, document);
          live.hotline.dispatcher().changed();
        });
  }

  private static String step(String after, String who) {
    return "{\"after\": \"%s\", \"who\": \"%s\"}".formatted(after, who);
  }

  private static String outside(String after, String number) {
    return "{\"after\": \"%s\", \"who\": \"external\", \"number\": \"%s\", \"ring\": \"20s\"}"
        .formatted(after, number);
  }

  private static List<String> kinds(CallRepository.Story story) {
    return story.events().stream().map(CallRepository.Event::kind).toList();
  }

  private static List<String> stepsOf(CallRepository.Story story) {
    return story.events().stream()
        .filter(event -> event.kind().equals("offer_made"))
        .map(
            event ->
                event.detail().get("agent").asText()
                    + " "
                    + event.detail().at("/decision/step").asText())
        .toList();
  }

  /** 8101 never answers. He is asked at once, the others only when his time is over. */
  @Test
  void theAccountManagerFirstThenTheOthers() throws Exception {
    save("ageing", step("0s", "account_manager"), step("6s", "graded"));
    live.mailbox.execute(() -> book.manager = Optional.of(new AgentNumber("8101")));
    live.ready("8101");
    live.ready("8001");
    live.call(LiveHotline.SHORT_RING, 12);
    CallId id = live.in("talking");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(stepsOf(story)).containsExactly("8101 account_manager", "8001 graded");
    assertThat(story.call().waitMs()).isGreaterThanOrEqualTo(6000);
    assertThat(
            story.events().stream()
                .filter(event -> event.kind().equals("offer_made"))
                .toList()
                .getLast()
                .detail()
                .get("reasonZh")
                .asText())
        .contains("此前询问未果：王芳 8101");
  }

  @Test
  void theDeputyWhileTheManagerIsOnLeaveThoughHeIsThere() throws Exception {
    save("ageing", step("0s", "account_manager"), step("0s", "deputy"), step("30s", "graded"));
    live.mailbox.execute(
        () -> {
          book.manager = Optional.of(new AgentNumber("8001"));
          book.deputy = Optional.of(new AgentNumber("8002"));
          book.leaveFrom = Instant.EPOCH;
        });
    live.ready("8001");
    live.ready("8003");
    live.ready("8002");
    live.call(LiveHotline.SHORT_RING, 4);
    CallRepository.Story story = live.story(live.in("talking"));
    assertThat(stepsOf(story)).containsExactly("8002 deputy");
  }

  /** No agent is there: a number outside is rung, answers, and the call has overflowed. */
  @Test
  void overflowToANumberOutside() throws Exception {
    save("ageing", step("0s", "graded"), outside("2s", "13900000105"));
    live.call(LiveHotline.PLAIN, 20);
    CallId id = live.in("overflowing");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("overflowed");
    assertThat(kinds(story))
        .containsSubsequence("joined", "overflow_made", "overflow_answered", "hung_up");
    Sound sound = Sound.of(live.recording(id));
    assertThat(sound.right(620)).as("the person outside is recorded").isGreaterThan(3000);
  }

  /** The account manager's own mobile: he presses 1. */
  @Test
  void theManagerTakesTheCallOnHisMobile() {
    save("ageing", step("0s", "graded"), outside("1s", "account_manager"));
    live.mailbox.execute(
        () -> {
          book.manager = Optional.of(new AgentNumber("8101"));
          book.mobile = Optional.of("13910000004");
        });
    live.call(LiveHotline.SHORT_RING, 30);
    CallRepository.Story story = live.story(live.in("overflowing"));
    assertThat(story.call().outcome()).isEqualTo("overflowed");
    assertThat(UNREACHED).isEmpty();
  }

  /** A voice mail box presses nothing: not reached, the caller waits on and gets an agent. */
  @Test
  void aMailboxIsNotTheManager() throws Exception {
    save("ageing", step("0s", "graded"), outside("1s", "account_manager"));
    live.mailbox.execute(
        () -> {
          book.manager = Optional.of(new AgentNumber("8101"));
          book.mobile = Optional.of("13900000096");
        });
    live.call(LiveHotline.SHORT_RING, 40);
    CallId id = live.in("overflowing");
    Instant place = live.joinedAt(id);
    await().atMost(Duration.ofSeconds(40)).until(() -> UNREACHED.contains(id.value()));
    assertThat(live.in("waiting")).isEqualTo(id);
    assertThat(live.joinedAt(id)).isEqualTo(place);
    live.ready("8001");
    assertThat(live.in("talking")).isEqualTo(id);
    live.hangUpDeskPhone("8001");
    CallRepository.Story story = live.story(id);
    assertThat(story.call().outcome()).isEqualTo("answered");
    assertThat(kinds(story)).containsSubsequence("overflow_made", "overflow_failed", "answered");
  }

  /** He wants an installation; 8001 cannot, and is asked only when the wider step begins. */
  @Test
  void anAgentWithoutTheSkillWhenTheWiderStepBegins() throws Exception {
    save("ageing", step("0s", "graded"), step("5s", "wider"));
    live.ready("8001");
    double before =
        LiveHotline.seconds("recording-notice", "zh") + LiveHotline.seconds("greeting", "zh");
    // keys typed before the menu are dropped
    String pause = "w".repeat((int) Math.ceil(2 * (before + 3)));
    live.call(LiveHotline.DIALOGUE, "13800138000", pause + "1", 30);
    CallId id = live.in("talking");
    live.hangUp(id);
    CallRepository.Story story = live.story(id);
    assertThat(stepsOf(story)).containsExactly("8001 wider");
    assertThat(story.call().waitMs()).isGreaterThanOrEqualTo(5000);
  }

  /** Key accounts want grade 3. The agents of grade 1 are for others, until the last step. */
  @Test
  void lowerGradesAreBarredFromKeyAccountsUntilTheLastStep() throws Exception {
    save(
        1,
        """
        {"tiers": {"platinum": {"rank": 1, "weight": 8, "minGrade": 3}},
         "steps": [{"after": "0s", "who": "graded"},
                   {"after": "8s", "who": "wider", "lowerGrades": true}]}
        """);
    live.ready("8001");
    live.call(LiveHotline.SHORT_RING, 40);
    CallId key = live.in("waiting");
    live.call(LiveHotline.PLAIN, 40);
    CallId other = live.in("talking");
    assertThat(other).as("who came later has the agent").isNotEqualTo(key);
    live.ready("8002");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                live.live().stream()
                    .anyMatch(c -> c.id().equals(key) && c.state().kind().equals("talking")));
    live.hangUp(key);
    live.hangUp(other);
    CallRepository.Story story = live.story(key);
    assertThat(stepsOf(story)).containsExactly("8002 wider");
    assertThat(story.call().waitMs()).isGreaterThanOrEqualTo(8000);
    assertThat(stepsOf(live.story(other))).containsExactly("8001 graded");
  }

  /** What is saved while two callers wait decides who of them is next. */
  @Test
  void aSavedPolicyReordersThoseWhoWait() throws Exception {
    save("fifo", step("0s", "graded"));
    live.call(LiveHotline.PLAIN, 14);
    CallId first = live.in("waiting");
    live.call(LiveHotline.SHORT_RING, 14);
    await()
        .until(
            () -> live.live().stream().filter(call -> call.offerable(Instant.now())).count() == 2);
    assertThat(order().getFirst()).isEqualTo(first);
    save(
        2,
        """
        {"discipline": "strict",
         "tiers": {"platinum": {"rank": 1, "weight": 8}},
         "steps": [{"after": "0s", "who": "graded"}]}
        """);
    await().atMost(Duration.ofSeconds(1)).until(() -> !order().getFirst().equals(first));
    live.ready("8001");
    assertThat(live.in("talking")).isNotEqualTo(first);
    live.mailbox.execute(
        () -> live.hotline.agents().wish(new AgentNumber("8001"), Wish.notReady("break")));
    live.hangUpDeskPhone("8001");
  }

  private static List<CallId> order() {
    return live.mailbox.ask(
        Duration.ofSeconds(1),
        () -> live.hotline.dispatcher().order().stream().map(call -> call.id()).toList());
  }
}

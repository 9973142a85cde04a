package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.careline.call.CallId;
import org.careline.callback.PlayedAttempts;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An agent's attempt and its form over HTTP, on the real attempts: what is refused, and why. */
class CallbackAttemptsTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  private static final String RULES =
      """
      {"windows":{"default":{"mon-sun":["09:00-18:00"]}},"officeDays":"all",
       "tradeCalendar":{"default":[]},
       "caps":{"perDay":100,"perWeek":100,"perRound":6,"spacing":"0s","perNumberMinute":100,
        "perNumberHour":1000}}
      """;

  /** Ten o'clock in Shanghai. */
  private static final Instant MORNING = Instant.parse("2026-06-10T02:00:00Z");

  private volatile Instant now = MORNING;
  private PlayedAttempts played;
  private CallbackAttempts attempts;
  private TestWeb web;
  private CallId id;

  @BeforeAll
  static void users() {
    TestWeb.users(mysql.database());
  }

  @AfterEach
  void stop() {
    web.close();
    played.close();
  }

  @Test
  void nobodyReachesAnotherAgentsAttempt() throws Exception {
    id = played.begin();
    for (String login : new String[] {"wang", "desk"}) {
      String other = web.signIn(login);
      assertThat(TestWeb.error(post("dial", other, null))).isEqualTo("404 not_found");
      assertThat(TestWeb.error(post("hang-up", other, null))).isEqualTo("404 not_found");
      assertThat(TestWeb.error(put(other, Map.of("fault", "no")))).isEqualTo("404 not_found");
      assertThat(TestWeb.error(form(other, "completed"))).isEqualTo("404 not_found");
    }
    assertThat(TestWeb.error(post("dial", web.signIn("boss"), null))).startsWith("403 ");
    id = new CallId("01JDTEST00000000000000000A");
    assertThat(TestWeb.error(post("dial", li(), null))).isEqualTo("404 not_found");
  }

  @Test
  void beforeAnybodyHasAnsweredThereIsNothingToWriteDown() throws Exception {
    id = played.begin();
    String li = li();
    assertThat(TestWeb.error(put(li, Map.of("fault", "no")))).isEqualTo("409 not_answered");
    assertThat(TestWeb.error(form(li, "partial"))).isEqualTo("409 not_answered");
    assertThat(post("dial", li, null).statusCode()).isEqualTo(204);
    assertThat(TestWeb.error(form(li, "partial"))).isEqualTo("409 not_answered");
  }

  @Test
  void outsideTheCallingWindowNobodyIsDialled() throws Exception {
    id = played.begin();
    now = MORNING.plus(Duration.ofHours(9));
    assertThat(TestWeb.error(post("dial", li(), null))).isEqualTo("409 window_closed");
  }

  @Test
  void aWindowThatClosesWhileTheAgentsPhoneRingsKeepsTheSiteQuiet() throws Exception {
    id = played.begin();
    now = MORNING.plus(Duration.ofHours(8)).minusSeconds(5);
    assertThat(post("dial", li(), null).statusCode()).isEqualTo(204);
    now = MORNING.plus(Duration.ofHours(8));
    played.answered(id);
    await()
        .until(
            () ->
                played
                    .mailbox()
                    .ask(Duration.ofSeconds(5), () -> played.attempts().view(id))
                    .isEmpty());
    assertThat(played.rung(id)).isFalse();
  }

  @Test
  void answersOfTheWrongKindAreRefusedWithTheirReasons() throws Exception {
    talk();
    String li = li();
    assertThat(reasons(put(li, Map.of("colour", "red"))))
        .isEqualTo("400 answers_refused [\"colour unknown_question\"]");
    for (String wrong : new String[] {"0", "6", "3.5", "five", "5 "}) {
      assertThat(reasons(put(li, Map.of("satisfaction", wrong))))
          .isEqualTo("400 answers_refused [\"satisfaction wrong_value\"]");
    }
    assertThat(reasons(put(li, Map.of("fault", "maybe"))))
        .isEqualTo("400 answers_refused [\"fault wrong_value\"]");
    assertThat(reasons(put(li, Map.of("fault_solved", "yes"))))
        .as("asked only after a fault")
        .isEqualTo("400 answers_refused [\"fault_solved not_asked\"]");
    assertThat(put(li, Map.of("fault", Map.of("a", 1))).statusCode()).isEqualTo(400);
    assertThat(work().answers()).isEmpty();

    assertThat(put(li, Map.of("fault", "yes", "fault_solved", "no")).statusCode()).isEqualTo(204);
    assertThat(reasons(put(li, Map.of("satisfaction", "5", "colour", "red"))))
        .as("all or nothing")
        .startsWith("400 answers_refused");
    assertThat(work().answers()).isEqualTo(Map.of("fault", "yes", "fault_solved", "no"));
    assertThat(put(li, Map.of("fault", "no")).statusCode()).isEqualTo(204);
    assertThat(work().answers()).as("falls away").isEqualTo(Map.of("fault", "no"));
  }

  @Test
  void theAgentSeesTheExtensionToAskFor() throws Exception {
    mysql.database().jdbi().useHandle(h -> h.execute("UPDATE phone SET extension = '801'"));
    id = played.begin();
    Views.ContactView contact = work().contact();
    assertThat(contact.extension()).isEqualTo("801");
    assertThat(contact.masked().extension()).isEqualTo("801");
    assertThat(contact.masked().number()).isNotEqualTo(contact.number());
  }

  /** The account of li speaks Chinese. */
  @Test
  void theReasonsAreInTheAgentsLanguage() throws Exception {
    talk();
    String li = li();
    assertThat(message(put(li, Map.of("colour", "red")))).isEqualTo("问卷中没有问题 colour");
    assertThat(message(put(li, Map.of("fault", "maybe")))).isEqualTo("问题 fault 不能这样回答：应为 yes 或 no");
    assertThat(message(put(li, Map.of("fault_solved", "yes"))))
        .isEqualTo("按其他答案，不应再问 fault_solved");
    assertThat(message(form(li, "completed"))).isEqualTo("以下问题尚未回答：fault, satisfaction");
    assertThat(message(form(li, "referred"))).isEqualTo("此结果需要填写备注");
  }

  @Test
  void aFormThatIsNotWholeIsRefused() throws Exception {
    talk();
    String li = li();
    assertThat(TestWeb.error(form(li, "happy"))).startsWith("400 ");
    assertThat(reasons(form(li, "completed")))
        .isEqualTo("400 answers_missing [\"fault\",\"satisfaction\"]");
    put(li, Map.of("fault", "yes", "satisfaction", "5"));
    assertThat(reasons(form(li, "completed"))).isEqualTo("400 answers_missing [\"fault_solved\"]");
    for (String needsNote : new String[] {"refused_for_good", "site_moved", "referred"}) {
      assertThat(TestWeb.error(form(li, needsNote))).isEqualTo("400 note_required");
      assertThat(TestWeb.error(form(li, needsNote, "note", " \n "))).isEqualTo("400 note_required");
    }
    assertThat(TestWeb.error(form(li, "partial", "note", "x".repeat(2001)))).startsWith("400 ");
    assertThat(work().state()).as("nothing of it has ended the attempt").isEqualTo("talking");
    assertThat(form(li, "refused_for_good", "note", "lawyer wrote").statusCode()).isEqualTo(204);
  }

  @Test
  void anAppointmentLiesAheadAndInsideTheWindow() throws Exception {
    talk();
    String li = li();
    Instant tomorrow = MORNING.plus(Duration.ofDays(1));
    assertThat(TestWeb.error(form(li, "appointment"))).isEqualTo("400 invalid");
    assertThat(TestWeb.error(form(li, "appointment", "appointmentAt", "tomorrow")))
        .isEqualTo("400 invalid");
    assertThat(TestWeb.error(form(li, "partial", "appointmentAt", tomorrow.toString())))
        .isEqualTo("400 invalid");
    for (Instant past : new Instant[] {MORNING, MORNING.minusSeconds(60)}) {
      assertThat(TestWeb.error(form(li, "appointment", "appointmentAt", past.toString())))
          .isEqualTo("400 appointment_past");
    }
    Instant night = tomorrow.plus(Duration.ofHours(12));
    assertThat(reasons(form(li, "appointment", "appointmentAt", night.toString())))
        .isEqualTo("400 appointment_outside_window [\"2026-06-12T01:00:00Z\"]");
    assertThat(work().state()).isEqualTo("talking");
    assertThat(form(li, "appointment", "appointmentAt", tomorrow.toString()).statusCode())
        .isEqualTo(204);
  }

  @Test
  void theSameFormAgainIsAnEchoAnotherOneComesTooLate() throws Exception {
    talk();
    String li = li();
    assertThat(form(li, "partial").statusCode()).isEqualTo(204);
    assertThat(form(li, "partial").statusCode()).as("sent twice").isEqualTo(204);
    assertThat(TestWeb.error(form(li, "refused_this_round"))).isEqualTo("409 already_settled");
    assertThat(TestWeb.error(put(li, Map.of("fault", "no")))).isEqualTo("409 already_settled");
    assertThat(TestWeb.error(post("dial", li, null))).isEqualTo("409 already_settled");
    assertThat(TestWeb.error(form(web.signIn("wang"), "partial"))).isEqualTo("404 not_found");
  }

  @Test
  void whatIsNotOnDiskIsNotConfirmed() throws Exception {
    talk();
    played.loseJournal();
    assertThatThrownBy(() -> attempts.answers(id, Optional.empty(), "li", Map.of("fault", "no")))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(503));
  }

  @BeforeEach
  void start() {
    played =
        new PlayedAttempts(
            mysql.database(), TestFolders.create("attempts"), RULES, "8001", () -> now);
    attempts = new CallbackAttempts(played.mailbox(), played.attempts(), played.forms());
    Desks fakes = new FakeDesks().desks();
    web =
        new TestWeb(
            mysql.database(),
            TestWeb.folder(),
            new Desks(
                fakes.agents(),
                fakes.calls(),
                attempts,
                fakes.rounds(),
                fakes.reference(),
                fakes.status(),
                fakes.phones(),
                fakes.figures(),
                fakes.talks(),
                fakes.policies(),
                fakes.tasks(),
                fakes.people(),
                fakes.forms()));
  }

  /** The site has answered and speaks. */
  private void talk() throws Exception {
    id = played.begin();
    attempts.dial(id);
    played.answered(id);
    assertThat(work().state()).isEqualTo("talking");
  }

  private Views.AttemptWork work() {
    return attempts.of(id).orElseThrow();
  }

  private String li() {
    return web.signIn("li");
  }

  @Test
  void answersAndResultsNameASiteOfTheCall() throws Exception {
    talk();
    String li = li();
    String path = "/api/v1/attempts/" + id;
    String site = work().site().code();
    Map<String, String> no = Map.of("fault", "no");
    assertThat(TestWeb.error(web.call("PUT", path + "/answers?site=NOPE", li, no)))
        .isEqualTo("404 no_site");
    assertThat(TestWeb.error(web.call("PUT", path + "/answers?site=" + "x".repeat(65), li, no)))
        .startsWith("404");
    assertThat(web.call("PUT", path + "/answers?site=" + site, li, no).statusCode()).isEqualTo(204);
    assertThat(TestWeb.error(form(li, "partial", "site", "NOPE"))).isEqualTo("404 no_site");
    assertThat(TestWeb.error(form(li, "partial", "referral", "Wang"))).startsWith("400 ");
    assertThat(TestWeb.error(form(li, "appointment", "appointmentWith", "him"))).startsWith("400 ");
    assertThat(form(li, "partial", "site", site).statusCode()).isEqualTo(204);
    assertThat(form(li, "partial", "site", site).statusCode()).as("its echo").isEqualTo(204);
    assertThat(TestWeb.error(form(li, "completed", "site", site))).startsWith("409 ");
  }

  private HttpResponse<String> post(String what, String cookie, Object body) {
    return web.call("POST", "/api/v1/attempts/" + id + "/" + what, cookie, body);
  }

  private HttpResponse<String> put(String cookie, Map<String, ?> answers) {
    return web.call("PUT", "/api/v1/attempts/" + id + "/answers", cookie, answers);
  }

  /**
   * @param more names and values of further fields
   */
  private HttpResponse<String> form(String cookie, String disposition, String... more) {
    Map<String, String> body = new HashMap<>(Map.of("disposition", disposition));
    for (int i = 0; i < more.length; i += 2) {
      body.put(more[i], more[i + 1]);
    }
    return post("disposition", cookie, body);
  }

  private static String message(HttpResponse<String> answer) {
    return TestWeb.json(answer).path("message").asText();
  }

  private static String reasons(HttpResponse<String> answer) {
    return TestWeb.error(answer) + " " + TestWeb.json(answer).at("/details/reasons");
  }
}

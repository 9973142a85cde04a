package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.careline.call.CallId;
import org.careline.callback.Danger;
import org.careline.callback.Disposition;
import org.careline.callback.PlayedAttempts;
import org.careline.callback.Seed;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers of a site and its devices: kept with call and second, changed, void, corrected. */
class SiteAnswersTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  private static final String QUESTIONS =
      """
      {"sections":[
       {"code":"general","titleEn":"a","titleZh":"b","questions":[
        {"code":"fault","type":"yes_no","textEn":"a","textZh":"b","required":true}]},
       {"code":"devices","titleEn":"a","titleZh":"b","perDevice":true,
        "onlyWhen":{"code":"fault","equals":"yes"},"questions":[
        {"code":"fault_code","type":"text","textEn":"a","textZh":"b","longest":32},
        {"code":"solved_on_phone","type":"yes_no","textEn":"a","textZh":"b","required":true},
        {"code":"told","type":"text","textEn":"a","textZh":"b"}]}]}
      """;

  private volatile Instant now = Instant.parse("2026-06-10T02:00:00Z");
  private PlayedAttempts played;
  private CallId id;
  private String site;
  private String one;
  private String two;
  private TestWeb web;
  private String plan;

  @BeforeAll
  static void users() {
    TestWeb.users(mysql.database());
  }

  @BeforeEach
  void talk() throws Exception {
    played =
        new PlayedAttempts(
            mysql.database(), TestFolders.create("answers"), Seed.ANY_HOUR, "8001", () -> now);
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("UPDATE questionnaire SET definition = ?", QUESTIONS);
              handle.execute(
                  "INSERT INTO device (site_id, model, serial)"
                      + " SELECT id, 'Boiler X', 'S1' FROM site UNION ALL"
                      + " SELECT id, 'Fan', '' FROM site");
            });
    id = played.begin();
    answered();
    site = played.attempts().view(id).orElseThrow().site().siteCode();
    List<Long> devices = played.attempts().view(id).orElseThrow().form().asked().ids();
    one = "@" + devices.get(0);
    two = "@" + devices.get(1);
    web = new TestWeb(mysql.database(), TestWeb.folder());
    plan = web.signIn("plan");
  }

  private void answered() {
    played
        .mailbox()
        .ask(
            Duration.ofSeconds(5),
            () -> {
              played.attempts().dial(id);
              return true;
            });
    played.answered(id);
  }

  @AfterEach
  void end() {
    web.close();
    played.close();
  }

  private void save(Map<String, String> answers) throws Exception {
    played
        .mailbox()
        .ask(Duration.ofSeconds(5), () -> played.forms().answers(id, "li", answers))
        .get(5, TimeUnit.SECONDS);
  }

  private void done(Disposition disposition, String note) throws Exception {
    played
        .mailbox()
        .ask(
            Duration.ofSeconds(5),
            () -> played.forms().disposition(id, "li", disposition, note, Optional.empty()))
        .get(5, TimeUnit.SECONDS);
    played.deliver();
  }

  private JsonNode book() {
    HttpResponse<String> answer =
        web.get("/api/v1/campaigns/played/rounds/1/answers?site=" + site, plan);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return TestWeb.json(answer);
  }

  private HttpResponse<String> correct(String key, String value, String why) {
    return web.call(
        "POST",
        "/api/v1/campaigns/played/rounds/1/answers/corrections",
        plan,
        Map.of("site", site, "key", key, "value", value, "why", why));
  }

  private static List<String> said(JsonNode list, String... fields) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(
            row ->
                String.join(
                    " ", List.of(fields).stream().map(field -> row.get(field).asText()).toList()))
        .toList();
  }

  @Test
  void eachAnswerHasItsDeviceCallAndSecondAndWhatItReplacesStays() throws Exception {
    now = now.plusMillis(1500);
    save(Map.of("fault", "yes"));
    now = now.plusMillis(3000);
    save(Map.of("solved_on_phone" + one, "yes", "solved_on_phone" + two, "no"));
    now = now.plusMillis(2000);
    save(Map.of("solved_on_phone" + two, "yes", "told" + two, "dusty"));
    now = now.plusMillis(1000);
    save(Map.of("told" + two, ""));
    played.deliver();
    JsonNode book = book();
    assertThat(said(book.get("answers"), "key", "value", "device", "second", "callId"))
        .containsExactlyInAnyOrder(
            "fault yes  1.5 " + id,
            "solved_on_phone" + one + " yes Boiler X S1 4.5 " + id,
            "solved_on_phone" + two + " yes Fan 6.5 " + id);
    assertThat(said(book.get("former"), "key", "value", "second", "kind", "replacedBy"))
        .containsExactly(
            "told" + two + " dusty 6.5 changed li", "solved_on_phone" + two + " no 4.5 changed li");
    now = now.plusMillis(1000);
    save(Map.of("fault", "no"));
    done(Disposition.COMPLETED, "");
    book = book();
    assertThat(said(book.get("answers"), "key", "value")).containsExactly("fault no");
    assertThat(said(book.get("former"), "key", "value", "kind"))
        .contains(
            "fault yes changed",
            "solved_on_phone" + one + " yes void",
            "solved_on_phone" + two + " yes void")
        .hasSize(5);
  }

  @Test
  void aCorrectionKeepsTheFormerValueWithWhoAndWhy() throws Exception {
    save(Map.of("fault", "yes", "solved_on_phone" + one, "no", "solved_on_phone" + two, "no"));
    played.deliver();
    assertThat(TestWeb.error(correct("fault", "no", "misheard")))
        .as("the call goes on")
        .isEqualTo("409 call_goes_on");
    done(Disposition.COMPLETED, "");
    now = now.plusSeconds(60);
    assertThat(TestWeb.error(correct("fault", "no", " "))).isEqualTo("400 why_missing");
    assertThat(TestWeb.error(correct("fault", "maybe", "x"))).isEqualTo("400 answers_refused");
    assertThat(TestWeb.error(correct("colour", "red", "x"))).isEqualTo("400 answers_refused");
    assertThat(correct("solved_on_phone" + one, "yes", "heard in the recording").statusCode())
        .isEqualTo(200);
    JsonNode book = book();
    assertThat(
            said(
                book.get("answers"), "key", "value", "by", "correctedBy", "correctedWhy", "callId"))
        .contains("solved_on_phone" + one + " yes li plan heard in the recording " + id);
    assertThat(said(book.get("former"), "key", "value", "by", "replacedBy", "kind", "why"))
        .containsExactly("solved_on_phone" + one + " no li plan corrected heard in the recording");
    mysql
        .database()
        .jdbi()
        .useHandle(handle -> handle.execute("DELETE FROM device WHERE id = ?", two.substring(1)));
    assertThat(correct("solved_on_phone" + one, "no", "heard once more").statusCode())
        .isEqualTo(200);
    assertThat(said(book().get("answers"), "key", "value", "device"))
        .as("what was said of a device that an import has removed stands")
        .contains("solved_on_phone" + two + " no Fan");
    assertThat(correct("fault", "no", "wrong site").statusCode()).isEqualTo(200);
    assertThat(said(book().get("answers"), "key", "value")).containsExactly("fault no");
    JsonNode back = TestWeb.json(correct("fault", "yes", "right after all"));
    assertThat(said(back.get("former"), "key", "value", "kind"))
        .contains("solved_on_phone" + one + " no void", "fault no corrected");
    assertThat(back.get("missing"))
        .extracting(JsonNode::asText)
        .containsExactly("solved_on_phone" + one);
    assertThat(correct("solved_on_phone" + one, "yes", "heard again").statusCode())
        .as("added from the recording")
        .isEqualTo(200);
    assertThat(TestWeb.error(web.get("/api/v1/campaigns/played/rounds/2/answers?site=P0", plan)))
        .isEqualTo("404 no_form");
    assertThat(
            web.get("/api/v1/campaigns/played/rounds/1/answers?site=" + site, web.signIn("li"))
                .statusCode())
        .isEqualTo(403);
  }

  /**
   * Who looks gives no reason: numbers said in a talk are masked, and no mask becomes the answer.
   */
  @Test
  void numbersInAnswersAreMaskedAndTheMaskIsNoAnswer() throws Exception {
    String told = "told" + one;
    save(Map.of("fault", "yes", told, "ring Wang, 138 0013 8000"));
    save(Map.of(told, "ring Li, +8613900139000, 600*1200"));
    done(Disposition.PARTIAL, "");
    JsonNode book = book();
    assertThat(said(book.get("answers"), "key", "value"))
        .contains(told + " ring Li, 139****9000, 600*1200");
    assertThat(said(book.get("former"), "key", "value")).contains(told + " ring Wang, 138****8000");
    for (String masked : List.of("ask for Li, 139****9000", "ring Wang, 138****8000")) {
      HttpResponse<String> refused = correct(told, masked, "misheard");
      assertThat(TestWeb.error(refused)).isEqualTo("400 invalid");
      assertThat(refused.body()).contains("请填写完整号码");
    }
    HttpResponse<String> corrected =
        correct(told, "ask for Li, 13900139001, 600*1200", "he said 13900139001");
    assertThat(corrected.statusCode()).isEqualTo(200);
    assertThat(corrected.body())
        .contains("ask for Li, 139****9001, 600*1200", "he said 139****9001")
        .doesNotContain("13900139001", "13900139000");
    List<String> stored =
        mysql
            .database()
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT value FROM answer WHERE question_code = 'told'")
                        .mapTo(String.class)
                        .list());
    assertThat(stored).containsExactly("ask for Li, 13900139001, 600*1200");
  }

  /** What was said last time stands beside, and where the question was another one it says so. */
  @Test
  void theNextRoundShowsWhatTheLastOneSaid() throws Exception {
    save(Map.of("fault", "yes", "solved_on_phone" + one, "no", "solved_on_phone" + two, "yes"));
    done(Disposition.COMPLETED, "");
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "INSERT INTO questionnaire (code, version, definition) VALUES ('standard', 2, ?)",
                  QUESTIONS.replaceFirst("\"textEn\":\"a\"", "\"textEn\":\"in 90 days\""));
              handle.execute("UPDATE campaign SET questionnaire_version = 2");
            });
    assertThat(played.formOfNextRound(site).questionnaire().version()).isEqualTo(2);
    var before = played.formOfNextRound(site).before().orElseThrow();
    assertThat(before.round()).isEqualTo(1);
    assertThat(before.answers())
        .isEqualTo(
            Map.of("fault", "yes", "solved_on_phone" + one, "no", "solved_on_phone" + two, "yes"));
    assertThat(before.reworded()).containsExactly("fault");
    assertThat(book().at("/questionnaire/version").asInt())
        .as("the round that is open keeps its version")
        .isEqualTo(1);
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("UPDATE campaign SET questionnaire_version = 1");
              handle.execute("UPDATE round SET questionnaire_version = 1");
              handle.execute("DELETE FROM questionnaire WHERE version = 2");
            });
  }

  /** Somebody is told of danger at once, once for a call; a card may say that a fault is one. */
  @Test
  void dangerIsToldOnceForACall() throws Exception {
    save(Map.of("fault", "yes", "told" + one, "no smoking here, a smoker's corner"));
    assertThat(played.dangers).isEmpty();
    save(Map.of("told" + two, "店员说有点漏电，手麻"));
    save(Map.of("told" + one, "smoke came out"));
    assertThat(played.dangers).extracting(Danger::said).containsExactly("漏电: 店员说有点漏电，手麻");
    assertThat(played.dangers.getFirst().site().siteCode()).isEqualTo(site);
    done(Disposition.PARTIAL, "");
    HttpResponse<String> card =
        web.call(
            "POST",
            "/api/v1/fault-cards",
            plan,
            Map.of(
                "model",
                "boiler x",
                "faultCode",
                "E1",
                "titleEn",
                "Gas valve",
                "titleZh",
                "燃气阀",
                "danger",
                true));
    assertThat(card.statusCode()).as(card.body()).isEqualTo(201);
    id = played.begin();
    answered();
    List<Long> devices = played.attempts().view(id).orElseThrow().form().asked().ids();
    save(Map.of("fault", "yes", "fault_code@" + devices.get(1), "E1"));
    assertThat(played.dangers).as("another model").hasSize(1);
    save(Map.of("fault_code@" + devices.get(0), "e 1"));
    assertThat(played.dangers).extracting(Danger::said).last().asString().contains("燃气阀");
    mysql.database().jdbi().useHandle(handle -> handle.execute("DELETE FROM fault_card"));
    done(Disposition.PARTIAL, "");
    id = played.begin();
    answered();
    long fan = played.attempts().view(id).orElseThrow().form().asked().ids().get(1);
    save(Map.of("fault", "yes", "fault_code@" + fan, "漏电"));
    assertThat(played.dangers).extracting(Danger::said).last().isEqualTo("漏电: 漏电");
  }
}

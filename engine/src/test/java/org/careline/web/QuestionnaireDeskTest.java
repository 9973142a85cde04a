package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.careline.callback.Seed;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Schedulers edit a questionnaire, try it and publish it, over HTTP. */
class QuestionnaireDeskTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static TestWeb web;
  private static String plan;
  private static String root;

  @BeforeAll
  static void start() {
    TestWeb.users(mysql.database());
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              long customer = Seed.customer(handle, "RJ");
              Seed.campaign(handle, "spring", customer, "preview", Seed.ANY_HOUR);
            });
    web = new TestWeb(mysql.database(), TestWeb.folder());
    plan = web.signIn("plan");
    root = web.signIn("root");
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  private static HttpResponse<String> send(String method, String path, String as, String body) {
    HttpRequest.Builder request =
        web.request(
            method,
            "/api/v1/questionnaires" + path,
            as,
            body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    return web.send(request.setHeader("Accept-Language", "en").build());
  }

  private static JsonNode ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return TestWeb.json(answer);
  }

  private static String question(String code, String type, String more) {
    return "{\"code\":\"%s\",\"type\":\"%s\",\"textEn\":\"A\",\"textZh\":\"一\"%s}"
        .formatted(code, type, more);
  }

  private static String draft(int revision, String... questions) {
    return "{\"revision\":%d,\"document\":{\"questions\":[%s]}}"
        .formatted(revision, String.join(",", questions));
  }

  /** Of two who edit one draft the second is refused with a name, and the first is told of him. */
  @Test
  void twoSchedulersOfOneDraftAreBothTold() {
    String mine = draft(0, question("a", "yes_no", ""));
    assertThat(ok(send("PUT", "/both/draft", plan, mine)).at("/draft/revision").asInt())
        .isEqualTo(1);
    HttpResponse<String> late = send("PUT", "/both/draft", root, mine);
    assertThat(TestWeb.error(late)).isEqualTo("409 saved_meanwhile");
    assertThat(TestWeb.json(late).get("message").asText()).startsWith("plan has saved this draft");
    JsonNode seen = ok(send("GET", "/both", plan, null)).get("draft");
    assertThat(seen.get("refusedBy").asText()).isEqualTo("root");
    assertThat(seen.get("revision").asInt()).as("his draft is as he left it").isEqualTo(1);
    JsonNode next =
        ok(send("PUT", "/both/draft", root, draft(1, question("b", "text", "")))).get("draft");
    assertThat(next.get("revision").asInt()).isEqualTo(2);
    assertThat(next.get("refusedBy").isNull()).isTrue();
    assertThat(TestWeb.error(send("POST", "/both/publish", plan, "{\"revision\":1}")))
        .isEqualTo("409 saved_meanwhile");
    assertThat(send("DELETE", "/both/draft?revision=2", root, null).statusCode()).isEqualTo(204);
    assertThat(TestWeb.error(send("PUT", "/both/draft", plan, draft(2, question("a", "text", "")))))
        .isEqualTo("409 draft_gone");
    assertThat(send("PUT", "/both/draft", web.signIn("boss"), mine).statusCode()).isEqualTo(403);
  }

  /** What has problems can be saved and looked at, but becomes no version. */
  @Test
  void aDraftWithProblemsIsKeptAndNotPublished() {
    String loops =
        draft(
            0,
            question("a", "yes_no", ",\"onlyWhen\":{\"code\":\"b\",\"equals\":\"yes\"}"),
            question("b", "yes_no", ",\"onlyWhen\":{\"code\":\"a\",\"equals\":\"yes\"}"));
    JsonNode saved = ok(send("PUT", "/loops/draft", plan, loops));
    assertThat(saved.get("version").asInt()).isZero();
    assertThat(saved.at("/draft/problems/0/at").asText()).isEqualTo("questions[0].onlyWhen");
    assertThat(saved.at("/draft/problems/0/message").asText()).contains("loops", "a > b > a");
    HttpResponse<String> refused = send("POST", "/loops/publish", plan, "{\"revision\":1}");
    assertThat(TestWeb.error(refused)).isEqualTo("400 invalid_questionnaire");
    assertThat(TestWeb.json(refused).at("/details/problems")).hasSize(2);
    HttpRequest chinese =
        web.request("GET", "/api/v1/questionnaires/loops", plan, null)
            .setHeader("Accept-Language", "zh")
            .build();
    assertThat(TestWeb.json(web.send(chinese)).at("/draft/problems/0/message").asText())
        .contains("分支成环");
    assertThat(send("GET", "/loops?version=1", plan, null).statusCode()).isEqualTo(404);
  }

  /** A version never changes; campaigns follow, what was reworded is named, meanings stay. */
  @Test
  void aPublishedVersionStaysAndCampaignsFollow() {
    String standard = ok(send("GET", "/standard", plan, null)).get("document").toString();
    JsonNode begun =
        ok(
            send(
                "PUT",
                "/standard/draft",
                plan,
                "{\"revision\":0,\"document\":"
                    + standard.replace("Any fault?", "Any fault in 90 days?")
                    + "}"));
    assertThat(begun.at("/draft/reworded").toString()).isEqualTo("[\"fault\"]");
    assertThat(begun.at("/draft/basedOn").asInt()).isEqualTo(1);
    JsonNode published = ok(send("POST", "/standard/publish", plan, "{\"revision\":1}"));
    assertThat(published.get("version").asInt()).isEqualTo(2);
    assertThat(published.get("draft").isNull()).isTrue();
    assertThat(published.at("/versions/0/publishedBy").asText()).isEqualTo("plan");
    assertThat(ok(send("GET", "/standard?version=1", plan, null)).get("document").toString())
        .isEqualTo(standard);
    assertThat(campaignVersion()).isEqualTo(2);
    JsonNode other =
        ok(
            send(
                "PUT",
                "/standard/draft",
                plan,
                "{\"revision\":0,\"document\":"
                    + standard.replace("\"scale_1_5\"", "\"text\"")
                    + "}"));
    assertThat(other.at("/draft/problems/0/message").asText())
        .isEqualTo(
            "satisfaction was asked as scale_1_5 in version 2: a code keeps its meaning, so give"
                + " this question a new code");
    assertThat(TestWeb.error(send("POST", "/standard/publish", plan, "{\"revision\":1}")))
        .isEqualTo("400 invalid_questionnaire");
    assertThat(campaignVersion()).isEqualTo(2);
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO questionnaire (code, version, definition) VALUES ('standard', 3, ?)",
                    standard));
    assertThat(TestWeb.error(send("POST", "/standard/publish", plan, "{\"revision\":1}")))
        .as("a file was applied meanwhile")
        .isEqualTo("409 published_meanwhile");
  }

  private static int campaignVersion() {
    return mysql
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .select("SELECT questionnaire_version FROM campaign WHERE code = 'spring'")
                    .mapTo(Integer.class)
                    .one());
  }

  /** A dry run does what the form would do, and stores nothing. */
  @Test
  void aDryRunAsksAsTheFormWouldAndStoresNothing() {
    String document =
        "{\"sections\":[{\"code\":\"s\",\"titleEn\":\"S\",\"titleZh\":\"部\",\"questions\":["
            + question("fault", "yes_no", ",\"required\":true")
            + "]},{\"code\":\"d\",\"titleEn\":\"D\",\"titleZh\":\"设\",\"perDevice\":true,"
            + "\"onlyWhen\":{\"code\":\"fault\",\"equals\":\"yes\"},\"questions\":["
            + question("bar", "number", ",\"max\":10,\"required\":true")
            + "]}]}";
    String body = "{\"code\":\"dry\",\"devices\":2,\"document\":%s,\"answers\":%s}";
    JsonNode trial =
        ok(
            send(
                "POST",
                "/trial",
                plan,
                body.formatted(document, "{\"fault\":\"yes\",\"bar@1\":\"11\",\"bar@2\":\"5\"}")));
    assertThat(texts(trial.get("asked"))).isEqualTo("fault bar@1 bar@2");
    assertThat(texts(trial.get("missing"))).isEqualTo("bar@1");
    assertThat(trial.at("/refused/0/message").asText()).contains("at most 10");
    assertThat(trial.get("standing").toString()).isEqualTo("{\"fault\":\"yes\",\"bar@2\":\"5\"}");
    trial =
        ok(
            send(
                "POST",
                "/trial",
                plan,
                body.formatted(document, "{\"fault\":\"no\",\"bar@2\":\"5\"}")));
    assertThat(texts(trial.get("asked"))).isEqualTo("fault");
    assertThat(texts(trial.get("fallenAway"))).isEqualTo("bar@2");
    JsonNode wrong = ok(send("POST", "/trial", plan, body.formatted("{\"sections\":[]}", "{}")));
    assertThat(wrong.at("/problems/0/at").asText()).isEqualTo("sections");
    assertThat(send("GET", "/dry", plan, null).statusCode()).isEqualTo(404);
  }

  private static String texts(JsonNode list) {
    return String.join(
        " ", StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList());
  }
}

package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

  /**
   * A file has brought a version while a draft was open: it cannot be published over it. What each
   * has changed is shown, and the draft is carried over, or given up.
   */
  @Test
  void aDraftBehindANewerVersionIsCarriedOverOrGivenUp() {
    String a = question("a", "yes_no", "");
    String b = question("b", "text", "");
    assertThat(ok(send("PUT", "/late/draft", plan, draft(0, a, b))).get("version").asInt())
        .isZero();
    ok(send("POST", "/late/publish", plan, "{\"revision\":1}"));
    String mine = question("b", "text", ",\"required\":true");
    ok(send("PUT", "/late/draft", plan, draft(0, a, mine, question("d", "text", ""))));
    apply(
        "late",
        2,
        "[%s,%s,%s]"
            .formatted(
                question("a", "yes_no", ",\"required\":true"),
                b.replace("\"A\"", "\"B\""),
                question("c", "text", "")));

    HttpResponse<String> refused = send("POST", "/late/publish", plan, "{\"revision\":1}");
    assertThat(TestWeb.error(refused)).isEqualTo("409 published_meanwhile");
    assertThat(TestWeb.json(refused).get("message").asText())
        .startsWith("version 2 has been published since this draft was begun from version 1");
    JsonNode difference = ok(send("GET", "/late/draft/difference", plan, null));
    assertThat(difference.get("basedOn").asInt()).isEqualTo(1);
    assertThat(difference.get("newest").asInt()).isEqualTo(2);
    assertThat(changes(difference))
        .containsExactlyInAnyOrder(
            "a theirs changed mine null false",
            "b theirs changed mine changed true",
            "c theirs added mine null false",
            "d theirs null mine added false");
    assertThat(
            TestWeb.error(send("POST", "/late/draft/rebase", plan, "{\"revision\":1,\"onto\":1}")))
        .as("he has not seen the newest one")
        .isEqualTo("409 published_meanwhile");
    assertThat(
            TestWeb.error(send("POST", "/late/draft/rebase", plan, "{\"revision\":7,\"onto\":2}")))
        .isEqualTo("409 saved_meanwhile");
    JsonNode carried =
        ok(send("POST", "/late/draft/rebase", plan, "{\"revision\":1,\"onto\":2}")).get("draft");
    assertThat(carried.get("basedOn").asInt()).isEqualTo(2);
    JsonNode published =
        ok(send("POST", "/late/publish", plan, "{\"revision\":2}")).at("/document/questions");
    assertThat(published.findValuesAsText("code")).containsExactly("a", "b", "c", "d");
    assertThat(published.findValuesAsText("required"))
        .containsExactly("true", "true", "false", "false");
    assertThat(published.get(1).get("textEn").asText()).as("the draft's stands").isEqualTo("A");

    // who has looked at an old version begins from it, also when he saves for the first time
    String behind = draft(0, a).replace("{\"revision\"", "{\"from\":2,\"revision\"");
    assertThat(ok(send("PUT", "/late/draft", plan, behind)).at("/draft/basedOn").asInt())
        .isEqualTo(2);
    assertThat(TestWeb.error(send("POST", "/late/publish", plan, "{\"revision\":1}")))
        .isEqualTo("409 published_meanwhile");
    assertThat(send("DELETE", "/late/draft?revision=1", plan, null).statusCode()).isEqualTo(204);
    JsonNode left = ok(send("GET", "/late", plan, null));
    assertThat(left.get("version").asInt()).isEqualTo(3);
    assertThat(left.get("draft").isNull()).isTrue();
  }

  private static List<String> changes(JsonNode difference) {
    return StreamSupport.stream(difference.get("changes").spliterator(), false)
        .filter(each -> !each.get("section").asBoolean())
        .map(
            each ->
                "%s theirs %s mine %s %s"
                    .formatted(
                        each.get("code").asText(),
                        each.get("theirs").asText(),
                        each.get("mine").asText(),
                        each.get("collides").asText()))
        .toList();
  }

  /** As a file would bring it. */
  private static void apply(String code, int version, String questions) {
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO questionnaire (code, version, definition) VALUES (?, ?, ?)",
                    code,
                    version,
                    "{\"questions\":" + questions + "}"));
  }

  /** What an agent writes about a call of the hotline is read as what a site answers is. */
  @Test
  void dangerInWhatIsWrittenAboutACallIsToldAtOnce() {
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT IGNORE INTO call_record (id, tier_code, caller_e164, arrived_at, epoch)"
                        + " VALUES ('c-1', 'gold', '+8613800138000', NOW(3), 1)"));
    String li = web.signIn("li");
    FakePeople.DANGERS.clear();
    String call = "/api/v1/calls/c-1/danger";
    assertThat(ok(post(call, li, "{\"text\":\"热水不热\"}")).get("danger").isNull()).isTrue();
    assertThat(FakePeople.DANGERS).isEmpty();
    JsonNode told = ok(post(call, li, "{\"text\":\"我们这里漏电，手麻\"}")).get("danger");
    assertThat(told.get("word").asText()).isEqualTo("漏电");
    assertThat(told.get("by").asText()).isEqualTo("li");
    assertThat(told.get("to").asText()).isEqualTo("liu");
    assertThat(FakePeople.DANGERS)
        .extracting(each -> each.call() + " " + each.e164() + " " + each.said())
        .containsExactly("c-1 +8613800138000 漏电: 我们这里漏电，手麻");
    assertThat(post(call, web.signIn("wang"), "{\"text\":\"漏电\"}").statusCode())
        .as("not his call")
        .isEqualTo(404);

    String matter =
        "{\"kind\":\"%s\",\"customer\":\"RJ\",\"description\":\"%s\","
            + "\"contact\":{\"kind\":\"call\",\"id\":\"c-1\"}}";
    HttpResponse<String> refused = post("/api/v1/matters", li, matter.formatted("no", "gas leak"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(FakePeople.DANGERS).as("told although nothing was saved").hasSize(2);
    HttpResponse<String> opened =
        post("/api/v1/matters", li, matter.formatted("repair", "Smell of gas in the kitchen"));
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    assertThat(TestWeb.json(opened).at("/danger/word").asText()).isEqualTo("smell of gas");
    long id = TestWeb.json(opened).get("id").asLong();
    HttpResponse<String> harmless =
        post(
            "/api/v1/matters/" + id + "/result",
            li,
            "{\"version\":1,\"result\":\"solved\",\"note\":\"reset\"}");
    assertThat(ok(harmless).get("danger").isNull()).isTrue();
    assertThat(FakePeople.DANGERS).hasSize(3);
    HttpResponse<String> coded =
        post(
            "/api/v1/matters",
            li,
            "{\"kind\":\"repair\",\"customer\":\"RJ\",\"faultCode\":\"漏电\",\"description\":\"again\","
                + "\"contact\":{\"kind\":\"call\",\"id\":\"c-1\"}}");
    assertThat(TestWeb.json(coded).at("/danger/word").asText()).isEqualTo("漏电");
    assertThat(FakePeople.DANGERS.getLast().said()).isEqualTo("漏电: 漏电; again");
  }

  /** Matters nobody has called about, matters opened again, tasks; and at which site. */
  @Test
  void dangerIsToldWhereverItIsNoted() {
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "INSERT INTO site (customer_id, code, name, tier_code) SELECT id, 'D1', 'Kitchen',"
                      + " 'gold' FROM customer WHERE code = 'RJ'");
              handle.execute(
                  "INSERT IGNORE INTO call_record (id, tier_code, caller_e164, arrived_at, epoch)"
                      + " VALUES ('c-1', 'gold', '+8613800138000', NOW(3), 1)");
              handle.execute(
                  "INSERT INTO task (id, kind, call_id, e164, tier_code, created_at, due_at, epoch)"
                      + " VALUES ('voicemail-c-1', 'voicemail', 'c-1', '+8613800138000', 'gold',"
                      + " NOW(3), NOW(3), 1)");
            });
    String li = web.signIn("li");
    FakePeople.DANGERS.clear();
    post("/api/v1/calls/c-1/danger", li, "{\"text\":\"漏电\",\"customer\":\"RJ\",\"site\":\"D1\"}");
    assertThat(FakePeople.DANGERS.getLast().site()).isEqualTo("Kitchen (D1)");

    HttpResponse<String> opened =
        post(
            "/api/v1/matters",
            li,
            "{\"kind\":\"repair\",\"customer\":\"RJ\",\"site\":\"D1\",\"number\":\"13800138000\","
                + "\"description\":\"漏电\"}");
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    assertThat(TestWeb.json(opened).at("/danger/to").asText()).isEqualTo("liu");
    String matter = "/api/v1/matters/" + TestWeb.json(opened).get("id").asLong();
    ok(post(matter + "/result", li, "{\"version\":1,\"result\":\"solved\",\"note\":\"reset\"}"));
    JsonNode again = ok(post(matter + "/reopen", li, "{\"version\":2,\"note\":\"smell of gas\"}"));
    assertThat(again.at("/danger/word").asText()).isEqualTo("smell of gas");
    assertThat(FakePeople.DANGERS)
        .extracting(each -> each.call() + " " + each.site() + " " + each.said())
        .endsWith(
            matter.replace("/api/v1/matters/", "matter-") + " Kitchen (D1) 漏电: 漏电",
            matter.replace("/api/v1/matters/", "matter-")
                + " Kitchen (D1) smell of gas: smell of gas")
        .hasSize(3);

    String done = "{\"result\":\"reached\",\"note\":\"他说漏电\"}";
    assertThat(post("/api/v1/tasks/voicemail-c-1/done", li, done).statusCode()).isEqualTo(204);
    assertThat(post("/api/v1/task-calls/t-1/result", li, done).statusCode()).isEqualTo(204);
    assertThat(FakePeople.DANGERS).hasSize(5);
    assertThat(FakePeople.DANGERS.getLast().call()).isEqualTo("c-1");
  }

  private static HttpResponse<String> post(String path, String as, String body) {
    return web.send(
        web.request("POST", path, as, body.getBytes(StandardCharsets.UTF_8))
            .setHeader("Accept-Language", "en")
            .build());
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

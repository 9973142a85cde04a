package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.careline.customer.FileKind;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The document says what the server does: same operations, same roles, answers as described. */
class OpenApiTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static TestWeb web;
  private static JsonNode document;

  @BeforeAll
  static void start() throws Exception {
    TestWeb.users(mysql.database());
    FakePeople.seed(mysql.database());
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "UPDATE attempt SET answered_at = UTC_TIMESTAMP(3), settled_at = UTC_TIMESTAMP(3)");
              handle.execute(
                  "INSERT INTO answer (round_id, site_id, question_code, questionnaire_version,"
                      + " value, attempt_id, second_of_recording, answered_by, answered_at)"
                      + " VALUES (1, 1, 'fault', 1, 'yes', 'a-1', 2.5, 'li', UTC_TIMESTAMP(3))");
              handle.execute("INSERT INTO contact (customer_id, name) VALUES (1, 'Wang')");
              handle.execute(
                  "INSERT INTO site_contact (site_id, contact_id, position)"
                      + " SELECT 1, MAX(id), 1 FROM contact");
              handle.execute(
                  "INSERT INTO phone (contact_id, e164, position)"
                      + " SELECT MAX(id), '+8613800138000', 1 FROM contact");
              handle.execute(
                  "INSERT INTO round (campaign_id, number, status, opens_at, period_from,"
                      + " period_to) VALUES (1, 2, 'scheduled', UTC_TIMESTAMP(3), '2026-04-01',"
                      + " '2026-06-30')");
            });
    web = new TestWeb(mysql.database(), TestWeb.folder());
    document = TestWeb.json(web.get("/api/v1/openapi.json", null));
    web.fakes.recording = web.folder.resolve("c-1.wav");
    Files.write(web.fakes.recording, new byte[1000]);
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  @Test
  void hasEveryRouteWithItsRolesAndNoOther() {
    Map<String, Object> served = new TreeMap<>();
    for (Route route : web.server.routes()) {
      Object roles =
          switch (route.access()) {
            case Route.Access.Everybody open -> List.of("everybody");
            case Route.Access.Loopback here -> List.of("loopback");
            case Route.Access.Command command -> List.of("command");
            case Route.Access.Only only -> only.roles().stream().map(Role::key).sorted().toList();
          };
      served.put(route.method().name() + " " + route.path(), roles);
    }
    Map<String, Object> described = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (!operation.getValue().path("x-websocket").asBoolean()) {
          described.put(
              operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
              StreamSupport.stream(operation.getValue().get("x-roles").spliterator(), false)
                  .map(JsonNode::asText)
                  .sorted()
                  .toList());
        }
      }
    }
    assertThat(described).isEqualTo(served);
  }

  /** Whole numbers go to nobody unasked; a text must not promise them to some. */
  @Test
  void noTextPromisesWholeNumbersToARole() {
    assertThat(
            document.findValuesAsText("description").stream()
                .filter(text -> text.matches("(?s).*(E\\.164, or masked|masked for agents).*")))
        .isEmpty();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> lost = new ArrayList<>();
    for (JsonNode ref : document.findValues("$ref")) {
      if (document.at(ref.asText().substring(1)).isMissingNode()) {
        lost.add(ref.asText());
      }
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void everyOperationAnswersAsDescribed() {
    Map<String, String> cookies = new HashMap<>();
    for (String login : List.of("li", "wang", "desk", "plan", "boss", "root")) {
      cookies.put(login, web.signIn(login));
    }
    TreeSet<String> tried = new TreeSet<>();
    List<Try> all = new ArrayList<>(tries());
    all.addAll(files());
    all.addAll(reports());
    for (Try one : all) {
      String cookie = cookies.get(one.login);
      HttpResponse<String> answer = web.send(request(one, cookie));
      assertThat(answer.statusCode()).as(one + " " + answer.body()).isEqualTo(one.status);
      Contract.conforms(one.method, one.template(), answer);
      if (!one.mayShowWhole()) {
        masked(one.toString(), answer.body());
      }
      tried.add(one.method + " " + one.template());
    }
    for (Route route : web.server.routes()) {
      if (!route.path().equals("/api/v1/metrics")) {
        assertThat(tried).contains(route.method().name() + " " + route.path());
      }
    }
  }

  /** A mobile number as anybody writes it. */
  private static final Pattern MOBILE =
      Pattern.compile("(?<![0-9])(?:\\+?86)?1[3-9][0-9]{9}(?![0-9])");

  private static void masked(String what, String body) {
    assertThat(MOBILE.matcher(body).results().map(MatchResult::group)).as(what).isEmpty();
  }

  @Test
  void noAnswerShowsAnybodyAWholeNumber() {
    List<Try> all = new ArrayList<>(tries());
    all.addAll(files());
    all.addAll(reports());
    List<String> places =
        all.stream()
            .filter(one -> one.method.equals("GET") && !one.mayShowWhole())
            .filter(one -> !one.login.equals(TOKEN))
            .map(Try::path)
            .distinct()
            .toList();
    long shown = 0;
    for (String login : List.of("li", "wang", "plan", "boss", "root")) {
      String cookie = web.signIn(login);
      for (String place : places) {
        HttpResponse<String> answer = web.get(place, cookie);
        masked(login + " " + place, answer.body());
        shown += answer.body().contains("138****8000") ? 1 : 0;
      }
    }
    assertThat(shown).as("numbers that were there to be masked").isGreaterThan(20);
  }

  private static String whole(String kind, String id) {
    return "{\"kind\":\"" + kind + "\",\"id\":\"" + id + "\",\"reason\":\"a fitter asks\"}";
  }

  @Test
  void wholeNumbersGoOnlyForAReasonThatIsKept() {
    String boss = web.signIn("boss");
    String plan = web.signIn("plan");
    String root = web.signIn("root");
    String file = "/api/v1/exports/contacts";
    String why = "?whole=true&reason=moved+to+the+new+system";
    assertThat(web.get(file, plan).body()).contains("138****8000").doesNotContain("13800138000");
    assertThat(web.get(file + "?whole=true&reason=x", plan).statusCode()).isEqualTo(400);
    assertThat(web.get(file + why, plan).body()).contains("13800138000");
    assertThat(web.get("/api/v1/exports/devices" + why, plan).statusCode()).isEqualTo(200);
    String round = "/api/v1/campaigns/spring/rounds/1";
    assertThat(web.get(round + "/sites", root).body())
        .as("masked for everybody")
        .contains("****")
        .doesNotContain("+86138");
    assertThat(web.get(round + "/export?table=sites", boss).body()).doesNotContain("+86138");
    String all = web.get(round + "/export?table=sites" + why.replace('?', '&'), boss).body();
    assertThat(all).contains("+86138");
    JsonNode numbers =
        TestWeb.json(
            web.call("POST", round + "/sites/S1/numbers", boss, Map.of("reason", "a fitter asks")));
    assertThat(numbers.get(0).get("number").asText()).startsWith("+86138");
    JsonNode kept = TestWeb.json(web.get("/api/v1/disclosures", boss)).get("entries");
    assertThat(List.of(0, 1, 2))
        .as("newest first: who, what, which, why; files without numbers are none")
        .extracting(
            i ->
                String.join(
                    "|",
                    kept.get(i).get("by").asText(),
                    kept.get(i).get("what").asText(),
                    kept.get(i).get("about").asText(),
                    kept.get(i).get("reason").asText()))
        .containsExactly(
            "boss|site|spring 1 S1|a fitter asks",
            "boss|round-sites|spring 1|moved to the new system",
            "plan|export-contacts||moved to the new system");
  }

  /** Login of a command, which has no session. */
  private static final String TOKEN = "the token";

  private record Try(String method, String path, String login, String body, int status) {
    /** It says why, and that is kept; or it is the command that dials it. */
    boolean mayShowWhole() {
      return path.contains("whole=true")
          || path.endsWith("/whole-numbers")
          || path.endsWith("/sites/S1/numbers")
          || path.contains("/trunks/");
    }

    String template() {
      return path.replaceAll("\\?.*", "")
          .replaceAll("/(calls|attempts|tasks|task-calls)/(?!live)[^/]+", "/$1/{id}")
          .replaceAll("v1/agents/(?!me)[^/]+", "v1/agents/{id}")
          .replaceAll("/figures/(agents|contests)/[^/]+", "/figures/$1/{id}")
          .replaceAll("/policies/(?!check|vocabulary)[^/]+", "/policies/{code}")
          .replaceAll("/tiers/[^/]+", "/tiers/{code}")
          .replaceAll("/account-managers/[^/]+", "/account-managers/{name}")
          .replaceAll("/leaves/[^/]+", "/leaves/{id}")
          .replaceAll("v1/roster/[^/]+", "v1/roster/{id}")
          .replaceAll("/campaigns/[^/]+", "/campaigns/{code}")
          .replaceAll("/rounds/[0-9]+/", "/rounds/{number}/")
          .replaceAll("/sites/[^/]+/(numbers|standing|do-not-call|status)", "/sites/{site}/$1")
          .replaceAll("/questionnaires/(?!trial)[^/]+", "/questionnaires/{code}")
          .replaceAll("/fault-cards/[^/]+", "/fault-cards/{id}")
          .replaceAll("/contacts/[^/]+/[^/]+", "/contacts/{contact}/{id}")
          .replaceAll("/matters/[0-9]+", "/matters/{matter}")
          .replaceAll("/matter-kinds/[^/]+", "/matter-kinds/{kind}")
          .replaceAll("/(numbers|blocklist)/[^/]+", "/$1/{number}")
          .replaceAll("/trunks/[^/]+/", "/trunks/{name}/")
          .replaceAll("/lines/[^/]+", "/lines/{code}")
          .replaceAll("/customers/[^/]+/", "/customers/{customer}/")
          .replaceAll("/mappings/[^/]+", "/mappings/{kind}")
          .replaceAll("/calendars/[^/]+/[^/]+", "/calendars/{code}/{year}");
    }
  }

  private static final String DISPOSITIONS =
      "{\"dispositions\":[{\"code\":\"solved\",\"nameEn\":\"Solved\",\"nameZh\":\"已解决\"}]}";

  /** Seen before somebody else has changed it. */
  private static final String OLD = "{\"reason\":\"refused\",\"version\":\"old\"}";

  private static List<Try> files() {
    String v1 = "/api/v1";
    List<Try> files = new ArrayList<>();
    // a body of a few bytes that arrives late is taken for one that trickles in
    String body = "a".repeat(10_000);
    for (String kind : FileKind.keys()) {
      files.add(
          new Try("POST", v1 + "/imports/" + kind + "?customer=RJ&dryRun=true", "plan", body, 200));
      files.add(
          new Try("GET", v1 + "/exports/" + kind + "?format=xlsx&customer=RJ", "plan", null, 200));
    }
    String mapping = v1 + "/customers/RJ/mappings/";
    files.addAll(
        List.of(
            new Try("POST", v1 + "/imports/sites?fullList=true", "plan", body, 200),
            new Try("POST", v1 + "/imports/sites?fullList=perhaps", "plan", body, 400),
            new Try("GET", v1 + "/exports/sites", "root", null, 200),
            new Try("GET", v1 + "/exports/sites?format=ods", "root", null, 400),
            new Try("GET", v1 + "/exports/sites?customer=nobody", "root", null, 400),
            new Try("GET", mapping + "sites", "plan", null, 200),
            new Try("GET", mapping + "people", "plan", null, 404),
            new Try("PUT", mapping + "sites", "plan", "{\"heads\":{\"门店\":\"site_name\"}}", 200),
            new Try("PUT", mapping + "sites", "plan", "{\"heads\":[]}", 400),
            new Try("GET", v1 + "/customers/RJ/history?site=S1&before=7", "boss", null, 200),
            new Try("GET", v1 + "/customers/RJ/consent", "plan", null, 200),
            new Try("GET", v1 + "/customers/none/consent", "plan", null, 404),
            new Try("GET", v1 + "/customers/RJ/consent", "li", null, 403),
            new Try(
                "PUT",
                v1 + "/customers/RJ/consent",
                "plan",
                "{\"evidence\":\"a letter\",\"version\":\"old\"}",
                409),
            new Try("PUT", v1 + "/customers/RJ/consent", "plan", "{\"until\":\"soon\"}", 400),
            new Try("GET", v1 + "/customers/RJ/sites/S1/standing", "boss", null, 200),
            new Try("PUT", v1 + "/customers/RJ/sites/S1/do-not-call", "boss", OLD, 409),
            new Try("POST", v1 + "/customers/RJ/sites/S1/do-not-call/end", "boss", OLD, 409),
            new Try("POST", v1 + "/customers/RJ/sites/S9/do-not-call/end", "boss", OLD, 404),
            new Try(
                "POST",
                v1 + "/customers/RJ/sites/S1/status",
                "boss",
                OLD.replace("}", ",\"fate\":\"closed\"}"),
                409),
            new Try("GET", v1 + "/customers/RJ/history?before=x", "boss", null, 400)));
    return files;
  }

  private static List<Try> reports() {
    String rounds = "/api/v1/campaigns/spring/rounds";
    String one = rounds + "/1";
    String why = "&whole=true&reason=asked+by+the+chain";
    return List.of(
        new Try("GET", rounds, "plan", null, 200),
        new Try("GET", "/api/v1/campaigns/none/rounds", "plan", null, 404),
        new Try("GET", one + "/report", "plan", null, 200),
        new Try("GET", rounds + "/9/report", "plan", null, 404),
        new Try("GET", one + "/report", "li", null, 403),
        new Try("GET", one + "/progress", "boss", null, 200),
        new Try("GET", rounds + "/2/transitions", "plan", null, 200),
        new Try("GET", one + "/transitions", "plan", null, 404),
        new Try("GET", one + "/transitions?from=1", "plan", null, 409),
        new Try("GET", one + "/sites?sort=-attempts&limit=1", "plan", null, 200),
        new Try("GET", one + "/sites?other=2&otherState=not_listed", "plan", null, 200),
        new Try("GET", one + "/sites?sort=number", "plan", null, 400),
        new Try("GET", one + "/sites?state=broken", "plan", null, 400),
        new Try("GET", one + "/sites?bin=gone", "plan", null, 400),
        new Try("GET", one + "/sites?after=x", "plan", null, 400),
        new Try("GET", one + "/export", "plan", null, 200),
        new Try("GET", one + "/export?table=sites&format=xlsx", "plan", null, 200),
        new Try("GET", one + "/export?table=devices", "plan", null, 200),
        new Try("GET", one + "/export?table=answers" + why, "boss", null, 200),
        new Try("GET", one + "/export?table=sites" + why, "plan", null, 403),
        new Try("GET", one + "/export?table=sites&whole=true", "boss", null, 400),
        new Try("GET", rounds + "/2/export?table=transitions", "plan", null, 200),
        new Try("GET", one + "/export?table=all", "plan", null, 400),
        new Try("POST", one + "/sites/S1/numbers", "boss", "{\"reason\":\"visit\"}", 200),
        new Try("POST", one + "/sites/S1/numbers", "boss", "{\"reason\":\"x\"}", 400),
        new Try("POST", one + "/sites/S1/numbers", "plan", "{\"reason\":\"visit\"}", 403),
        new Try("GET", "/api/v1/disclosures?limit=1", "boss", null, 200),
        new Try("GET", "/api/v1/disclosures", "plan", null, 403));
  }

  private static List<Try> tries() {
    String v1 = "/api/v1";
    return List.of(
        new Try("POST", v1 + "/session", "", signIn("boss", TestWeb.PASSWORD), 200),
        new Try("POST", v1 + "/session", "", signIn("boss", "wrong"), 401),
        new Try("POST", v1 + "/session", "", "{", 400),
        new Try("GET", v1 + "/session", "li", null, 200),
        new Try("GET", v1 + "/session", "", null, 401),
        new Try("GET", v1 + "/trunks", "boss", null, 200),
        new Try("GET", v1 + "/trunks", "li", null, 403),
        new Try("GET", v1 + "/trunks/carrier/check", TOKEN, null, 200),
        new Try("GET", v1 + "/trunks/carrier/check", "boss", null, 401),
        new Try("GET", v1 + "/trunks/other/check", TOKEN, null, 404),
        new Try("POST", v1 + "/trunks/carrier/check", TOKEN, "{\"seconds\":5}", 202),
        new Try("GET", v1 + "/trunks/carrier/check", TOKEN, null, 200),
        new Try("POST", v1 + "/trunks/carrier/check", TOKEN, "{\"seconds\":\"x\"}", 400),
        new Try("POST", v1 + "/trunks/carrier/call", TOKEN, "{\"number\":\"13800138000\"}", 200),
        new Try("POST", v1 + "/trunks/carrier/call", TOKEN, "{\"number\":\"110\"}", 409),
        new Try("POST", v1 + "/trunks/carrier/call", "", "{\"number\":\"110\"}", 401),
        new Try("POST", v1 + "/softphone", "li", null, 200),
        new Try("POST", v1 + "/softphone", "desk", null, 200),
        new Try("GET", v1 + "/agents", "plan", null, 200),
        new Try("PUT", v1 + "/agents/me/presence", "li", "{\"wish\":\"ready\"}", 204),
        new Try("PUT", v1 + "/agents/me/presence", "li", "{\"wish\":\"away\"}", 400),
        new Try("POST", v1 + "/agents/me/wrap-up/end", "li", null, 204),
        new Try("GET", v1 + "/work", "li", null, 200),
        new Try("GET", v1 + "/work", "wang", null, 200),
        new Try("GET", v1 + "/work", "desk", null, 200),
        new Try("GET", v1 + "/calls/live", "li", null, 200),
        new Try("GET", v1 + "/calls?limit=3", "boss", null, 200),
        new Try("GET", v1 + "/calls?limit=0", "boss", null, 400),
        new Try("GET", v1 + "/calls/c-1", "boss", null, 200),
        new Try("GET", v1 + "/calls/c-1", "li", null, 200),
        new Try("GET", v1 + "/calls/c-9", "boss", null, 404),
        new Try("GET", v1 + "/calls/c-1/card", "li", null, 200),
        new Try("GET", v1 + "/calls/c-1/recording", "li", null, 200),
        new Try("POST", v1 + "/calls/c-1/hang-up", "li", null, 204),
        new Try("POST", v1 + "/calls/c-1/hold", "li", null, 204),
        new Try("POST", v1 + "/calls/c-1/hold", "wang", null, 404),
        new Try("POST", v1 + "/calls/c-1/hold", "plan", null, 403),
        new Try("POST", v1 + "/calls/c-1/resume", "boss", null, 204),
        new Try("POST", v1 + "/calls/c-1/transfer", "li", "{\"line\":\"main\"}", 204),
        new Try("POST", v1 + "/calls/c-1/transfer", "li", "{}", 400),
        new Try("POST", v1 + "/calls/c-1/consult", "li", "{\"agent\":\"8002\"}", 204),
        new Try("POST", v1 + "/calls/c-1/complete", "li", null, 204),
        new Try("POST", v1 + "/calls/c-1/cancel", "li", null, 204),
        new Try("POST", v1 + "/calls/c-1/conference", "li", null, 204),
        new Try("POST", v1 + "/calls/c-1/record-pause", "li", null, 204),
        new Try("POST", v1 + "/calls/c-1/record-resume", "li", null, 204),
        new Try("POST", v1 + "/calls/c-1/disposition", "li", "{\"disposition\":\"solved\"}", 204),
        new Try("GET", v1 + "/transfer-targets", "li", null, 200),
        new Try("GET", v1 + "/dispositions", "li", null, 200),
        new Try("PUT", v1 + "/dispositions", "boss", DISPOSITIONS, 204),
        new Try("PUT", v1 + "/dispositions", "li", DISPOSITIONS, 403),
        new Try("PUT", v1 + "/dispositions", "boss", "{\"dispositions\":[1]}", 400),
        new Try("POST", v1 + "/agents/me/wrap-up/extend", "li", null, 204),
        new Try("POST", v1 + "/agents/8002/not-ready", "boss", null, 204),
        new Try("POST", v1 + "/agents/8002/not-ready", "li", null, 403),
        new Try("POST", v1 + "/agents/8002/release", "boss", null, 204),
        new Try("GET", v1 + "/sites?q=Store", "li", null, 200),
        new Try("POST", v1 + "/calls/c-1/bind", "li", "{\"customerCode\":\"RJ\"}", 201),
        new Try("POST", v1 + "/calls/c-1/bind", "li", "{\"customerCode\":\"none\"}", 400),
        new Try("GET", v1 + "/calls/c-1/numbers", "li", null, 200),
        new Try(
            "POST",
            v1 + "/numbers",
            "boss",
            "{\"number\":\"02158881234\",\"customerCode\":\"RJ\",\"siteCode\":\"S1\"}",
            201),
        new Try(
            "POST", v1 + "/numbers", "boss", "{\"number\":\"4001\",\"customerCode\":\"RJ\"}", 400),
        new Try("GET", v1 + "/numbers?customer=RJ", "boss", null, 200),
        new Try("DELETE", v1 + "/numbers/1", "li", null, 204),
        new Try("DELETE", v1 + "/numbers/1", "li", null, 404),
        new Try("DELETE", v1 + "/numbers/2", "li", null, 403),
        new Try("PUT", v1 + "/blocklist/13800138999", "boss", "{\"reason\":\"rude\"}", 204),
        new Try("POST", v1 + "/calls/c-1/block", "boss", "{\"reason\":\"rude\"}", 204),
        new Try("POST", v1 + "/calls/c-1/block", "li", "{\"reason\":\"rude\"}", 403),
        new Try("GET", v1 + "/blocklist", "boss", null, 200),
        new Try("POST", v1 + "/whole-numbers", "boss", whole("blocked", "1"), 200),
        new Try("POST", v1 + "/whole-numbers", "boss", whole("known", "2"), 200),
        new Try("POST", v1 + "/whole-numbers", "root", whole("task", "voicemail-c-1"), 200),
        new Try("POST", v1 + "/whole-numbers", "boss", whole("call", "c-1"), 200),
        new Try("POST", v1 + "/whole-numbers", "boss", whole("site", "1"), 400),
        new Try("POST", v1 + "/whole-numbers", "boss", whole("matter", "99"), 404),
        new Try("POST", v1 + "/whole-numbers", "li", whole("call", "c-1"), 403),
        new Try("POST", v1 + "/whole-numbers", "plan", whole("call", "c-1"), 403),
        new Try("DELETE", v1 + "/blocklist/1", "boss", null, 204),
        new Try("DELETE", v1 + "/blocklist/13800138000", "boss", null, 404),
        new Try("GET", v1 + "/matter-kinds", "li", null, 200),
        new Try(
            "PUT",
            v1 + "/matter-kinds/repair-noise",
            "boss",
            "{\"parent\":\"repair\",\"nameEn\":\"Noise\",\"nameZh\":\"噪音\"}",
            204),
        new Try(
            "POST",
            v1 + "/matters",
            "li",
            "{\"kind\":\"repair-noise\",\"customer\":\"RJ\",\"site\":\"S1\","
                + "\"contact\":{\"kind\":\"call\",\"id\":\"c-1\"}}",
            201),
        new Try("POST", v1 + "/matters", "li", "{\"kind\":\"none\",\"customer\":\"RJ\"}", 400),
        new Try("GET", v1 + "/matters?q=Store&state=open&limit=1", "li", null, 200),
        new Try(
            "GET",
            v1 + "/matters?undone=true&who=li&dueBefore=2027-01-01T00:00:00Z",
            "li",
            null,
            200),
        new Try("GET", v1 + "/matters/1", "li", null, 200),
        new Try("GET", v1 + "/matters/99", "li", null, 404),
        new Try(
            "PUT",
            v1 + "/matters/1",
            "li",
            "{\"version\":1,\"kind\":\"repair-power\",\"customer\":\"RJ\",\"site\":\"S1\"}",
            200),
        new Try(
            "POST",
            v1 + "/matters/1/contacts",
            "wang",
            "{\"kind\":\"attempt\",\"id\":\"a-1\"}",
            200),
        new Try("DELETE", v1 + "/matters/1/contacts/attempt/a-1", "wang", null, 200),
        new Try("GET", v1 + "/calls/c-1/matters", "li", null, 200),
        new Try("POST", v1 + "/calls/c-1/danger", "li", "{\"text\":\"smoke\"}", 200),
        new Try("POST", v1 + "/calls/c-1/danger", "li", "{\"text\":\"cold\"}", 200),
        new Try("POST", v1 + "/calls/c-1/danger", "li", "{\"said\":\"cold\"}", 400),
        new Try("GET", v1 + "/attempts/a-1/matters", "wang", null, 200),
        new Try(
            "POST",
            v1 + "/matters/1/result",
            "li",
            "{\"version\":4,\"result\":\"dispatch\",\"assignedTo\":\"Wu\","
                + "\"dueAt\":\"2030-01-01T00:00:00Z\"}",
            200),
        new Try(
            "POST", v1 + "/matters/1/result", "li", "{\"version\":4,\"result\":\"solved\"}", 409),
        new Try("POST", v1 + "/matters/1/dispatched", "li", "{\"version\":5}", 200),
        new Try("POST", v1 + "/matters/1/done", "li", "{\"version\":6}", 200),
        new Try("POST", v1 + "/matters/1/reopen", "li", "{\"version\":7}", 200),
        new Try("GET", v1 + "/exports/matters", "boss", null, 200),
        new Try("GET", v1 + "/exports/matters?format=xlsx", "boss", null, 200),
        new Try(
            "POST", v1 + "/imports/matters?dryRun=true", "boss", "reference,kind\nA,repair", 200),
        new Try("POST", v1 + "/attempts/a-1/dial", "wang", null, 204),
        new Try("POST", v1 + "/attempts/a-1/hang-up", "wang", null, 204),
        new Try("POST", v1 + "/attempts/a-1/keys", "wang", "{\"keys\":\"8023#\"}", 204),
        new Try("POST", v1 + "/attempts/a-1/keys", "wang", "{\"keys\":\"80a\"}", 400),
        new Try("POST", v1 + "/attempts/a-1/hang-up", "li", null, 404),
        new Try("PUT", v1 + "/attempts/a-1/answers", "wang", "{\"fault\":\"no\"}", 204),
        new Try(
            "POST",
            v1 + "/attempts/a-1/disposition",
            "wang",
            "{\"disposition\":\"completed\",\"note\":\"\",\"appointmentAt\":null}",
            204),
        new Try("GET", v1 + "/tasks", "li", null, 200),
        new Try("GET", v1 + "/tasks?over=true&kind=promise", "boss", null, 200),
        new Try("GET", v1 + "/tasks?kind=nothing", "boss", null, 400),
        new Try("POST", v1 + "/tasks/voicemail-c-1/take", "li", null, 204),
        new Try("POST", v1 + "/tasks/voicemail-c-9/take", "li", null, 404),
        new Try("POST", v1 + "/tasks/voicemail-c-1/done", "li", "{\"result\":\"handled\"}", 204),
        new Try("POST", v1 + "/tasks/voicemail-c-1/done", "li", "{\"result\":\"too_late\"}", 400),
        new Try("POST", v1 + "/tasks/voicemail-c-1/acknowledge", "boss", null, 204),
        new Try("POST", v1 + "/tasks/voicemail-c-1/dial", "li", null, 200),
        new Try("GET", v1 + "/tasks/voicemail-c-1/recording", "li", null, 404),
        new Try("POST", v1 + "/task-calls/t-1/hang-up", "li", null, 204),
        new Try("POST", v1 + "/task-calls/t-1/result", "li", "{\"result\":\"again\"}", 204),
        new Try("POST", v1 + "/task-calls/t-1/result", "li", "{\"result\":\"well\"}", 400),
        new Try("POST", v1 + "/imports/sites?dryRun=true&fileName=a.csv", "plan", "a,b", 200),
        new Try("POST", v1 + "/imports/sites?dryRun=maybe", "plan", "a,b", 400),
        new Try("POST", v1 + "/apply", "root", "lines: []", 200),
        new Try("GET", v1 + "/campaigns", "plan", null, 200),
        new Try("GET", v1 + "/calls/c-1/round", "li", null, 200),
        new Try("POST", v1 + "/calls/c-1/round", "li", null, 201),
        new Try(
            "GET",
            v1 + "/campaigns/spring/appointments?round=1&from=2026-06-01T00:00:00Z",
            "plan",
            null,
            200),
        new Try("POST", v1 + "/campaigns/spring/rounds", "plan", "{}", 201),
        new Try("POST", v1 + "/campaigns/none/rounds", "plan", "{}", 404),
        new Try("GET", v1 + "/campaigns/spring/rounds/current", "plan", null, 200),
        new Try("GET", v1 + "/campaigns/spring/rounds/current?round=x", "plan", null, 400),
        new Try("POST", v1 + "/campaigns/spring/rounds/current/pause", "plan", null, 204),
        new Try("POST", v1 + "/campaigns/spring/rounds/current/resume", "plan", null, 204),
        new Try(
            "POST",
            v1 + "/campaigns/spring/rounds/current/extend",
            "plan",
            "{\"closesAt\":\"2099-12-31T10:00:00Z\"}",
            204),
        new Try("POST", v1 + "/campaigns/spring/rounds/current/extend", "plan", "{\"x\":1}", 400),
        new Try("POST", v1 + "/campaigns/spring/rounds/current/close", "plan", null, 204),
        new Try("GET", v1 + "/campaigns/spring/rounds/current/report", "plan", null, 200),
        new Try("GET", v1 + "/campaigns/autumn/rounds/current/report", "plan", null, 404),
        new Try("POST", v1 + "/campaigns/spring/rounds", "plan", SOME_SITES, 201),
        new Try("POST", v1 + "/campaigns/spring/rounds", "plan", "{\"sites\":{}}", 400),
        new Try("PUT", v1 + "/cadence?customer=RJ&site=S1", "plan", CADENCE, 200),
        new Try("PUT", v1 + "/cadence?customer=RJ&site=S1", "root", CADENCE, 409),
        new Try("PUT", v1 + "/cadence?customer=RJ&site=S1", "boss", CADENCE, 403),
        new Try("PUT", v1 + "/cadence?tier=gold", "plan", CADENCE.replace("7d", "-7d"), 400),
        new Try("GET", v1 + "/cadence?customer=RJ&site=S1", "boss", null, 200),
        new Try("GET", v1 + "/cadence?customer=none", "plan", null, 404),
        new Try("GET", v1 + "/cadence?customer=RJ&tier=gold", "plan", null, 400),
        new Try("GET", v1 + "/cadences", "plan", null, 200),
        new Try("POST", v1 + "/roster", "plan", SHIFT, 201),
        new Try("POST", v1 + "/roster", "plan", SHIFT, 400),
        new Try("POST", v1 + "/roster", "plan", SHIFT.replace("8001", "7999"), 400),
        new Try("GET", v1 + "/roster?from=2098-01-01&to=2098-01-31", "boss", null, 200),
        new Try("GET", v1 + "/roster?from=2098-01-02&to=2098-01-01", "boss", null, 400),
        new Try("PUT", v1 + "/roster/1", "plan", "{\"from\":\"08:00\",\"to\":\"24:00\"}", 200),
        new Try("PUT", v1 + "/roster/1", "plan", "{\"from\":\"18:00\",\"to\":\"09:00\"}", 400),
        new Try("DELETE", v1 + "/roster/1", "plan", null, 204),
        new Try("DELETE", v1 + "/roster/1", "plan", null, 404),
        new Try("GET", v1 + "/preview", "boss", null, 200),
        new Try("GET", v1 + "/preview?customer=none", "boss", null, 404),
        new Try("GET", v1 + "/calling-rules", "plan", null, 200),
        new Try("GET", v1 + "/calling-rules?customer=none", "plan", null, 404),
        new Try("GET", v1 + "/calling-rules?site=S1", "plan", null, 400),
        new Try("PUT", v1 + "/calling-rules?customer=RJ&site=S1", "plan", OWN_RULES, 200),
        new Try("PUT", v1 + "/calling-rules?customer=RJ&site=S1", "root", OWN_RULES, 409),
        new Try("PUT", v1 + "/calling-rules?customer=RJ&site=S1", "boss", OWN_RULES, 403),
        new Try("PUT", v1 + "/calling-rules", "plan", "{\"version\":0,\"rules\":[]}", 400),
        new Try("GET", v1 + "/calling-rules?customer=RJ&site=S1", "boss", null, 200),
        new Try("GET", v1 + "/why-not?site=S1", "plan", null, 200),
        new Try("GET", v1 + "/why-not?site=S1&at=2026-12-02T07:30:00Z", "boss", null, 200),
        new Try("GET", v1 + "/why-not?site=S1&at=noon", "boss", null, 400),
        new Try("GET", v1 + "/why-not?site=S9", "plan", null, 404),
        new Try("GET", v1 + "/figures/hotline", "boss", null, 200),
        new Try("GET", v1 + "/figures/hotline?by=line,tier&interval=30m", "root", null, 200),
        new Try("GET", v1 + "/figures/hotline?format=csv&by=line", "boss", null, 200),
        new Try("GET", v1 + "/figures/hotline?by=line,line", "boss", null, 400),
        new Try("GET", v1 + "/figures/hotline?interval=45m", "boss", null, 400),
        new Try("GET", v1 + "/figures/hotline?format=xls", "boss", null, 400),
        new Try("GET", v1 + "/figures/matters", "boss", null, 200),
        new Try("GET", v1 + "/figures/matters?by=group,kind,customer,agent", "root", null, 200),
        new Try("GET", v1 + "/figures/matters?by=kind&format=csv", "boss", null, 200),
        new Try("GET", v1 + "/figures/matters?by=line", "boss", null, 400),
        new Try("GET", v1 + "/figures/hotline?from=2027-01-01T00:00:00Z", "boss", null, 400),
        new Try("GET", v1 + "/figures/live", "boss", null, 200),
        new Try("GET", v1 + "/figures/agents?interval=day", "li", null, 200),
        new Try("GET", v1 + "/figures/agents?format=csv", "boss", null, 200),
        new Try("GET", v1 + "/figures/agents?agent=x", "boss", null, 404),
        new Try("GET", v1 + "/figures/agents/8001/rows?figure=rona", "li", null, 200),
        new Try("GET", v1 + "/figures/agents/8002/rows?figure=rona", "li", null, 403),
        new Try("GET", v1 + "/figures/agents/8001/rows?figure=none", "boss", null, 400),
        new Try("POST", v1 + "/figures/agents/8001/contest", "li", CONTEST, 201),
        new Try("POST", v1 + "/figures/agents/8002/contest", "li", CONTEST, 403),
        new Try("POST", v1 + "/figures/agents/8001/contest", "boss", CONTEST, 403),
        new Try("GET", v1 + "/figures/contests?open=true", "li", null, 200),
        new Try("POST", v1 + "/figures/contests/7/decision", "boss", DECISION, 200),
        new Try("POST", v1 + "/figures/contests/8/decision", "boss", DECISION, 404),
        new Try("POST", v1 + "/figures/contests/7/decision", "boss", "{}", 400),
        new Try("GET", v1 + "/figures/queue-log", "boss", null, 200),
        new Try("GET", v1 + "/lines", "boss", null, 200),
        new Try("POST", v1 + "/lines", "plan", FakeLines.BODY, 201),
        new Try("POST", v1 + "/lines", "plan", "{}", 400),
        new Try("GET", v1 + "/lines/main", "boss", null, 200),
        new Try("GET", v1 + "/lines/none", "boss", null, 404),
        new Try("PUT", v1 + "/lines/main", "root", FakeLines.CHANGE, 200),
        new Try("PUT", v1 + "/lines/main", "root", FakeLines.BODY, 400),
        new Try("GET", v1 + "/prompts", "boss", null, 200),
        new Try("GET", v1 + "/calendars", "boss", null, 200),
        new Try("GET", v1 + "/calendars/cn/2026", "boss", null, 200),
        new Try("GET", v1 + "/calendars/cn/26", "boss", null, 404),
        new Try("PUT", v1 + "/calendars/cn/2026", "plan", "{\"days\": []}", 200),
        new Try("GET", v1 + "/policies", "boss", null, 200),
        new Try("POST", v1 + "/policies", "boss", POLICY.formatted("\"code\": \"new\""), 201),
        new Try("POST", v1 + "/policies", "boss", POLICY.formatted("\"code\": \"new\""), 409),
        new Try("POST", v1 + "/policies", "boss", "{\"code\": \"x\", \"document\": {}}", 400),
        new Try("POST", v1 + "/policies/check", "boss", "{\"document\": {}}", 200),
        new Try("GET", v1 + "/policies/vocabulary", "root", null, 200),
        new Try("GET", v1 + "/policies/default", "boss", null, 200),
        new Try("GET", v1 + "/policies/none", "boss", null, 404),
        new Try("PUT", v1 + "/policies/new", "root", POLICY.formatted("\"version\": 1"), 200),
        new Try("PUT", v1 + "/policies/none", "root", POLICY.formatted("\"version\": 1"), 404),
        new Try("GET", v1 + "/questionnaires", "boss", null, 200),
        new Try("GET", v1 + "/questionnaires/q", "plan", null, 200),
        new Try("GET", v1 + "/questionnaires/q?version=2", "plan", null, 404),
        new Try("PUT", v1 + "/questionnaires/new/draft", "plan", DRAFT.formatted(0, "yes_no"), 200),
        new Try("PUT", v1 + "/questionnaires/new/draft", "root", DRAFT.formatted(0, "text"), 409),
        new Try("GET", v1 + "/questionnaires/new", "plan", null, 200),
        new Try("POST", v1 + "/questionnaires/new/publish", "plan", "{\"revision\": 1}", 200),
        new Try("POST", v1 + "/questionnaires/new/publish", "plan", "{\"revision\": 1}", 404),
        new Try("PUT", v1 + "/questionnaires/new/draft", "plan", DRAFT.formatted(0, "colour"), 200),
        new Try("POST", v1 + "/questionnaires/new/publish", "plan", "{\"revision\": 1}", 400),
        new Try("GET", v1 + "/questionnaires/new/draft/difference", "boss", null, 200),
        new Try("GET", v1 + "/questionnaires/q/draft/difference", "boss", null, 404),
        new Try(
            "POST",
            v1 + "/questionnaires/new/draft/rebase",
            "plan",
            "{\"revision\": 1, \"onto\": 9}",
            409),
        new Try("DELETE", v1 + "/questionnaires/new/draft?revision=9", "plan", null, 409),
        new Try("DELETE", v1 + "/questionnaires/new/draft?revision=1", "plan", null, 204),
        new Try("POST", v1 + "/questionnaires/trial", "plan", TRIAL.formatted("yes_no"), 200),
        new Try("POST", v1 + "/questionnaires/trial", "plan", TRIAL.formatted("colour"), 200),
        new Try("POST", v1 + "/questionnaires/trial", "plan", "{}", 400),
        new Try("POST", v1 + "/fault-cards", "plan", CARD, 201),
        new Try("POST", v1 + "/fault-cards", "plan", CARD, 409),
        new Try("GET", v1 + "/fault-cards", "li", null, 200),
        new Try("PUT", v1 + "/fault-cards/1", "plan", CARD.replace("{", "{\"version\": 1, "), 200),
        new Try("PUT", v1 + "/fault-cards/1", "plan", CARD.replace("{", "{\"version\": 1, "), 409),
        new Try("PUT", v1 + "/fault-cards/1", "plan", CARD, 400),
        new Try("DELETE", v1 + "/fault-cards/1?version=2", "plan", null, 204),
        new Try("DELETE", v1 + "/fault-cards/1?version=2", "plan", null, 404),
        new Try("GET", v1 + "/exports/fault-cards", "boss", null, 200),
        new Try("GET", v1 + "/exports/fault-cards?format=xlsx", "plan", null, 200),
        new Try(
            "POST",
            v1 + "/imports/fault-cards?dryRun=true",
            "plan",
            "model,fault_code,title_zh,title_en\n,E1,一,A",
            200),
        new Try("POST", v1 + "/imports/fault-cards", "plan", "model,colour\n,E1", 400),
        new Try("PUT", v1 + "/danger-words", "plan", "{\"words\": [\"漏气\"]}", 204),
        new Try("PUT", v1 + "/danger-words", "plan", "{\"words\": [\" \"]}", 400),
        new Try("GET", v1 + "/campaigns/spring/rounds/1/answers?site=S1", "boss", null, 200),
        new Try("GET", v1 + "/campaigns/spring/rounds/1/answers?site=S2", "boss", null, 404),
        new Try(
            "POST", v1 + "/campaigns/spring/rounds/1/answers/corrections", "boss", CORRECTION, 200),
        new Try("POST", v1 + "/campaigns/spring/rounds/1/answers/corrections", "boss", "{}", 400),
        new Try("GET", v1 + "/tiers", "li", null, 200),
        new Try("POST", v1 + "/tiers", "boss", TIER.formatted("\"code\": \"tin\","), 201),
        new Try("PUT", v1 + "/tiers/tin", "boss", TIER.formatted(""), 200),
        new Try("PUT", v1 + "/tiers/brass", "boss", TIER.formatted(""), 404),
        new Try("DELETE", v1 + "/tiers/tin", "boss", null, 204),
        new Try("DELETE", v1 + "/tiers/standard", "boss", null, 409),
        new Try("PUT", v1 + "/account-managers/Liu", "boss", "{\"login\": \"li\"}", 204),
        new Try("PUT", v1 + "/account-managers/Liu", "boss", "{\"login\": \"no\"}", 400),
        new Try("GET", v1 + "/account-managers", "boss", null, 200),
        new Try("DELETE", v1 + "/account-managers/Liu", "boss", null, 204),
        new Try("POST", v1 + "/leaves", "boss", LEAVE, 201),
        new Try("POST", v1 + "/leaves", "boss", LEAVE, 409),
        new Try("GET", v1 + "/leaves", "boss", null, 200),
        new Try("DELETE", v1 + "/leaves/1", "boss", null, 204),
        new Try("DELETE", v1 + "/leaves/1", "boss", null, 404),
        new Try("GET", v1 + "/status", "li", null, 200),
        new Try("GET", v1 + "/health", "", null, 200),
        new Try("GET", v1 + "/openapi.json", "", null, 200),
        new Try("DELETE", v1 + "/session", "desk", null, 204));
  }

  private static final String CADENCE = "{\"version\":0,\"cadence\":{\"answeredByRecord\":\"7d\"}}";

  private static final String SHIFT =
      "{\"agent\":\"8001\",\"date\":\"2098-01-01\",\"from\":\"09:00\",\"to\":\"18:00\"}";

  private static final String SOME_SITES = "{\"sites\":{\"tiers\":[\"gold\"],\"sites\":[\"S1\"]}}";

  private static final String OWN_RULES =
      "{\"version\":0,\"rules\":{\"windows\":{\"default\":{\"wed\":[\"15:00-16:00\"]}}}}";

  private static final String POLICY =
      "{%s, \"document\": {\"steps\": [{\"after\": \"0s\", \"who\": \"graded\"}]}}";

  private static final String TIER =
      "{%s \"nameEn\": \"Tin\", \"nameZh\": \"锡\", \"rank\": 7, \"weight\": 1.5,"
          + " \"minGrade\": 1}";

  private static final String LEAVE =
      "{\"login\": \"li\", \"from\": \"2098-01-01T00:00:00Z\", \"to\": \"2098-01-09T00:00:00Z\"}";

  private static final String DRAFT =
      "{\"revision\": %s, \"document\": {\"questions\": [{\"code\": \"a\", \"type\": \"%s\","
          + " \"textEn\": \"A\", \"textZh\": \"一\"}]}}";

  private static final String TRIAL =
      "{\"code\": \"new\", \"devices\": 1, \"answers\": {\"b@1\": \"x\", \"a\": true}, \"document\":"
          + " {\"sections\": [{\"code\": \"s\", \"titleEn\": \"S\", \"titleZh\": \"部\", \"questions\":"
          + " [{\"code\": \"a\", \"type\": \"%s\", \"textEn\": \"A\", \"textZh\": \"一\"}]}]}}";

  private static final String CARD =
      "{\"model\": \"Boiler\", \"faultCode\": \"E1\", \"titleEn\": \"No flame\", \"titleZh\": \"不点火\","
          + " \"askEn\": \"Gas on?\\nSince when?\"}";

  private static final String CORRECTION =
      "{\"site\": \"S1\", \"key\": \"fault\", \"value\": \"no\", \"why\": \"misheard\"}";

  private static final String CONTEST =
      "{\"figure\":\"rona\",\"row\":\"leg:c-1:1\",\"text\":\"it did not ring\"}";

  private static final String DECISION = "{\"decision\":\"accept\",\"reason\":\"heard it\"}";

  private static String signIn(String login, String password) {
    return Json.write(Map.of("login", login, "password", password));
  }

  private static HttpRequest request(Try one, String cookie) {
    byte[] body = one.body == null ? null : one.body.getBytes(StandardCharsets.UTF_8);
    HttpRequest.Builder request = web.request(one.method, one.path, cookie, body);
    return one.login.equals(TOKEN)
        ? request.header("Authorization", "Bearer " + TestWeb.TOKEN).build()
        : request.build();
  }

  @Test
  void theFeedSaysWhatIsDescribed() {
    String cookie = web.signIn("wang");
    try (FeedListener feed = FeedListener.open(web, cookie)) {
      JsonNode snapshot = feed.next("snapshot");
      JsonNode schema =
          Json.MAPPER.createObjectNode().put("$ref", "#/components/schemas/FeedMessage");
      Contract.matches(schema, snapshot, "snapshot");
      feed.send("{\"type\":\"heartbeat\"}");
      Contract.matches(schema, feed.next("heartbeat"), "heartbeat");
      web.fakes.live.add(FakeDesks.liveCall("c-77"));
      Contract.matches(schema, feed.next("waiting"), "waiting");
    }
  }
}

package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.careline.agent.AgentNumber;
import org.careline.callback.Seed;
import org.careline.customer.ReferenceSnapshot;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.careline.routing.Discipline;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Policies, tiers, account managers and leaves over HTTP, as the engine then has them. */
class PolicyDeskTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static TestWeb web;
  private static String boss;
  private static ReferenceSnapshot snapshot;

  @BeforeAll
  static void start() {
    TestWeb.users(mysql.database());
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              long customer = Seed.customer(handle, "RJ");
              Seed.site(handle, customer, null, "S1", "gold", "+8613800138001");
              handle.execute("UPDATE site SET account_manager = '刘倩' WHERE code = 'S1'");
            });
    web = new TestWeb(mysql.database(), TestWeb.folder());
    boss = web.signIn("boss");
    snapshot =
        new ReferenceSnapshot(
            mysql.database().dataSource(), TestFolders.create("policy").resolve("reference.bin"));
    snapshot.start();
  }

  @AfterAll
  static void stop() {
    snapshot.close();
    web.close();
  }

  private static HttpResponse<String> send(String method, String path, String body, String as) {
    byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    return web.send(web.request(method, "/api/v1" + path, as, bytes).build());
  }

  private static JsonNode ok(String method, String path, String body, int status) {
    HttpResponse<String> answer = send(method, path, body, boss);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer.body().isEmpty() ? null : TestWeb.json(answer);
  }

  /** What is saved is in the engine's memory within a second or so, without a restart. */
  @Test
  void aSavedPolicyIsInMemoryAtOnceAndItsVersionsStay() {
    JsonNode first = ok("GET", "/policies/default", null, 200);
    ObjectNode document = first.get("document").deepCopy();
    document.put("discipline", "strict");
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("version", first.get("version").asInt());
    body.set("document", document);
    JsonNode saved = ok("PUT", "/policies/default", body.toString(), 200);
    assertThat(saved.get("version").asInt()).isEqualTo(2);
    assertThat(saved.get("savedBy").asText()).isEqualTo("boss");
    await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> snapshot.current().routing().policy("").discipline() == Discipline.STRICT);
    assertThat(ok("PUT", "/policies/default", body.put("version", 2).toString(), 200))
        .as("nothing has changed: no new version")
        .isEqualTo(saved);
    HttpResponse<String> late =
        send("PUT", "/policies/default", body.put("version", 1).toString(), boss);
    assertThat(TestWeb.error(late)).isEqualTo("409 saved_meanwhile");
    assertThat(TestWeb.json(late).get("message").asText()).contains("boss").contains("2");
    JsonNode before = ok("GET", "/policies/default?version=1", null, 200);
    assertThat(before.get("document")).isEqualTo(first.get("document"));
    assertThat(before.get("versions")).hasSize(2);
  }

  @Test
  void whatIsWrongIsSaidAtOnceInTheReadersLanguageAndNothingIsSaved() {
    String wrong =
        """
        {"document": {"tiers": {"gold": {"weight": -1}},
          "steps": [{"after": "20s", "who": "graded"}, {"after": "0s", "who": "overflow_group",
                     "group": "a"}],
          "groups": {"a": {"agents": ["8099"], "then": {"after": "1m", "group": "a"}}}}%s}
        """;
    HttpRequest chinese =
        web.request(
                "POST",
                "/api/v1/policies/check",
                boss,
                wrong.formatted("").getBytes(StandardCharsets.UTF_8))
            .setHeader("Accept-Language", "zh")
            .build();
    JsonNode problems = TestWeb.json(web.send(chinese)).get("problems");
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).get("at").asText()).isEqualTo("tiers.gold.weight");
    assertThat(problems.get(0).get("message").asText()).contains("权重必须大于 0");
    HttpResponse<String> refused =
        send("POST", "/policies", wrong.replace("-1", "1").formatted(", \"code\": \"key\""), boss);
    assertThat(TestWeb.error(refused)).isEqualTo("400 invalid_policy");
    assertThat(
            StreamSupport.stream(
                TestWeb.json(refused).at("/details/problems").spliterator(), false))
        .extracting(problem -> problem.get("at").asText())
        .containsExactlyInAnyOrder("steps[1].after", "groups.a.then", "groups.a.agents");
    assertThat(send("GET", "/policies/key", null, boss).statusCode()).isEqualTo(404);
  }

  @Test
  void numbersOutsideMustBeAllowedAndNotOurOwn() {
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO line (code, number, name_en, name_zh) VALUES ('m', '4006662020',"
                        + " 'M', 'M')"));
    for (String number : List.of("4006662020", "+4006662020", "00155512345")) {
      HttpResponse<String> refused =
          send(
              "POST",
              "/policies",
              """
              {"code": "out", "document": {"steps": [{"after": "0s", "who": "graded"},
                {"after": "9s", "who": "external", "number": "%s"}]}}
              """
                  .formatted(number),
              boss);
      assertThat(TestWeb.error(refused)).as(number).isEqualTo("400 invalid_policy");
    }
  }

  @Test
  void tiersAreFreeInNameAndNumberButNotWhileTheyAreUsed() {
    String tier =
        "{%s \"nameEn\": \"Bronze\", \"nameZh\": \"铜牌\", \"rank\": 5, \"weight\": 1.5,"
            + " \"minGrade\": 2}";
    ok("POST", "/tiers", tier.formatted("\"code\": \"bronze\","), 201);
    assertThat(TestWeb.error(send("POST", "/tiers", tier.formatted("\"code\": \"bronze\","), boss)))
        .isEqualTo("409 tier_exists");
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> snapshot.current().tier("bronze").nameZh().equals("铜牌"));
    ok("PUT", "/tiers/bronze", tier.replace("1.5", "2").formatted(""), 200);
    for (String weight : List.of("0", "-3", "\"4\"", "null")) {
      assertThat(
              send("PUT", "/tiers/bronze", tier.replace("1.5", weight).formatted(""), boss)
                  .statusCode())
          .as(weight)
          .isEqualTo(400);
    }
    ok(
        "POST",
        "/policies",
        """
        {"code": "metals", "document": {"tiers": {"bronze": {"rank": 5, "weight": 2}},
         "steps": [{"after": "0s", "who": "graded"}]}}
        """,
        201);
    assertThat(TestWeb.error(send("DELETE", "/tiers/bronze", null, boss)))
        .isEqualTo("409 tier_used");
    assertThat(TestWeb.error(send("DELETE", "/tiers/gold", null, boss)))
        .as("a site has it")
        .isEqualTo("409 tier_used");
    assertThat(TestWeb.error(send("DELETE", "/tiers/standard", null, boss)))
        .isEqualTo("409 tier_needed");
    ok(
        "PUT",
        "/policies/metals",
        """
        {"version": 1, "document": {"steps": [{"after": "0s", "who": "graded"}]}}
        """,
        200);
    ok("DELETE", "/tiers/bronze", null, 204);
  }

  @Test
  void accountManagersAndLeaves() {
    assertThat(ok("GET", "/account-managers", null, 200))
        .anySatisfy(
            manager -> {
              assertThat(manager.get("name").asText()).isEqualTo("刘倩");
              assertThat(manager.get("known").asBoolean()).isFalse();
            });
    String path = "/account-managers/%E5%88%98%E5%80%A9";
    ok("PUT", path, "{\"login\": \"li\", \"deputy\": \"wang\", \"mobile\": \"13800000001\"}", 204);
    for (String wrong :
        List.of(
            "{\"login\": \"boss\"}",
            "{\"login\": \"li\", \"deputy\": \"li\"}",
            "{\"login\": \"li\", \"mobile\": \"12\"}")) {
      assertThat(send("PUT", path, wrong, boss).statusCode()).as(wrong).isEqualTo(400);
    }
    JsonNode leave =
        ok(
            "POST",
            "/leaves",
            "{\"login\": \"li\", \"from\": \"2090-01-01T00:00:00Z\", \"to\":"
                + " \"2090-01-09T00:00:00Z\", \"deputy\": \"desk\"}",
            201);
    assertThat(
            TestWeb.error(
                send(
                    "POST",
                    "/leaves",
                    "{\"login\": \"li\", \"from\": \"2090-01-05T00:00:00Z\", \"to\":"
                        + " \"2090-02-01T00:00:00Z\"}",
                    boss)))
        .isEqualTo("409 leave_overlaps");
    assertThat(
            send(
                    "POST",
                    "/leaves",
                    "{\"login\": \"li\", \"from\": \"2091-01-05T00:00:00Z\", \"to\":"
                        + " \"2091-01-05T00:00:00Z\"}",
                    boss)
                .statusCode())
        .isEqualTo(400);
    Instant within = Instant.parse("2090-01-05T00:00:00Z");
    AgentNumber li = new AgentNumber("8001");
    await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> snapshot.current().routing().leave(li, within).isPresent());
    assertThat(snapshot.current().routing().leave(li, within).orElseThrow().deputy())
        .hasValue(new AgentNumber("8003"));
    assertThat(snapshot.current().routing().manager("刘倩").orElseThrow().mobile())
        .hasValue("+8613800000001");
    ok("DELETE", "/leaves/" + leave.get("id").asLong(), null, 204);
    await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> snapshot.current().routing().leave(li, within).isEmpty());
    ok("DELETE", path, null, 204);
  }
}

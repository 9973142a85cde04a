package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.careline.asterisk.OutsideCallers;
import org.careline.demo.ConsoleClient;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.local.Command;
import org.careline.local.Secrets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a supervisor saves over HTTP, at work in a whole instance that is never restarted: policies
 * and leave from MySQL, real calls, and what is told of them afterwards.
 */
class RoutingOnAnInstanceTest {
  private static final String LINE = "4008001111";
  private static final String MENU_LINE = "4008002222";
  private static final String KEY_ACCOUNT = "13800130001";
  private static final String KEY_ACCOUNT_TOO = "13800130002";
  private static final String PASSWORD = "test-password-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Login, number, grade: nobody here has the skill the menu asks for. */
  private static final List<List<String>> AGENTS =
      List.of(
          List.of("junior", "8001", "1"),
          List.of("manager", "8004", "3"),
          List.of("deputy", "8005", "3"),
          List.of("night", "8006", "1"));

  private static final Map<String, ConsoleClient> AT = new HashMap<>();
  private static TestInstance instance;
  private static OutsideCallers callers;
  private static ConsoleClient boss;

  @BeforeAll
  static void start() throws Exception {
    instance = TestInstance.up("--outside");
    Path folder = TestFolders.create("routing");
    Files.writeString(folder.resolve("all.yaml"), yaml());
    Files.writeString(
        folder.resolve("sites.csv"),
        "chain_code,chain_name,site_code,site_name,tier,phone1,account_manager\n"
            + "KA,大客户,K1,大客户一店,platinum,"
            + KEY_ACCOUNT
            + ",刘倩\nKB,另一家,K1,另一家店,platinum,"
            + KEY_ACCOUNT_TOO
            + ",\n");
    for (List<String> command :
        List.of(List.of("import-sites", "sites.csv"), List.of("apply", "all.yaml"))) {
      Command done =
          instance.careline(command.getFirst(), folder.resolve(command.getLast()).toString());
      assertThat(done.exitCode()).as(done.errors()).isZero();
    }
    URI console = URI.create("http://127.0.0.1:" + instance.ports().http());
    boss = new ConsoleClient(console, "boss");
    soon(() -> boss.logIn(PASSWORD).has("login"));
    for (List<String> agent : AGENTS) {
      ConsoleClient his = new ConsoleClient(console, agent.getFirst());
      AT.put(agent.getFirst(), his);
      soon(() -> his.logIn(PASSWORD).has("login"));
      soon(() -> his.post("/softphone", Map.of()) != null);
      his.stay();
    }
    callers =
        new OutsideCallers(
            instance.ports().outsideAmi(),
            Secrets.of(instance.home()).amiEngine(),
            InstantSource.system());
    soon(callers::connected);
    soon(() -> boss.get("/agents").size() == AGENTS.size());
  }

  @AfterAll
  static void stop() {
    AT.values().forEach(ConsoleClient::close);
    if (boss != null) {
      boss.close();
    }
    if (callers != null) {
      callers.close();
    }
    if (instance != null) {
      instance.close();
    }
  }

  private static String yaml() {
    StringBuilder yaml =
        new StringBuilder(
            """
            lines:
              - {code: main, number: "%s", nameEn: Main, nameZh: 主线, wrapUp: 0s}
              - code: menu
                number: "%s"
                nameEn: Menu
                nameZh: 菜单
                wrapUp: 0s
                settings: {menu: [{key: 1, choice: install, skill: boiler}]}
            agents:
              - {login: boss, name: Boss, roles: [supervisor], password: %s}
            """
                .formatted(LINE, MENU_LINE, PASSWORD));
    for (List<String> agent : AGENTS) {
      yaml.append(
          "  - {login: %s, name: %s, number: \"%s\", grade: %s, password: %s, deskPhone: \"sip:%s@127.0.0.2:%d\"}\n"
              .formatted(
                  agent.get(0),
                  agent.get(0),
                  agent.get(1),
                  agent.get(2),
                  PASSWORD,
                  agent.get(1),
                  instance.ports().outsideSip()));
    }
    return yaml.append("accountManagers:\n  - {name: 刘倩, login: manager}\n").toString();
  }

  @Test
  void whatIsSavedDecidesTheNextCall() throws Exception {
    save(
        """
        {"discipline": "fifo", "steps": [{"after": "0s", "who": "graded"}]}
        """);
    String ordinary = calls(LINE, "13900000001", "");
    String key = calls(LINE, KEY_ACCOUNT, "");
    soon(() -> order().equals(List.of(ordinary, key)));

    // The manager is away by a row of the leave calendar, though he will be there.
    Instant now = Instant.now();
    boss.post(
        "/leaves",
        Map.of(
            "login",
            "manager",
            "from",
            now.minusSeconds(60).toString(),
            "to",
            now.plusSeconds(3600).toString(),
            "deputy",
            "deputy"));
    // One PUT turns them round; the reserve keeps the last senior for key accounts.
    save(
        """
        {"discipline": "strict",
         "tiers": {"platinum": {"rank": 1, "weight": 8, "minGrade": 3},
                   "standard": {"rank": 9, "weight": 1}},
         "steps": [{"after": "0s", "who": "account_manager"}, {"after": "0s", "who": "deputy"},
                   {"after": "90s", "who": "graded"}],
         "reserve": {"agents": 1, "tier": "platinum", "atMost": "2m"}}
        """);
    soon(() -> order().equals(List.of(key, ordinary)));

    ready("manager", true);
    soon(() -> presence("8004").equals("ready"));
    ready("deputy", true);
    soon(() -> state(key).equals("talking"));
    ready("manager", false);
    soon(() -> presence("8004").equals("not_ready"));
    boss.post("/calls/" + key + "/hang-up", Map.of());
    JsonNode first = offers(key).getFirst();
    assertThat(first.get("agent").asText()).isEqualTo("8005");
    assertThat(first.at("/decision/step").asText()).isEqualTo("deputy");
    assertThat(first.at("/decision/behind/call").asText()).isEqualTo(ordinary);
    assertThat(first.get("reasonEn").asText()).contains("8005");
    assertThat(first.get("reasonZh").asText()).contains("8005");

    // The deputy is free again; he is the reserve. A junior takes the ordinary caller.
    soon(() -> presence("8005").equals("ready"));
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(3))
        .until(() -> state(ordinary).equals("waiting"));
    ready("night", true);
    soon(() -> state(ordinary).equals("talking"));
    boss.post("/calls/" + ordinary + "/hang-up", Map.of());
    JsonNode second = offers(ordinary).getFirst();
    assertThat(second.get("agent").asText()).isEqualTo("8006");
    assertThat(second.at("/decision/waitedSeconds").asDouble()).isPositive();
    tellsTheWholeStory(key);
    juniors();
  }

  /** What was known, who was asked, who was ahead and why; a supervisor's own words. */
  private static void tellsTheWholeStory(String id) throws Exception {
    JsonNode call =
        soonest(
            () -> boss.get("/calls/" + id),
            story -> story.path("outcome").asText().equals("answered"));
    assertThat(call.get("tier").asText()).isEqualTo("platinum");
    assertThat(call.get("recognition").asText()).isEqualTo("site");
    List<String> kinds = new ArrayList<>();
    List<String> whys = new ArrayList<>();
    for (JsonNode line : call.get("story")) {
      kinds.add(line.get("kind").asText());
      whys.add(line.path("why").asText(""));
      assertThat(line.get("text").asText()).isNotBlank();
    }
    assertThat(kinds).containsSubsequence("arrived", "recognised", "offer_made", "answered");
    assertThat(whys).anySatisfy(why -> assertThat(why).contains("8005"));
  }

  /** Two juniors: the longest idle, a group to overflow to, key accounts in the last step only. */
  private static void juniors() throws Exception {
    ready("deputy", false);
    soon(() -> presence("8006").equals("ready"));
    ready("junior", true);
    save(
        """
        {"tiers": {"platinum": {"rank": 1, "weight": 8, "minGrade": 3}},
         "steps": [{"after": "0s", "who": "graded"},
                   {"after": "3s", "who": "overflow_group", "group": "night"},
                   {"after": "6s", "who": "wider", "lowerGrades": true}],
         "groups": {"night": {"agents": ["8006"]}}}
        """);
    String plain = calls(LINE, "13900000002", "");
    soon(() -> state(plain).equals("talking"));
    assertThat(offers(plain).getFirst().get("agent").asText())
        .as("idle for longer")
        .isEqualTo("8006");
    boss.post("/calls/" + plain + "/hang-up", Map.of());
    soon(() -> presence("8006").equals("ready"));

    String skilled = calls(MENU_LINE, "13900000003", "wwww1");
    String key = calls(LINE, KEY_ACCOUNT_TOO, "");
    soon(() -> state(skilled).equals("talking") && state(key).equals("talking"));
    boss.post("/calls/" + skilled + "/hang-up", Map.of());
    boss.post("/calls/" + key + "/hang-up", Map.of());
    JsonNode group = offers(skilled).getFirst();
    assertThat(group.get("agent").asText()).isEqualTo("8006");
    assertThat(group.at("/decision/step").asText()).isEqualTo("overflow_group");
    assertThat(group.at("/decision/waitedSeconds").asDouble()).isGreaterThanOrEqualTo(3);
    JsonNode last = offers(key).getFirst();
    assertThat(last.get("agent").asText()).isEqualTo("8001");
    assertThat(last.at("/decision/step").asText()).isEqualTo("wider");
    assertThat(last.at("/decision/grade").asInt()).isEqualTo(1);
    assertThat(last.at("/decision/waitedSeconds").asDouble()).isGreaterThanOrEqualTo(6);
  }

  // --- by hand

  private static void save(String document) throws Exception {
    JsonNode before = boss.get("/policies/default");
    boss.put(
        "/policies/default",
        Map.of("version", before.get("version").asInt(), "document", JSON.readTree(document)));
  }

  /** Somebody calls and stays until he is hung up; his call's id. */
  private static String calls(String line, String from, String keys) throws Exception {
    List<String> before = living();
    callers.call(line, from, keys, Duration.ofSeconds(90)).join();
    soon(() -> living().size() > before.size());
    return living().stream().filter(id -> !before.contains(id)).findFirst().orElseThrow();
  }

  private static List<String> living() {
    List<String> ids = new ArrayList<>();
    boss.get("/calls/live").forEach(call -> ids.add(call.get("id").asText()));
    return ids;
  }

  /** Who waits, by their places. */
  private static List<String> order() {
    List<JsonNode> waiting = new ArrayList<>();
    boss.get("/calls/live").forEach(call -> waiting.add(call));
    waiting.removeIf(call -> !call.path("position").isInt());
    waiting.sort(java.util.Comparator.comparingInt(call -> call.get("position").asInt()));
    return waiting.stream().map(call -> call.get("id").asText()).toList();
  }

  private static String state(String id) {
    for (JsonNode call : boss.get("/calls/live")) {
      if (call.get("id").asText().equals(id)) {
        return call.get("state").asText();
      }
    }
    return "over";
  }

  private static void ready(String login, boolean ready) throws Exception {
    AT.get(login)
        .put(
            "/agents/me/presence",
            Map.of("wish", ready ? "ready" : "not_ready", "reason", ready ? "" : "break"));
  }

  private static String presence(String number) {
    for (JsonNode agent : boss.get("/agents")) {
      if (agent.get("number").asText().equals(number)) {
        return agent.get("presence").asText();
      }
    }
    return "none";
  }

  /** Whom he was offered to, once that is stored. */
  private static List<JsonNode> offers(String id) throws Exception {
    JsonNode story =
        soonest(
            () -> boss.get("/calls/" + id),
            call -> call.get("events").findValuesAsText("kind").contains("answered"));
    List<JsonNode> offers = new ArrayList<>();
    for (JsonNode event : story.get("events")) {
      if (event.get("kind").asText().equals("offer_made")) {
        offers.add(event.get("detail"));
      }
    }
    return offers;
  }

  private static void soon(Callable<Boolean> condition) {
    await()
        .atMost(Duration.ofSeconds(25))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(condition);
  }

  private static JsonNode soonest(
      Callable<JsonNode> question, java.util.function.Predicate<JsonNode> good) {
    return await()
        .atMost(Duration.ofSeconds(25))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(question, good);
  }
}

package org.careline.matter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.careline.asterisk.OutsideCallers;
import org.careline.cli.Running;
import org.careline.demo.ConsoleClient;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.local.Checkout;
import org.careline.local.Command;
import org.careline.local.Secrets;
import org.junit.jupiter.api.Test;

/**
 * A matter from the first call to the next one, on a whole instance: the production engine with its
 * policies and MySQL, real Asterisk, agents over HTTP, callers of the outside world.
 */
class MattersEndToEndTest {
  private static final String LINE = "4008001234";
  private static final String SHOP = "13900139000";
  private static final String STRANGER = "13900139099";

  /** Answers after a second and talks for a minute. */
  private static final String RINGS_BACK = "02161234100";

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String PASSWORD = "correct horse battery";

  private static void succeed(TestInstance instance, String command, String file, String text)
      throws Exception {
    Path path = TestFolders.create("matters").resolve(file);
    Files.writeString(path, text);
    Command done = instance.careline(command, path.toString());
    assertThat(done.exitCode()).as(done.errors()).isZero();
  }

  private static ConsoleClient enter(TestInstance instance, String login) {
    URI console = URI.create("http://127.0.0.1:" + instance.ports().http());
    ConsoleClient client = new ConsoleClient(console, login);
    await().atMost(SOON).ignoreExceptions().until(() -> client.logIn(PASSWORD).has("login"));
    return client;
  }

  private static ConsoleClient agent(TestInstance instance, String login) {
    ConsoleClient client = enter(instance, login);
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> client.post("/softphone", Map.of()) != null);
    client.stay();
    return client;
  }

  private static void wish(ConsoleClient agent, String wish) {
    String reason = wish.equals("ready") ? "" : "break";
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(
            () -> {
              agent.put("/agents/me/presence", Map.of("wish", wish, "reason", reason));
              return presence(agent).equals(wish);
            });
  }

  private static String presence(ConsoleClient agent) {
    String number = agent.login().equals("li") ? "8001" : "8002";
    return StreamSupport.stream(agent.get("/agents").spliterator(), false)
        .filter(one -> one.path("number").asText().equals(number))
        .map(one -> one.path("presence").asText())
        .findFirst()
        .orElse("");
  }

  /** The id of the call an agent talks in. */
  private static String talks(ConsoleClient agent) {
    return await()
        .atMost(SOON)
        .until(
            () ->
                Optional.of(agent.get("/work"))
                    .filter(work -> work.path("state").asText().equals("on_call"))
                    .map(work -> work.path("callId").asText()),
            Optional::isPresent)
        .orElseThrow();
  }

  /** MySQL has the call a moment after it is answered. */
  private static JsonNode matters(ConsoleClient agent, String call) {
    return await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> agent.get("/calls/" + call + "/matters"), JsonNode::isObject);
  }

  private static void finishes(ConsoleClient agent) {
    await().atMost(SOON).until(() -> presence(agent).equals("after_call_work"));
    agent.post("/agents/me/wrap-up/end", Map.of());
    await().atMost(SOON).until(() -> presence(agent).equals("ready"));
  }

  private static String why(ConsoleClient supervisor, String call) {
    return await()
        .atMost(SOON)
        .until(
            () ->
                StreamSupport.stream(
                        supervisor.get("/calls/" + call).path("story").spliterator(), false)
                    .filter(line -> line.path("kind").asText().equals("offer_made"))
                    .map(line -> line.path("why").asText())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /**
   * It was rung, wants to be rung later, and rings the hotline before: the same questions are asked
   * in its own call, and the round is done with it.
   */
  private static void aSiteThatRingsBackIsAskedThenAndNotRungAgain(
      TestInstance instance, OutsideCallers callers, ConsoleClient agent) throws Exception {
    succeed(
        instance,
        "import-sites",
        "back.csv",
        "chain_code,site_code,site_name,phone1,consent_basis,consent_until\n"
            + "RB,B1,Store 9,"
            + RINGS_BACK
            + ",contract,2099-12-31\n");
    Path questions = Checkout.folder().resolve("config/examples/questionnaire.yaml");
    assertThat(instance.careline("apply", questions.toString()).exitCode()).isZero();
    succeed(
        instance,
        "apply",
        "campaign.yaml",
        """
        campaigns:
          - code: RB
            name: 回访
            customer: RB
            questionnaire: standard
            mode: preview
            rules:
              nightEvidence: a test, only the simulated outside world is called
              officeDays: all
              differentSlots: false
              tradeCalendar: {default: []}
              windows: {default: {mon-sun: ["00:00-24:00"]}}
              caps: {spacing: 0s, perDay: 9, perNumberMinute: 9}
        """);
    Command opened = instance.careline("round", "open", "RB");
    assertThat(opened.exitCode()).as(opened.errors()).isZero();
    String rung = attempt(agent, "inserted");
    agent.post("/attempts/" + rung + "/dial", Map.of());
    attempt(agent, "talking");
    agent.post(
        "/attempts/" + rung + "/disposition",
        Map.of(
            "disposition",
            "appointment",
            "note",
            "",
            "appointmentAt",
            Instant.now().plus(Duration.ofMinutes(2)).toString()));
    await().atMost(SOON).until(() -> presence(agent).equals("ready"));

    callers.call(LINE, RINGS_BACK, Duration.ofSeconds(10)).join();
    String call = talks(agent);
    JsonNode waiting =
        await()
            .atMost(SOON)
            .ignoreExceptions()
            .until(() -> agent.get("/calls/" + call + "/round"), found -> found.size() == 1);
    assertThat(waiting.at("/0/code").asText()).isEqualTo("B1");
    assertThat(waiting.at("/0/appointmentAt").isNull()).isFalse();
    String asked = agent.post("/calls/" + call + "/round", Map.of()).path("attemptId").asText();
    agent.put(
        "/attempts/" + asked + "/answers",
        Map.of("fault", "no", "hidden_danger", "no", "satisfaction", "5"));
    agent.post("/attempts/" + asked + "/disposition", Map.of("disposition", "completed"));
    try (Running running = Running.open(instance.home())) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(
                          texts(
                              running,
                              "SELECT CONCAT(r.status, ' ', rs.bin) FROM round_site rs"
                                  + " JOIN round r ON r.id = rs.round_id"))
                      .as("nothing is left to be rung")
                      .containsExactly("closed completed"));
      assertThat(texts(running, "SELECT id FROM attempt WHERE placed_at IS NOT NULL"))
          .as("rung once, by itself the second time")
          .containsExactly(rung);
      assertThat(texts(running, "SELECT rung_back_call FROM appointment")).containsExactly(call);
      assertThat(
              texts(
                  running,
                  "SELECT DISTINCT CONCAT(attempt_id, ' ', second_of_recording > 0) FROM answer"))
          .as("asked in the call of the hotline, and to be heard there")
          .containsExactly(asked + " 1");
    }
  }

  private static List<String> texts(Running running, String sql) {
    return running.database().jdbi().withHandle(h -> h.select(sql).mapTo(String.class).list());
  }

  /** The id of the attempt before the agent, once it has come so far. */
  private static String attempt(ConsoleClient agent, String state) {
    return await()
        .atMost(SOON)
        .until(
            () ->
                Optional.of(agent.get("/work"))
                    .filter(work -> work.path("kind").asText().equals("attempt"))
                    .filter(work -> work.path("state").asText().equals(state))
                    .map(work -> work.path("attemptId").asText()),
            Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void theNextCallOfTheSiteGoesToWhoServedItsMatterLast() throws Exception {
    try (TestInstance instance = TestInstance.up("--outside");
        OutsideCallers callers =
            new OutsideCallers(
                instance.ports().outsideAmi(),
                Secrets.of(instance.home()).amiEngine(),
                InstantSource.system())) {
      String phone = "@127.0.0.2:" + instance.ports().outsideSip();
      succeed(
          instance,
          "apply",
          "cast.yaml",
          """
          tiers:
            - {code: gold, nameEn: Gold, nameZh: 金牌, rank: 2, weight: 4, minGrade: 1}
            - {code: standard, nameEn: Standard, nameZh: 普通, rank: 100, weight: 1}
          lines:
            - {code: service, number: "%s", nameEn: Service, nameZh: 服务热线, language: zh, greeting: "", ringTimeout: 15s, wrapUp: 30s}
          agents:
            - {login: li, name: 李, number: "8001", grade: 3, deskPhone: "sip:8001%s", password: "%s"}
            - {login: wang, name: 王, number: "8002", grade: 3, deskPhone: "sip:8002%s", password: "%s"}
            - {login: boss, name: 班长, roles: [supervisor], language: zh, password: "%s"}
            - {login: chief, name: Chief, roles: [supervisor], language: en, password: "%s"}
          """
              .formatted(LINE, phone, PASSWORD, phone, PASSWORD, PASSWORD, PASSWORD));
      succeed(
          instance,
          "import-sites",
          "sites.csv",
          "chain_code,chain_name,site_code,site_name,tier,phone1,device_model,device_serial\n"
              + "RJ,Ruijia,S1,Store 1,gold,"
              + SHOP
              + ",Boiler 5,X-7\n");
      try (ConsoleClient li = agent(instance, "li");
          ConsoleClient wang = agent(instance, "wang");
          ConsoleClient boss = enter(instance, "boss");
          ConsoleClient chief = enter(instance, "chief")) {
        wish(li, "ready");
        await().atMost(SOON).until(callers::connected);
        callers.call(LINE, SHOP, Duration.ofSeconds(8)).join();
        String first = talks(li);
        // he is ready from now on, and stays so
        wish(wang, "ready");
        JsonNode begins = matters(li, first);
        assertThat(begins.at("/suggestion/siteCode").asText()).isEqualTo("S1");
        assertThat(begins.at("/suggestion/number").asText()).contains("****");
        JsonNode matter =
            li.post(
                "/matters",
                Map.of(
                    "kind",
                    "repair-power",
                    "customer",
                    "RJ",
                    "site",
                    "S1",
                    "deviceId",
                    begins.at("/suggestion/devices/0/id").asLong(),
                    "faultCode",
                    "E4",
                    "contact",
                    Map.of("kind", "call", "id", first)));
        long id = matter.path("id").asLong();
        assertThat(matter.path("device").asText()).isEqualTo("Boiler 5 X-7");
        assertThatThrownBy(() -> wang.get("/calls/" + first + "/matters"))
            .as("not his call")
            .isInstanceOf(ConsoleClient.Refused.class);
        finishes(li);

        callers.call(LINE, SHOP, Duration.ofSeconds(8)).join();
        String second = talks(li);
        assertThat(presence(wang)).as("had idled longer").isEqualTo("ready");
        JsonNode proposed = matters(li, second);
        assertThat(proposed.at("/open/0/id").asLong()).isEqualTo(id);
        li.post("/matters/" + id + "/contacts", Map.of("kind", "call", "id", second));
        JsonNode whole = li.get("/matters/" + id);
        assertThat(whole.findValuesAsText("what")).containsExactly("opened", "joined");
        assertThat(whole.path("contacts")).hasSize(2);
        assertThat(whole.path("lastAgent").asText()).isEqualTo("8001");
        finishes(li);
        String english = why(chief, second);
        String chinese = why(boss, second);
        assertThat(english).contains("8001").contains("who served his matter last");
        assertThat(chinese).contains("8001").containsPattern("[\\u4e00-\\u9fff]{4,}");
        assertThat(chinese).doesNotContain("matter");

        callers.call(LINE, STRANGER, Duration.ofSeconds(3)).join();
        String third = talks(wang);
        assertThat(why(chief, third)).as("longest idle, for others").contains("8002");

        JsonNode figures =
            boss.get("/figures/matters?by=kind&from=" + Instant.now().minus(Duration.ofHours(1)));
        assertThat(figures.at("/rows/0/kind").asText()).isEqualTo("repair-power");
        assertThat(figures.at("/total/unresolved/n").asInt()).isEqualTo(1);

        finishes(wang);
        wish(wang, "not_ready");
        aSiteThatRingsBackIsAskedThenAndNotRungAgain(instance, callers, li);
      }
    }
  }
}

package org.careline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.careline.asterisk.Ear;
import org.careline.asterisk.OutsideCallers;
import org.careline.callback.Seed;
import org.careline.config.Configuration;
import org.careline.config.ConfigurationLoader;
import org.careline.customer.Apply;
import org.careline.demo.ConsoleClient;
import org.careline.harness.Chromium;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.harness.TestMySql;
import org.careline.harness.TestOutside;
import org.careline.hotline.Sound;
import org.careline.local.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The engine as it is delivered, on a real Asterisk and MySQL: a line at night with account
 * managers' mobiles, the choice of one's account manager, and what the lines leave in the switch.
 */
class EngineLinesTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();

  private static final String PASSWORD = "kR7wq9-Tz4mVx2p";
  private static final String NIGHT = "02161110000";
  private static final String DAY = "4008003333";
  private static final String TAKES_IT = "13800138001";
  private static final String BUSY = "13800138002";
  private static final String ABROAD = "13800138003";
  private static final String STRANGER = "13800138009";
  private static final String OF_LI = "13800138011";
  private static final String OF_HUA = "13800138012";

  private static TestAsterisk asterisk;
  private static TestOutside outside;
  private static OutsideCallers callers;
  private static Engine engine;
  private static URI console;

  @BeforeAll
  static void start() throws Exception {
    asterisk = TestAsterisk.start();
    Ports ports = asterisk.ports();
    outside = TestOutside.start(ports);
    Configuration configuration = configuration(ports);
    seed(configuration, ports);
    callers =
        new OutsideCallers(ports.outsideAmi(), TestAsterisk.ENGINE_SECRET, InstantSource.system());
    engine = Engine.start(configuration);
    console = URI.create("http://127.0.0.1:" + ports.http());
    await().until(() -> callers.connected() && globals().contains("CARELINE_BEAT"));
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable part : new AutoCloseable[] {engine, callers, outside, asterisk}) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Configuration configuration(Ports ports) throws Exception {
    Path home = TestFolders.create("engine-lines");
    Path file = home.resolve("careline.yaml");
    Files.writeString(
        file,
        """
        http: {port: %d}
        database: {url: "%s", user: "%s", password: "%s"}
        asterisk:
          host: 127.0.0.1
          amiPort: %d
          engineSecret: %s
          credSecret: %s
          agiPort: %d
          agiToken: %s
          recordings: %s
          logDirectory: %s
        prompts: {folder: %s}
        """
            .formatted(
                ports.http(),
                TestMySql.shared().server().url(MYSQL.schema()),
                TestMySql.shared().server().user(),
                TestMySql.shared().server().password(),
                ports.ami(),
                TestAsterisk.ENGINE_SECRET,
                TestAsterisk.CRED_SECRET,
                ports.agi(),
                TestAsterisk.AGI_TOKEN,
                asterisk.home().resolve("recordings"),
                asterisk.home().resolve("log"),
                TestAsterisk.prompts()));
    return ConfigurationLoader.load(file, Map.of("CARELINE_HOME", home.toString()));
  }

  /** Three key accounts with managers outside, two customers whose managers sit at a desk. */
  private static void seed(Configuration configuration, Ports ports) {
    String people =
        """
        tiers:
          - {code: platinum, nameEn: Platinum, nameZh: 白金, rank: 1, weight: 8, minGrade: 3}
        agents:
          - {login: li, name: 李, number: "8001", password: "@", deskPhone: "sip:8001@127.0.0.2:#"}
          - {login: mei, name: 梅, number: "8002", password: "@", deskPhone: "sip:8002@127.0.0.2:#"}
          - {login: hua, name: 华, number: "8003", password: "@", deskPhone: "sip:8003@127.0.0.2:#"}
          - {login: zhao, name: 赵, number: "8004", password: "@"}
          - {login: boss, name: 王, roles: [supervisor], password: "@"}
          - {login: plan, name: 计, roles: [scheduler], language: zh, password: "@"}
        policies:
          - code: night
            document:
              nameEn: Night
              nameZh: 夜间
              steps:
                - {after: 0s, who: graded}
                - {after: 1s, who: external, number: account_manager, ring: 20s}
        accountManagers:
          - {name: Wang, mobile: "13910000007"}
          - {name: Zhao, login: zhao, mobile: "13900000090"}
          - {name: Sun, login: zhao, mobile: "13900000001"}
          - {name: Li, login: li}
          - {name: Hua, login: hua, deputy: mei}
        leaves:
          - {login: hua, from: "FROM", to: "TO"}
        """
            .replace("@", PASSWORD)
            .replace(PASSWORD + "127", "@127")
            .replace("#", "" + ports.outsideSip())
            .replace(
                "FROM",
                "" + Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS))
            .replace(
                "TO", "" + Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS));
    String lines =
        """
        lines:
          - code: night
            number: "4008002222"
            nameEn: Night
            nameZh: 夜间
            language: zh
            settings:
              publicNumber: "4008002222"
              landingNumbers: ["02161110000"]
              notice: recording-notice
              hours: {mon-sun: []}
              openTiers: [platinum]
              afterHours: {action: message, prompt: after-hours}
              policy: night
          - code: day
            number: "4008003333"
            nameEn: Day
            nameZh: 日间
            language: en
            wrapUp: 1s
            settings:
              menu: [{key: 5, choice: account_manager}]
          - code: office
            number: "4008004444"
            nameEn: Office
            nameZh: 办公
        """;
    for (String part : List.of(people, lines)) {
      new Apply(MYSQL.database(), configuration)
          .run("lines.yaml", part.getBytes(StandardCharsets.UTF_8));
    }
    MYSQL
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              long customer = Seed.customer(handle, "RJ");
              managed(handle, customer, "N1", "platinum", TAKES_IT, "Wang");
              managed(handle, customer, "N2", "platinum", BUSY, "Zhao");
              managed(handle, customer, "N3", "platinum", ABROAD, "Sun");
              managed(handle, customer, "D1", "standard", OF_LI, "Li");
              managed(handle, customer, "D2", "standard", OF_HUA, "Hua");
              // allowed when it was entered, and not any more
              handle.execute(
                  "UPDATE account_manager SET mobile = '+12125550123' WHERE name = 'Sun'");
            });
  }

  private static void managed(
      org.jdbi.v3.core.Handle handle,
      long customer,
      String code,
      String tier,
      String number,
      String manager) {
    long site = Seed.site(handle, customer, null, code, tier, "+86" + number);
    handle.execute("UPDATE site SET account_manager = ? WHERE id = ?", manager, site);
  }

  private static String globals() {
    return asterisk.cli("dialplan show globals");
  }

  private static void call(String line, String from, String keys, int seconds) {
    callers.call(line, from, keys, Duration.ofSeconds(seconds)).join();
  }

  /** The caller's channel in our switch. */
  private static String channel(String from) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                asterisk
                    .cli("core show channels concise")
                    .lines()
                    .map(line -> line.split("!"))
                    .filter(part -> part[0].startsWith("PJSIP/trunk-") && part[7].equals(from))
                    .map(part -> part[0])
                    .findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  /** His call once it is over. */
  private static Map<String, Object> ended(String from) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                MYSQL
                    .database()
                    .jdbi()
                    .withHandle(
                        handle ->
                            handle
                                .createQuery(
                                    "SELECT * FROM call_record WHERE caller_e164 = :from"
                                        + " AND outcome IS NOT NULL")
                                .bind("from", "+86" + from)
                                .mapToMap()
                                .findOne()),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  private static List<JsonNode> tasks(ConsoleClient who, boolean over) {
    JsonNode all = who.get("/tasks?kind=unreached_manager" + (over ? "&over=true" : ""));
    return StreamSupport.stream(all.spliterator(), false).toList();
  }

  private static ConsoleClient at(String login) {
    ConsoleClient client = new ConsoleClient(console, login);
    client.logIn(PASSWORD);
    return client;
  }

  /**
   * The line is closed. A key account's manager takes the call on his mobile and is recorded; one
   * whose mobile is busy, and one whose mobile may not be dialled, find a task and acknowledge it.
   * Everybody else hears that it is closed. All called a landing number.
   */
  @Test
  void atNightKeyAccountsReachTheirManagers() throws Exception {
    call(NIGHT, TAKES_IT, "", 60);
    call(NIGHT, BUSY, "", 12);
    call(NIGHT, ABROAD, "", 12);
    call(NIGHT, STRANGER, "", 60);
    Ear unreached = Ear.on(asterisk, channel(BUSY));

    assertThat(ended(STRANGER))
        .containsEntry("outcome", "after_hours")
        .containsEntry("line_code", "night")
        .containsEntry("dialled", NIGHT);
    Map<String, Object> taken = ended(TAKES_IT);
    assertThat(taken)
        .containsEntry("outcome", "overflowed")
        .containsEntry("line_code", "night")
        .containsEntry("dialled", NIGHT);
    assertThat(ended(ABROAD).get("outcome")).asString().contains("abandoned");
    assertThat(ended(BUSY).get("outcome")).asString().contains("abandoned");
    assertThat(unreached.like(TestAsterisk.prompts().resolve("zh/manager-unreached.wav")))
        .as("the caller is told")
        .isGreaterThan(0.8);

    Path recording = asterisk.home().resolve("recordings").resolve("" + taken.get("recording"));
    await().until(() -> Files.isRegularFile(recording));
    assertThat(Sound.of(recording).right(620)).as("the manager").isGreaterThan(3000);
    assertThat(Sound.of(recording).left(440)).as("the caller").isGreaterThan(1000);

    try (ConsoleClient zhao = at("zhao")) {
      await().until(() -> tasks(zhao, false).size() == 2);
      List<String> calls = new ArrayList<>();
      for (JsonNode task : tasks(zhao, false)) {
        assertThat(task.get("assignedTo").asText()).isEqualTo("zhao");
        calls.add(task.get("callId").asText());
        zhao.post("/tasks/" + task.get("id").asText() + "/acknowledge", Map.of());
      }
      assertThat(calls)
          .containsExactlyInAnyOrder("" + ended(BUSY).get("id"), "" + ended(ABROAD).get("id"));
      await().until(() -> tasks(zhao, false).isEmpty());
    }
    try (ConsoleClient boss = at("boss")) {
      assertThat(tasks(boss, true))
          .hasSize(2)
          .allSatisfy(
              task -> {
                assertThat(task.get("result").asText()).isEqualTo("acknowledged");
                assertThat(task.get("closedBy").asText()).isEqualTo("zhao");
              });
    }
  }

  /**
   * Key 5. Hua has been idle for longest, but he is on leave: his customer has the deputy; Li's has
   * Li; and who has no account manager has who is left.
   */
  @Test
  void whoChoosesHisAccountManagerHasHimOrHisDeputy() throws Exception {
    List<ConsoleClient> desks = new ArrayList<>();
    try {
      for (String login : List.of("hua", "mei", "li")) {
        ConsoleClient desk = at(login);
        desks.add(desk);
        desk.stay();
        await()
            .ignoreExceptions()
            .until(
                () -> {
                  desk.put("/agents/me/presence", Map.of("wish", "ready", "reason", ""));
                  return true;
                });
      }
      try (ConsoleClient boss = at("boss")) {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> boss.get("/status").get("agentsReady").asInt() == 3);
      }
      call(DAY, OF_LI, "ww5", 14);
      call(DAY, OF_HUA, "ww5", 14);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  asterisk
                          .cli("core show channels concise")
                          .lines()
                          .filter(line -> line.startsWith("PJSIP/a800"))
                          .count()
                      == 2);
      call(DAY, "13800138019", "ww5", 6);
      assertThat(offer(ended(OF_LI))).isEqualTo("8001 account_manager");
      assertThat(offer(ended(OF_HUA))).isEqualTo("8002 deputy");
      Map<String, Object> other = ended("13800138019");
      assertThat(offer(other)).isEqualTo("8003 graded");
      assertThat(((Number) other.get("wait_ms")).longValue()).isLessThan(5000);
    } finally {
      desks.forEach(ConsoleClient::close);
    }
  }

  /**
   * Somebody edits a line in a browser: hours and menu. What is wrong is said at its field, in the
   * language of the page; what is right holds in the engine.
   */
  @Test
  void aLineIsEditedAtTheConsole() {
    try (Chromium chromium = Chromium.start()) {
      Page page = chromium.browser().newPage();
      page.setDefaultTimeout(20_000);
      page.navigate(console.toString());
      page.fill("#login", "plan");
      page.fill("#password", PASSWORD);
      page.press("#password", "Enter");
      page.click("nav a[href$='/lines']");
      page.click("[data-line=office]");
      assertThat(page.innerText("[data-test=save-line]")).isEqualTo("保存热线");
      page.click(".el-switch:has([data-test=always]), [data-test=always]");

      page.fill("[data-day=mon] input >> nth=0", "830");
      page.fill("[data-day=mon] input >> nth=1", "0700");
      page.press("[data-day=mon] input >> nth=1", "Tab");
      assertThat(page.innerText("[data-day=mon] .wrong")).contains("结束须晚于开始");
      assertThat(page.isEnabled("[data-test=save-line]")).isFalse();
      page.fill("[data-day=mon] input >> nth=1", "12:00");
      page.press("[data-day=mon] input >> nth=1", "Tab");
      assertThat(page.inputValue("[data-day=mon] input >> nth=0")).isEqualTo("08:30");

      page.click("[data-test=add-choice]");
      page.fill(".menu .entry input[placeholder='不限技能']", "not a skill!");
      page.click("[data-test=save-line]");
      page.waitForSelector(".el-form-item.is-error .menu");
      assertThat(page.locator(".el-form-item.is-error").count()).isEqualTo(1);
      page.fill(".menu .entry input[placeholder='不限技能']", "boiler");

      page.fill("[data-field=number]", "4008002222");
      page.click("[data-test=save-line]");
      page.waitForSelector(".el-form-item.is-error [data-field=number]");
      assertThat(page.innerText(".el-form-item.is-error .el-form-item__error"))
          .contains("4008002222")
          .contains("已属于热线 night");
      page.click(".languages button[lang=en]");
      page.click("[data-test=save-line]");
      page.waitForSelector(".el-form-item.is-error [data-field=number]");
      page.waitForSelector("text=Save line");
      await()
          .untilAsserted(
              () ->
                  assertThat(page.innerText(".el-form-item.is-error .el-form-item__error"))
                      .contains("4008002222")
                      .contains("is the line night's"));
      page.fill("[data-field=number]", "4008004444");
      page.click("[data-test=save-line]");
      page.waitForSelector(".el-message--success");
      assertThat(page.locator(".el-form-item.is-error").count()).isZero();
    }
    try (ConsoleClient boss = at("boss")) {
      JsonNode saved = boss.get("/lines/office");
      assertThat(saved.at("/settings/hours/mon/0").asText()).isEqualTo("08:30-12:00");
      assertThat(saved.at("/settings/hours/sat").size()).isZero();
      assertThat(saved.at("/settings/calendar").asText()).isEqualTo("cn");
      assertThat(saved.at("/settings/menu/0/choice").asText()).isEqualTo("install");
      assertThat(saved.at("/settings/menu/0/skill").asText()).isEqualTo("boiler");
    }
  }

  /** The switch keeps what its callers must hear when no engine is there. */
  @Test
  void theLinesLeaveTheirNoticesInTheSwitch() {
    await()
        .untilAsserted(
            () ->
                assertThat(globals())
                    .containsPattern("CARELINE_NOTICE_02161110000 *= *zh/recording-notice")
                    .containsPattern("CARELINE_NOTICE_4008002222 *= *zh/recording-notice")
                    .containsPattern("CARELINE_NOTICE_4008003333 *= *none"));
  }

  /** Whom his first offer named, and by which step of the policy. */
  private static String offer(Map<String, Object> call) {
    return MYSQL
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT CONCAT(detail->>'$.agent', ' ', detail->>'$.decision.step')"
                            + " FROM call_event WHERE call_id = :id AND kind = 'offer_made'"
                            + " ORDER BY seq LIMIT 1")
                    .bind("id", call.get("id"))
                    .mapTo(String.class)
                    .one());
  }
}

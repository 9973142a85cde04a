package org.careline.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.careline.harness.CallerAudio;
import org.careline.harness.Chromium;
import org.careline.harness.Sipp;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.local.Checkout;
import org.careline.local.ChildProcess;
import org.careline.local.Command;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The console as a person uses it: real Chromium, real engine, Asterisk and MySQL, a caller who
 * comes by the trunk.
 */
class BrowserSoftphoneTest {
  private static final String LINE = "4008123456";

  /** Keeps the page's peer connections where the test finds them; the product has no such hook. */
  private static final String WATCH =
      "const Native = RTCPeerConnection; window.connections = [];"
          + "window.RTCPeerConnection = class extends Native {"
          + " constructor(...a) { super(...a); window.connections.push(this) } }";

  private static final String COUNT =
      "async () => { const sum = {received: 0, sent: 0, energy: 0};"
          + " for (const connection of window.connections)"
          + "  for (const [, r] of await connection.getStats()) {"
          + "   if (r.type === 'inbound-rtp') {"
          + "    sum.received += r.packetsReceived; sum.energy += r.totalAudioEnergy || 0 }"
          + "   if (r.type === 'outbound-rtp') sum.sent += r.packetsSent }"
          + " return sum }";

  private static final String BIN =
      "async () => Object.entries((await (await"
          + " fetch('/api/v1/campaigns/CB/rounds/current')).json()).bins)"
          + ".filter(([, n]) => n > 0).map(([bin]) => bin).join()";

  private static TestInstance instance;
  private static Chromium chromium;
  private final List<String> complaints = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    instance = TestInstance.up("--outside");
    chromium = Chromium.start();
    line();
  }

  @AfterEach
  void leave() {
    chromium.browser().contexts().forEach(BrowserContext::close);
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
    if (instance != null) {
      instance.close();
    }
  }

  @Test
  void anAgentAnswersACallerInTheBrowserAndBothHearEachOther() throws Exception {
    String password = user("li", "--role", "agent", "--agent-number", "8001");
    Page page = page();
    logIn(page, "li", password);
    seen(page, ".registration.registered");
    page.click("[data-test=ready]");
    seen(page, ".work .presence.ready");

    Path folder = TestFolders.create("caller");
    try (CallerAudio audio = new CallerAudio("127.0.0.2");
        ChildProcess caller = caller(folder, audio)) {
      seen(page, "[data-test=answer]");
      page.keyboard().press("Alt+KeyA");
      seen(page, ".phone.talking");
      seen(page, ".work .presence.on_call");
      // The agent sees whom he talks with, not the whole number.
      PlaywrightAssertions.assertThat(page.locator(".card")).containsText("****8000");

      waitFor(page, () -> count(page, "received") > 150 && count(page, "sent") > 150);
      waitFor(page, () -> audio.heard() > 150 && audio.loud() > 10);
      assertThat(count(page, "energy")).as("the caller's tone in the agent's ear").isPositive();

      page.click("[data-test=hang-up]");
      assertThat(caller.awaitExit(Duration.ofSeconds(10))).isTrue();
      assertThat(caller.exitCode()).as("the caller was hung up in order").hasValue(0);
    }
    seen(page, ".work .presence.after_call_work");
    page.click("[data-test=finish]");
    seen(page, ".work .presence.ready");
    assertThat(complaints).isEmpty();
  }

  @Test
  void aCallbackIsAnsweredByItselfAndItsFormPutsTheSiteIntoItsBin() throws Exception {
    campaign();
    String password = user("zhao", "--role", "agent,scheduler", "--agent-number", "8004");
    Page page = page();
    logIn(page, "zhao", password);
    seen(page, ".registration.registered");
    page.click("[data-test=ready]");
    seen(page, ".work .presence.ready");
    page.navigate(address() + "#/callbacks");
    page.click("[data-campaign=CB] [data-test=open-round]");
    page.click("[data-test=open-now]");

    // The phone answers by itself and brings the page of the call to the front.
    seen(page, ".attempt.talking");
    seen(page, ".phone.talking");
    waitFor(page, () -> count(page, "received") > 50 && count(page, "energy") > 0);
    assertThat(page.locator("[data-question=fault_solved]").count()).isZero();
    answer(page, "fault", 1);
    answer(page, "fault_solved", 2);
    answer(page, "hidden_danger", 2);
    page.click("[data-disposition=completed]");
    page.click("[data-test=submit-disposition]");
    seen(page, "form .problem");
    answer(page, "satisfaction", 5);
    seen(page, ".save.saved");
    page.click("[data-test=submit-disposition]");
    PlaywrightAssertions.assertThat(page.locator(".attempt")).hasCount(0);
    waitFor(page, () -> "completed".equals(page.evaluate(BIN)));
    assertThat(complaints).isEmpty();
  }

  @Test
  void aSchedulerSeesWhatIsWrongWithAFileBeforeHeBringsItIn() throws Exception {
    String password = user("plan", "--role", "scheduler");
    Page page = page();
    logIn(page, "plan", password);
    String evil = "<img src=x onerror=\"window.hacked=1\">";
    Path file = TestFolders.create("import").resolve("sites.csv");
    Files.writeString(
        file,
        "chain_code,site_code,site_name,phone1,tier\n"
            + "RJ,S1,虹桥店,021-61234567,\n"
            + "RJ,S2,"
            + evil.replace("\"", "'")
            + ",13800138000,\n"
            + "RJ,S3,坏号码,12,\n"
            + "RJ,S4,no tier,13900139000,"
            + evil.replace("\"", "'")
            + "\n");
    page.setInputFiles("[data-test=file]", file);
    seen(page, "[data-test=import-result] .rejected.some");
    PlaywrightAssertions.assertThat(page.locator(".counts .added")).containsText("2");
    PlaywrightAssertions.assertThat(page.locator(".counts .rejected")).containsText("2");
    PlaywrightAssertions.assertThat(page.locator(".rejects")).containsText("phone1");
    page.click("[data-test=import]");
    PlaywrightAssertions.assertThat(page.locator("[data-test=import]")).hasCount(0);
    PlaywrightAssertions.assertThat(page.locator(".counts .added")).containsText("2");
    assertThat(page.evaluate("window.hacked")).isNull();
    assertThat(complaints).isEmpty();
  }

  @Test
  void aLostEngineIsShownAndFoundAgain() {
    String password = user("wang", "--role", "agent", "--agent-number", "8002");
    Page page = page();
    logIn(page, "wang", password);
    seen(page, ".dot.live");
    ProcessHandle.of(instance.pids().get("engine")).orElseThrow().destroyForcibly();
    seen(page, ".banner.bad");
    seen(page, ".dot.live");
    PlaywrightAssertions.assertThat(page.locator(".banner.bad")).hasCount(0);
    seen(page, ".registration.registered");
  }

  @Test
  void everyPageFitsAPhone() {
    String password =
        user("chief", "--role", "agent,scheduler,supervisor", "--agent-number", "8003");
    Page page = page();
    page.setViewportSize(390, 844);
    logIn(page, "chief", password);
    for (String target : List.of("work", "live", "callbacks")) {
      page.navigate(address() + "#/" + target);
      seen(page, ".panel");
      assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
          .as(target)
          .isEqualTo(0);
      BoundingBox box = page.locator("nav").boundingBox();
      assertThat(box.x + box.width).isLessThanOrEqualTo(390);
    }
  }

  private static void line() throws IOException {
    apply(
        """
        lines:
          - code: service
            number: "%s"
            nameEn: Service hotline
            nameZh: 服务热线
            greeting: ""
        """
            .formatted(LINE));
  }

  /** One site of the outside world that answers after a second and talks for a minute. */
  private static void campaign() throws IOException {
    Path sites = TestFolders.create("sites").resolve("sites.csv");
    Files.writeString(
        sites, "chain_code,site_code,site_name,phone1,tier\nCB,C1,春熙路店,021-61234100,\n");
    succeed(instance.careline("import-sites", sites.toString()));
    Path questions = Checkout.folder().resolve("config/examples/questionnaire.yaml");
    succeed(instance.careline("apply", questions.toString()));
    apply(
        """
        campaigns:
          - code: CB
            name: 浏览器回访
            customer: CB
            questionnaire: standard
            mode: progressive
            rules:
              nightEvidence: a test, only the simulated outside world is called
              windows: {default: {mon-sun: ["00:00-24:00"]}}
        """);
  }

  private static void apply(String yaml) throws IOException {
    Path file = TestFolders.create("apply").resolve("apply.yaml");
    Files.writeString(file, yaml);
    succeed(instance.careline("apply", file.toString()));
  }

  /** Chooses the nth answer of a question. */
  private static void answer(Page page, String question, int nth) {
    page.click("[data-question=" + question + "] label:nth-child(" + nth + ")");
  }

  /** Adds a user; returns the password made for him. */
  private static String user(String login, String... options) {
    List<String> arguments = new ArrayList<>(List.of("add", login, "--user-language", "en"));
    arguments.addAll(List.of(options));
    String output = succeed(instance.careline("user", arguments.toArray(String[]::new)));
    return output
        .lines()
        .filter(line -> line.startsWith("password\t"))
        .findFirst()
        .orElseThrow()
        .split("\t")[1];
  }

  private static String succeed(Command command) {
    assertThat(command.exitCode()).as(command.errors()).isZero();
    return command.output();
  }

  private String address() {
    return "http://127.0.0.1:" + instance.ports().http() + "/";
  }

  private Page page() {
    BrowserContext context = chromium.browser().newContext();
    context.setDefaultTimeout(20_000);
    context.grantPermissions(List.of("microphone"));
    context.addInitScript(WATCH);
    Page page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          boolean expected = message.text().contains("401 (Unauthorized)");
          if (message.type().equals("error") && !expected) {
            complaints.add(message.text());
          }
        });
    page.navigate(address());
    return page;
  }

  private void logIn(Page page, String login, String password) {
    page.fill("#login", login);
    page.fill("#password", password);
    page.press("#password", "Enter");
    seen(page, "nav a");
  }

  private ChildProcess caller(Path folder, CallerAudio audio) throws Exception {
    Path scenario =
        Path.of(BrowserSoftphoneTest.class.getResource("/sipp/caller-with-audio.xml").toURI());
    return Sipp.start(
        scenario,
        folder,
        "-s",
        LINE,
        "-i",
        "127.0.0.2",
        "-p",
        "" + instance.ports().outsideHttp(),
        "-key",
        "audio_port",
        "" + audio.port(),
        "-m",
        "1",
        "-timeout",
        "60",
        "127.0.0.1:" + instance.ports().sip());
  }

  private static void seen(Page page, String selector) {
    PlaywrightAssertions.assertThat(page.locator(selector).first())
        .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(30_000));
  }

  @SuppressWarnings("unchecked")
  private static double count(Page page, String name) {
    return ((Map<String, Number>) page.evaluate(COUNT)).get(name).doubleValue();
  }

  /** Lets the page go on meanwhile, which a waiting thread would not. */
  private static void waitFor(Page page, BooleanSupplier condition) {
    try {
      page.waitForCondition(condition, new Page.WaitForConditionOptions().setTimeout(15_000));
    } catch (PlaywrightException e) {
      throw new AssertionError("not within 15 s; counted " + page.evaluate(COUNT), e);
    }
  }
}

package org.careline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careline.console.ConsoleStage.answer;
import static org.careline.console.ConsoleStage.count;
import static org.careline.console.ConsoleStage.seen;
import static org.careline.console.ConsoleStage.waitFor;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.cli.Running;
import org.careline.harness.CallerAudio;
import org.careline.harness.Chromium;
import org.careline.harness.Sipp;
import org.careline.harness.TestFolders;
import org.careline.local.Checkout;
import org.careline.local.ChildProcess;
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

  private static final String BIN =
      "async () => Object.entries((await (await"
          + " fetch('/api/v1/campaigns/CB/rounds/current')).json()).bins)"
          + ".filter(([, n]) => n > 0).map(([bin]) => bin).join()";

  private static final String AGENT_8005 =
      "async () => (await (await fetch('/api/v1/agents')).json())"
          + ".filter(agent => agent.number === '8005')"
          + ".map(agent => agent.presence + ':' + agent.reason).join()";

  private static ConsoleStage stage;

  @BeforeAll
  static void start() throws IOException {
    stage = ConsoleStage.start();
    line();
  }

  @AfterEach
  void leave() {
    stage.leave();
  }

  @AfterAll
  static void stop() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void anAgentAnswersACallerInTheBrowserAndBothHearEachOther() throws Exception {
    String password = stage.user("li", "--role", "agent", "--agent-number", "8001");
    Page page = stage.page();
    stage.logIn(page, "li", password);
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
      assertThat(audioSockets()).hasSizeGreaterThan(1).allMatch("0100007F"::equals);

      page.click("[data-test=hang-up]");
      assertThat(caller.awaitExit(Duration.ofSeconds(10))).isTrue();
      assertThat(caller.exitCode()).as("the caller was hung up in order").hasValue(0);
    }
    seen(page, ".work .presence.after_call_work");
    page.click("[data-test=finish]");
    seen(page, ".work .presence.ready");
    assertThat(stage.complaints()).isEmpty();
  }

  /** He keeps his place, hears music and talks with the next agent: one call, one outcome. */
  @Test
  void aCallerWhoseAgentsBrowserDiesIsTakenBackAndGivenToTheNext() throws Exception {
    String first = stage.user("chen", "--role", "agent", "--agent-number", "8005");
    String second = stage.user("zhou", "--role", "agent", "--agent-number", "8006");
    Page next = stage.page();
    stage.logIn(next, "zhou", second);
    seen(next, ".registration.registered");
    Path folder = TestFolders.create("caller");
    try (Chromium doomed = Chromium.start();
        Running instance = Running.open(stage.instance().home());
        CallerAudio audio = new CallerAudio("127.0.0.2")) {
      Page page = stage.page(doomed);
      stage.logIn(page, "chen", first);
      seen(page, ".registration.registered");
      page.click("[data-test=ready]");
      seen(page, ".work .presence.ready");
      CallRepository calls = new CallRepository(instance.database().jdbi());
      try (ChildProcess caller = caller(folder, audio)) {
        seen(page, "[data-test=answer]");
        page.keyboard().press("Alt+KeyA");
        seen(page, ".phone.talking");
        waitFor(page, () -> audio.loud() > 10);

        doomed.kill();
        waitFor(next, () -> kinds(story(instance, calls)).contains("entered_room"));
        int before = audio.loud();
        waitFor(next, () -> audio.loud() > before + 50);
        assertThat(next.evaluate(AGENT_8005)).isEqualTo("not_ready:connection_lost");

        next.click("[data-test=ready]");
        seen(next, "[data-test=answer]");
        next.keyboard().press("Alt+KeyA");
        seen(next, ".phone.talking");
        waitFor(next, () -> count(next, "received") > 50);
        next.click("[data-test=hang-up]");
        assertThat(caller.awaitExit(Duration.ofSeconds(10))).isTrue();
        assertThat(caller.exitCode()).hasValue(0);
      }
      waitFor(next, () -> story(instance, calls).call().outcome() != null);
      CallRepository.Story story = story(instance, calls);
      assertThat(story.call().outcome()).isEqualTo("answered");
      assertThat(story.call().endedBy()).isEqualTo("agent");
      assertThat(story.agents()).containsExactly("8005", "8006");
      assertThat(kinds(story))
          .containsExactly(
              "arrived",
              "recognised",
              "offer_made",
              "answered",
              "agent_lost",
              "entered_room",
              "offer_made",
              "answered",
              "agent_left",
              "hung_up");
    }
  }

  /** Nothing of it answers any more, though all its connections stay. */
  @Test
  void aCallerWhoseAgentsBrowserFreezesHearsMusicAndIsOfferedToTheNext() throws Exception {
    String first = stage.user("feng", "--role", "agent", "--agent-number", "8009");
    String second = stage.user("deng", "--role", "agent", "--agent-number", "8010");
    Page next = stage.page();
    stage.logIn(next, "deng", second);
    seen(next, ".registration.registered");
    try (Chromium frozen = Chromium.start();
        Running instance = Running.open(stage.instance().home());
        CallerAudio audio = new CallerAudio("127.0.0.2")) {
      Page page = stage.page(frozen);
      stage.logIn(page, "feng", first);
      seen(page, ".registration.registered");
      page.click("[data-test=ready]");
      seen(page, ".work .presence.ready");
      CallRepository calls = new CallRepository(instance.database().jdbi());
      try (ChildProcess caller = caller(TestFolders.create("caller"), audio)) {
        seen(page, "[data-test=answer]");
        page.keyboard().press("Alt+KeyA");
        seen(page, ".phone.talking");
        waitFor(page, () -> audio.loud() > 10);
        next.click("[data-test=ready]");
        seen(next, ".work .presence.ready");

        Instant froze = Instant.now();
        frozen.freeze();
        seen(next, "[data-test=answer]");
        assertThat(Duration.between(froze, Instant.now()).toMillis())
            .as("ms from the freezing to the next offer")
            .isLessThan(10_000);
        next.keyboard().press("Alt+KeyA");
        seen(next, ".phone.talking");
        next.click("[data-test=hang-up]");
        assertThat(caller.awaitExit(Duration.ofSeconds(10))).isTrue();
      } finally {
        frozen.kill();
      }
      waitFor(next, () -> story(instance, calls).call().outcome() != null);
      CallRepository.Story story = story(instance, calls);
      assertThat(story.call().outcome()).isEqualTo("answered");
      assertThat(story.agents()).containsExactly("8009", "8010");
      assertThat(kinds(story)).contains("agent_lost").doesNotContain("entered_fallback");
    }
  }

  /** What the buttons say is what the switch does: the caller's ear and the story tell. */
  @Test
  void aTalkIsHeldNotRecordedConsultedAboutAndHandedOverFromTheConsole() throws Exception {
    String first = stage.user("qian", "--role", "agent", "--agent-number", "8011");
    String second = stage.user("sun", "--role", "agent", "--agent-number", "8012");
    Page page = stage.page();
    stage.logIn(page, "qian", first);
    seen(page, ".registration.registered");
    page.click("[data-test=ready]");
    seen(page, ".work .presence.ready");
    Page colleague = stage.page();
    stage.logIn(colleague, "sun", second);
    seen(colleague, ".registration.registered");
    try (Running instance = Running.open(stage.instance().home());
        CallerAudio audio = new CallerAudio("127.0.0.2")) {
      CallRepository calls = new CallRepository(instance.database().jdbi());
      try (ChildProcess caller = caller(TestFolders.create("caller"), audio)) {
        seen(page, "[data-test=answer]");
        page.keyboard().press("Alt+KeyA");
        seen(page, "[data-phase=talking]");
        colleague.click("[data-test=ready]");
        seen(colleague, ".work .presence.ready");

        page.click("[data-test=talk-record-pause]");
        seen(page, ".talk .paused");
        page.click("[data-test=talk-record-resume]");
        PlaywrightAssertions.assertThat(page.locator(".talk .paused")).hasCount(0);

        page.click("[data-test=talk-hold]");
        seen(page, "[data-phase=held]");
        int before = audio.loud();
        waitFor(page, () -> audio.loud() > before + 25);
        double silent = count(page, "energy");
        waitFor(page, () -> audio.loud() > before + 75);
        assertThat(count(page, "energy") - silent).as("the agent hears nothing").isLessThan(0.01);
        page.click("[data-test=talk-resume]");
        seen(page, "[data-phase=talking]");

        page.click("[data-test=talk-consult]");
        page.click("li button[data-agent='8012']");
        seen(page, "[data-phase=consulting]");
        seen(colleague, "[data-test=answer]");
        colleague.keyboard().press("Alt+KeyA");
        page.click("[data-test=talk-complete]");
        seen(page, ".work .presence.after_call_work");
        seen(colleague, "[data-phase=talking]");
        page.click("[data-test=finish]");
        seen(page, ".work .presence.ready");

        colleague.click("[data-test=talk-transfer]");
        colleague.click("li button[data-agent='8011']");
        seen(page, "[data-test=answer]");
        page.keyboard().press("Alt+KeyA");
        seen(page, "[data-phase=talking]");
        seen(colleague, ".work .presence.after_call_work");
        double energy = count(page, "energy");
        waitFor(page, () -> count(page, "energy") > energy + 0.01);
        page.click("[data-test=hang-up]");
        assertThat(caller.awaitExit(Duration.ofSeconds(10))).isTrue();
        assertThat(caller.exitCode()).as("the caller was hung up in order").hasValue(0);
      }
      waitFor(page, () -> story(instance, calls).call().outcome() != null);
      CallRepository.Story story = story(instance, calls);
      assertThat(story.call().outcome()).isEqualTo("answered");
      assertThat(story.agents()).contains("8011", "8012");
      assertThat(kinds(story))
          .containsSubsequence(
              "answered",
              "talk_recording_paused",
              "talk_recording_goes_on",
              "held",
              "resumed",
              "held",
              "talk_consulted",
              "talk_consult_answered",
              "transferred",
              "answered",
              "transferred",
              "answered",
              "agent_left",
              "hung_up");
    }
    assertThat(stage.complaints()).isEmpty();
  }

  /** The latest call. */
  private static CallRepository.Story story(Running instance, CallRepository calls) {
    String id =
        instance
            .database()
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT id FROM call_record ORDER BY arrived_at DESC LIMIT 1")
                        .mapTo(String.class)
                        .one());
    return calls.story(new CallId(id)).orElseThrow();
  }

  private static List<String> kinds(CallRepository.Story story) {
    return story.events().stream().map(CallRepository.Event::kind).toList();
  }

  @Test
  void aCallbackIsAnsweredByItselfAndItsFormPutsTheSiteIntoItsBin() throws Exception {
    campaign();
    String password = stage.user("zhao", "--role", "agent,scheduler", "--agent-number", "8004");
    Page page = stage.page();
    stage.logIn(page, "zhao", password);
    seen(page, ".registration.registered");
    page.click("[data-test=ready]");
    seen(page, ".work .presence.ready");
    page.navigate(stage.address() + "#/callbacks");
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
    assertThat(stage.complaints()).isEmpty();
  }

  @Test
  void aSchedulerSeesWhatIsWrongWithAFileBeforeHeBringsItIn() throws Exception {
    String password = stage.user("plan", "--role", "scheduler");
    Page page = stage.page();
    stage.logIn(page, "plan", password);
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
    PlaywrightAssertions.assertThat(page.locator(".rejects:not([data-test])"))
        .containsText("phone1");
    page.click("[data-test=import]");
    PlaywrightAssertions.assertThat(page.locator("[data-test=import]")).hasCount(0);
    PlaywrightAssertions.assertThat(page.locator(".counts .added")).containsText("2");
    assertThat(page.evaluate("window.hacked")).isNull();
    assertThat(stage.complaints()).isEmpty();
  }

  @Test
  void aLostEngineIsShownAndFoundAgain() {
    String password = stage.user("wang", "--role", "agent", "--agent-number", "8002");
    Page page = stage.page();
    stage.logIn(page, "wang", password);
    seen(page, ".dot.live");
    ProcessHandle.of(stage.instance().pids().get("engine")).orElseThrow().destroyForcibly();
    seen(page, ".banner.bad");
    seen(page, ".dot.live");
    PlaywrightAssertions.assertThat(page.locator(".banner.bad")).hasCount(0);
    seen(page, ".registration.registered");
  }

  @Test
  void everyPageFitsAPhone() {
    String password =
        stage.user("chief", "--role", "agent,scheduler,supervisor", "--agent-number", "8003");
    Page page = stage.page();
    page.setViewportSize(390, 844);
    stage.logIn(page, "chief", password);
    for (String target : List.of("work", "live", "callbacks")) {
      page.navigate(stage.address() + "#/" + target);
      seen(page, ".panel");
      assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
          .as(target)
          .isEqualTo(0);
      BoundingBox box = page.locator("nav").boundingBox();
      assertThat(box.x + box.width).isLessThanOrEqualTo(390);
    }
  }

  /** Addresses (as the kernel writes them) to which audio is bound on the instance's ports. */
  private static List<String> audioSockets() throws IOException {
    try (Stream<String> all = Files.lines(Path.of("/proc/net/udp"))) {
      return all.skip(1)
          .map(line -> line.strip().split("\\s+")[1].split(":"))
          .filter(local -> Integer.parseInt(local[1], 16) >= stage.instance().ports().rtpStart())
          .filter(local -> Integer.parseInt(local[1], 16) <= stage.instance().ports().rtpEnd())
          .map(local -> local[0])
          .toList();
    }
  }

  private static void line() throws IOException {
    stage.apply(
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
        sites,
        "chain_code,site_code,site_name,phone1,tier,consent_basis,consent_until\n"
            + "CB,C1,春熙路店,021-61234100,,contract,2099-12-31\n");
    stage.succeed("import-sites", sites.toString());
    Path questions = Checkout.folder().resolve("config/examples/questionnaire.yaml");
    stage.succeed("apply", questions.toString());
    stage.apply(
        """
        campaigns:
          - code: CB
            name: 浏览器回访
            customer: CB
            questionnaire: standard
            mode: progressive
            rules:
              nightEvidence: a test, only the simulated outside world is called
              officeDays: all
              tradeCalendar: {default: []}
              windows: {default: {mon-sun: ["00:00-24:00"]}}
        """);
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
        "" + stage.instance().ports().outsideHttp(),
        "-key",
        "audio_port",
        "" + audio.port(),
        "-m",
        "1",
        "-timeout",
        "60",
        "127.0.0.1:" + stage.instance().ports().sip());
  }
}

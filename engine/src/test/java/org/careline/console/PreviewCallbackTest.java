package org.careline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careline.console.ConsoleStage.answer;
import static org.careline.console.ConsoleStage.count;
import static org.careline.console.ConsoleStage.seen;
import static org.careline.console.ConsoleStage.waitFor;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.careline.callback.Rounds;
import org.careline.cli.Running;
import org.careline.harness.TestFolders;
import org.careline.local.Checkout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Callbacks in preview: the agent looks at the site first and dials, or passes it over. */
class PreviewCallbackTest {
  private static ConsoleStage stage;

  @BeforeAll
  static void start() {
    stage = ConsoleStage.start();
    stage.succeed(
        "apply", Checkout.folder().resolve("config/examples/questionnaire.yaml").toString());
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

  /** Both sites answer after a second and talk for a minute. */
  @Test
  void theAgentReadsDialsFillsInAndPassesTheNextOneOver() throws Exception {
    campaign("PV", "PV,P1,春熙路店,021-61234100\nPV,P2,虹桥店,021-61235100\n");
    Page page = readyAgent("zhou", "8011");
    stage.succeed("round", "open", "PV");

    seen(page, ".attempt.inserted");
    PlaywrightAssertions.assertThat(page.locator(".work .main")).containsText("春熙路店 (P1)");
    assertThat(page.locator("[data-test=submit-disposition]").isDisabled())
        .as("nothing can be written down before somebody has answered")
        .isTrue();
    assertThat(page.locator(".phone.ringing, .phone.talking").count()).isZero();
    assertThat(status("PV")).contains("bin\tin_progress\t1\n").contains("attempts\t0\n");

    page.click("[data-test=dial]");
    seen(page, ".attempt.talking");
    seen(page, ".phone.talking");
    PlaywrightAssertions.assertThat(page.locator("[data-test=dial]")).hasCount(0);
    waitFor(page, () -> count(page, "received") > 50 && count(page, "energy") > 0);
    answer(page, "fault", 2);
    answer(page, "hidden_danger", 2);
    answer(page, "satisfaction", 4);
    seen(page, ".save.saved");
    page.click("[data-test=hang-up]");
    seen(page, ".attempt.ended");
    seen(page, ".work .presence.after_call_work");
    page.fill("#note", "friendly");
    page.fill("[data-question=remark] textarea", "half a sent");
    Page back = stage.afterACrash(page);
    seen(back, ".attempt.ended");
    assertThat(back.inputValue("#note")).as("outlasts the browser").isEqualTo("friendly");
    assertThat(back.inputValue("[data-question=remark] textarea")).isEqualTo("half a sent");
    assertThat(back.isChecked("[data-question=satisfaction] input[value='4']")).isTrue();
    seen(back, ".save.saved");
    back.click("[data-disposition=completed]");
    back.click("[data-test=submit-disposition]");

    // The next one comes by itself, with nothing of the one before.
    PlaywrightAssertions.assertThat(back.locator(".work .main")).containsText("虹桥店 (P2)");
    seen(back, ".attempt.inserted");
    assertThat(back.inputValue("#note")).isEmpty();
    assertThat(back.locator("[data-question=fault] input:checked").count()).isZero();
    back.click("[data-test=skip]");
    PlaywrightAssertions.assertThat(back.locator(".attempt")).hasCount(0);
    seen(back, ".work .presence.ready");
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () ->
                assertThat(status("PV"))
                    .contains("bin\tcompleted\t1\n")
                    .contains("bin\tdue\t1\n")
                    .contains("attempts\t1\n"));
    stage.succeed("round", "close", "PV");
    assertThat(status("PV"))
        .contains("status\tclosed\n")
        .contains("bin\tcompleted\t1\n")
        .contains("bin\tnot_dialled\t1\n");
    assertThat(stage.complaints()).isEmpty();
  }

  /** Nobody answers there. */
  @Test
  void theAgentGivesUpWhileItRings() throws Exception {
    campaign("PN", "PN,N1,望京店,021-61236091\n");
    Page page = readyAgent("qian", "8012");
    stage.succeed("round", "open", "PN");
    seen(page, ".attempt.inserted");
    page.click("[data-test=dial]");
    seen(page, ".attempt.dialling");
    assertThat(page.locator("[data-test=submit-disposition]").isDisabled()).isTrue();
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () -> assertThat(status("PN")).contains("attempts\t1\n").contains("in_progress\t1\n"));
    page.click("[data-test=hang-up-attempt]");
    PlaywrightAssertions.assertThat(page.locator(".attempt")).hasCount(0);
    PlaywrightAssertions.assertThat(page.locator(".phone.talking")).hasCount(0);
    seen(page, ".work .presence.ready");
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(status("PN")).contains("bin\tdue\t1\n"));
    stage.succeed("round", "close", "PN");
    assertThat(status("PN")).contains("bin\tround_closed_first\t1\n");
    assertThat(stage.complaints()).isEmpty();
  }

  private static Page readyAgent(String login, String number) {
    String password = stage.user(login, "--role", "agent", "--agent-number", number);
    Page page = stage.page();
    stage.logIn(page, login, password);
    seen(page, ".registration.registered");
    page.click("[data-test=ready]");
    seen(page, ".work .presence.ready");
    return page;
  }

  /** The lines of {@code round status}, without a process for each look. */
  private static String status(String campaign) {
    try (Running running = Running.open(stage.instance().home())) {
      Rounds.Progress round =
          new Rounds(running.database().jdbi(), InstantSource.system())
              .current(campaign)
              .orElseThrow();
      StringBuilder lines = new StringBuilder("status\t" + round.status().id() + "\n");
      round.bins().forEach((bin, sites) -> lines.append("bin\t" + bin + "\t" + sites + "\n"));
      return lines.append("attempts\t" + round.attempts() + "\n").toString();
    }
  }

  private static void campaign(String code, String rows) throws IOException {
    Path sites = TestFolders.create("sites").resolve("sites.csv");
    Files.writeString(
        sites,
        "chain_code,site_code,site_name,phone1,consent_basis,consent_until\n"
            + rows.replace("\n", ",contract,2099-12-31\n"));
    stage.succeed("import-sites", sites.toString());
    stage.apply(
        """
        campaigns:
          - code: %1$s
            name: 预览回访
            customer: %1$s
            questionnaire: standard
            mode: preview
            rules:
              nightEvidence: a test, only the simulated outside world is called
              officeDays: all
              tradeCalendar: {default: []}
              windows: {default: {mon-sun: ["00:00-24:00"]}}
        """
            .formatted(code));
  }
}

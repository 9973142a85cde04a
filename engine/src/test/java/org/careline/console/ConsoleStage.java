package org.careline.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.careline.harness.Chromium;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.local.Command;

/** A whole instance with the outside world, and people at consoles in Chromium. One thread. */
final class ConsoleStage implements AutoCloseable {
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

  private final TestInstance instance;
  private final Chromium chromium;
  private final List<String> complaints = new ArrayList<>();

  private ConsoleStage(TestInstance instance, Chromium chromium) {
    this.instance = instance;
    this.chromium = chromium;
  }

  static ConsoleStage start() {
    TestInstance instance = TestInstance.up("--outside");
    try {
      return new ConsoleStage(instance, Chromium.start());
    } catch (RuntimeException e) {
      instance.close();
      throw e;
    }
  }

  TestInstance instance() {
    return instance;
  }

  /** Errors of pages and their consoles since the last {@link #leave}. */
  List<String> complaints() {
    return complaints;
  }

  /** Closes all pages. */
  void leave() {
    chromium.browser().contexts().forEach(BrowserContext::close);
    complaints.clear();
  }

  void apply(String yaml) throws IOException {
    Path file = TestFolders.create("apply").resolve("apply.yaml");
    Files.writeString(file, yaml);
    succeed("apply", file.toString());
  }

  /** Chooses the nth answer of a question. */
  static void answer(Page page, String question, int nth) {
    page.click("[data-question=" + question + "] label:nth-child(" + nth + ")");
  }

  /** Adds a user; returns the password made for him. */
  String user(String login, String... options) {
    List<String> arguments = new ArrayList<>(List.of("add", login, "--user-language", "en"));
    arguments.addAll(List.of(options));
    String output = succeed("user", arguments.toArray(String[]::new));
    return output
        .lines()
        .filter(line -> line.startsWith("password\t"))
        .findFirst()
        .orElseThrow()
        .split("\t")[1];
  }

  String succeed(String name, String... arguments) {
    Command command = instance.careline(name, arguments);
    assertThat(command.exitCode()).as(command.errors()).isZero();
    return command.output();
  }

  String address() {
    return "http://127.0.0.1:" + instance.ports().http() + "/";
  }

  Page page() {
    return page(chromium);
  }

  /** The tab dies without a word, and its user opens the console again. */
  Page afterACrash(Page page) {
    String address = page.url();
    BrowserContext context = page.context();
    page.close();
    Page next = context.newPage();
    next.navigate(address);
    return next;
  }

  /** A page in a browser of its own. */
  Page page(Chromium another) {
    BrowserContext context = another.browser().newContext();
    context.setDefaultTimeout(20_000);
    context.grantPermissions(List.of("microphone"));
    context.addInitScript(WATCH);
    Page page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          // a call that rings is written down a moment later: until then nothing is known of it
          boolean early =
              message.text().contains("404 (Not Found)")
                  && message.location().matches(".*/calls/[^/]+/(matters|numbers)\\b.*");
          boolean expected = early || message.text().contains("401 (Unauthorized)");
          if (message.type().equals("error") && !expected) {
            complaints.add(message.text());
          }
        });
    page.navigate(address());
    return page;
  }

  void logIn(Page page, String login, String password) {
    page.fill("#login", login);
    page.fill("#password", password);
    page.press("#password", "Enter");
    seen(page, "nav a");
  }

  static void seen(Page page, String selector) {
    PlaywrightAssertions.assertThat(page.locator(selector).first())
        .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(30_000));
  }

  @SuppressWarnings("unchecked")
  static double count(Page page, String name) {
    return ((Map<String, Number>) page.evaluate(COUNT)).get(name).doubleValue();
  }

  /** Lets the page go on meanwhile, which a waiting thread would not. */
  static void waitFor(Page page, BooleanSupplier condition) {
    try {
      page.waitForCondition(condition, new Page.WaitForConditionOptions().setTimeout(15_000));
    } catch (PlaywrightException e) {
      throw new AssertionError("not within 15 s; counted " + page.evaluate(COUNT), e);
    }
  }

  @Override
  public void close() {
    try {
      chromium.close();
    } finally {
      instance.close();
    }
  }
}

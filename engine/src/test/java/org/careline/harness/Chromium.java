package org.careline.harness;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.careline.local.Command;

/**
 * Debian's Chromium without a window, with a beeping microphone. No browser is ever downloaded.
 * Confined to one thread, as Playwright is.
 */
public final class Chromium implements AutoCloseable {
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--use-fake-ui-for-media-stream",
          "--use-fake-device-for-media-stream",
          "--autoplay-policy=no-user-gesture-required",
          // Phone and switch are on one machine here: ICE leaves loopback out otherwise.
          "--allow-loopback-in-peer-connection");

  private final Playwright playwright;
  private final Browser browser;

  private final List<ProcessHandle> ownProcesses;

  private Chromium(Playwright playwright, Browser browser, List<ProcessHandle> ownProcesses) {
    this.playwright = playwright;
    this.browser = browser;
    this.ownProcesses = ownProcesses;
  }

  public static Chromium start() {
    Path program = program();
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    try {
      List<ProcessHandle> others = browsers();
      Browser browser =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions().setExecutablePath(program).setArgs(ARGUMENTS));
      List<ProcessHandle> own =
          browsers().stream().filter(process -> !others.contains(process)).toList();
      return new Chromium(playwright, browser, own);
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  public Browser browser() {
    return browser;
  }

  /**
   * Ends the whole browser at once, as a crash or a power cut does; only {@link #close} is left.
   */
  public void kill() {
    processes().forEach(ProcessHandle::destroyForcibly);
  }

  /** Stops it in its tracks: connections stay, nothing answers. Only {@link #kill} is left. */
  public void freeze() {
    List<String> stop = new ArrayList<>(List.of("kill", "-STOP"));
    processes().forEach(process -> stop.add("" + process.pid()));
    Command.run(stop, Map.of(), Duration.ofSeconds(5));
  }

  private List<ProcessHandle> processes() {
    return ownProcesses.stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .distinct()
        .toList();
  }

  private static List<ProcessHandle> browsers() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").contains("chromium"))
        .toList();
  }

  private static Path program() {
    Path found = find();
    if (found == null && System.getProperty("user.name").equals("root")) {
      System.err.println("careline: Chromium is missing, installing the package chromium");
      Map<String, String> quiet = Map.of("DEBIAN_FRONTEND", "noninteractive");
      Command.run(List.of("apt-get", "-qq", "update"), quiet, Duration.ofMinutes(3));
      Command.run(
          List.of("apt-get", "-qq", "-y", "install", "--no-install-recommends", "chromium"),
          quiet,
          Duration.ofMinutes(8));
      found = find();
    }
    if (found == null) {
      throw new IllegalStateException("Chromium is missing: install the package chromium");
    }
    return found;
  }

  private static Path find() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .flatMap(folder -> Stream.of("chromium", "chromium-browser").map(n -> Path.of(folder, n)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    if (browser.isConnected()) {
      browser.close();
    }
    playwright.close();
  }
}

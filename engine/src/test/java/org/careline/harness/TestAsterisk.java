package org.careline.harness;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.careline.config.ConfigurationLoader;
import org.careline.local.Checkout;
import org.careline.local.LocalAsterisk;
import org.careline.local.Packages;
import org.careline.local.Ports;
import org.careline.local.Prompts;

/** A real Asterisk of one test, with its own ports and its own folder. */
public final class TestAsterisk implements AutoCloseable {
  public static final String ENGINE_SECRET = "engineSecretOfTests";
  public static final String CRED_SECRET = "credSecretOfTests";
  public static final String AGI_TOKEN = "agiTokenOfTests";

  private final FreePorts.Range range;
  private final Path templates;
  private final Map<String, String> values;
  private LocalAsterisk asterisk;

  private TestAsterisk(
      FreePorts.Range range, Path templates, Map<String, String> values, LocalAsterisk asterisk) {
    this.range = range;
    this.templates = templates;
    this.values = values;
    this.asterisk = asterisk;
  }

  /** Ours: dialplans/careline. */
  public static TestAsterisk start() {
    return start(Map.of());
  }

  /** Ours, with other values for some placeholders. */
  public static TestAsterisk start(Map<String, String> overrides) {
    FreePorts.Range range = FreePorts.range();
    return start("dialplans/careline", range, overrides);
  }

  /** Any folder of templates, named from the checkout's top. The range is closed with it. */
  public static TestAsterisk start(
      String templates, FreePorts.Range range, Map<String, String> overrides) {
    Map<String, String> values = new HashMap<>(placeholders(range.ports()));
    values.putAll(overrides);
    try {
      Path folder = Checkout.folder().resolve(templates);
      return new TestAsterisk(
          range,
          folder,
          values,
          LocalAsterisk.start(
              "Asterisk", Packages.ensure(), TestFolders.create("ast"), folder, values));
    } catch (RuntimeException e) {
      range.close();
      throw e;
    }
  }

  /** Values for the placeholders an instance decides. */
  public static Map<String, String> placeholders(Ports ports) {
    return Map.ofEntries(
        Map.entry("SYSTEMNAME", "t" + ports.base()),
        Map.entry("SIP_PORT", "" + ports.sip()),
        Map.entry("WS_PORT", "" + ports.sipWebSocket()),
        Map.entry("AMI_PORT", "" + ports.ami()),
        Map.entry("AGI_PORT", "" + ports.agi()),
        Map.entry("RTP_START", "" + ports.rtpStart()),
        Map.entry("RTP_END", "" + ports.rtpEnd()),
        Map.entry("AMI_ENGINE_SECRET", ENGINE_SECRET),
        Map.entry("AMI_CRED_SECRET", CRED_SECRET),
        Map.entry("AGI_TOKEN", AGI_TOKEN),
        // many tests call from one number only
        Map.entry("CALLS_PER_NUMBER", "100"),
        Map.entry("OUTSIDE_SIP_PORT", "" + ports.outsideSip()),
        Map.entry("OUTSIDE_AMI_PORT", "" + ports.outsideAmi()),
        Map.entry("OUTSIDE_HTTP_PORT", "" + ports.outsideHttp()),
        Map.entry("OUTSIDE_ADDRESS", "127.0.0.2"),
        Map.entry("ENGINE_ADDRESS", "127.0.0.1"),
        Map.entry("AMI_ENGINE_USER", "engine"),
        Map.entry("AMI_CRED_USER", "cred"),
        Map.entry("PROMPTS", Spoken.FOLDER.toString()),
        Map.entry("OUR_ADDRESS", "127.0.0.1"));
  }

  /** The prompts, made once for all tests of this process. */
  private static final class Spoken {
    static final Path FOLDER = TestFolders.create("prompts");

    static {
      Prompts.prepare(FOLDER, ConfigurationLoader.defaults().prompts(), System.err::println);
    }
  }

  /** The folder with the prompts of all tests: {@code <language>/<name>.wav}. */
  public static Path prompts() {
    return Spoken.FOLDER;
  }

  public Ports ports() {
    return range.ports();
  }

  public LocalAsterisk asterisk() {
    return asterisk;
  }

  public Path home() {
    return asterisk.home();
  }

  public String cli(String command) {
    return asterisk.cli(command);
  }

  /** Kills it, with all its calls. */
  public void kill() {
    asterisk.process().kill();
  }

  /** Starts it again after {@link #kill}, in its folder and on its ports. */
  public void startAgain() {
    asterisk =
        LocalAsterisk.start("Asterisk", Packages.ensure(), asterisk.home(), templates, values);
  }

  @Override
  public void close() {
    asterisk.process().kill();
    range.close();
  }
}

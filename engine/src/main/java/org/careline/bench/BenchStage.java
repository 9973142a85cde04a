package org.careline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.careline.config.Configuration;
import org.careline.customer.Apply;
import org.careline.database.Database;
import org.careline.demo.ConsoleClient;
import org.careline.local.LocalAsterisk;

/**
 * What measurements of calls share: agents with consoles and phones, callers, and two baselines on
 * the same Asterisk, a plain {@code Dial} and a {@code Queue} with the same agents. Both ends of a
 * call are one process with one clock. Loopback only. Confined to one thread.
 */
final class BenchStage implements AutoCloseable {
  static final String LINE = "4008009999";

  /** The mode of {@link #QUIET_LINE} and the policy that leaves its callers alone. */
  static final String QUIET = "quiet";

  /** Who waits there is not spoken to. */
  static final String QUIET_LINE = "4008009998";

  static final int FIRST_AGENT = 9001;
  private static final String BASELINE_ADDRESS = "127.0.0.6";
  private static final String PASSWORD = "bench-password";
  private static final int PATIENCE_SECONDS = 40;
  private static final int SETTLE_SECONDS = 20;
  private static final int SETTLE_TIMES = 9;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The agents' phones. */
  final SipProbe agents;

  /** Callers of the line. */
  final SipProbe callers;

  /** Callers the engine takes no part in. */
  final SipProbe baseline;

  private final ConsoleClient[] consoles;
  private final InetSocketAddress asterisk;

  /**
   * @param switchOfTheInstance the instance's Asterisk, to which the two baselines are added
   * @param sipPort its SIP port
   * @param console address of the instance's HTTP interface
   * @param agentCount all ready when this returns
   */
  BenchStage(
      LocalAsterisk switchOfTheInstance,
      int sipPort,
      URI console,
      Configuration configuration,
      Database database,
      int agentCount)
      throws Exception {
    asterisk = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), sipPort);
    agents = new SipProbe("127.0.0.7", 0);
    callers = new SipProbe("127.0.0.2", 0);
    baseline = new SipProbe(BASELINE_ADDRESS, 0);
    consoles = new ConsoleClient[agentCount];
    new Apply(database, configuration).run("bench.yaml", yaml().getBytes(StandardCharsets.UTF_8));
    HttpClient http = ConsoleClient.http();
    for (int i = 0; i < agentCount; i++) {
      int number = FIRST_AGENT + i;
      consoles[i] = new ConsoleClient(console, "bench" + number, http);
      ConsoleClient agent = consoles[i];
      until(() -> agent.logIn(PASSWORD).has("login"), "agent " + number + " can log in");
      agent.post("/softphone", Map.of());
      agent.stay();
    }
    ready(true);
    addBaselines(switchOfTheInstance);
  }

  /** The number of {@code Dial} and {@code Queue} for the n-th call, and the line's. */
  String target(String mode, int n) {
    return switch (mode) {
      case "dial" -> "9" + (FIRST_AGENT + n % consoles.length);
      case "queue" -> "9000";
      case QUIET -> QUIET_LINE;
      default -> LINE;
    };
  }

  SipProbe from(String mode) {
    return mode.equals("dial") || mode.equals("queue") ? baseline : callers;
  }

  /** The talk counts from when an agent has been rung. */
  void call(String mode, int n, String number, Duration talk) {
    from(mode)
        .call(
            asterisk,
            target(mode, n),
            number,
            talk,
            () -> agents.receivedAt(number) != null,
            PATIENCE);
  }

  /** A caller who waits until it is over. */
  void wait(String mode, int n, String number, BooleanSupplier over, Duration patience) {
    from(mode).call(asterisk, target(mode, n), number, Duration.ZERO, over, patience);
  }

  JsonNode get(String path) {
    return consoles[0].get(path);
  }

  /**
   * A context of its own, reached from an address of its own, so that the engine takes no part in
   * it: a plain Dial of each agent, and a queue with all of them.
   */
  private void addBaselines(LocalAsterisk asterisk) throws IOException {
    Path etc = asterisk.home().resolve("etc");
    append(
        etc.resolve("extensions.conf"),
        """

        [bench]
        exten => _9XXXX,1,Dial(PJSIP/a${EXTEN:1},15)
        exten => 9000,1,Queue(bench,r,,,30)
        """);
    append(
        etc.resolve("pjsip.conf"),
        """

        [bench]
        type = endpoint
        transport = udp
        context = bench
        disallow = all
        allow = ulaw
        direct_media = no
        [bench]
        type = identify
        endpoint = bench
        match = %s/32
        """
            .formatted(BASELINE_ADDRESS));
    StringBuilder queue =
        new StringBuilder(
            "\n[bench]\nstrategy = rrmemory\ntimeout = 15\nretry = 1\nringinuse = no\njoinempty = yes\n");
    for (int number = FIRST_AGENT; number < FIRST_AGENT + consoles.length; number++) {
      queue.append("member => PJSIP/a").append(number).append('\n');
    }
    append(etc.resolve("queues.conf"), queue.toString());
    asterisk.cli("dialplan reload");
    asterisk.cli("module reload res_pjsip.so");
    asterisk.cli("module reload res_pjsip_endpoint_identifier_ip.so");
    asterisk.cli("queue reload all");
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private String yaml() {
    StringBuilder yaml =
        new StringBuilder(
            """
            policies:
              - code: quiet
                document:
                  tiers: {standard: {rank: 100, announceEvery: 0s}}
                  steps: [{after: 0s, who: graded}]
            """);
    yaml.append("lines:\n").append(line("bench", LINE, "default"));
    yaml.append(line(QUIET, QUIET_LINE, QUIET));
    yaml.append("agents:\n");
    for (int number = FIRST_AGENT; number < FIRST_AGENT + consoles.length; number++) {
      yaml.append(
          "  - {login: bench%d, name: Bench %d, number: \"%d\", grade: 5, password: bench-password, deskPhone: \"sip:%d@127.0.0.7:%d\"}\n"
              .formatted(number, number, number, number, agents.port()));
    }
    return yaml.toString();
  }

  private static String line(String code, String number, String policy) {
    return "  - {code: %s, number: \"%s\", nameEn: Bench, nameZh: 测速, greeting: \"\", ringTimeout: 15s, wrapUp: 0s, settings: {policy: %s}}\n"
        .formatted(code, number, policy);
  }

  void wish(boolean ready) {
    for (ConsoleClient agent : consoles) {
      agent.put(
          "/agents/me/presence",
          Map.of("wish", ready ? "ready" : "not_ready", "reason", ready ? "" : "break"));
    }
  }

  void ready(boolean ready) throws Exception {
    wish(ready);
    until(
        () -> readyNow() == (ready ? consoles.length : 0),
        "agents are " + (ready ? "ready" : "not ready"));
  }

  int readyNow() {
    int count = 0;
    for (JsonNode agent : consoles[0].get("/agents")) {
      if (agent.path("presence").asText().equals("ready")) {
        count++;
      }
    }
    return count;
  }

  /** Whoever missed a call in a rush is not ready: he says again that he is. */
  void allReady() throws Exception {
    for (int time = 1; ; time++) {
      try {
        until(() -> readyNow() == consoles.length, "agents are ready again", SETTLE_SECONDS);
        return;
      } catch (IllegalStateException e) {
        if (time == SETTLE_TIMES) {
          throw new IllegalStateException(
              e.getMessage() + ", " + readyNow() + " of " + consoles.length, e);
        }
        wish(true);
      }
    }
  }

  @FunctionalInterface
  interface Check {
    boolean holds() throws Exception;
  }

  static void until(Check check, String what) throws Exception {
    until(check, what, PATIENCE_SECONDS);
  }

  static void until(Check check, String what, int seconds) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    CountDownLatch pause = new CountDownLatch(1);
    while (true) {
      try {
        if (check.holds()) {
          return;
        }
      } catch (ConsoleClient.Refused | IllegalStateException e) {
        // not yet
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not within " + seconds + " s: " + what);
      }
      pause.await(20, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    for (ConsoleClient console : consoles) {
      if (console != null) {
        console.close();
      }
    }
    agents.close();
    callers.close();
    baseline.close();
  }
}

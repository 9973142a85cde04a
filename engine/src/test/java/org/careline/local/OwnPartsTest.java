package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.careline.call.CallId;
import org.careline.call.Recordings;
import org.careline.database.Database;
import org.careline.demo.SimulatedAgent;
import org.careline.harness.CallerAudio;
import org.careline.harness.FreePorts;
import org.careline.harness.Sipp;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.harness.TestOutside;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An Asterisk and a MySQL that somebody else runs. The Asterisk (src/test/resources/own-asterisk)
 * is a house's PBX with its own names, into which Careline is included as dialplans/README.md says.
 */
class OwnPartsTest {
  private static final String LINE = "4008123456";
  private static final Path PBX = Path.of("src/test/resources/own-asterisk");
  private static final String PASSWORD = "theHousesMySqlPassword";

  private final List<AutoCloseable> closing = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private FreePorts.Range theirs;
  private FreePorts.Range ours;
  private Path theirHome;
  private Path file;
  private LocalMySql mysql;

  @BeforeEach
  void house() throws Exception {
    theirs = closed(FreePorts.range());
    ours = FreePorts.range();
    theirHome = TestFolders.create("pbx");
    file = theirHome.resolve("careline.yaml");
    mysql =
        LocalMySql.start(
            Packages.ensure(),
            theirHome.resolve("mysql"),
            theirs.ports().mysql(),
            PASSWORD,
            LocalMySql.Options.product().with("--innodb-redo-log-capacity=16M"));
    closing.add(() -> mysql.process().kill());
    Files.writeString(
        file,
        """
        database:
          url: %s
          user: %s
          password: %s
        asterisk:
          host: 127.0.0.1
          amiPort: %d
          engineUser: careline-engine
          engineSecret: theHousesEngineSecret
          credUser: careline-phones
          credSecret: theHousesCredSecret
          agiPort: %d
          agiToken: theHousesAgiToken
          recordings: %s
          logDirectory: %s
        trunks:
          - name: telco
            endpoint: telco
        """
            .formatted(
                mysql.url(),
                mysql.user(),
                PASSWORD,
                theirs.ports().ami(),
                ours.ports().agi(),
                Folders.make(theirHome.resolve("monitor")),
                theirHome.resolve("log")));
    environment.put("CARELINE_CONFIG", file.toString());
    environment.put("CARELINE_PORT_BASE", "" + ours.base());
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : closing.reversed()) {
      part.close();
    }
  }

  @Test
  void aCallIsAnsweredThroughAnAsteriskAndAMySqlOfSomebodyElse() throws Exception {
    Path home = TestFolders.create("instance");
    environment.put("CARELINE_HOME", home.toString());
    Command written = dialplan(theirHome.resolve("etc"));
    assertThat(written.errors()).isEmpty();
    assertThat(written.output().lines().map(line -> Path.of(line).getFileName().toString()))
        .containsExactly(
            "careline_cel_custom.conf",
            "careline_extensions.conf",
            "careline_manager.conf",
            "careline_queues.conf",
            "careline_sorcery.conf");
    LocalAsterisk pbx =
        LocalAsterisk.start(
            "the house's Asterisk",
            Packages.ensure(),
            theirHome,
            PBX,
            TestAsterisk.placeholders(theirs.ports()));
    closing.add(() -> pbx.process().kill());
    TestOutside outside = closed(TestOutside.start(theirs.ports()));

    TestInstance instance = closed(TestInstance.up(home, ours, environment));
    assertThat(instance.pids()).containsOnlyKeys("engine");
    assertThat(home.resolve("mysql")).doesNotExist();
    assertThat(home.resolve("asterisk")).doesNotExist();
    assertThat(instance.careline("status").exitCode()).isZero();
    try (Database database = new Database(mysql.url(), mysql.user(), PASSWORD, 2)) {
      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "INSERT INTO line (code, number, name_en, name_zh, settings) VALUES"
                          + " ('mute', '4008009998', 'Mute', '静', '{\"notice\": \"gone\"}')"));
    }
    Command doctor = instance.careline("doctor");
    assertThat(doctor.output())
        .contains("fail\tline mute\tsettings.notice: there is no prompt gone")
        .contains("ok\tdatabase\tMySQL ")
        .contains("ok\tswitch\t127.0.0.1:" + theirs.ports().ami());
    agent(instance);
    call(pbx);

    try (Database database = new Database(mysql.url(), mysql.user(), PASSWORD, 2)) {
      Map<String, Object> record = soon(60, () -> record(database));
      assertThat(record).containsEntry("outcome", "answered").containsEntry("agent_number", "8001");
      assertThat((String) record.get("id")).startsWith("house-");
      String recording = Recordings.pathOf(new CallId((String) record.get("id"))).orElseThrow();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> Files.isRegularFile(theirHome.resolve("monitor").resolve(recording)));
    }

    // Stopping the product leaves the house alone: its telephone system and its database.
    assertThat(instance.careline("stop").exitCode()).isZero();
    assertThat(instance.supervisor().alive()).isFalse();
    assertThat(pbx.process().alive()).isTrue();
    assertThat(pbx.cli("dialplan show from-house")).contains("Echo()");
    assertThat(mysql.process().alive()).isTrue();
    assertThat(outside.asterisk().process().alive()).isTrue();
  }

  @Test
  void whatMustBeConfiguredForItIsToldInOneLine() throws Exception {
    environment.put("CARELINE_HOME", TestFolders.create("instance").toString());
    ours.close();
    String complete = Files.readString(file);
    Path target = theirHome.resolve("etc");
    assertRefused(target, complete.replace("host: 127.0.0.1", "host: ''"), "asterisk.host");
    assertRefused(target, without(complete, "recordings"), "asterisk.recordings");
    assertRefused(target, without(complete, "engineSecret"), "asterisk.engineSecret");
    assertRefused(target, without(complete, "credSecret"), "asterisk.credSecret");
    assertRefused(target, without(complete, "agiToken"), "asterisk.agiToken");
    assertRefused(target, complete.replace("agiPort", "agiBind: 0.0.0.0\n  agiPort"), "agiBind");
    assertRefused(target, complete.replace("careline-phones", "\"a]\\n[b\""), "asterisk.credUser");
    assertThat(target).doesNotExist();
  }

  private void assertRefused(Path target, String configuration, String key) throws IOException {
    Files.writeString(file, configuration);
    Command run = dialplan(target);
    assertThat(run.exitCode()).as(key).isEqualTo(1);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors().lines()).singleElement().asString().contains(key);
  }

  private static String without(String configuration, String key) {
    return configuration.replaceFirst("(?m)^ *" + key + ":.*\\n", "");
  }

  private Command dialplan(Path folder) {
    List<String> line = TestInstance.java("dialplan");
    line.add(folder.toString());
    return Command.run(line, environment, Duration.ofSeconds(60));
  }

  /** Works at a desk phone of the house, at the console of the instance. */
  private void agent(TestInstance instance) throws IOException {
    Path lines = theirHome.resolve("lines.yaml");
    Files.writeString(
        lines,
        """
        lines:
          - code: service
            number: "%s"
            nameEn: Service hotline
            nameZh: 服务热线
            greeting: greeting
        """
            .formatted(LINE));
    succeed(instance.careline("apply", lines.toString()));
    String phone = "sip:8001@127.0.0.2:" + theirs.ports().outsideSip();
    String password =
        succeed(
                instance.careline(
                    "user",
                    "add",
                    "li",
                    "--role",
                    "agent",
                    "--agent-number",
                    "8001",
                    "--desk-phone",
                    phone))
            .lines()
            .filter(line -> line.startsWith("password\t"))
            .findFirst()
            .orElseThrow()
            .split("\t")[1];
    SimulatedAgent agent =
        new SimulatedAgent(
            URI.create("http://127.0.0.1:" + ours.ports().http()),
            "li",
            password,
            new SimulatedAgent.Pace(Duration.ZERO, Duration.ZERO, Duration.ZERO),
            site -> null,
            line -> {});
    closing.add(agent);
    agent.start();
  }

  /** Hears the greeting, talks with the agent, who hangs up. */
  private void call(LocalAsterisk pbx) throws Exception {
    Path folder = TestFolders.create("caller");
    Path scenario = Path.of(OwnPartsTest.class.getResource("/sipp/caller-with-audio.xml").toURI());
    try (CallerAudio audio = new CallerAudio("127.0.0.2");
        ChildProcess caller =
            Sipp.start(
                scenario,
                folder,
                "-s",
                LINE,
                "-i",
                "127.0.0.2",
                "-p",
                "" + theirs.ports().outsideHttp(),
                "-key",
                "audio_port",
                "" + audio.port(),
                "-m",
                "1",
                "-timeout",
                "60",
                "127.0.0.1:" + theirs.ports().sip())) {
      soon(20, () -> pbx.cli("core show channels concise").contains("!Playback!") ? "" : null);
      soon(20, () -> audio.loud() > 10 ? "" : null);
      soon(40, () -> pbx.cli("core show channels concise").contains("!AppDial!") ? "" : null);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> pbx.cli("bridge show all").lines().count() == 2);
      int before = audio.loud();
      soon(20, () -> audio.loud() > before + 100 ? "" : null);
      String agentLeg =
          pbx.cli("core show channels concise")
              .lines()
              .filter(line -> line.startsWith("PJSIP/a8001-"))
              .findFirst()
              .orElseThrow()
              .split("!")[0];
      pbx.cli("channel request hangup " + agentLeg);
      assertThat(caller.awaitExit(Duration.ofSeconds(10))).isTrue();
      assertThat(caller.exitCode()).hasValue(0);
    }
  }

  private static Map<String, Object> record(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT * FROM call_record WHERE outcome IS NOT NULL")
                    .mapToMap()
                    .findFirst()
                    .orElse(null));
  }

  private static <T> T soon(int seconds, Callable<T> wanted) {
    return await()
        .atMost(Duration.ofSeconds(seconds))
        .pollInterval(Duration.ofMillis(50))
        .until(wanted, found -> found != null);
  }

  private static String succeed(Command command) {
    assertThat(command.exitCode()).as(command.errors()).isZero();
    return command.output();
  }

  private <T extends AutoCloseable> T closed(T part) {
    closing.add(part);
    return part;
  }
}

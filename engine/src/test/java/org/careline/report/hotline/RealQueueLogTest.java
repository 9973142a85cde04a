package org.careline.report.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.harness.FreePorts;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.local.Checkout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Our queue log against app_queue's own: calls through the fallback queue of a real Asterisk that
 * writes its log, and the same stories from our rows, have lines of the same form.
 */
class RealQueueLogTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Instant NINE = Instant.parse("2026-03-02T01:00:00Z");

  /** An agent who talks for a second, one who never answers, and callers. */
  private static final String EXTENSIONS =
      """

      [test-agent]
      exten = talks,1,Answer()
       same = n,Wait(1)
       same = n,Hangup()
      exten = stays,1,Answer()
       same = n,Wait(20)
      exten = rings,1,Ringing()
       same = n,Wait(20)
      [test-caller]
      exten = _X,1,Answer()
       same = n,Wait(${EXTEN})
       same = n,Hangup()
      [test-queue]
      exten = 1,1,Queue(fallback,,,,9)
      exten = 2,1,Queue(fallback,,,,1)
      """;

  @Test
  void linesHaveTheFormOfTheirOwn() throws Exception {
    Path templates = TestFolders.create("queue-log-templates");
    copy(Checkout.folder().resolve("dialplans/careline"), templates);
    Path logger = templates.resolve("logger.conf");
    Files.writeString(
        logger, Files.readString(logger).replace("queue_log = no", "queue_log = yes"));
    // orders by command line, which the product does not need
    Files.writeString(
        templates.resolve("modules.conf"),
        "load = res_clioriginate.so\n",
        StandardOpenOption.APPEND);
    Files.writeString(
        templates.resolve("careline_extensions.conf"), EXTENSIONS, StandardOpenOption.APPEND);
    List<String> theirs;
    try (TestAsterisk asterisk =
        TestAsterisk.start(templates.toString(), FreePorts.range(), Map.of())) {
      Path log = asterisk.home().resolve("log/queue_log");
      member(asterisk, "stays");
      call(asterisk, 2, 1);
      seen(log, "COMPLETECALLER");
      gone(asterisk, "stays");
      member(asterisk, "talks");
      call(asterisk, 9, 1);
      seen(log, "COMPLETEAGENT");
      asterisk.cli("queue pause member Local/talks@test-agent queue fallback reason break");
      seen(log, "PAUSE");
      call(asterisk, 2, 1);
      seen(log, "ABANDON");
      call(asterisk, 9, 2);
      seen(log, "EXITWITHTIMEOUT");
      asterisk.cli("queue unpause member Local/talks@test-agent queue fallback");
      seen(log, "UNPAUSE");
      gone(asterisk, "talks");
      seen(log, "REMOVEMEMBER");
      theirs =
          Files.readAllLines(log).stream().filter(line -> line.contains("|fallback|")).toList();
    }
    System.out.println(String.join("\n", theirs));

    Map<String, TreeSet<String>> forms = forms(theirs);
    Map<String, TreeSet<String>> ours = forms(ours());
    assertThat(forms.keySet())
        .contains(
            "ADDMEMBER",
            "REMOVEMEMBER",
            "ENTERQUEUE",
            "CONNECT",
            "COMPLETECALLER",
            "COMPLETEAGENT",
            "ABANDON",
            "EXITWITHTIMEOUT",
            "PAUSE",
            "UNPAUSE");
    forms.forEach((event, form) -> assertThat(form).as(event).containsAll(ours.get(event)));
  }

  /** The same stories from our tables. */
  private List<String> ours() throws IOException {
    Rows rows = new Rows(mysql.database());
    rows.execute(
        "INSERT INTO line (code, number, name_en, name_zh) VALUES ('fallback', '1', 'x', 'y')");
    rows.call("careline-1.1", NINE)
        .of("fallback", "gold")
        .withheld()
        .joins(0)
        .answered("8001", 2, 1, 9, "caller")
        .write();
    rows.call("careline-1.2", NINE)
        .of("fallback", "gold")
        .withheld()
        .joins(0)
        .answered("8001", 2, 1, 9, "agent")
        .write();
    rows.call("careline-1.3", NINE)
        .of("fallback", "gold")
        .withheld()
        .joins(0)
        .ends("abandoned", 9)
        .write();
    rows.call("careline-1.4", NINE)
        .of("fallback", "gold")
        .withheld()
        .joins(0)
        .ends("overflowed", 9)
        .write();
    String[][] states = {
      {"logged_out", ""}, {"ready", ""}, {"not_ready", "break"}, {"ready", ""}, {"logged_out", ""}
    };
    for (int i = 0; i < states.length; i++) {
      rows.execute(
          "INSERT INTO agent_event (agent_number, epoch, seq, at, presence, reason) VALUES"
              + " ('8001', 1, ?, ?, ?, ?)",
          i,
          NINE.plusSeconds(i),
          states[i][0],
          states[i][1]);
    }
    StringWriter out = new StringWriter();
    new QueueLog(mysql.database().jdbi()).write(NINE, NINE.plusSeconds(60), out);
    return out.toString().lines().toList();
  }

  /** By event: for each field a number, a text or nothing. */
  private static Map<String, TreeSet<String>> forms(List<String> lines) {
    Map<String, TreeSet<String>> forms = new TreeMap<>();
    for (String line : lines) {
      String[] fields = line.split("\\|", -1);
      String form =
          Stream.of(fields).skip(5).map(RealQueueLogTest::form).collect(Collectors.joining("|"));
      String head = form(fields[0]) + "|" + (fields[1].equals("NONE") ? "NONE" : "id");
      String agent = fields[3].equals("NONE") ? "NONE" : "agent";
      forms
          .computeIfAbsent(fields[4], event -> new TreeSet<>())
          .add(head + "|" + agent + "|" + form);
    }
    return forms;
  }

  private static String form(String field) {
    return field.isEmpty() ? "nothing" : field.matches("[0-9]+") ? "number" : "text";
  }

  private static void member(TestAsterisk asterisk, String who) {
    asterisk.cli("queue add member Local/" + who + "@test-agent to fallback");
  }

  private static void gone(TestAsterisk asterisk, String who) {
    asterisk.cli("queue remove member Local/" + who + "@test-agent from fallback");
  }

  private static void call(TestAsterisk asterisk, int seconds, int queue) {
    asterisk.cli(
        "channel originate Local/" + seconds + "@test-caller extension " + queue + "@test-queue");
  }

  private static void seen(Path log, String event) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> Files.exists(log) && Files.readString(log).contains("|" + event + "|"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}

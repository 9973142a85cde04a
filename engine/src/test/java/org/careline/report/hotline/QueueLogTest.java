package org.careline.report.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worked example for each event of the queue log. */
class QueueLogTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  /** 1772413200 in the log. */
  private static final Instant NINE = Instant.parse("2026-03-02T01:00:00Z");

  private final Rows rows = new Rows(mysql.database());
  private int seq;

  @BeforeEach
  void clear() {
    for (String table : List.of("call_record", "call_leg", "call_event", "agent_event", "line")) {
      rows.execute("DELETE FROM " + table);
    }
    line("main", "4001");
  }

  private void line(String code, String number) {
    rows.execute(
        "INSERT INTO line (code, number, name_en, name_zh) VALUES (?, ?, 'x', 'y')", code, number);
  }

  private List<String> log() throws Exception {
    StringWriter out = new StringWriter();
    new QueueLog(mysql.database().jdbi())
        .write(NINE.minus(Duration.ofHours(7)), NINE.plus(Duration.ofHours(9)), out);
    return out.toString().lines().map(line -> line.replace("1772413200", "T")).toList();
  }

  private void places(String call, int joined, int left) {
    rows.execute(
        "UPDATE call_record SET position_joined = ?, position_left = ? WHERE id = ?",
        joined,
        left,
        call);
  }

  private void event(String call, double at, String kind, String detail) {
    rows.execute(
        "INSERT INTO call_event (call_id, epoch, seq, at, kind, detail) VALUES (?, 1, ?, ?, ?, ?)",
        call,
        ++seq,
        Rows.after(NINE, at),
        kind,
        detail);
  }

  private void state(double at, String presence, String reason) {
    rows.execute(
        "INSERT INTO agent_event (agent_number, epoch, seq, at, presence, reason) VALUES"
            + " ('8001', 1, ?, ?, ?, ?)",
        ++seq,
        Rows.after(NINE, at),
        presence,
        reason);
  }

  @Test
  void answeredAfterAMissAndEndedByEither() throws Exception {
    rows.call("t-1.5", NINE.minusSeconds(3))
        .joins(3)
        .missed("8001", 0, 15.2, "missed")
        .missed("8003", 15.3, 1, "engine")
        .answered("8002", 20, 4, 70, "agent")
        .write();
    places("t-1.5", 3, 1);
    rows.call("t-1.6", NINE).joins(0).answered("8002", 2, 2, 10, "caller").write();
    assertThat(log())
        .containsExactly(
            "T|t-1.5|main|NONE|ENTERQUEUE||+8613800138000|3",
            "T|t-1.6|main|NONE|ENTERQUEUE||+8613800138000|1",
            "1772413202|t-1.6|main|PJSIP/a8002|CONNECT|2|t-1.6.1|2",
            "1772413212|t-1.6|main|PJSIP/a8002|COMPLETECALLER|2|10|1",
            "1772413215|t-1.5|main|PJSIP/a8001|RINGNOANSWER|15200",
            "1772413220|t-1.5|main|PJSIP/a8002|CONNECT|20|t-1.5.3|4",
            "1772413290|t-1.5|main|PJSIP/a8002|COMPLETEAGENT|20|70|3");
  }

  @Test
  void leavesWithoutAnAnswer() throws Exception {
    rows.call("left", NINE).withheld().joins(0).ends("abandoned", 31).write();
    places("left", 4, 2);
    rows.call("short", NINE).joins(0).ends("short_abandoned", 2).write();
    rows.call("key", NINE).joins(0).ends("callback_taken", 60).write();
    places("key", 5, 5);
    event("key", 40, "asked", "{}");
    event("key", 50, "turned", "{\"why\":\"callback\"}");
    rows.call("closing", NINE).joins(0).ends("callback_taken", 60).write();
    event("closing", 45, "turned", "{\"why\":\"closed\"}");
    rows.call("over", NINE).joins(0).ends("overflowed", 200).write();
    event("over", 90, "turned", "{\"why\":\"outside\"}");
    rows.call("empty", NINE).joins(0).ends("voicemail", 100).write();
    event("empty", 80, "turned", "{\"why\":\"nobody\"}");
    rows.call("menu", NINE).ends("left_before_queue", 5).write();
    assertThat(log().stream().filter(line -> !line.contains("ENTERQUEUE")))
        .containsExactly(
            "1772413202|short|main|NONE|ABANDON|1|1|2",
            "1772413231|left|main|NONE|ABANDON|2|4|31",
            "1772413245|closing|main|NONE|EXITWITHTIMEOUT|1|1|45",
            "1772413250|key|main|NONE|EXITWITHKEY|1|5|5|50",
            "1772413280|empty|main|NONE|EXITEMPTY|1|1|80",
            "1772413290|over|main|NONE|EXITWITHTIMEOUT|1|1|90");
    assertThat(log())
        .contains("T|left|main|NONE|ENTERQUEUE|||4")
        .noneMatch(l -> l.contains("menu"));
  }

  /** Out of the queue, into another line's, and back after an agent was lost. */
  @Test
  void transfersAndLostAgents() throws Exception {
    line("second", "4002");
    rows.call("blind", NINE)
        .joins(0)
        .answered("8001", 5, 5, 20, "agent")
        .answered("8002", 40, 4, 10, "caller")
        .write();
    event("blind", 25, "transferred", "{\"agent\":\"8001\",\"target\":\"8002\"}");
    rows.call("attended", NINE)
        .joins(0)
        .answered("8001", 6, 5, 20, "agent")
        .answered("8002", 26.5, 0, 10, "caller")
        .write();
    event("attended", 26, "transferred", "{\"agent\":\"8001\",\"target\":\"8002\"}");
    rows.call("line", NINE)
        .joins(0)
        .answered("8001", 7, 5, 20, "agent")
        .answered("8002", 40, 4, 10, "caller")
        .write();
    event("line", 27, "transferred", "{\"agent\":\"8001\",\"target\":\"second\"}");
    rows.call("lost", NINE)
        .joins(0)
        .answered("8001", 8, 5, 20, "system")
        .answered("8002", 42, 4, 10, "caller")
        .write();
    assertThat(of("blind"))
        .containsExactly(
            "1772413205|blind|main|PJSIP/a8001|CONNECT|5|blind.1|5",
            "1772413225|blind|main|PJSIP/a8001|BLINDTRANSFER|8002|transfer|5|20|1");
    assertThat(of("attended"))
        .containsExactly(
            "1772413206|attended|main|PJSIP/a8001|CONNECT|6|attended.1|5",
            "1772413226|attended|main|PJSIP/a8001|ATTENDEDTRANSFER|BRIDGE|8002|6|20|1");
    assertThat(of("line"))
        .containsExactly(
            "1772413207|line|main|PJSIP/a8001|CONNECT|7|line.1|5",
            "1772413227|line|main|PJSIP/a8001|BLINDTRANSFER|second|hotline|7|20|1",
            "1772413227|line|second|NONE|ENTERQUEUE||+8613800138000|1",
            "1772413240|line|second|PJSIP/a8002|CONNECT|13|line.2|4",
            "1772413250|line|second|PJSIP/a8002|COMPLETECALLER|13|10|1");
    assertThat(of("lost"))
        .containsExactly(
            "1772413208|lost|main|PJSIP/a8001|CONNECT|8|lost.1|5",
            "1772413228|lost|main|PJSIP/a8001|COMPLETEAGENT|8|20|1",
            "1772413228|lost|main|NONE|ENTERQUEUE||+8613800138000|1",
            "1772413242|lost|main|PJSIP/a8002|CONNECT|14|lost.2|4",
            "1772413252|lost|main|PJSIP/a8002|COMPLETECALLER|14|10|1");
  }

  private List<String> of(String call) throws Exception {
    return log().stream().filter(line -> line.contains("|" + call + "|")).skip(1).toList();
  }

  @Test
  void agentsComeGoAndPauseInEveryQueue() throws Exception {
    line("second", "4002");
    state(-40_000, "ready", "");
    state(0, "not_ready", "break");
    state(10, "ready", "");
    state(20, "offered", "");
    state(25, "on_call", "");
    state(60, "after_call_work", "");
    state(70, "not_ready", "missed");
    state(75, "not_ready", "meeting");
    state(80, "logged_out", "");
    state(100, "not_ready", "login");
    assertThat(log().stream().filter(line -> line.contains("|main|")))
        .containsExactly(
            "T|NONE|main|PJSIP/a8001|PAUSE|break",
            "1772413210|NONE|main|PJSIP/a8001|UNPAUSE|",
            "1772413270|NONE|main|PJSIP/a8001|PAUSE|missed",
            "1772413275|NONE|main|PJSIP/a8001|PAUSE|meeting",
            "1772413280|MANAGER|main|PJSIP/a8001|REMOVEMEMBER|",
            "1772413300|MANAGER|main|PJSIP/a8001|ADDMEMBER|",
            "1772413300|NONE|main|PJSIP/a8001|PAUSE|login");
    assertThat(log()).contains("T|NONE|second|PJSIP/a8001|PAUSE|break").hasSize(14);
  }

  /** What outsiders may have put into a text never begins a new field or a new line. */
  @Test
  void pipesAndLineEndsAreEscaped() throws Exception {
    rows.call("t|1", NINE).of("ma|in\nx%", "gold").joins(0).ends("abandoned", 1).write();
    assertThat(log())
        .containsExactly(
            "T|t%7C1|ma%7Cin%0Ax%25|NONE|ENTERQUEUE||+8613800138000|1",
            "1772413201|t%7C1|ma%7Cin%0Ax%25|NONE|ABANDON|1|1|1");
  }

  /** Calls that went over the end of the part that is kept in memory are told once. */
  @Test
  void linesStandInTheOrderOfTimeOverAllParts() throws Exception {
    rows.call("long", NINE.minusSeconds(4000))
        .joins(0)
        .answered("8001", 9, 1, 9000, "caller")
        .write();
    rows.call("next", NINE.plusSeconds(1000)).joins(0).ends("abandoned", 9).write();
    List<String> lines = log();
    assertThat(lines).hasSize(5).isSortedAccordingTo((a, b) -> time(a).compareTo(time(b)));
  }

  private static Long time(String line) {
    return Long.parseLong(line.substring(0, line.indexOf('|')));
  }
}

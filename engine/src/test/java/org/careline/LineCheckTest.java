package org.careline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.careline.customer.ReferenceData;
import org.careline.customer.ReferenceSnapshot;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What callers would notice first is found when the engine starts, by the lines as stored. */
class LineCheckTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  @TempDir Path home;

  private Map<String, Set<String>> prompts = Map.of("zh", Set.of("greeting", "after-hours"));
  private Instant now = Instant.parse("2026-11-24T05:00:00Z");

  @BeforeEach
  void lines() {
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("DELETE FROM line");
              handle.execute(
                  "INSERT INTO line (code, number, name_en, name_zh, greeting, wrap_up_seconds,"
                      + " settings) VALUES ('main', '4008001234', 'Main', '总机', 'greeting', 600,"
                      + " '{\"landingNumbers\": [\"02150001111\"], \"notice\": \"our-notice\","
                      + " \"calendar\": \"cn\", \"hours\": {\"mon-fri\": [\"09:00-18:00\"],"
                      + " \"sat-sun\": []}}')");
            });
  }

  private ReferenceData loaded() {
    try (ReferenceSnapshot snapshot =
        new ReferenceSnapshot(
            mysql.database().dataSource(), home.resolve("reference.bin"), Duration.ofHours(1))) {
      snapshot.start();
      return snapshot.current();
    }
  }

  private LineCheck check() {
    return new LineCheck(() -> prompts, () -> now);
  }

  @Test
  void aRecordingThatIsGoneIsNamedWithItsLineAndWhatToDo() {
    assertThat(check().findings(loaded()))
        .containsExactly(
            "line main: settings.notice: there is no prompt our-notice; known: after-hours,"
                + " greeting; put the recording back and run careline prompts, or change the line");
    LineCheck check = check();
    check.look(loaded());
    assertThat(check.unplayable()).as("shown to everybody at a console").containsExactly("main");
    prompts = Map.of("zh", Set.of("greeting", "after-hours", "our-notice"));
    assertThat(check.findings(loaded())).isEmpty();
    assertThat(check.unplayable()).isEmpty();
    // somebody else's switch: nothing is known of its prompts
    prompts = Map.of();
    assertThat(check().findings(loaded())).isEmpty();
  }

  @Test
  void aYearThatComesWithoutItsHolidaysIsNamedInTime() {
    prompts = Map.of();
    assertThat(check().findings(loaded())).isEmpty();
    now = Instant.parse("2026-12-10T00:00:00Z");
    assertThat(check().findings(loaded()))
        .containsExactly(
            "line main: its calendar cn knows no holidays of 2027: enter them on the page Lines");
  }

  @Test
  void callsForEveryLandingNumberReachTheLineAlsoFromTheKeptFile() {
    ReferenceData data = loaded();
    ReferenceData.Line line = data.line("+02150001111").orElseThrow();
    assertThat(line).isEqualTo(data.line("4008001234").orElseThrow());
    assertThat(line.settings().hours().openAt(Instant.parse("2026-10-01T03:00:00Z"))).isFalse();
    assertThat(line.settings().hours().openAt(Instant.parse("2026-10-10T03:00:00Z"))).isTrue();
    // a start without MySQL reads what the last one has kept
    try (Database away =
            new Database("jdbc:mysql://127.0.0.1:9/none?connectTimeout=100", "nobody", "", 2);
        ReferenceSnapshot kept =
            new ReferenceSnapshot(
                away.dataSource(), home.resolve("reference.bin"), Duration.ofHours(1))) {
      kept.start();
      assertThat(kept.servingFromFile()).isTrue();
      assertThat(kept.current().line("02150001111")).contains(line);
      assertThat(kept.current().calendars()).isEqualTo(data.calendars());
    }
  }
}

package org.careline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.careline.config.ConfigurationException;
import org.careline.config.ConfigurationLoader;
import org.careline.customer.Apply;
import org.careline.harness.MySqlExtension;
import org.careline.local.Checkout;
import org.careline.web.Refusal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lines and calendars as the interface and a file save them: one validator, the same reasons. */
class LineDeskTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Set<String>> PROMPTS =
      Map.of("zh", Set.of("greeting", "after-hours", "recording-notice"), "en", Set.of("greeting"));

  /** Thursday, the first day of the National Day holiday, 10:00 in Shanghai. */
  private static final Instant HOLIDAY = Instant.parse("2026-10-01T02:00:00Z");

  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  private Instant now = HOLIDAY;
  private final LineDesk desk =
      new LineDesk(mysql.database().jdbi(), () -> PROMPTS, (InstantSource) () -> now);

  @BeforeEach
  void empty() {
    mysql.database().jdbi().useHandle(handle -> handle.execute("DELETE FROM line"));
    mysql.database().jdbi().useHandle(handle -> handle.execute("DELETE FROM calendar_day"));
  }

  private static ObjectNode body(String number, String settings) throws Exception {
    ObjectNode body = JSON.createObjectNode();
    body.put("number", number)
        .put("nameEn", "Main")
        .put("nameZh", "总机")
        .put("greeting", "greeting");
    body.set("settings", JSON.readTree(settings));
    return body;
  }

  /** By one who has just read it. */
  private JsonNode change(String code, ObjectNode body) {
    String version = desk.line(code).map(line -> line.get("version").asText()).orElse("none");
    return desk.change(code, version, body);
  }

  private long revision() {
    return mysql
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT number FROM revision WHERE topic = 'reference'")
                    .mapTo(Long.class)
                    .one());
  }

  private static void refused(ThrowingCallable work, int status, String message) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(status))
        .hasMessageContaining(message);
  }

  @Test
  void aLineIsMadeReadChangedAndTheEngineIsTold() throws Exception {
    long before = revision();
    String hours =
        "{\"calendar\": \"cn\", \"hours\": {\"mon-fri\": [\"09:00-18:00\"], \"sat-sun\": []}}";
    JsonNode made = desk.create("main", body("4008001234", hours));
    assertThat(revision()).isEqualTo(before + 1);
    assertThat(made.get("open").asBoolean()).isFalse();
    // Thursday the 8th: the first working day after the holiday
    assertThat(made.get("changesAt").asText()).isEqualTo("2026-10-08T01:00:00Z");
    assertThat(made.get("calendarKnown").asBoolean()).isTrue();
    assertThat(desk.line("main")).contains(made);
    assertThat(desk.lines()).hasSize(1);
    refused(() -> desk.create("main", body("4008005555", "{}")), 409, "a line main already");
    refused(() -> change("other", body("4008005555", "{}")), 404, "no such line");

    change("main", body("4008001234", hours));
    assertThat(revision()).as("nothing has changed").isEqualTo(before + 1);
    JsonNode always = change("main", body("4008001234", "{}"));
    assertThat(revision()).isEqualTo(before + 2);
    assertThat(always.get("open").asBoolean()).isTrue();
    assertThat(always.get("changesAt").isNull()).isTrue();
  }

  @Test
  void ofTwoWhoHaveReadTheSameLineTheSecondIsTold() throws Exception {
    String read = desk.create("main", body("4008001234", "{}")).get("version").asText();
    assertThat(desk.line("main").orElseThrow().get("version").asText()).isEqualTo(read);
    JsonNode first = desk.change("main", read, body("4008005555", "{}"));
    assertThat(first.get("version").asText()).isNotEqualTo(read);
    refused(
        () -> desk.change("main", read, body("4008006666", "{}")),
        409,
        "somebody has changed the line main");
    assertThat(desk.line("main")).contains(first);
    desk.change("main", first.get("version").asText(), body("4008006666", "{}"));
  }

  @Test
  void aNumberIsOneLinesOnly() throws Exception {
    desk.create("a", body("4008001111", "{\"landingNumbers\": [\"02150001111\"]}"));
    refused(
        () -> desk.create("b", body("02150001111", "{}")),
        400,
        "number: the number 02150001111 is the line a's");
    refused(
        () ->
            desk.create(
                "b", body("4008002222", "{\"landingNumbers\": [\"95555\", \"4008001111\"]}")),
        400,
        "settings.landingNumbers[1]: the number 4008001111 is the line a's");
    refused(
        () -> desk.create("b", body("4008002222", "{\"landingNumbers\": [\"4008002222\"]}")),
        400,
        "settings.landingNumbers: 4008002222 stands twice");
    assertThat(desk.lines()).hasSize(1);
  }

  @Test
  void whatIsNotThereCannotBeNamed() throws Exception {
    for (Map.Entry<String, String> each :
        Map.of(
                "{\"openTiers\": [\"gold\", \"diamond\"]}",
                "settings.openTiers: there is no tier diamond; known: ",
                "{\"policy\": \"secret\"}",
                "settings.policy: there is no policy secret",
                "{\"notice\": \"recording-notise\"}",
                "settings.notice: there is no prompt recording-notise; nearest: recording-notice",
                "{\"hours\": {\"mon-sun\": []}, \"afterHours\": {\"action\": \"message\", \"prompt\": \"closed\"}}",
                "settings.afterHours.prompt: there is no prompt closed",
                "{\"calendar\": \"mars\"}",
                "settings.calendar: there is no calendar mars",
                "{\"wrapUp\": {\"max\": \"10s\"}}",
                "settings.wrapUp.max: the longest time after a call cannot be below the usual one, 30s")
            .entrySet()) {
      refused(() -> desk.create("a", body("4008001111", each.getKey())), 400, each.getValue());
    }
    ObjectNode english = body("4008001111", "{\"hours\": {\"mon-sun\": []}}");
    english.put("language", "en");
    refused(() -> desk.create("a", english), 400, "there is no prompt after-hours");
    assertThat(desk.lines()).isEmpty();
  }

  @Test
  void aFileIsRefusedForTheSameReasonWithItsLineAndKeepsSettingsItDoesNotName() throws Exception {
    Apply apply = new Apply(mysql.database(), ConfigurationLoader.defaults(), () -> PROMPTS);
    String yaml =
        """
        lines:
          - code: main
            number: "4008001234"
            nameEn: Main
            nameZh: 总机
            settings:
              survey: off
              hours:
                mon-fri: ["08:30-12:00", "13:00-18:00"]
                sat: ["18:00-09:00"]
                sun: []
        """;
    assertThatThrownBy(() -> apply.run("x.yaml", yaml.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "x.yaml:10: settings.hours.sat[0]: 18:00-09:00 ends before it begins");
    JsonNode hours =
        JSON.readTree(
            "{\"hours\": {\"mon-fri\": [\"08:30-12:00\", \"13:00-18:00\"], \"sat\": [\"18:00-09:00\"], \"sun\": []}}");
    refused(
        () -> desk.create("main", body("4008001234", hours.toString())),
        400,
        "settings.hours.sat[0]: 18:00-09:00 ends before it begins");

    String right = yaml.replace("18:00-09:00", "09:00-18:00");
    assertThat(apply.run("x.yaml", right.getBytes(StandardCharsets.UTF_8)).items().toString())
        .contains("added");
    assertThat(apply.run("x.yaml", right.getBytes(StandardCharsets.UTF_8)).changed()).isFalse();
    String bare = right.substring(0, right.indexOf("    settings"));
    assertThat(apply.run("x.yaml", bare.getBytes(StandardCharsets.UTF_8)).changed()).isFalse();
    assertThat(desk.line("main").orElseThrow().at("/settings/hours/sat/0").asText())
        .isEqualTo("09:00-18:00");
  }

  @Test
  void aCalendarIsEditedByYearAndLinesFollow() throws Exception {
    desk.create(
        "main",
        body(
            "4008001234",
            "{\"calendar\": \"cn\", \"hours\": {\"mon-fri\": [\"09:00-18:00\"], \"sat-sun\": []}}"));
    ObjectNode year = (ObjectNode) desk.calendar("cn", 2026);
    assertThat(year.get("days")).hasSize(39);
    // this house works on the first day of the holiday
    for (int i = 0; i < year.get("days").size(); i++) {
      if (year.at("/days/" + i + "/date").asText().equals("2026-10-01")) {
        ((com.fasterxml.jackson.databind.node.ArrayNode) year.get("days")).remove(i);
      }
    }
    long before = revision();
    assertThat(desk.saveCalendar("cn", 2026, year)).isEqualTo(year);
    assertThat(revision()).isEqualTo(before + 1);
    assertThat(desk.saveCalendar("cn", 2026, year)).isEqualTo(year);
    assertThat(revision()).isEqualTo(before + 1);
    assertThat(desk.line("main").orElseThrow().get("open").asBoolean()).isTrue();
    now = HOLIDAY.plusSeconds(86_400);
    assertThat(desk.line("main").orElseThrow().get("open").asBoolean()).isFalse();

    refused(
        () ->
            desk.saveCalendar(
                "cn",
                2026,
                JSON.readTree(
                    "{\"days\": [{\"date\": \"2026-10-12\", \"kind\": \"make-up-workday\"}]}")),
        400,
        "calendar.days[0].kind: 2026-10-12 is no Saturday or Sunday");
    refused(
        () ->
            desk.saveCalendar(
                "cn",
                2026,
                JSON.readTree("{\"days\": [{\"date\": \"2027-01-01\", \"kind\": \"holiday\"}]}")),
        400,
        "calendar.days[0].date: 2027-01-01 is not in 2026");
    refused(
        () ->
            desk.saveCalendar(
                "cn",
                2026,
                JSON.readTree("{\"days\": [{\"date\": \"2026-02-30\", \"kind\": \"holiday\"}]}")),
        400,
        "calendar.days[0].date: a date such as");
  }

  @Test
  void aCalendarOfOnesOwnComesWithItsFirstDayAndStaysWhileALineKeepsIt() throws Exception {
    refused(() -> desk.calendar("plant", 2026), 404, "no such calendar");
    String day =
        "{\"days\": [{\"date\": \"2026-10-01\", \"kind\": \"holiday\", \"nameEn\": \"Works outing\", \"nameZh\": \"团建\"}]}";
    desk.saveCalendar("plant", 2026, JSON.readTree(day));
    assertThat(desk.calendars().toString()).contains("{\"code\":\"plant\",\"years\":[2026]}");
    desk.create(
        "main",
        body(
            "4008001234",
            "{\"calendar\": \"plant\", \"hours\": {\"mon-sun\": [\"09:00-18:00\"]}}"));
    refused(
        () -> desk.saveCalendar("plant", 2026, JSON.readTree("{\"days\": []}")),
        409,
        "the line main keeps the calendar plant");
    assertThat(desk.calendar("plant", 2026).get("days")).hasSize(1);
  }

  /** The example is what the product takes, with the prompts it has. */
  @Test
  void theExampleOfALineIsTaken() throws Exception {
    Path example = Checkout.folder().resolve("config/examples/lines.yaml");
    Apply apply = new Apply(mysql.database(), ConfigurationLoader.defaults(), () -> PROMPTS);
    assertThat(apply.run("lines.yaml", Files.readAllBytes(example)).changed()).isTrue();
    JsonNode line = desk.line("service").orElseThrow();
    assertThat(line.at("/settings/menu")).hasSize(5);
    assertThat(line.at("/settings/hours/makeUp/0").asText()).isEqualTo("08:30-18:00");
    assertThat(line.get("open").asBoolean()).isFalse();
  }
}

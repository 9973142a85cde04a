package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careline.callback.Rounds;
import org.careline.callback.Seed;
import org.careline.harness.FreePorts;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.local.Command;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command {@code round} as a person types it, each in a process of its own. */
class RoundCommandTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Path HOME = TestFolders.create("round");
  private static final Typed typed = new Typed(mysql, HOME);

  @Test
  void opensShowsReportsAndCloses() throws Exception {
    campaign("RC");
    assertRefused(round("status", "nobody"), "no campaign nobody");
    assertRefused(round("report", "RC"), "RC has no round");

    Map<String, List<String>> opened = answer(round("open", "RC"));
    assertThat(opened)
        .containsEntry("campaign", List.of("RC"))
        .containsEntry("round", List.of("1"))
        .containsEntry("status", List.of("open"))
        .containsEntry("sitesLoaded", List.of("3"))
        .containsEntry("bin", List.of("due\t2", "no_usable_number\t1"))
        .containsEntry("attempts", List.of("0"));
    assertThat(Instant.parse(opened.get("opensAt").getFirst()))
        .isCloseTo(Instant.now(), org.assertj.core.api.Assertions.within(60, ChronoUnit.SECONDS));
    talking("RC");
    assertThat(answer(round("status", "RC")))
        .containsEntry("bin", List.of("due\t1", "in_progress\t1", "no_usable_number\t1"))
        .containsEntry("attempts", List.of("1"));

    Path json = HOME.resolve("report.json");
    Command report = round("report", "RC", "--json", json.toString());
    assertThat(report.exitCode()).as(report.errors()).isZero();
    assertThat(report.output()).contains("RC").contains("no_usable_number");
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures.fieldNames())
        .toIterable()
        .containsExactly(
            "sitesLoaded",
            "bins",
            "responseRate",
            "faults",
            "unresolved",
            "satisfied",
            "regions",
            "effort",
            "period",
            "responseRateInScope",
            "unresolvedOfFaults",
            "solvedOnPhone",
            "sources",
            "devices",
            "content",
            "agents",
            "figures",
            "countedAt");
    assertThat(figures.at("/period/from").asText()).as("a day, no array").matches("2[0-9-]{9}");
    assertThat(answer(round("status", "RC"))).containsKeys("left", "expectedEnd");
    assertThat(round("report", "RC", "--round", "7").errors()).contains("no round 7 of RC");
    assertThat(round("transitions", "RC").errors()).contains("no round 0 of RC");
    assertThat(figures.get("sitesLoaded").asInt()).isEqualTo(3);
    assertThat(figures.get("bins"))
        .isEqualTo(
            new ObjectMapper().readTree("{\"due\":1,\"in_progress\":1,\"no_usable_number\":1}"));
    assertThat(figures.get("faults").fieldNames()).toIterable().containsExactly("n", "of");
    Command nowhere = round("report", "RC", "--json", HOME.resolve("no/x.json").toString());
    assertThat(nowhere.exitCode()).isEqualTo(1);
    assertThat(nowhere.errors().lines()).hasSize(1).allMatch(line -> line.contains("no/x.json"));

    Command closing = round("close", "RC");
    assertThat(answer(closing))
        .containsEntry("status", List.of("closing"))
        .containsEntry("bin", List.of("in_progress\t1", "no_usable_number\t1", "not_dialled\t1"));
    assertThat(closing.errors()).contains("1 attempt");
    execute("UPDATE attempt SET settled_at = UTC_TIMESTAMP(3), state = 'settled'");
    execute("UPDATE round_site SET status = 3, bin = 'completed' WHERE status = 2");
    assertThat(answer(round("close", "RC")))
        .containsEntry("status", List.of("closed"))
        .containsEntry("bin", List.of("completed\t1", "no_usable_number\t1", "not_dialled\t1"));
    assertThat(answer(round("open", "RC"))).containsEntry("round", List.of("2"));
  }

  @Test
  void plansARoundForLaterAndTakesThePlanBack() {
    campaign("RL");
    String withoutZone = "2026-12-01T09:30:00";
    assertRefused(round("open", "RL", "--at", withoutZone), withoutZone);
    assertThat(answer(round("open", "RL", "--at", "2099-12-01T09:30:00+08:00")))
        .containsEntry("status", List.of("scheduled"))
        .containsEntry("opensAt", List.of("2099-12-01T01:30:00Z"))
        .containsEntry("sitesLoaded", List.of("0"));
    assertRefused(round("open", "RL"), "round 1 of RL is scheduled; close it first");
    assertRefused(round("pause", "RL"), "round 1 is scheduled");
    assertThat(answer(round("extend", "RL", "--until", "2099-12-31T18:00:00+08:00")))
        .containsEntry("closesAt", List.of("2099-12-31T10:00:00Z"));
    assertThat(answer(round("close", "RL"))).containsEntry("status", List.of("closed"));
  }

  @Test
  void saysWhichRoundOfTheCustomerItWaitsFor() {
    campaign("RW");
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              long customer =
                  handle
                      .select("SELECT id FROM customer WHERE code = 'RW'")
                      .mapTo(Long.class)
                      .one();
              Seed.campaign(handle, "RW-2", customer, "preview", Seed.ANY_HOUR);
            });
    Rounds rounds = new Rounds(mysql.database().jdbi(), InstantSource.system());
    rounds.open("RW", Optional.empty(), Optional.empty());
    assertRefused(
        round("open", "RW-2"),
        "a site is in one open round at most: 2 of the sites (RW1, RW2) are in round 1 of RW");
    Instant soon = Instant.now().plusSeconds(3600);
    rounds.open("RW-2", Optional.of(soon), Optional.empty());
    execute("UPDATE round SET opens_at = UTC_TIMESTAMP(3) WHERE status = 'scheduled'");
    assertThat(rounds.waiting("RW-2").orElseThrow().in(Locale.SIMPLIFIED_CHINESE))
        .contains("其中 2 个门店（RW1, RW2）正在 RW 第 1 轮中");
    rounds.close("RW");
    assertThat(rounds.waiting("RW-2")).isEmpty();
    rounds.close("RW-2");
    Path list = HOME.resolve("some.txt");
    writeLines(list, "RW1", "", "RW3");
    assertThat(answer(round("open", "RW-2", "--tier", "standard", "--sites", list.toString())))
        .containsEntry("sitesLoaded", List.of("2"));
    execute(
        "INSERT INTO cadence (customer_id, document, version, visits_since, saved_by, saved_at)"
            + " SELECT customer_id, '{\"campaign\":\"RW\",\"visits\":{\"by\":\"calendar\","
            + "\"from\":\"2026-01-05\",\"every\":\"1w\"}}', 1, UTC_TIMESTAMP(3), 'x', UTC_TIMESTAMP(3)"
            + " FROM campaign WHERE code = 'RW'");
    Path json = HOME.resolve("preview.json");
    Command preview = typed.run("preview", "--customer", "RW", "--json", json.toString());
    Map<String, List<String>> months = answer(preview);
    assertThat(months.get("week")).hasSize(53).allMatch(line -> line.split("\t").length == 10);
    assertThat(months.get("round"))
        .hasSizeBetween(45, 53)
        .allMatch(l -> l.startsWith("RW\tcalendar\t"));
    assertThat(preview.errors())
        .contains("an assumption, as nothing is measured yet")
        .contains("agents will not suffice in");
    assertThat(read(json).get("weeks")).hasSize(53);
  }

  /** In a whole instance: Quartz opens one at its time, one whose time passed while all was off. */
  @Test
  @Tag("long")
  void theEngineOpensAPlannedRoundAtItsTimeOrWhenItComesBack() throws Exception {
    Path home = TestFolders.create("instance");
    Path sites = home.resolve("sites.csv");
    Files.writeString(
        sites,
        "chain_code,site_code,site_name,phone1,consent_basis,consent_until\n"
            + "A,1,x,021-61234100,contract,2099-12-31\n"
            + "B,1,x,021-61234200,contract,2099-12-31\n");
    FreePorts.Range range = FreePorts.range();
    TestInstance first = TestInstance.up(home, range, Map.of());
    try {
      succeed(first.careline("import-sites", sites.toString()));
      succeed(
          first.careline(
              "apply",
              org.careline.local.Checkout.folder()
                  .resolve("config/examples/questionnaire.yaml")
                  .toString()));
      Path campaigns = home.resolve("campaigns.yaml");
      Files.writeString(campaigns, "campaigns:\n" + yaml("A") + yaml("B"));
      succeed(first.careline("apply", campaigns.toString()));

      Instant at = Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.SECONDS);
      assertThat(answer(first.careline("round", "open", "A", "--at", zoned(at))))
          .containsEntry("status", List.of("scheduled"));
      opened(first, "A");
      assertThat(openedAt(home, "A")).isBetween(at, at.plusSeconds(5));

      succeed(first.careline("stop"));
      // the command starts MySQL first, which a busy machine does in some 10 s
      Instant missed = Instant.now().plusSeconds(20).truncatedTo(ChronoUnit.SECONDS);
      assertThat(answer(first.careline("round", "open", "B", "--at", zoned(missed))))
          .containsEntry("status", List.of("scheduled"));
      await().atMost(Duration.ofSeconds(40)).until(() -> Instant.now().isAfter(missed));
      assertThat(answer(first.careline("round", "status", "B")))
          .as("nobody was there to open it")
          .containsEntry("status", List.of("scheduled"));
      TestInstance again = TestInstance.up(home, range, Map.of());
      try {
        opened(again, "B");
      } finally {
        again.close();
      }
    } finally {
      first.close();
    }
  }

  private static void opened(TestInstance instance, String campaign) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () ->
                assertThat(answer(instance.careline("round", "status", campaign)))
                    .containsEntry("status", List.of("open"))
                    .containsEntry("sitesLoaded", List.of("1")));
  }

  /** As the instance's own database has it. */
  private static Instant openedAt(Path home, String campaign) {
    try (Running running = Running.open(home)) {
      return running
          .database()
          .jdbi()
          .withHandle(
              handle ->
                  handle
                      .select(
                          "SELECT r.opened_at FROM round r JOIN campaign c ON c.id = r.campaign_id"
                              + " WHERE c.code = ?",
                          campaign)
                      .mapTo(Instant.class)
                      .one());
    }
  }

  @Test
  void whyNotSaysWhatKeepsASiteFromBeingRung() {
    campaign("WN");
    execute("UPDATE site SET name = 'a\tb' WHERE code = 'WN1'");
    assertThat(round("open", "WN").exitCode()).isZero();
    execute("UPDATE round_site SET next_call_at = '2026-01-01' WHERE status = 0");
    Map<String, List<String>> why =
        answer(typed.run("why-not", "WN1", "--at", "2098-12-01T09:30:00+08:00"));
    assertThat(why)
        .containsEntry("site", List.of("WN1\ta b"))
        .containsEntry("campaign", List.of("WN\t1"))
        .containsEntry("at", List.of("2098-12-01T09:30:00+08:00\tAsia/Shanghai"))
        .containsEntry("next", List.of("2098-12-01T09:30:00+08:00"));
    assertThat(why.get("rule"))
        .hasSizeGreaterThan(12)
        .allMatch(line -> line.split("\t").length == 4, "name, verdict, source, reason")
        .contains("per-round\tpermitted\tcampaign\t0 of 6 attempts of the round")
        .contains("due\tpermitted\tcampaign\tdue");
    assertThat(succeed(typed.run("why-not", "WN3")))
        .as("a site without a usable number")
        .contains("number\trefused\tsite\thas no number left to try");
    assertThat(succeed(typed.run("why-not", "WN3", "--lang=zh"))).contains("没有可再尝试的号码");
    execute("UPDATE site SET do_not_call = TRUE WHERE code = 'WN1'");
    Command never = typed.run("why-not", "WN1", "--customer", "WN");
    assertThat(succeed(never))
        .contains(
            "do-not-call\trefused\tsite\tasked not to be called; that stays until"
                + " somebody takes it back\tnever\n")
        .endsWith("next\tnever\n");
    assertRefused(typed.run("why-not", "WN9"), "no site WN9");
  }

  private static JsonNode read(Path json) {
    try {
      return new ObjectMapper().readTree(json.toFile());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void writeLines(Path file, String... lines) {
    try {
      Files.write(file, List.of(lines));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String zoned(Instant instant) {
    return instant.atOffset(ZoneOffset.ofHours(8)).toString();
  }

  private static String yaml(String code) {
    return """
      - code: %1$s
        name: %1$s
        customer: %1$s
        questionnaire: standard
        mode: preview
        rules:
          nightEvidence: a test, nobody is called
          windows: {default: {mon-sun: ["00:00-24:00"]}}
    """
        .formatted(code);
  }

  /** Two sites with a number and one without. */
  private static void campaign(String code) {
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, code);
              Seed.campaign(handle, code, customer, "preview", Seed.ANY_HOUR);
              Seed.site(handle, customer, null, code + 1, "standard", "+862155550003");
              Seed.site(handle, customer, null, code + 2, "standard", "+862155550004");
              Seed.site(handle, customer, null, code + 3, "standard");
            });
  }

  /** An attempt for the first site is on the wire. */
  private static void talking(String campaign) {
    execute(
        "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at, placed_at,"
            + " epoch) SELECT '01JDTEST00000000000000000A', rs.id, 1, '+862155550003', 'preview',"
            + " 'talking', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), 1 FROM round_site rs"
            + " JOIN site s ON s.id = rs.site_id WHERE s.code = '"
            + campaign
            + "1'");
    execute(
        "UPDATE round_site rs JOIN site s ON s.id = rs.site_id SET rs.status = 2, rs.attempts = 1"
            + " WHERE s.code = '"
            + campaign
            + "1'");
  }

  private static void execute(String sql) {
    mysql.database().jdbi().useHandle(handle -> handle.execute(sql));
  }

  private static Command round(String... arguments) {
    return typed.run("round", arguments);
  }

  private static void assertRefused(Command command, String words) {
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.output()).isEmpty();
    assertThat(command.errors().lines().filter(line -> line.startsWith("careline: ")))
        .as(command.errors())
        .hasSize(1)
        .allMatch(line -> line.contains(words));
    assertThat(command.errors()).doesNotContain("\tat ");
  }

  private static String succeed(Command command) {
    assertThat(command.exitCode()).as(command.errors()).isZero();
    return command.output();
  }

  /** First column to the rest of its lines, in their order. */
  private static Map<String, List<String>> answer(Command command) {
    Map<String, List<String>> answer = new HashMap<>();
    for (String line : succeed(command).lines().toList()) {
      String[] parts = line.split("\t", 2);
      answer.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(parts[1]);
    }
    return answer;
  }
}

package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.careline.agent.PasswordHash;
import org.careline.config.ConfigurationException;
import org.careline.config.ConfigurationLoader;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplyTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  private Database database;
  private Apply apply;

  @BeforeEach
  void empty() {
    database = mysql.database();
    apply = new Apply(database, ConfigurationLoader.defaults());
    database
        .jdbi()
        .useHandle(
            h -> {
              for (String table :
                  List.of(
                      "campaign",
                      "fault_card",
                      "questionnaire",
                      "line",
                      "account_manager",
                      "agent_leave",
                      "user_account",
                      "device",
                      "phone",
                      "contact",
                      "site",
                      "region",
                      "customer")) {
                h.execute("DELETE FROM " + table);
              }
              h.execute("DELETE FROM tier WHERE code <> 'standard'");
              h.execute("DELETE FROM policy WHERE code <> 'default'");
              h.execute("INSERT INTO customer (code, name) VALUES ('RJ', 'Rose')");
            });
  }

  private ApplyResult run(String yaml) {
    return apply.run("x.yaml", yaml.getBytes(StandardCharsets.UTF_8));
  }

  private <T> T one(String sql, Class<T> type) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(type).one());
  }

  private static List<String> changes(ApplyResult result) {
    return result.items().stream().map(ApplyResult.Item::change).distinct().toList();
  }

  @Test
  void aGreetingThatNobodyRecordedIsRefusedWhereThePromptsAreKnown() {
    String yaml =
        """
        lines:
          - code: a
            number: "4008000001"
            nameEn: A
            nameZh: 甲
            greeting: welcom
          - {code: b, number: "4008000002", nameEn: B, nameZh: 乙, greeting: ""}
        """;
    Apply strict =
        new Apply(
            database,
            ConfigurationLoader.defaults(),
            () -> Map.of("zh", Set.of("closed", "welcome")));
    assertThatThrownBy(() -> strict.run("x.yaml", yaml.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("x.yaml:6: there is no prompt welcom; nearest: welcome");
    assertThat(one("SELECT COUNT(*) FROM line", Integer.class)).isZero();
    strict.run("x.yaml", yaml.replace("welcom\n", "welcome\n").getBytes(StandardCharsets.UTF_8));
    assertThat(one("SELECT COUNT(*) FROM line", Integer.class)).isEqualTo(2);
    // somebody else's Asterisk: its prompts are not known
    assertThat(changes(run(yaml))).contains("changed");
  }

  @Test
  void aLineTakesFromTheConfigurationWhatItDoesNotSay() throws Exception {
    Path file = Files.createTempFile("careline", ".yaml");
    Files.writeString(file, "hotline:\n  ringTimeout: 12s\n  wrapUp: 7s\n  greeting: greeting\n");
    new Apply(database, ConfigurationLoader.load(file, Map.of()))
        .run(
            "x.yaml",
            """
            lines:
              - {code: a, number: "4008000001", nameEn: A, nameZh: 甲}
              - {code: b, number: "4008000002", nameEn: B, nameZh: 乙, wrapUp: 9s, greeting: ""}
            """
                .getBytes(StandardCharsets.UTF_8));
    String columns = "CONCAT_WS(' ', ring_timeout_seconds, wrap_up_seconds, greeting)";
    assertThat(one("SELECT " + columns + " FROM line WHERE code = 'a'", String.class))
        .isEqualTo("12 7 greeting");
    assertThat(one("SELECT " + columns + " FROM line WHERE code = 'b'", String.class))
        .isEqualTo("12 9 ");
  }

  /** As the README says: before the campaign, which names their chain. */
  private void importTheShippedSites(Path file) throws Exception {
    try (InputStream csv = Files.newInputStream(file)) {
      ImportResult result =
          new DataImport(database, 1 << 20)
              .sites(csv, file.toString(), false, OutputStream.nullOutputStream(), Locale.ENGLISH);
      assertThat(result.rejected()).isZero();
      assertThat(result.added()).isEqualTo(3);
    }
  }

  @Test
  void policiesAccountManagersAndLeaves() {
    String file =
        """
        agents:
          - {login: pa, name: Pa, number: "8701", skills: [boiler]}
          - {login: pb, name: Pb, number: "8702"}
        policies:
          - code: key
            document:
              nameEn: Key accounts
              discipline: strict
              tiers:
                standard: {rank: 2, weight: 4.5, promise: {percent: 80, within: 20s}}
              steps:
                - {after: 0s, who: account_manager}
                - {after: 20s, who: graded}
                - {after: 40s, who: wider, skill: boiler, lowerGrades: true}
        accountManagers:
          - {name: 刘倩, login: pa, deputy: pb, mobile: "13800000001"}
        leaves:
          - {login: pa, from: "2095-01-01T08:00:00+08:00", to: "2095-01-02T00:00:00Z"}
        lines:
          - code: keyline
            number: "4009990001"
            nameEn: Key accounts
            nameZh: 重点客户
            settings: {policy: key}
        """;
    assertThat(apply.run("p.yaml", file.getBytes(StandardCharsets.UTF_8)).items())
        .extracting(item -> item.change() + " " + item.kind() + " " + item.code())
        .contains("added policy key", "added accountManager 刘倩", "added leave pa");
    assertThat(apply.run("p.yaml", file.getBytes(StandardCharsets.UTF_8)).changed()).isFalse();
    assertThat(
            apply.run("p.yaml", file.replace("4.5", "5").getBytes(StandardCharsets.UTF_8)).items())
        .extracting(item -> item.change() + " " + item.kind() + " " + item.code())
        .contains("changed policy key");
    assertThatThrownBy(
            () ->
                apply.run(
                    "p.yaml",
                    file.replace("skill: boiler", "skill: magic")
                        .replace("percent: 80", "percent: 800")
                        .getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("p.yaml:10")
        .hasMessageContaining("tiers.standard.promise.percent");
    assertThatThrownBy(
            () ->
                apply.run(
                    "p.yaml",
                    file.replace("skill: boiler", "skill: magic").getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("p.yaml:14")
        .hasMessageContaining("no agent has the skill magic");
  }

  @Test
  void theShippedExamplesApplyTwice() throws Exception {
    Path folder = Path.of("..", "config", "examples");
    List<Path> files =
        Stream.of(
                "hotline.yaml",
                "agents.yaml",
                "lines.yaml",
                "questionnaire.yaml",
                "fault-cards.yaml",
                "campaign.yaml",
                "cadence.yaml")
            .map(folder::resolve)
            .toList();
    for (Path file : files) {
      ApplyResult result = apply.run(file.toString(), Files.readAllBytes(file));
      assertThat(result.changed()).as(file.toString()).isTrue();
      if (file.endsWith("questionnaire.yaml")) {
        importTheShippedSites(folder.resolve("sites.csv"));
      }
    }
    long revision = one("SELECT number FROM revision WHERE topic = 'reference'", Long.class);
    for (Path file : files) {
      ApplyResult again = apply.run(file.toString(), Files.readAllBytes(file));
      assertThat(changes(again)).as(file.toString()).containsExactly("unchanged");
      assertThat(again.passwords()).isEmpty();
    }
    assertThat(one("SELECT number FROM revision WHERE topic = 'reference'", Long.class))
        .isEqualTo(revision);
    assertThat(one("SELECT COUNT(*) FROM questionnaire", Integer.class)).isEqualTo(1);
    assertThat(one("SELECT number FROM line WHERE code = 'service'", String.class))
        .isEqualTo("4008123456");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all.map(file -> file.getFileName().toString()).filter(f -> f.endsWith(".yaml")))
          .as("all that can be applied; simulation.yaml is read by another command")
          .containsExactlyInAnyOrder(
              "hotline.yaml",
              "agents.yaml",
              "lines.yaml",
              "questionnaire.yaml",
              "fault-cards.yaml",
              "campaign.yaml",
              "cadence.yaml",
              "simulation.yaml");
    }
  }

  @Test
  void usersGetAPasswordOnceAndKeepIt() {
    String yaml = "agents:\n  - {login: li, name: Li, number: \"8023\"}\n";
    String password = run(yaml).passwords().get("li");
    String hash = one("SELECT password_hash FROM user_account", String.class);
    assertThat(PasswordHash.matches(password, hash)).isTrue();
    assertThat(hash).startsWith("$argon2id$");
    assertThat(run(yaml.replace("Li,", "Lee,")).items().getFirst().change()).isEqualTo("changed");
    assertThat(one("SELECT password_hash FROM user_account", String.class)).isEqualTo(hash);

    String own = yaml.replace("}", ", password: correct-horse-7}");
    assertThat(changes(run(own))).containsExactly("changed");
    assertThat(changes(run(own))).containsExactly("unchanged");
    String kept = one("SELECT password_hash FROM user_account", String.class);
    assertThat(PasswordHash.matches("correct-horse-7", kept)).isTrue();
  }

  @Test
  void anotherQuestionMakesANewVersionAndTheCampaignFollows() {
    String questionnaire =
        """
        questionnaires:
          - code: q
            questions:
              - {code: a, type: yes_no, textEn: A, textZh: 甲}
        campaigns:
          - {code: c, name: C, customer: RJ, questionnaire: q, rules: {ring: 30s}}
        """;
    assertThat(changes(run(questionnaire))).containsExactly("added");
    assertThat(changes(run(questionnaire.replace("textEn: A", "textEn: B"))))
        .containsExactly("changed");
    assertThat(one("SELECT questionnaire_version FROM campaign", Integer.class)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          teirs: []                                                              | x.yaml:1: unknown key teirs; nearest valid key: tiers
          lines:\\n  - code: a                                                   | x.yaml:2: the key lines.number is missing
          lines:\\n  - {code: a, number: "12a", nameEn: x, nameZh: x}            | x.yaml:2: a line's number has 3 to 16 digits
          lines:\\n  - {code: a, number: "123", nameEn: x, nameZh: x, wrapUp: 30} | x.yaml:2: lines.wrapUp expects a duration
          lines:\\n  - {code: a, number: "123", nameEn: x, nameZh: x}\\n  - {code: a, number: "124", nameEn: x, nameZh: x} | x.yaml:3: a stands already in line 2
          lines:\\n  - {code: a, number: "123", nameEn: x, nameZh: x}\\n  - {code: b, number: "123", nameEn: x, nameZh: x} | x.yaml:3: 123 stands already in line 2
          tiers:\\n  - {code: gold, nameEn: G, nameZh: G, rank: 0, weight: 1}    | x.yaml:2: a tier's rank
          tiers:\\n  - {code: gold, nameEn: G, nameZh: G, rank: 1, weight: -1}   | x.yaml:2: tiers.weight expects a number
          agents:\\n  - {login: li, name: Li}                                    | x.yaml:2: an agent needs a number
          agents:\\n  - {login: li, name: Li, number: "80"}                      | x.yaml:2: an agent number has 3 to 8 digits
          agents:\\n  - {login: Li, name: Li, number: "8001"}                    | x.yaml:2: a login has
          agents:\\n  - {login: li, name: Li, roles: [boss]}                     | x.yaml:2: no role 'boss'
          agents:\\n  - {login: li, name: Li, number: "8001", password: "12345"} | x.yaml:2: a password has 10 to 128 characters
          agents:\\n  - {login: li, name: Li, number: "8001", deskPhone: "sip:a@b;x"} | x.yaml:2: a desk phone is an address
          agents:\\n  - {login: li, name: "Li\\tX", number: "8001"}              | x.yaml:2: a name has 1 to 128 characters in one line
          campaigns:\\n  - {code: c, name: C, customer: NO, questionnaire: q}    | x.yaml:2: no customer NO; import its sites first
          campaigns:\\n  - {code: c, name: C, customer: RJ, questionnaire: q}    | x.yaml:2: no questionnaire q
          campaigns:\\n  - {code: c, name: C, customer: RJ, questionnaire: q, shownNumber: "4008123456"} | x.yaml:2: 400 and 800 numbers only receive
          campaigns:\\n  - {code: c, name: C, customer: RJ, questionnaire: q, shownNumber: "02158881234"} | x.yaml:2: no trunk may show 02158881234
          campaigns:\\n  - code: c\\n    name: C\\n    customer: RJ\\n    questionnaire: q\\n    rules:\\n      caps:\\n        perDay: 0 | x.yaml:8: rules.caps.perDay
          cadences:\\n  - tier: gold\\n    site: S1\\n    cadence: {}                   | x.yaml:2: a cadence is of a tier, of a customer, or of a site with its customer
          cadences:\\n  - customer: RJ\\n    cadence:\\n      visits:\\n        by: last-visit\\n        every: 0d | x.yaml:6: cadence.visits.every: 0d: a cadence goes forward
          questionnaires:\\n  - code: q\\n    questions:\\n      - {code: a, type: yes_no, textEn: A, textZh: A}\\n      - {code: b, type: nix, textEn: A, textZh: A} | x.yaml:5: questionnaire q: questions[1].type
          """)
  void whatIsWrongIsNamedAndNothingIsChanged(String yaml, String message) {
    String good = "tiers:\n  - {code: t, nameEn: T, nameZh: T, rank: 5, weight: 1}\n";
    String text = yaml.replace("\\n", "\n");
    assertThatThrownBy(() -> run(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
    if (!text.contains("tiers:") && !text.startsWith("teirs")) {
      assertThatThrownBy(() -> run(text + "\n" + good)).isInstanceOf(ConfigurationException.class);
    }
    assertThat(one("SELECT COUNT(*) FROM tier", Integer.class)).isEqualTo(1);
    assertThat(one("SELECT COUNT(*) FROM line", Integer.class)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          lines:\\n  - {code: a, number: "12a", nameEn: x, nameZh: x}            | x.yaml:2: 热线号码应为 3 至 16 位数字
          tiers:\\n  - {code: gold, nameEn: G, nameZh: G, rank: 0, weight: 1}    | x.yaml:2: 等级的 rank 应为 1 至 100000
          campaigns:\\n  - {code: c, name: C, customer: NO, questionnaire: q}    | x.yaml:2: 没有客户 NO，请先导入其门店
          campaigns:\\n  - code: c\\n    name: C\\n    customer: RJ\\n    questionnaire: q\\n    rules:\\n      caps:\\n        perDay: 0 | x.yaml:8: rules.caps.perDay：应为不小于 1 的整数
          questionnaires:\\n  - code: q\\n    questions:\\n      - {code: a, type: nix, textEn: A, textZh: A} | x.yaml:4: questionnaire q: questions[0].type：nix 不是
          """)
  void whatIsWrongIsSaidInChineseToo(String yaml, String message) {
    assertThatThrownBy(() -> run(yaml.replace("\\n", "\n")))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            refused -> assertThat(refused.in(Locale.SIMPLIFIED_CHINESE)).startsWith(message));
  }

  /** The local parts' Asterisk would log an error each five seconds, and the phone never ring. */
  @Test
  void aDeskPhoneThatTheLocalSwitchCannotReachIsRefused() throws Exception {
    String yaml =
        """
        agents:
          - login: li
            name: Li
            number: "8001"
            deskPhone: "sip:8001@%s"
        """;
    for (String away : List.of("10.0.0.24:5060", "phone.example.org", "127.0.0.1.example.org")) {
      assertThatThrownBy(() -> run(yaml.formatted(away)))
          .isInstanceOfSatisfying(
              ConfigurationException.class,
              refused ->
                  assertThat(refused.in(Locale.SIMPLIFIED_CHINESE))
                      .startsWith("x.yaml:5: 固定话机 sip:8001@" + away + " 不在本机回环地址"))
          .hasMessageContaining(
              "x.yaml:5: the desk phone sip:8001@" + away + " is not on a loopback");
    }
    assertThat(one("SELECT COUNT(*) FROM user_account", Integer.class)).isZero();
    for (String here : List.of("127.0.0.2:5060", "localhost")) {
      run(yaml.formatted(here));
    }
    Path file = Files.createTempFile("careline", ".yaml");
    Files.writeString(file, "asterisk:\n  host: 127.0.0.1\n");
    ApplyResult own =
        new Apply(database, ConfigurationLoader.load(file, Map.of()))
            .run("x.yaml", yaml.formatted("10.0.0.24").getBytes(StandardCharsets.UTF_8));
    assertThat(changes(own)).containsExactly("changed");
  }

  /** The example; a card with a flaw is told with the line of what is wrong. */
  @Test
  void faultCardsAndWordsOfDangerAreAppliedAndChangeNothingTwice() throws Exception {
    String example = Files.readString(Path.of("../config/examples/fault-cards.yaml"));
    assertThat(changes(run(example))).contains("added").doesNotContain("changed");
    assertThat(changes(run(example))).containsOnly("unchanged");
    assertThat(one("SELECT do_zh FROM fault_card WHERE fault_code = 'E3'", String.class))
        .isEqualTo("关机，等一分钟，再开机。\n如再次出现 E3，请保持关机：我们安排上门维修。");
    assertThat(one("SELECT danger FROM fault_card WHERE fault_code = 'E9'", Boolean.class))
        .isTrue();
    String words = "SELECT COUNT(*) FROM danger_word";
    int before = one(words, Integer.class);
    assertThat(changes(run("dangerWords: [漏电, Funken]\n"))).containsExactly("unchanged", "added");
    assertThat(one(words, Integer.class)).as("the others stay").isEqualTo(before + 1);
    String bare =
        "faultCards:\n  - {titleEn: x, titleZh: x, doZh: x}\n"
            + "  - {model: M, titleEn: x, titleZh: x, doZh: x}\n"
            + "  - model: M\n    titleEn: x\n    titleZh: \"\"\n";
    assertThatThrownBy(() -> run(bare))
        .hasMessageContaining("x.yaml:4: M/ stands already in line 3");
    assertThatThrownBy(() -> run(bare.replace("  - {model: M, ", "  - {model: N, ")))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            refused ->
                assertThat(refused.in(Locale.SIMPLIFIED_CHINESE))
                    .contains("x.yaml:6: ", "处置卡须有中英文标题"))
        .hasMessageContaining("a card has a title in both languages");
    assertThat(one("SELECT COUNT(*) FROM fault_card WHERE model = 'N'", Integer.class)).isZero();
  }

  @Test
  void numbersOfOthersAreRefused() {
    run(
        "lines:\n  - {code: a, number: \"123\", nameEn: x, nameZh: x}\n"
            + "agents:\n  - {login: li, name: Li, number: \"8001\"}\n");
    assertThatThrownBy(() -> run("lines:\n  - {code: b, number: \"123\", nameEn: x, nameZh: x}\n"))
        .hasMessageContaining("x.yaml:2: the number 123 is the line a's");
    assertThatThrownBy(() -> run("agents:\n  - {login: me, name: Me, number: \"8001\"}\n"))
        .hasMessageContaining("x.yaml:2: the agent number 8001 is li's");
  }

  @Test
  void passwordsAreNotRepeatedInMessages() {
    assertThatThrownBy(
            () ->
                run("agents:\n  - {login: li, name: Li, number: \"80\", password: hunter2hunter2}"))
        .message()
        .doesNotContain("hunter2");
  }
}

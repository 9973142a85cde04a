package org.careline.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.language.Sentence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyParserTest {
  private static final PolicyWorld WORLD =
      new PolicyWorld(
          Set.of("platinum", "gold", "standard"),
          Set.of("boiler", "repair"),
          Set.of(new AgentNumber("8001"), new AgentNumber("8002")),
          Set.of("4001234567", "02112345678"),
          number ->
              number.startsWith("00") ? Optional.of(Sentence.plain("abroad")) : Optional.empty());
  private static final String GRADED = "{\"after\": \"0s\", \"who\": \"graded\"}";

  @Test
  void readsAWholePolicy() {
    Policy policy =
        PolicyParser.parse(
            "key",
            3,
            """
            {"nameEn": "Key accounts", "nameZh": "重点客户", "discipline": "strict",
             "tiers": {"gold": {"rank": 2, "weight": 4.5,
                                "promise": {"percent": 80, "within": "20s"},
                                "announceEvery": "45s", "callbackWhenAbandoned": true,
                                "minGrade": 3}},
             "steps": [{"after": "0s", "who": "account_manager"},
                       {"after": "20s", "who": "graded", "grade": 4},
                       {"after": "40s", "who": "skilled"},
                       {"after": "1m", "who": "wider", "skill": "repair"},
                       {"after": "90s", "who": "overflow_group", "group": "night",
                        "lowerGrades": true, "tiers": ["gold"]},
                       {"after": "2m", "who": "external", "number": "02162345678",
                        "ring": "20s"},
                       {"after": "3m", "who": "external", "number": "account_manager"}],
             "groups": {"night": {"agents": ["8001"], "then": {"after": "1m", "group": "far"}},
                        "far": {"skills": ["boiler"]}},
             "reserve": {"agents": 2, "tier": "gold", "atMost": "2m"}}
            """,
            WORLD);
    assertThat(policy.version()).isEqualTo(3);
    assertThat(policy.discipline()).isEqualTo(Discipline.STRICT);
    assertThat(policy.tiers().get("gold"))
        .isEqualTo(
            new TierTerms(2, 4.5, 80, Duration.ofSeconds(20), Duration.ofSeconds(45), true, 3));
    assertThat(policy.steps()).hasSize(7);
    assertThat(policy.steps().get(4).lowerGrades()).isTrue();
    assertThat(policy.steps().get(5).press1()).isFalse();
    assertThat(policy.steps().get(6).press1()).as("a manager always presses 1").isTrue();
    assertThat(policy.groups().get("night").then())
        .hasValue(new Policy.Then(Duration.ofMinutes(1), "far"));
    assertThat(policy.reserve()).hasValue(new Reserve(2, "gold", Duration.ofMinutes(2)));
  }

  /** What the migration brings and what the code falls back to are the same. */
  @Test
  void theSeededPolicyIsTheStandardOne() throws IOException {
    String sql;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/db/migration/V6__policy.sql"))) {
      sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher seeded = Pattern.compile("'default', 1, '(\\{.*?})', 'careline'").matcher(sql);
    assertThat(seeded.find()).isTrue();
    assertThat(PolicyParser.parse("default", 0, seeded.group(1), WORLD))
        .isEqualTo(Policy.standard());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "policy | [] | object",
        "policy | nonsense | not JSON",
        "policy | {\"steps\": [G], \"colour\": 1} | does not know colour",
        "steps | {} | 1 to 30 steps",
        "steps | {\"steps\": [{\"after\": \"0s\", \"who\": \"external\", \"number\": \"02162345678\"}]} | no step has agents",
        "discipline | {\"discipline\": \"random\", \"steps\": [G]} | strict, ageing, fifo",
        "tiers.gold.weight | {\"tiers\": {\"gold\": {\"weight\": 0}}, \"steps\": [G]} | above 0",
        "tiers.gold.weight | {\"tiers\": {\"gold\": {\"weight\": -1}}, \"steps\": [G]} | above 0",
        "tiers.gold.weight | {\"tiers\": {\"gold\": {\"weight\": \"4\"}}, \"steps\": [G]} | above 0",
        "tiers.gold.rank | {\"tiers\": {\"gold\": {\"rank\": 0}}, \"steps\": [G]} | from 1",
        "tiers.gold.promise.percent | {\"tiers\": {\"gold\": {\"promise\": {\"percent\": 100, \"within\": \"20s\"}}}, \"steps\": [G]} | 1 to 99",
        "tiers.gold.promise.percent | {\"tiers\": {\"gold\": {\"promise\": {\"within\": \"20s\"}}}, \"steps\": [G]} | 1 to 99",
        "tiers.gold.promise.within | {\"tiers\": {\"gold\": {\"promise\": {\"percent\": 80, \"within\": \"2h\"}}}, \"steps\": [G]} | 1s to 1h",
        "tiers.gold.promise.within | {\"tiers\": {\"gold\": {\"promise\": {\"percent\": 80, \"within\": \"0s\"}}}, \"steps\": [G]} | 1s to 1h",
        "tiers.gold.announceEvery | {\"tiers\": {\"gold\": {\"announceEvery\": \"3s\"}}, \"steps\": [G]} | at least 15s",
        "tiers.brass | {\"tiers\": {\"brass\": {}}, \"steps\": [G]} | no tier brass",
        "steps[0].who | {\"steps\": [{\"after\": \"0s\", \"who\": \"anybody\"}]} | account_manager, deputy",
        "steps[0].after | {\"steps\": [{\"who\": \"graded\"}]} | 0s to 4h",
        "steps[0].after | {\"steps\": [{\"after\": \"-5s\", \"who\": \"graded\"}]} | 0s to 4h",
        "steps[0] | {\"steps\": [{\"after\": \"0s\", \"who\": \"graded\", \"number\": \"110\"}]} | does not know number",
        "steps[1].after | {\"steps\": [{\"after\": \"20s\", \"who\": \"account_manager\"}, G]} | begins before",
        "steps[1] | {\"steps\": [G, {\"after\": \"9s\", \"who\": \"skilled\"}]} | step 2 adds nobody",
        "steps[1] | {\"steps\": [{\"after\": \"0s\", \"who\": \"wider\"}, {\"after\": \"9s\", \"who\": \"graded\", \"grade\": 4}]} | adds nobody",
        "steps[0].lowerGrades | {\"steps\": [{\"after\": \"0s\", \"who\": \"graded\", \"lowerGrades\": true}, {\"after\": \"9s\", \"who\": \"wider\"}]} | which is 2",
        "steps[0].skill | {\"steps\": [{\"after\": \"0s\", \"who\": \"wider\", \"skill\": \"magic\"}]} | skill magic",
        "steps[0].tiers | {\"steps\": [{\"after\": \"0s\", \"who\": \"graded\", \"tiers\": [\"tin\"]}]} | no tier tin",
        "steps[1].group | {\"steps\": [G, {\"after\": \"9s\", \"who\": \"overflow_group\", \"group\": \"night\"}]} | no group night",
        "steps[1].number | {\"steps\": [G, {\"after\": \"9s\", \"who\": \"external\", \"number\": \"4001234567\"}]} | our own",
        "steps[1].number | {\"steps\": [G, {\"after\": \"9s\", \"who\": \"external\", \"number\": \"+02112345678\"}]} | our own",
        "steps[1].number | {\"steps\": [G, {\"after\": \"9s\", \"who\": \"external\", \"number\": \"001555\"}]} | abroad",
        "steps[1].number | {\"steps\": [G, {\"after\": \"9s\", \"who\": \"external\", \"number\": \"2&SIP/x\"}]} | telephone number",
        "steps[1].group | {\"steps\": [G, {\"after\": \"9s\", \"who\": \"overflow_group\", \"group\": 7}]} | at most 32",
        "steps[0].skill | {\"steps\": [{\"after\": \"0s\", \"who\": \"wider\", \"skill\": \" \"}]} | at most 64",
        "steps[1].number | {\"steps\": [G, {\"after\": \"9s\", \"who\": \"external\", \"number\": 110}]} | at most 32",
        "reserve.tier | {\"steps\": [G], \"tiers\": {\"gold\": {}}, \"reserve\": {\"agents\": 2, \"tier\": 5}} | at most 32",
        "groups.a.then.group | {\"steps\": [G], \"groups\": {\"a\": {\"agents\": [\"8001\"], \"then\": {\"after\": \"1m\", \"group\": 5}}}} | at most 32",
        "groups.a | {\"steps\": [G], \"groups\": {\"a\": {\"agents\": []}}} | has nobody",
        "groups.a.agents | {\"steps\": [G], \"groups\": {\"a\": {\"agents\": [\"8099\"]}}} | no agent 8099",
        "groups.a.skills | {\"steps\": [G], \"groups\": {\"a\": {\"skills\": [\"magic\"]}}} | skill magic",
        "groups.a.then.group | {\"steps\": [G], \"groups\": {\"a\": {\"agents\": [\"8001\"], \"then\": {\"after\": \"1m\", \"group\": \"b\"}}}} | no group b",
        "groups.a.then | {\"steps\": [G], \"groups\": {\"a\": {\"agents\": [\"8001\"], \"then\": {\"after\": \"1m\", \"group\": \"a\"}}}} | back to itself: a > a",
        "groups.A b | {\"steps\": [G], \"groups\": {\"A b\": {\"agents\": [\"8001\"]}}} | small letters",
        "reserve.tier | {\"steps\": [G], \"reserve\": {\"agents\": 2, \"tier\": \"gold\"}} | names",
        "reserve.agents | {\"steps\": [G], \"tiers\": {\"gold\": {}}, \"reserve\": {\"tier\": \"gold\"}} | from 1",
      })
  void saysWhatIsWrongAndWhere(String at, String document, String part) {
    String json = document.replace("G]", GRADED + "]").replace("[G,", "[" + GRADED + ",");
    assertThatThrownBy(() -> PolicyParser.parse("x", 1, json, WORLD))
        .isInstanceOfSatisfying(
            InvalidPolicy.class,
            invalid -> {
              assertThat(invalid.problems())
                  .anySatisfy(
                      problem -> {
                        assertThat(problem.at()).isEqualTo(at);
                        assertThat(problem.what().in(Locale.ENGLISH)).contains(part);
                      });
              assertThat(invalid.in(Locale.CHINESE)).isNotEqualTo(invalid.getMessage());
            });
  }

  /** A policy under which some callers wait for nobody is not one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"who\": \"graded\", \"tiers\": [\"gold\"]} | platinum standard later",
        "{\"who\": \"account_manager\"} | gold platinum standard later",
        "{\"who\": \"deputy\"} | gold platinum standard later",
        "{\"who\": \"last_agent\"} | gold platinum standard later",
        "{\"who\": \"skilled\", \"tiers\": [\"gold\", \"platinum\", \"standard\"]} | later",
        "{\"who\": \"skilled\"} | ``",
        "{\"who\": \"wider\"} | ``",
        "{\"who\": \"overflow_group\", \"group\": \"a\"} | ``",
      })
  void nobodyWhoCallsIsLeftWithoutAgents(String step, String without) {
    String json =
        """
        {"steps": [%s], "groups": {"a": {"agents": ["8001"]}}}
        """
            .formatted(step.replace("{", "{\"after\": \"0s\", "));
    List<String> said = new ArrayList<>();
    try {
      PolicyParser.parse("x", 1, json, WORLD);
    } catch (InvalidPolicy invalid) {
      invalid
          .problems()
          .forEach(
              problem -> {
                assertThat(problem.at()).isEqualTo("steps");
                assertThat(problem.what().in(Locale.CHINESE)).contains("overflow_group");
                said.add(problem.what().in(Locale.ENGLISH));
              });
    }
    List<String> expected = Stream.of(without.split(" ")).filter(tier -> !tier.isEmpty()).toList();
    assertThat(said).hasSameSizeAs(expected);
    for (int i = 0; i < said.size(); i++) {
      assertThat(said.get(i)).contains(expected.get(i)).contains("be for");
    }
    assertThat(PolicyParser.parse("x", 1, json)).as("in use already").isNotNull();
  }

  @Test
  void aCircleOfGroupsIsNamedAndEverythingWrongIsSaidAtOnce() {
    assertThatThrownBy(
            () ->
                PolicyParser.parse(
                    "x",
                    1,
                    """
                    {"steps": [{"after": "0s", "who": "graded"}],
                     "groups": {"a": {"agents": ["8001"], "then": {"after": "1m", "group": "b"}},
                                "b": {"agents": ["8002"], "then": {"after": "1m", "group": "c"}},
                                "c": {"agents": ["8009"], "then": {"after": "1m", "group": "a"}}}}
                    """,
                    WORLD))
        .isInstanceOfSatisfying(
            InvalidPolicy.class,
            invalid ->
                assertThat(
                        invalid.problems().stream()
                            .map(problem -> problem.sentence().in(Locale.ENGLISH)))
                    .contains(
                        "groups.a.then: leads back to itself: a > b > c > a",
                        "groups.c.agents: there is no agent 8009"));
  }

  /** Names that have gone since do not stop a policy that is in use. */
  @Test
  void aSavedPolicyIsReadWithoutLookingForItsNames() {
    Policy policy =
        PolicyParser.parse(
            "x",
            1,
            """
            {"tiers": {"gone": {}}, "steps": [{"after": "0s", "who": "wider", "skill": "gone"}]}
            """);
    assertThat(policy.tiers().get("gone")).isEqualTo(TierTerms.standard(1, 1, 1));
    assertThat(List.of(policy.nameEn(), policy.nameZh())).containsOnly("x");
  }
}

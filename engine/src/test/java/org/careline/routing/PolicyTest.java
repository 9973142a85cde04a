package org.careline.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.routing.CallerFacts.Manager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a caller may have, and when. */
class PolicyTest {
  private static final TierTerms GOLD = TierTerms.standard(2, 4, 3);
  private static final AgentNumber MANAGER = new AgentNumber("8101");
  private static final AgentNumber DEPUTY = new AgentNumber("8102");
  private static final AgentNumber LAST = new AgentNumber("8103");
  private static final Policy POLICY =
      PolicyParser.parse(
          "key",
          1,
          """
          {"tiers": {"gold": {"rank": 2, "weight": 4, "minGrade": 3}},
           "steps": [{"after": "0s", "who": "account_manager"},
                     {"after": "0s", "who": "deputy"},
                     {"after": "20s", "who": "last_agent"},
                     {"after": "30s", "who": "graded", "grade": 4},
                     {"after": "50s", "who": "skilled"},
                     {"after": "70s", "who": "overflow_group", "group": "night"},
                     {"after": "90s", "who": "wider", "lowerGrades": true},
                     {"after": "2m", "who": "external", "number": "02162345678",
                      "tiers": ["gold"]},
                     {"after": "3m", "who": "external", "number": "account_manager"}],
           "groups": {"night": {"agents": ["8200"], "then": {"after": "10s", "group": "far"}},
                      "far": {"agents": ["8300"]}},
           "reserve": {"agents": 2, "tier": "gold", "atMost": "1m"}}
          """);

  /** A span that does not concern a caller does not exist for him. */
  @ParameterizedTest
  @CsvSource({
    "true, false, true, 8101@0 8103@20 4@30 3@50 8200@70 8300@80 1@90",
    "true, true, true, 8102@0 8103@20 4@30 3@50 8200@70 8300@80 1@90",
    "true, false, false, 8101@0 4@20 3@40 8200@60 8300@70 1@80",
    "false, false, true, 8103@0 4@10 3@30 8200@50 8300@60 1@70",
    "false, false, false, 4@0 3@20 8200@40 8300@50 1@60"
  })
  void stepsByWhatIsKnown(boolean managed, boolean away, boolean served, String steps) {
    Terms terms =
        POLICY.terms(
            new CallerFacts(
                "gold",
                GOLD,
                Set.of("boiler"),
                managed
                    ? Optional.of(
                        new Manager(
                            Optional.of(MANAGER), away, Optional.of(DEPUTY), Optional.empty()))
                    : Optional.empty(),
                served ? Optional.of(LAST) : Optional.empty()));
    assertThat(terms.steps().stream().map(PolicyTest::text)).containsExactly(steps.split(" "));
  }

  /**
   * Who has chosen his account manager has him first, whatever his tier, or the deputy; a policy
   * that keeps him first anyway says how long. Without one he is served as everybody.
   */
  @ParameterizedTest
  @CsvSource({
    "gold, true, false, true, 8101@0 4@20 3@40 8200@60 8300@70 1@80",
    "bronze, true, false, true, 8101@0 4@20 2@40 8200@60 8300@70 1@80",
    "plain, true, false, true, 8101@0 8101@30 1@30",
    "plain, true, true, true, 8102@0 8102@30 1@30",
    "plain, true, true, false, 1@0",
    "plain, false, false, false, 1@0"
  })
  void whoAsksForHisAccountManager(
      String tier, boolean managed, boolean away, boolean deputy, String steps) {
    Policy policy =
        tier.equals("plain")
            ? PolicyParser.parse(
                "plain",
                1,
                """
                {"steps": [{"after": "0s", "who": "account_manager"},
                           {"after": "0s", "who": "deputy"},
                           {"after": "0s", "who": "graded"},
                           {"after": "10s", "who": "external", "number": "account_manager"}]}
                """)
            : POLICY;
    Terms terms =
        policy.terms(
            new CallerFacts(
                tier,
                tier.equals("gold") ? GOLD : TierTerms.standard(9, 1, tier.equals("plain") ? 1 : 2),
                Set.of("boiler"),
                managed
                    ? Optional.of(
                        new Manager(
                            Optional.of(MANAGER),
                            away,
                            deputy ? Optional.of(DEPUTY) : Optional.empty(),
                            Optional.of("+8613800000001")))
                    : Optional.empty(),
                Optional.empty(),
                true));
    assertThat(terms.steps().stream().map(PolicyTest::text)).containsExactly(steps.split(" "));
    if (tier.equals("plain") && managed) {
      assertThat(terms.steps().getFirst().why())
          .isEqualTo(
              !away
                  ? PolicyStep.Who.ACCOUNT_MANAGER
                  : deputy ? PolicyStep.Who.DEPUTY : PolicyStep.Who.GRADED);
      assertThat(terms.outside().getFirst().after())
          .as("his mobile rings when his desk has had its time")
          .isEqualTo(Duration.ofSeconds(away && !deputy ? 10 : 40));
    }
  }

  private static String text(Step step) {
    String who =
        switch (step.who()) {
          case Step.Person person -> person.number().value();
          case Step.Group group -> String.valueOf(group.minGrade());
          case Step.Members members -> members.agents().iterator().next().value();
        };
    return who + "@" + step.after().toSeconds();
  }

  @Test
  void skillsAndGradesOfTheSteps() {
    List<Step> steps = POLICY.terms(facts("gold", Set.of("boiler"))).steps();
    assertThat(steps.get(0).who()).isEqualTo(new Step.Group(4, Set.of("boiler")));
    assertThat(steps.get(1).who()).isEqualTo(new Step.Group(3, Set.of("boiler")));
    assertThat(steps.get(2).who())
        .as("a junior of the group does not serve a key account")
        .isEqualTo(new Step.Members(Set.of(new AgentNumber("8200")), Set.of(), 3));
    assertThat(steps.get(4).who())
        .as("the last step allows lower grades")
        .isEqualTo(new Step.Group(1, Set.of()));
    assertThat(POLICY.terms(facts("bronze", Set.of())).steps().get(1).who())
        .as("a tier the policy does not name keeps its own grade")
        .isEqualTo(new Step.Group(2, Set.of()));
  }

  @Test
  void numbersOutside() {
    Manager reachable =
        new Manager(Optional.empty(), false, Optional.empty(), Optional.of("+8613800000001"));
    Terms gold =
        POLICY.terms(
            new CallerFacts("gold", GOLD, Set.of(), Optional.of(reachable), Optional.empty()));
    assertThat(gold.outside())
        .containsExactly(
            new Outside(Duration.ofSeconds(90), "02162345678", false, false, PolicyStep.USUAL_RING),
            new Outside(
                Duration.ofSeconds(150), "+8613800000001", true, true, PolicyStep.USUAL_RING));
    assertThat(POLICY.terms(facts("bronze", Set.of())).outside()).isEmpty();
  }

  @Test
  void whoMustLeaveAgentsToOthers() {
    assertThat(POLICY.terms(facts("gold", Set.of())).keep()).isEmpty();
    assertThat(POLICY.terms(facts("bronze", Set.of())).keep())
        .hasValue(new Terms.Keep(2, 3, Duration.ofMinutes(1)));
  }

  private static CallerFacts facts(String tier, Set<String> skills) {
    return new CallerFacts(
        tier,
        tier.equals("gold") ? GOLD : TierTerms.standard(9, 1, 2),
        skills,
        Optional.empty(),
        Optional.empty());
  }
}

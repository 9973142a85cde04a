package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careline.call.Caller;
import org.careline.customer.NumberOwner;
import org.careline.customer.NumberOwner.Customer;
import org.careline.customer.ReferenceData.Line;
import org.careline.line.LineHours;
import org.careline.line.LineSettings;
import org.careline.line.LineSettings.AfterHours;
import org.careline.line.LineSettings.Choice;
import org.careline.line.LineSettings.MenuEntry;
import org.careline.line.LineSettings.Survey;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each decision of the dialogue in one table: line, caller, what was heard, what follows. */
class DialogueTest {
  private static final Customer RUI = new Customer(7, "4711", "Rui", "gold");
  private static final Customer MAN = new Customer(8, "4712", "Man", "standard");
  private static final Customer OTHER = new Customer(9, "99", "Other", "standard");

  /**
   * Code 99 belongs to two customers, 1 also to one of those who share the number, 12 to a customer
   * and to a site of his.
   */
  private static final Map<String, List<NumberOwner>> CODES =
      Map.of(
          "4711", List.of(owner(RUI)),
          "99", List.of(owner(OTHER), owner(MAN)),
          "1", List.of(owner(OTHER), owner(RUI)),
          "12",
              List.of(
                  owner(MAN),
                  new NumberOwner(MAN, Optional.of(new NumberOwner.Site(3, "12", "x")), "gold")));

  private static NumberOwner owner(Customer customer) {
    return new NumberOwner(customer, Optional.empty(), customer.tierCode());
  }

  /**
   * Words of a line: notice, greet, code, closed, message, emergency, menu, three, four; of a
   * caller: known, shared, blocked.
   */
  private static final String TABLE =
      """
      -                      | begin              | serve
      known menu             | begin              | greeted, read menu-install number-1 menu-account-manager number-9 -> menu.1 1
      notice greet           | begin              | greeted, say recording-notice greeting -> opened
      notice blocked         | begin              | turned blocked blocklist, refuse
      greet                  | opened             | serve
      greet code             | opened             | greeted, read code-ask -> code.1 20
      greet code known       | opened             | serve
      code                   | begin              | greeted, read code-ask -> code.1 20
      shared                 | begin              | greeted, read code-which -> code.1 20
      code                   | code.1 4711        | identified 4711, say code-thanks -> known
      code                   | known              | serve
      code menu              | known              | greeted, read menu-install number-1 menu-account-manager number-9 -> menu.1 1
      code closed            | known              | turned after_hours closed, say after-hours voicemail-ask -> voicemail
      code                   | code.1 123         | read code-invalid -> code.2 20
      code                   | code.2 99          | read code-invalid -> code.3 20
      code                   | code.3 124         | greeted, say code-none -> serve
      code closed            | code.3 124         | turned after_hours closed, say code-none after-hours voicemail-ask -> voicemail
      code                   | code.1             | read code-ask -> code.2 20
      code                   | code.2 4711        | identified 4711, say code-thanks -> known
      code                   | code.2             | read code-ask -> code.3 20
      code                   | code.3             | greeted, say code-none -> serve
      shared                 | code.1             | read code-which -> code.2 20
      code                   | code.1 12          | identified 4712, say code-thanks -> known
      shared                 | code.2 12          | identified 4712, say code-thanks -> known
      code                   | code.9 5           | greeted, say code-none -> serve
      code                   | code.x 5           | greeted, say code-none -> serve
      shared                 | code.1 1           | identified 4711, say code-thanks -> known
      code                   | code.1 1           | read code-invalid -> code.2 20
      closed message         | begin              | turned after_hours closed, bye after-hours
      closed                 | begin              | turned after_hours closed, say after-hours voicemail-ask -> voicemail
      closed emergency       | begin              | greeted, chosen null night, say after-hours after-hours-emergency -> serve
      closed                 | voicemail          | record tone -> message
      closed spoken          | message            | turned voicemail voicemail, bye voicemail-thanks
      closed                 | message            | bye voicemail-empty goodbye
      closed                 | serve              | serve
      menu                   | menu.1 1           | chosen install install, serve
      menu                   | menu.1 9           | chosen account_manager null, serve
      menu                   | menu.1 4           | read menu-invalid menu-install number-1 menu-account-manager number-9 -> menu.2 1
      menu                   | menu.1             | read menu-install number-1 menu-account-manager number-9 -> menu.2 1
      menu                   | menu.1 *           | read menu-invalid menu-install number-1 menu-account-manager number-9 -> menu.2 1
      menu                   | menu.2 4           | serve
      -                      | menu.1 1           | serve
      -                      | after-talk         | refuse
      three                  | after-talk         | offered, read survey-three -> survey.1 1
      four                   | after-talk         | offered, read survey-four -> survey.1 1
      three                  | survey.1 3         | score 3, bye survey-thanks
      three                  | survey.1 4         | read survey-three -> survey.2 1
      four                   | survey.1 4         | score 4, bye survey-thanks
      four                   | survey.1 0         | read survey-four -> survey.2 1
      three                  | survey.1           | bye goodbye
      three                  | survey.2 7         | bye goodbye
      -                      | of-another-version | serve
      """;

  @TestFactory
  Stream<DynamicTest> table() {
    return TABLE
        .lines()
        .map(line -> List.of(line.split("\\|")))
        .map(
            cells ->
                DynamicTest.dynamicTest(
                    cells.get(0).strip() + " + " + cells.get(1).strip(),
                    () ->
                        assertThat(
                                said(decide(cells.get(0).strip(), cells.get(1).strip().split(" "))))
                            .isEqualTo(cells.get(2).strip())));
  }

  private static Decision decide(String words, String[] heard) {
    Set<String> has = Set.of(words.split(" "));
    Dialogue.Facts facts = facts(has);
    return heard[0].equals("begin")
        ? Dialogue.begin(
            facts, has.contains("blocked") ? Optional.of("blocklist") : Optional.empty())
        : Dialogue.next(facts, new Heard(heard[0], heard.length > 1 ? heard[1] : "", false));
  }

  private static Dialogue.Facts facts(Set<String> has) {
    Caller caller =
        has.contains("known")
            ? new Caller(
                "4001", "l", "", "+8613800138000", 7L, "4711", "Rui", null, null, null, "gold")
            : Caller.unknown("4001");
    return new Dialogue.Facts(
        line(has),
        caller,
        has.contains("shared") ? List.of(RUI, MAN) : List.of(),
        !has.contains("closed"),
        has.contains("spoken"),
        code -> CODES.getOrDefault(code, List.of()));
  }

  private static Line line(Set<String> has) {
    LineSettings usual = LineSettings.DEFAULT;
    AfterHours.Action action =
        has.contains("message")
            ? AfterHours.Action.MESSAGE
            : has.contains("emergency") ? AfterHours.Action.EMERGENCY : AfterHours.Action.VOICEMAIL;
    return new Line(
        "l",
        "4001",
        "l",
        "l",
        "zh",
        has.contains("greet") ? "greeting" : "",
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        new LineSettings(
            "",
            List.of(),
            has.contains("notice") ? "recording-notice" : "",
            has.contains("code"),
            LineHours.always(ZoneId.of("UTC")),
            Set.of(),
            has.contains("menu")
                ? List.of(
                    new MenuEntry(1, Choice.INSTALL, "install"),
                    new MenuEntry(9, Choice.ACCOUNT_MANAGER, ""))
                : List.of(),
            new AfterHours(
                action, "after-hours", action == AfterHours.Action.EMERGENCY ? "night" : ""),
            usual.closing(),
            false,
            has.contains("four") ? Survey.FOUR : has.contains("three") ? Survey.THREE : Survey.OFF,
            "",
            usual.callback(),
            usual.disposition(),
            usual.wrapUp()));
  }

  private static String said(Decision decision) {
    List<String> words = new ArrayList<>();
    decision.effects().forEach(effect -> words.add(word(effect)));
    words.add(
        switch (decision.next()) {
          case Decision.Play play -> word(play.step());
          case Decision.Serve serve -> "serve";
          case Decision.Refuse refuse -> "refuse";
        });
    return String.join(", ", words);
  }

  private static String word(Decision.Effect effect) {
    return switch (effect) {
      case Decision.Greeted e -> "greeted";
      case Decision.Identified e -> "identified " + e.owner().customer().code();
      case Decision.Chosen e -> "chosen " + e.choice() + " " + e.skill();
      case Decision.Turned e -> "turned " + e.outcome().key() + " " + e.why();
      case Decision.SurveyOffered e -> "offered";
      case Decision.Scored e -> "score " + e.score();
    };
  }

  private static String word(Step step) {
    return switch (step) {
      case Step.Say s -> "say " + String.join(" ", s.prompts()) + " -> " + s.stage();
      case Step.Read s ->
          "read " + String.join(" ", s.prompts()) + " -> " + s.stage() + " " + s.most();
      case Step.Record s -> "record " + s.prompt() + " -> " + s.stage();
      case Step.Bye s -> "bye " + String.join(" ", s.prompts());
      case Step.Connect s -> throw new AssertionError(s);
      case Step.In s -> throw new AssertionError(s);
      case Step.Wait s -> throw new AssertionError(s);
      case Step.Fallback s -> throw new AssertionError(s);
      case Step.Refuse s -> throw new AssertionError(s);
    };
  }

  /** Each key of a menu leads to what it says, with the skill that stands there or without. */
  @ParameterizedTest
  @EnumSource(Choice.class)
  void everyChoiceLeadsToItsSkill(Choice choice) {
    for (String skill : List.of("boiler", "")) {
      Dialogue.Facts facts = facts(Set.of("menu"));
      Line line = facts.line();
      LineSettings had = line.settings();
      LineSettings settings =
          new LineSettings(
              had.publicNumber(),
              had.landingNumbers(),
              had.notice(),
              had.askCode(),
              had.hours(),
              had.openTiers(),
              List.of(new MenuEntry(7, choice, skill)),
              had.afterHours(),
              had.closing(),
              had.announceAgent(),
              had.survey(),
              had.policy(),
              had.callback(),
              had.disposition(),
              had.wrapUp());
      Dialogue.Facts asked =
          new Dialogue.Facts(
              new Line(
                  line.code(),
                  line.number(),
                  line.nameEn(),
                  line.nameZh(),
                  line.language(),
                  line.greeting(),
                  line.ringTimeout(),
                  line.wrapUp(),
                  settings),
              facts.caller(),
              List.of(),
              true,
              false,
              facts.codes());
      String word = choice.name().toLowerCase(java.util.Locale.ROOT);
      assertThat(said(Dialogue.begin(asked, Optional.empty())))
          .isEqualTo("greeted, read menu-" + word.replace('_', '-') + " number-7 -> menu.1 1");
      assertThat(said(Dialogue.next(asked, new Heard("menu.1", "7", false))))
          .isEqualTo("chosen " + word + " " + (skill.isEmpty() ? "null" : skill) + ", serve");
    }
  }

  /** However he answers, each dialogue ends: nobody is asked for ever. */
  @Test
  void everyDialogueEnds() {
    for (String words : List.of("notice greet code menu", "code closed", "shared menu", "four")) {
      Dialogue.Facts facts = facts(Set.of(words.split(" ")));
      for (String digits : List.of("", "0", "5", "*", "123456")) {
        Decision decision =
            words.equals("four")
                ? Dialogue.next(facts, new Heard(Heard.AFTER_TALK, "", false))
                : Dialogue.begin(facts, Optional.empty());
        int steps = 0;
        while (decision.next() instanceof Decision.Play play && stage(play.step()) != null) {
          decision = Dialogue.next(facts, new Heard(stage(play.step()), digits, false));
          assertThat(++steps).as(words + " " + digits).isLessThan(12);
        }
      }
    }
  }

  private static String stage(Step step) {
    return step instanceof Step.Say say
        ? say.stage()
        : step instanceof Step.Read read
            ? read.stage()
            : step instanceof Step.Record message ? message.stage() : null;
  }
}

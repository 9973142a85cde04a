package org.careline.hotline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.careline.call.Caller;
import org.careline.call.Outcome;
import org.careline.customer.NumberOwner;
import org.careline.customer.ReferenceData.Line;
import org.careline.hotline.Decision.Chosen;
import org.careline.hotline.Decision.Effect;
import org.careline.hotline.Decision.Greeted;
import org.careline.hotline.Decision.Identified;
import org.careline.hotline.Decision.Next;
import org.careline.hotline.Decision.Play;
import org.careline.hotline.Decision.Refuse;
import org.careline.hotline.Decision.Scored;
import org.careline.hotline.Decision.Serve;
import org.careline.hotline.Decision.SurveyOffered;
import org.careline.hotline.Decision.Turned;
import org.careline.line.LineSettings.AfterHours;
import org.careline.line.LineSettings.MenuEntry;
import org.careline.line.LineSettings.Survey;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;

/**
 * What a caller hears and is asked before the queue and after the talk. Pure: from what is known of
 * the call, its line and what came of the last step follows the next one, so that nothing of a
 * dialogue has to be remembered. The order before the queue:
 *
 * <ol>
 *   <li>blocked, or too many calls of his number: no word
 *   <li>recording notice and greeting; what is typed meanwhile is dropped
 *   <li>his code, if he is not recognised and the line asks for it, or if several customers share
 *       his number: {@value #CODE_TRIES} tries, of which silence is one, then as standard
 *   <li>hours, which may depend on his tier: message, voicemail or emergency group
 *   <li>menu, {@value #MENU_TRIES} tries, then without a choice
 * </ol>
 */
final class Dialogue {
  static final int CODE_TRIES = 3;
  static final int MENU_TRIES = 2;
  static final int SURVEY_TRIES = 2;
  static final Duration LONGEST_MESSAGE = Duration.ofMinutes(3);

  private static final String OPENED = "opened";
  private static final String CODE = "code.";
  private static final String KNOWN = "known";
  static final String SERVE = "serve";
  private static final String MENU = "menu.";
  private static final String VOICEMAIL = "voicemail";
  static final String MESSAGE = "message";
  private static final String SURVEY = "survey.";
  private static final int LONGEST_CODE = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * What a decision needs.
   *
   * @param caller as he is known by now
   * @param candidates the customers who share his number, while it is not known which he is
   * @param open the line serves callers of his tier now
   * @param messageLeft he has said something after the tone. Silence is no message: such a call
   *     ends as one that came after hours
   * @param codes whose a typed code may be
   */
  record Facts(
      Line line,
      Caller caller,
      List<NumberOwner.Customer> candidates,
      boolean open,
      boolean messageLeft,
      Function<String, List<NumberOwner>> codes) {}

  private Dialogue() {}

  /**
   * He is at the door.
   *
   * @param turnedAway word for the story why he is not served; empty = he is
   */
  static Decision begin(Facts facts, Optional<String> turnedAway) {
    if (turnedAway.isPresent()) {
      return Decision.of(new Refuse(), new Turned(Outcome.BLOCKED, turnedAway.get()));
    }
    List<String> words =
        Stream.of(facts.line().settings().notice(), facts.line().greeting())
            .filter(name -> !name.isEmpty())
            .toList();
    return words.isEmpty() ? identify(facts) : play(new Step.Say(words, OPENED), new Greeted());
  }

  /** A step of the dialogue has ended. */
  static Decision next(Facts facts, Heard heard) {
    String stage = heard.stage();
    if (stage.equals(OPENED)) {
      return identify(facts);
    }
    if (stage.equals(KNOWN)) {
      return hours(facts, List.of());
    }
    if (stage.startsWith(CODE)) {
      return code(facts, heard.digits(), number(stage, CODE));
    }
    if (stage.startsWith(MENU)) {
      return menu(facts, heard.digits(), number(stage, MENU));
    }
    if (stage.equals(VOICEMAIL)) {
      return play(new Step.Record("tone", MESSAGE, LONGEST_MESSAGE));
    }
    if (stage.equals(MESSAGE)) {
      return facts.messageLeft()
          ? Decision.of(
              new Play(new Step.Bye(List.of("voicemail-thanks"))),
              new Turned(Outcome.VOICEMAIL, "voicemail"))
          : bye("voicemail-empty", "goodbye");
    }
    if (stage.equals(Heard.AFTER_TALK)) {
      return facts.line().settings().survey() == Survey.OFF
          ? Decision.of(new Refuse())
          : survey(facts, 1, new SurveyOffered());
    }
    if (stage.startsWith(SURVEY)) {
      return opinion(facts, heard.digits(), number(stage, SURVEY));
    }
    return Decision.of(new Serve());
  }

  private static int number(String stage, String word) {
    String text = stage.substring(word.length());
    return text.matches("[0-9]") ? Integer.parseInt(text) : Integer.MAX_VALUE;
  }

  // --- who he is

  private static Decision identify(Facts facts) {
    boolean unknown = facts.caller().customerId() == null;
    return unknown && (shared(facts) || facts.line().settings().askCode())
        ? play(ask(question(facts), 1), new Greeted())
        : hours(facts, List.of());
  }

  private static boolean shared(Facts facts) {
    return !facts.candidates().isEmpty();
  }

  private static String question(Facts facts) {
    return shared(facts) ? "code-which" : "code-ask";
  }

  private static Step ask(String prompt, int attempt) {
    return new Step.Read(List.of(prompt), CODE + attempt, LONGEST_CODE, PATIENCE);
  }

  private static Decision code(Facts facts, String digits, int attempt) {
    Optional<NumberOwner> owner = owner(facts, digits);
    if (owner.isPresent()) {
      // his tier may open the line: the hours are looked at in the next question
      return play(new Step.Say(List.of("code-thanks"), KNOWN), new Identified(owner.get()));
    }
    return attempt < CODE_TRIES
        ? play(ask(digits.isEmpty() ? question(facts) : "code-invalid", attempt + 1))
        : hours(facts, List.of("code-none"));
  }

  /** The code of one of those who share the number goes before all others. */
  private static Optional<NumberOwner> owner(Facts facts, String digits) {
    List<NumberOwner> owners = digits.isEmpty() ? List.of() : facts.codes().apply(digits);
    List<NumberOwner> sharing =
        owners.stream().filter(owner -> facts.candidates().contains(owner.customer())).toList();
    List<NumberOwner> meant = sharing.isEmpty() ? owners : sharing;
    return NumberOwner.together(meant);
  }

  // --- what he wants

  private static Decision hours(Facts facts, List<String> before) {
    if (facts.open()) {
      return facts.line().settings().menu().isEmpty()
          ? serve(before)
          : play(menu(facts, before, 1), new Greeted());
    }
    AfterHours closed = facts.line().settings().afterHours();
    return switch (closed.action()) {
      case MESSAGE ->
          Decision.of(
              new Play(new Step.Bye(words(before, closed.prompt()))),
              new Turned(Outcome.AFTER_HOURS, "closed"));
      case VOICEMAIL ->
          play(
              new Step.Say(words(before, closed.prompt(), "voicemail-ask"), VOICEMAIL),
              new Turned(Outcome.AFTER_HOURS, "closed"));
      case EMERGENCY ->
          play(
              new Step.Say(words(before, closed.prompt(), "after-hours-emergency"), SERVE),
              new Greeted(),
              new Chosen(null, closed.emergencySkill()));
    };
  }

  private static Step menu(Facts facts, List<String> before, int attempt) {
    List<String> prompts = new ArrayList<>(before);
    for (MenuEntry entry : facts.line().settings().menu()) {
      prompts.add("menu-" + entry.choice().word().replace('_', '-'));
      prompts.add("number-" + entry.key());
    }
    return new Step.Read(prompts, MENU + attempt, 1, PATIENCE);
  }

  private static Decision menu(Facts facts, String digits, int attempt) {
    Optional<MenuEntry> entry =
        digits.matches("[1-9]")
            ? facts.line().settings().choice(Integer.parseInt(digits))
            : Optional.empty();
    if (entry.isPresent()) {
      String skill = entry.get().skill();
      return Decision.of(
          new Serve(), new Chosen(entry.get().choice().word(), skill.isEmpty() ? null : skill));
    }
    return attempt < MENU_TRIES && !facts.line().settings().menu().isEmpty()
        ? play(menu(facts, digits.isEmpty() ? List.of() : List.of("menu-invalid"), attempt + 1))
        : Decision.of(new Serve());
  }

  private static Decision serve(List<String> before) {
    return before.isEmpty()
        ? Decision.of(new Serve())
        : play(new Step.Say(before, SERVE), new Greeted());
  }

  // --- after the talk

  private static Decision survey(Facts facts, int attempt, Effect... effects) {
    boolean four = facts.line().settings().survey() == Survey.FOUR;
    return play(
        new Step.Read(
            List.of(four ? "survey-four" : "survey-three"), SURVEY + attempt, 1, PATIENCE),
        effects);
  }

  private static Decision opinion(Facts facts, String digits, int attempt) {
    String allowed = facts.line().settings().survey() == Survey.FOUR ? "[1-4]" : "[1-3]";
    if (digits.matches(allowed)) {
      return Decision.of(
          new Play(new Step.Bye(List.of("survey-thanks"))), new Scored(Integer.parseInt(digits)));
    }
    return !digits.isEmpty() && attempt < SURVEY_TRIES
        ? survey(facts, attempt + 1)
        : bye("goodbye");
  }

  // --- words

  private static Decision play(Step step, Effect... effects) {
    Next next = new Play(step);
    return Decision.of(next, effects);
  }

  private static Decision bye(String... prompts) {
    return Decision.of(new Play(new Step.Bye(List.of(prompts))));
  }

  private static List<String> words(List<String> before, String... prompts) {
    return Stream.concat(before.stream(), Stream.of(prompts))
        .filter(name -> !name.isEmpty())
        .toList();
  }
}

package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEntry;
import org.careline.language.Sentence;
import org.careline.routing.Assignment;
import org.careline.routing.Decision;
import org.careline.routing.PolicyStep;
import org.careline.routing.Router;
import org.careline.routing.Step;
import org.careline.routing.WaitingCaller;

/** Why this caller, why now and why this agent, for people and for programs. Pure. */
public final class AssignmentReason {
  private final Rules rules;

  public AssignmentReason(Rules rules) {
    this.rules = rules;
  }

  /**
   * @param asked agents who were offered the call before
   */
  public CallEntry.Reason of(
      Assignment assignment, Router.Neighbours around, List<AgentNumber> asked) {
    return new CallEntry.Reason(
        text(assignment, around, asked, Locale.ENGLISH),
        text(assignment, around, asked, Locale.SIMPLIFIED_CHINESE),
        decision(assignment, around, asked));
  }

  private String text(
      Assignment assignment, Router.Neighbours around, List<AgentNumber> asked, Locale language) {
    List<Sentence> parts = new ArrayList<>();
    WaitingCaller caller = assignment.caller();
    Instant at = assignment.at();
    parts.add(
        Sentence.of(
            "reason.caller",
            rules.tierName(caller.terms().tier(), language),
            order(assignment),
            assignment.waiting()));
    around
        .behind()
        .ifPresent(
            next ->
                parts.add(
                    Sentence.of(
                        "reason.behind",
                        rules.tierName(next.terms().tier(), language),
                        number(next.seconds(at)),
                        number(next.score(at)))));
    if (around.ahead() > 0) {
      List<Sentence> passed = new ArrayList<>();
      for (WaitingCaller other : around.passed()) {
        passed.add(
            Sentence.of(
                "reason.passed",
                rules.tierName(other.terms().tier(), language),
                number(other.seconds(at)),
                waitsFor(other, at)));
      }
      parts.add(Sentence.of("reason.ahead", around.ahead(), Sentence.joined(", ", passed)));
    }
    parts.add(
        Sentence.of(
            "reason.agent",
            rules.agentName(assignment.agent()),
            assignment.to().grade(),
            step(assignment.step().why()),
            Math.max(0, Duration.between(assignment.to().idleSince(), at).toSeconds()),
            assignment.ready()));
    if (!asked.isEmpty()) {
      parts.add(
          Sentence.of(
              "reason.asked", String.join(", ", asked.stream().map(rules::agentName).toList())));
    }
    return Sentence.joined(language.getLanguage().equals("zh") ? "；" : "; ", parts).in(language);
  }

  private static Sentence order(Assignment assignment) {
    WaitingCaller caller = assignment.caller();
    double seconds = caller.seconds(assignment.at());
    double lead = caller.terms().promise().lead(seconds);
    return switch (assignment.discipline()) {
      case STRICT -> Sentence.of("reason.strict", caller.terms().rank(), number(seconds));
      case FIFO -> Sentence.of("reason.fifo", number(seconds));
      case AGEING ->
          lead == 0
              ? Sentence.of(
                  "reason.ageing",
                  number(caller.terms().weight()),
                  number(seconds),
                  number(assignment.score()))
              : Sentence.of(
                  "reason.promise",
                  number(caller.terms().weight()),
                  number(seconds),
                  number(lead),
                  number(caller.terms().promise().seconds()),
                  number(assignment.score()));
    };
  }

  /** Whom a caller who was passed over may have now. */
  private Sentence waitsFor(WaitingCaller caller, Instant at) {
    Step last = null;
    for (Step step : caller.terms().steps()) {
      if (step.after().compareTo(caller.waited(at)) <= 0) {
        last = step;
      }
    }
    if (last == null) {
      return Sentence.of("reason.nobody-yet");
    }
    return last.who() instanceof Step.Person person
        ? Sentence.of("reason.person", step(last.why()), rules.agentName(person.number()))
        : step(last.why());
  }

  static Sentence step(PolicyStep.Who who) {
    return switch (who) {
      case ACCOUNT_MANAGER -> Sentence.of("reason.account-manager");
      case DEPUTY -> Sentence.of("reason.deputy");
      case LAST_AGENT -> Sentence.of("reason.last-agent");
      case GRADED -> Sentence.of("reason.graded");
      case SKILLED -> Sentence.of("reason.skilled");
      case WIDER -> Sentence.of("reason.wider");
      case OVERFLOW_GROUP -> Sentence.of("reason.overflow-group");
      case EXTERNAL -> Sentence.of("reason.external");
    };
  }

  private static Decision decision(
      Assignment assignment, Router.Neighbours around, List<AgentNumber> asked) {
    WaitingCaller caller = assignment.caller();
    Instant at = assignment.at();
    return new Decision(
        assignment.discipline().key(),
        caller.terms().tier(),
        caller.terms().rank(),
        caller.terms().weight(),
        round(caller.seconds(at)),
        round(caller.terms().promise().lead(caller.seconds(at))),
        round(assignment.score()),
        assignment.step().why().key(),
        assignment.to().grade(),
        assignment.waiting(),
        assignment.ready(),
        around.ahead(),
        around.passed().stream().map(other -> neighbour(other, at)).toList(),
        around.behind().map(other -> neighbour(other, at)).orElse(null),
        asked.stream().map(AgentNumber::value).toList());
  }

  private static Decision.Neighbour neighbour(WaitingCaller other, Instant at) {
    return new Decision.Neighbour(
        other.id().value(), other.terms().tier(), round(other.seconds(at)), round(other.score(at)));
  }

  private static double round(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private static String number(double value) {
    if (value == Math.rint(value)) {
      return Long.toString((long) value);
    }
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10;
  }
}

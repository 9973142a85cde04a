package org.careline.hotline;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.call.Caller;
import org.careline.call.Handling;
import org.careline.routing.CallerFacts;
import org.careline.routing.Policy;
import org.careline.routing.Terms;
import org.careline.routing.TierTerms;

/** One policy for all but some lines; platinum callers have an account manager. */
final class BookRules implements Rules {
  Policy policy = Policy.standard();

  /** Other policies, by the code of the line that serves the caller. */
  Map<String, Policy> byLine = Map.of();

  Predicate<Caller> key = caller -> caller.tierCode().equals("platinum");
  Optional<AgentNumber> manager = Optional.empty();
  Optional<AgentNumber> deputy = Optional.empty();
  Instant leaveFrom = Instant.MAX;
  Optional<String> mobile = Optional.empty();

  @Override
  public Terms terms(
      Caller caller, Handling handling, Instant now, Predicate<AgentNumber> signedOut) {
    boolean away = !now.isBefore(leaveFrom) || manager.filter(signedOut).isPresent();
    boolean known = key.test(caller);
    Policy his = caller.servedLine() == null ? null : byLine.get(caller.servedLine());
    return (his == null ? policy : his)
        .terms(
            new CallerFacts(
                known ? "platinum" : caller.tierCode(),
                TierTerms.standard(handling.rank(), handling.weight(), handling.minGrade()),
                caller.skill() == null ? Set.of() : Set.of(caller.skill()),
                known && manager.isPresent()
                    ? Optional.of(new CallerFacts.Manager(manager, away, deputy, mobile))
                    : Optional.empty(),
                Optional.empty()));
  }

  @Override
  public List<Terms.Keep> reserves() {
    return Stream.concat(Stream.of(policy), byLine.values().stream())
        .flatMap(each -> each.keep().stream())
        .toList();
  }

  @Override
  public Optional<Instant> nextChange(Instant now) {
    return Optional.of(leaveFrom).filter(at -> at.isAfter(now));
  }

  @Override
  public String tierName(String code, Locale language) {
    boolean chinese = language.getLanguage().equals("zh");
    return switch (code) {
      case "platinum" -> chinese ? "白金" : "Platinum";
      default -> chinese ? "普通" : "Standard";
    };
  }

  @Override
  public String agentName(AgentNumber number) {
    return "王芳 " + number;
  }
}

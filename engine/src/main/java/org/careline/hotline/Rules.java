package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.careline.agent.AgentNumber;
import org.careline.call.Caller;
import org.careline.call.Handling;
import org.careline.routing.Terms;

/**
 * What decides on callers who wait, as of now: it is asked anew whenever it may have changed. All
 * answers come from memory. Confined to the mailbox.
 */
public interface Rules {
  /**
   * All that decides a caller's place and whom he may have.
   *
   * @param signedOut agents who cannot become ready: nobody waits for them
   */
  Terms terms(Caller caller, Handling handling, Instant now, Predicate<AgentNumber> signedOut);

  /** Agents kept free for better tiers, on any line: other work leaves them alone too. */
  List<Terms.Keep> reserves();

  /** When the leave calendar next changes what {@link #terms} says; empty = never. */
  Optional<Instant> nextChange(Instant now);

  /** The name of a tier in a language, for the record. */
  String tierName(String code, Locale language);

  /** The name of an agent, with his number. */
  String agentName(AgentNumber number);

  /** Without policies: agents of sufficient grade first, after a while any will do. */
  static Rules plain(Duration widenAfter) {
    return new Rules() {
      @Override
      public Terms terms(
          Caller caller, Handling handling, Instant now, Predicate<AgentNumber> signedOut) {
        return new Terms(
            caller.tierCode(),
            handling.rank(),
            handling.weight(),
            Terms.graded(handling.minGrade(), Optional.ofNullable(caller.skill()), widenAfter));
      }

      @Override
      public List<Terms.Keep> reserves() {
        return List.of();
      }

      @Override
      public Optional<Instant> nextChange(Instant now) {
        return Optional.empty();
      }

      @Override
      public String tierName(String code, Locale language) {
        return code;
      }

      @Override
      public String agentName(AgentNumber number) {
        return number.value();
      }
    };
  }
}

package org.careline.customer;

import java.util.Optional;
import org.careline.config.Configuration;
import org.careline.language.Sentence;

/**
 * Which numbers outside may be rung for a caller, and how they are dialled: those that callbacks
 * may reach, by the first trunk's home area, and none of ours: that would be a circle. Immutable.
 */
public final class OutsideNumbers {
  private final AllowedDestinations allowed;
  private final Configuration.Trunk trunk;
  private final OwnNumbers own;

  public OutsideNumbers(Configuration configuration, OwnNumbers own) {
    this.allowed = new AllowedDestinations(configuration.callback().allowedPrefixes());
    this.trunk = configuration.trunks().getFirst();
    this.own = own;
  }

  private NumberReader.Reading read(String text) {
    return NumberReader.read(text, trunk.homeAreaCode());
  }

  /** Why it must not be dialled; empty = it may. */
  public Optional<Sentence> refusal(String text) {
    return switch (read(text)) {
      case NumberReader.Invalid invalid -> Optional.of(invalid.reason());
      case NumberReader.Valid valid ->
          ours(valid.number())
              ? Optional.of(Sentence.of("policy.own-number", text))
              : allowed
                  .toPerson(valid.number())
                  .map(
                      why ->
                          switch (why) {
                            case SHORT -> Sentence.of("policy.dial-short", text);
                            case PREMIUM -> Sentence.of("policy.dial-premium", text);
                            case NOT_ALLOWED -> Sentence.of("policy.dial-refused", text);
                          });
    };
  }

  /** As the trunk wants it; empty = it must not be dialled. */
  public Optional<String> dialled(String text) {
    return read(text) instanceof NumberReader.Valid valid
            && allowed.toPerson(valid.number()).isEmpty()
            && !ours(valid.number())
        ? Optional.of(valid.number().dialled(trunk.dialForm()))
        : Optional.empty();
  }

  private boolean ours(PhoneNumber number) {
    return own.line(number) || own.agent(number).isPresent();
  }
}

package org.careline.customer;

import java.util.Optional;
import org.careline.config.Configuration;
import org.careline.language.Sentence;

/**
 * Which numbers outside may be rung for a caller, and how they are dialled: those that callbacks
 * may reach, by the first trunk's home area. Immutable.
 */
public final class OutsideNumbers {
  private final AllowedDestinations allowed;
  private final Configuration.Trunk trunk;

  public OutsideNumbers(Configuration configuration) {
    this.allowed = new AllowedDestinations(configuration.callback().allowedPrefixes());
    this.trunk = configuration.trunks().getFirst();
  }

  private NumberReader.Reading read(String text) {
    return NumberReader.read(text, trunk.homeAreaCode());
  }

  /** Why it must not be dialled; empty = it may. */
  public Optional<Sentence> refusal(String text) {
    return switch (read(text)) {
      case NumberReader.Invalid invalid -> Optional.of(invalid.reason());
      case NumberReader.Valid valid ->
          allowed
              .refusal(valid.number())
              .map(
                  id ->
                      id.equals("short_number")
                          ? Sentence.of("policy.dial-short", text)
                          : Sentence.of("policy.dial-refused", text));
    };
  }

  /** As the trunk wants it; empty = it must not be dialled. */
  public Optional<String> dialled(String text) {
    return read(text) instanceof NumberReader.Valid valid
            && allowed.refusal(valid.number()).isEmpty()
        ? Optional.of(valid.number().dialled(trunk.dialForm()))
        : Optional.empty();
  }
}

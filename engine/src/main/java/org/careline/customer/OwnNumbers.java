package org.careline.customer;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.config.Configuration.Trunk;
import org.careline.language.Sentence;

/**
 * Tells numbers of ours from those of callers: lines and where they land, numbers we show, agents'
 * phones, account managers' mobiles. From memory; thread-safe.
 */
public final class OwnNumbers {
  private static final Pattern USER = Pattern.compile("sips?:\\+?([0-9]{3,20})@.*");

  /**
   * @param lines digits as trunks deliver them, and those people dial
   */
  public record Ours(
      Set<String> lines, List<ReferenceData.Agent> agents, List<AccountManager> managers) {
    /** Nothing but what the trunks say. */
    public static final Ours NONE = new Ours(Set.of(), List.of(), List.of());

    public static Ours of(ReferenceData data) {
      Set<String> lines =
          data.lines().stream()
              .flatMap(
                  line ->
                      Stream.concat(
                          line.landingNumbers().stream(),
                          Stream.of(line.settings().publicNumber())))
              .filter(number -> !number.isEmpty())
              .collect(Collectors.toUnmodifiableSet());
      return new Ours(lines, data.agents(), data.routing().managers());
    }
  }

  private final List<Trunk> trunks;
  private final Supplier<Ours> ours;

  public OwnNumbers(List<Trunk> trunks, Supplier<Ours> ours) {
    this.trunks = List.copyOf(trunks);
    this.ours = ours;
  }

  /** Why the number is one of ours; empty = it is not. */
  public Optional<Sentence> whose(PhoneNumber number) {
    if (line(number)) {
      return Optional.of(Sentence.of("callers.our-line", number.national()));
    }
    return agent(number)
        .map(agent -> Sentence.of("callers.agents", number.national(), agent.name()))
        .or(
            () ->
                ours.get().managers().stream()
                    .filter(manager -> manager.mobile().filter(number.e164()::equals).isPresent())
                    .findFirst()
                    .map(
                        manager ->
                            Sentence.of("callers.managers", number.national(), manager.name())));
  }

  /** A line's number, or one we show: who dials it comes back to us. */
  public boolean line(PhoneNumber number) {
    Set<String> forms = forms(number);
    return ours.get().lines().stream().anyMatch(own -> same(own, number, forms))
        || trunks.stream()
            .anyMatch(
                trunk ->
                    trunk.landingNumbers().stream().anyMatch(own -> same(own, number, forms))
                        || trunk.shown().stream().anyMatch(own -> same(own, number, forms)));
  }

  /** Whose number or desk phone it is. */
  public Optional<ReferenceData.Agent> agent(PhoneNumber number) {
    Set<String> forms = forms(number);
    return ours.get().agents().stream()
        .filter(
            agent ->
                forms.contains(agent.number().value())
                    || agent
                        .deskPhone()
                        .map(USER::matcher)
                        .filter(Matcher::matches)
                        .filter(user -> same(user.group(1), number, forms))
                        .isPresent())
        .findFirst();
  }

  private static Set<String> forms(PhoneNumber number) {
    return Set.of(number.e164(), number.international(), number.national());
  }

  private static boolean same(String own, PhoneNumber number, Set<String> forms) {
    return forms.contains(own)
        || NumberReader.read(own) instanceof NumberReader.Valid valid
            && valid.number().e164().equals(number.e164());
  }
}

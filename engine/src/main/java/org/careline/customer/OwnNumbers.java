package org.careline.customer;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.config.Configuration.Trunk;
import org.careline.language.Sentence;

/**
 * Tells numbers of ours from those of callers: lines and where they land, numbers we show, agents'
 * phones, account managers' mobiles. From memory; thread-safe.
 */
public final class OwnNumbers {
  private static final Pattern USER = Pattern.compile("sips?:\\+?([0-9]{3,20})@.*");

  /**
   * @param lines digits as trunks deliver them
   */
  public record Ours(
      Set<String> lines, List<ReferenceData.Agent> agents, List<AccountManager> managers) {
    public static Ours of(ReferenceData data) {
      return new Ours(data.ownNumbers(), data.agents(), data.routing().managers());
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
    Ours now = ours.get();
    Set<String> forms = Set.of(number.e164(), number.international(), number.national());
    boolean line =
        now.lines().stream().anyMatch(own -> same(own, number, forms))
            || trunks.stream()
                .anyMatch(
                    trunk ->
                        trunk.landingNumbers().stream().anyMatch(own -> same(own, number, forms))
                            || trunk.shownNumbers().stream()
                                .anyMatch(own -> same(own, number, forms)));
    if (line) {
      return Optional.of(Sentence.of("callers.our-line", number.national()));
    }
    for (ReferenceData.Agent agent : now.agents()) {
      boolean his =
          forms.contains(agent.number().value())
              || agent
                  .deskPhone()
                  .map(USER::matcher)
                  .filter(Matcher::matches)
                  .filter(user -> same(user.group(1), number, forms))
                  .isPresent();
      if (his) {
        return Optional.of(Sentence.of("callers.agents", number.national(), agent.name()));
      }
    }
    return now.managers().stream()
        .filter(manager -> manager.mobile().filter(number.e164()::equals).isPresent())
        .findFirst()
        .map(manager -> Sentence.of("callers.managers", number.national(), manager.name()));
  }

  private static boolean same(String own, PhoneNumber number, Set<String> forms) {
    return forms.contains(own)
        || NumberReader.read(own) instanceof NumberReader.Valid valid
            && valid.number().e164().equals(number.e164());
  }
}

package org.careline.customer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.config.Configuration.Trunk;

/**
 * Which of our numbers somebody outside sees when we ring him: only one that the trunk's list
 * permits, and never a 400 or 800 number, which receive only. The one rule for everything that is
 * dialled outside. Immutable.
 */
public final class ShownNumbers {
  private final Map<String, Trunk> trunks = new HashMap<>();
  private final Trunk other;

  /**
   * @param trunks at least one; the first one's list holds for endpoints that are not among them
   */
  public ShownNumbers(List<Trunk> trunks) {
    trunks.forEach(trunk -> this.trunks.put(trunk.endpoint(), trunk));
    this.other = trunks.getFirst();
  }

  /**
   * The number shown on a trunk.
   *
   * @param endpoint the trunk's endpoint
   * @param wanted digits, or empty: no wish
   * @return as the trunk's list has it: what is wanted if it may be shown, else the first that may;
   *     empty when the list is empty: then none is given and the endpoint's own identity goes out
   */
  public String on(String endpoint, String wanted) {
    Trunk trunk = trunks.getOrDefault(endpoint, other);
    List<String> allowed =
        trunk.shownNumbers().stream().filter(number -> !Trunk.receivesOnly(number)).toList();
    return allowed.stream()
        .filter(number -> same(trunk, number, wanted))
        .findFirst()
        .or(() -> allowed.stream().findFirst())
        .orElse("");
  }

  private static boolean same(Trunk trunk, String number, String wanted) {
    Optional<String> meant = e164(trunk, wanted);
    return number.equals(wanted) || meant.isPresent() && meant.equals(e164(trunk, number));
  }

  private static Optional<String> e164(Trunk trunk, String digits) {
    return NumberReader.read(digits, trunk.homeAreaCode()) instanceof NumberReader.Valid valid
        ? Optional.of(valid.number().e164())
        : Optional.empty();
  }
}

package org.careline.customer;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.config.Configuration.ShownNumber;
import org.careline.config.Configuration.Trunk;
import org.careline.language.Sentence;

/**
 * Which of our numbers somebody outside sees when we ring him: only one that the trunk's list
 * permits today, and never a 400 or 800 number, which receive only. The one rule for everything
 * that is dialled outside. Immutable.
 */
public final class ShownNumbers {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  private final Map<String, Trunk> trunks = new HashMap<>();
  private final Trunk other;
  private final InstantSource clock;
  private final ZoneId zone;

  /** What somebody outside would see, or why nobody is rung. */
  public sealed interface Leaving {
    /**
     * @param number as the trunk's list has it; empty when the list is empty: then none is given
     *     and the endpoint's own identity goes out
     */
    record Shown(String number) implements Leaving {}

    record Refused(Sentence why) implements Leaving {}
  }

  /**
   * @param trunks at least one; the first one's list holds for endpoints that are not among them
   */
  public ShownNumbers(List<Trunk> trunks) {
    this(trunks, InstantSource.system(), CHINA);
  }

  /**
   * @param zone in which the last day of a number ends
   */
  public ShownNumbers(List<Trunk> trunks, InstantSource clock, ZoneId zone) {
    trunks.forEach(trunk -> this.trunks.put(trunk.endpoint(), trunk));
    this.other = trunks.getFirst();
    this.clock = clock;
    this.zone = zone;
  }

  /**
   * The number shown on a trunk, as far as one may be shown.
   *
   * @param endpoint the trunk's endpoint
   * @param wanted digits, or empty: no wish
   * @return as the trunk's list has it: what is wanted if it may be shown, else the first that may;
   *     empty when there is none
   */
  public String on(String endpoint, String wanted) {
    return switch (leaving(endpoint, wanted, false)) {
      case Leaving.Shown shown -> shown.number();
      case Leaving.Refused refused -> "";
    };
  }

  /**
   * As above, and whether a call may leave at all.
   *
   * @param must what is wanted was promised to somebody: no other number instead of it
   */
  public Leaving leaving(String endpoint, String wanted, boolean must) {
    Trunk trunk = trunks.getOrDefault(endpoint, other);
    LocalDate today = clock.instant().atZone(zone).toLocalDate();
    List<ShownNumber> ours =
        trunk.shownNumbers().stream()
            .filter(number -> !Trunk.receivesOnly(number.number()))
            .toList();
    Optional<ShownNumber> meant =
        ours.stream().filter(number -> same(trunk, number.number(), wanted)).findFirst();
    if (meant.isPresent() && valid(meant.get(), today)) {
      return new Leaving.Shown(meant.get().number());
    }
    if (must && !wanted.isEmpty()) {
      return new Leaving.Refused(
          meant
              .map(ShownNumbers::expired)
              .orElseGet(() -> Sentence.of("shown.not-ours", wanted, trunk.name())));
    }
    if (ours.isEmpty()) {
      return new Leaving.Shown("");
    }
    return ours.stream()
        .filter(number -> valid(number, today))
        .findFirst()
        .<Leaving>map(number -> new Leaving.Shown(number.number()))
        .orElseGet(() -> new Leaving.Refused(expired(ours.getFirst())));
  }

  private static boolean valid(ShownNumber number, LocalDate today) {
    return number.until().isEmpty() || !number.until().get().isBefore(today);
  }

  private static Sentence expired(ShownNumber number) {
    return Sentence.of(
        "shown.expired", number.number(), number.until().map(LocalDate::toString).orElse(""));
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

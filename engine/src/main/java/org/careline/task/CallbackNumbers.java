package org.careline.task;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.config.Configuration.Trunk;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.NumberReader;
import org.careline.customer.PhoneNumber;
import org.careline.customer.ReferenceData;

/**
 * Which numbers a caller may have himself called back at. What he types is a stranger's wish: no
 * expensive, foreign or short number, none of our own, none of an agent, none that is blocked.
 * Counts what it refuses. Thread-safe.
 */
public final class CallbackNumbers {
  /** Why not; each is told to the caller and counted. */
  public enum Why {
    /** No whole number. */
    INVALID,
    /** 110, 95588, 96xxx, 118xxx and the like. */
    SHORT,
    /** Costs whoever calls it, or is only ever called: 400, 168 and the like. */
    PREMIUM,
    FOREIGN,
    /** One of our own lines. */
    OWN,
    AGENT,
    BLOCKED;

    /** The prompt that says so. What he need not know is said in general. */
    public String prompt() {
      return switch (this) {
        case INVALID -> "callback-refused-invalid";
        case SHORT, PREMIUM -> "callback-refused-kind";
        case FOREIGN -> "callback-refused-foreign";
        case OWN -> "callback-refused-own";
        case AGENT, BLOCKED -> "callback-refused";
      };
    }
  }

  /** What he typed: a number to call, or why not. */
  public record Checked(Optional<PhoneNumber> number, Optional<Why> why) {
    static Checked good(PhoneNumber number) {
      return new Checked(Optional.of(number), Optional.empty());
    }

    static Checked bad(Why why) {
      return new Checked(Optional.empty(), Optional.of(why));
    }
  }

  /**
   * Numbers that are somebody's, as of now.
   *
   * @param own digits of our lines, in whatever form a trunk delivers them
   * @param agents agents' numbers and those of their desk phones
   */
  public record Taken(
      Supplier<Set<String>> own, Supplier<Set<String>> agents, Predicate<String> blocked) {
    /**
     * From the reference data in memory.
     *
     * @param trunks their landing and shown numbers are ours as well
     */
    public static Taken of(Supplier<ReferenceData> data, List<Trunk> trunks, InstantSource clock) {
      Set<String> ofTrunks =
          trunks.stream()
              .flatMap(
                  trunk ->
                      Stream.concat(trunk.landingNumbers().stream(), trunk.shown().stream())
                          .flatMap(digits -> forms(digits, trunk.homeAreaCode())))
              .collect(Collectors.toSet());
      return new Taken(
          () ->
              data.get().lines().stream()
                  .flatMap(
                      line ->
                          Stream.concat(
                              line.landingNumbers().stream(),
                              Stream.of(line.settings().publicNumber())))
                  .collect(Collectors.toCollection(() -> new HashSet<>(ofTrunks))),
          () ->
              data.get().agents().stream()
                  .flatMap(
                      agent ->
                          Stream.concat(
                              Stream.of(agent.number().value()),
                              agent.deskPhone().map(Taken::user).stream()))
                  .collect(Collectors.toSet()),
          e164 -> data.get().blocked(e164, clock.instant()));
    }

    /** As the trunk has it, and the same number written in full. */
    private static Stream<String> forms(String digits, String homeAreaCode) {
      return NumberReader.read(digits, homeAreaCode) instanceof NumberReader.Valid valid
          ? Stream.of(digits, valid.number().e164())
          : Stream.of(digits);
    }

    private static String user(String address) {
      return address.replaceFirst("^sips?:", "").replaceFirst("[@;].*", "");
    }
  }

  private final Taken taken;
  private final AllowedDestinations allowed;
  private final String homeAreaCode;
  private final Map<Why, AtomicLong> refused = new EnumMap<>(Why.class);

  /**
   * @param homeAreaCode put before local numbers, such as 021; empty = they are refused
   */
  public CallbackNumbers(Taken taken, AllowedDestinations allowed, String homeAreaCode) {
    this.taken = taken;
    this.allowed = allowed;
    this.homeAreaCode = homeAreaCode;
    Arrays.stream(Why.values()).forEach(why -> refused.put(why, new AtomicLong()));
  }

  /** A number typed on a keypad. */
  public Checked typed(String digits) {
    if (taken.agents().get().contains(digits)) {
      return count(Checked.bad(Why.AGENT));
    }
    if (taken.own().get().contains(digits)) {
      return count(Checked.bad(Why.OWN));
    }
    return count(
        switch (NumberReader.read(digits, homeAreaCode)) {
          case NumberReader.Valid valid -> check(valid.number());
          case NumberReader.Invalid invalid -> Checked.bad(Why.INVALID);
        });
  }

  /** The number he calls from. */
  public Checked shown(String e164) {
    return count(check(PhoneNumber.of(e164)));
  }

  /** Whether this number may be called without anybody having asked for it; not counted. */
  public boolean mayBeCalled(String e164) {
    return check(PhoneNumber.of(e164)).number().isPresent();
  }

  private Checked check(PhoneNumber number) {
    // first: our own 400 number is expensive only for others
    if (among(number, taken.own().get())) {
      return Checked.bad(Why.OWN);
    }
    if (among(number, taken.agents().get())) {
      return Checked.bad(Why.AGENT);
    }
    Optional<AllowedDestinations.Why> refusal = allowed.toPerson(number);
    if (refusal.isPresent()) {
      return Checked.bad(
          switch (refusal.get()) {
            case SHORT -> Why.SHORT;
            case PREMIUM -> Why.PREMIUM;
            case NOT_ALLOWED -> Why.FOREIGN;
          });
    }
    return taken.blocked().test(number.e164()) ? Checked.bad(Why.BLOCKED) : Checked.good(number);
  }

  private static boolean among(PhoneNumber number, Set<String> numbers) {
    return numbers.contains(number.international())
        || numbers.contains(number.national())
        || numbers.contains(number.e164());
  }

  private Checked count(Checked checked) {
    checked.why().ifPresent(why -> refused.get(why).incrementAndGet());
    return checked;
  }

  /** How often for this reason, since the engine started. */
  public long refused(Why why) {
    return refused.get(why).get();
  }
}

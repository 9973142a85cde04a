package org.careline.line;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How a line answers its callers: everything beyond its number, name and greeting. Read by {@link
 * LineSettingsParser}, which holds what is allowed. Immutable.
 *
 * @param publicNumber the 400 number people dial; empty = none. Never delivered by a trunk, but a
 *     number of our own: no callback goes there
 * @param landingNumbers further numbers at which calls for this line arrive, digits as the trunk
 *     delivers them
 * @param notice prompt played before the first word (recording notice); empty = none
 * @param askCode a caller who is not recognised is asked for his customer or site code by keypad
 * @param openTiers tiers for which the line is open round the clock
 * @param menu in order of key; empty = no menu
 * @param announceAgent both sides hear the agent's number when he answers
 * @param policy code of the routing policy; empty = the default one
 */
public record LineSettings(
    String publicNumber,
    List<String> landingNumbers,
    String notice,
    boolean askCode,
    LineHours hours,
    Set<String> openTiers,
    List<MenuEntry> menu,
    AfterHours afterHours,
    Closing closing,
    boolean announceAgent,
    Survey survey,
    String policy,
    Callback callback,
    Disposition disposition,
    WrapUp wrapUp) {

  /** A line without settings of its own: round the clock, straight to the agents. */
  public static final LineSettings DEFAULT =
      new LineSettings(
          "",
          List.of(),
          "",
          false,
          LineHours.always(ZoneId.of("Asia/Shanghai")),
          Set.of(),
          List.of(),
          new AfterHours(AfterHours.Action.VOICEMAIL, "after-hours", ""),
          Closing.SERVE,
          false,
          Survey.OFF,
          "",
          new Callback(false, Duration.ofHours(4), 3, Duration.ofMinutes(10)),
          Disposition.OPTIONAL,
          new WrapUp(Duration.ofMinutes(5), Duration.ofMinutes(1)));

  /**
   * What a caller may want; the word is what files and the interface show. With ACCOUNT_MANAGER he
   * has that person first, whatever his tier; the others say no more than their skill does.
   */
  public enum Choice {
    INSTALL,
    REPAIR,
    ENQUIRY,
    COMPLAINT,
    ACCOUNT_MANAGER;

    public String word() {
      return LineSettings.word(this);
    }
  }

  /**
   * One key of the menu.
   *
   * @param key 1 to 9
   * @param skill what an agent must have; empty = none in particular
   */
  public record MenuEntry(int key, Choice choice, String skill) {}

  /**
   * What a caller gets outside the hours.
   *
   * @param prompt what he hears first; for {@code message} all he hears
   * @param emergencySkill agents with it take the call; only for {@code emergency}
   */
  public record AfterHours(Action action, String prompt, String emergencySkill) {
    /** Leave a message; only hear one; be put through to the emergency group. */
    public enum Action {
      VOICEMAIL,
      MESSAGE,
      EMERGENCY
    }
  }

  /** What happens to those who wait when the line closes. */
  public enum Closing {
    /** They are served. */
    SERVE,
    /** They are told so and get a callback. */
    PROMISE
  }

  /** The question after the talk: none, three answers, or four with "unresolved". */
  public enum Survey {
    OFF,
    THREE,
    FOUR
  }

  /**
   * A callback a waiting caller asks for by key.
   *
   * @param expiry after this it is no longer tried
   * @param tries at most so many calls
   * @param spacing from one try to the next
   */
  public record Callback(boolean offer, Duration expiry, int tries, Duration spacing) {}

  /** Whether an agent must say how a call ended before he is ready again. */
  public enum Disposition {
    OPTIONAL,
    FORCED
  }

  /**
   * Time after a call.
   *
   * @param max longest, with all extensions; the line's own wrap-up is the usual time
   * @param extension what one press of the key adds; zero = cannot be extended
   */
  public record WrapUp(Duration max, Duration extension) {}

  public LineSettings {
    landingNumbers = List.copyOf(landingNumbers);
    openTiers = Set.copyOf(openTiers);
    menu = List.copyOf(menu);
  }

  /** Is the line open for a caller of this tier? */
  public boolean openFor(String tier, Instant at) {
    return openTiers.contains(tier) || hours.openAt(at);
  }

  /** What a key of the menu means. */
  public Optional<MenuEntry> choice(int key) {
    return menu.stream().filter(entry -> entry.key() == key).findFirst();
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> Optional<E> named(E[] values, String word) {
    return Arrays.stream(values).filter(value -> word(value).equals(word)).findFirst();
  }
}

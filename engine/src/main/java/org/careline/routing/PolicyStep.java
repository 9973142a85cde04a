package org.careline.routing;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One step of a policy: from some time on, a caller may have these agents too, or is put through to
 * somebody outside. Immutable.
 *
 * @param after time waited at which it begins. A span in which none of the steps that begin with it
 *     concerns the caller (nobody is his account manager, for example) does not exist for him: what
 *     comes later comes so much sooner
 * @param tiers only for these; empty = for all
 * @param grade of {@link Who#GRADED}: at least this, and at least the tier's own; 0 = the tier's
 *     own
 * @param skill of {@link Who#WIDER}: wanted instead of the caller's; empty = none is needed
 * @param group of {@link Who#OVERFLOW_GROUP}: its name
 * @param number of {@link Who#EXTERNAL}: as dialled at home, or {@link #MANAGER_MOBILE}
 * @param press1 who answers outside must press 1, else he counts as not reached: a voice mail box
 *     is no answer
 * @param ring how long it rings outside
 * @param lowerGrades agents below the tier's grade too; only the last step with agents may say so
 */
public record PolicyStep(
    Duration after,
    Who who,
    Set<String> tiers,
    int grade,
    String skill,
    String group,
    String number,
    boolean press1,
    Duration ring,
    boolean lowerGrades) {
  /** As number: the own mobile of the caller's account manager. */
  public static final String MANAGER_MOBILE = "account_manager";

  public static final Duration USUAL_RING = Duration.ofSeconds(30);

  /** Whom a step adds. */
  public enum Who {
    /** The caller's account manager, unless he is away by the leave calendar. */
    ACCOUNT_MANAGER,
    /** Who stands in for his account manager while that one is away. */
    DEPUTY,
    /** Who served his open matter last. */
    LAST_AGENT,
    /** Agents of a grade with the caller's skills. */
    GRADED,
    /** Agents of the tier's grade with the caller's skills. */
    SKILLED,
    /** Agents of the tier's grade with another skill, or whatever they can. */
    WIDER,
    /** Agents of a named group, and of the group it overflows to. */
    OVERFLOW_GROUP,
    /** A number of the outside world. */
    EXTERNAL;

    /** As written in documents. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Who> of(String key) {
      return Arrays.stream(values()).filter(who -> who.key().equals(key)).findFirst();
    }
  }

  public PolicyStep {
    tiers = Set.copyOf(tiers);
  }

  /** A step without further wishes. */
  public static PolicyStep of(Duration after, Who who) {
    return new PolicyStep(after, who, Set.of(), 0, "", "", "", false, USUAL_RING, false);
  }

  public PolicyStep withLowerGrades() {
    return new PolicyStep(after, who, tiers, grade, skill, group, number, press1, ring, true);
  }
}

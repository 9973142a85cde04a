package org.careline.callback;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of a site of a round: what it has told, and what the hotline knew of the same
 * period. The only place that says what counts as a fault and as solved; the report, the summary
 * and the transitions go by it. Immutable, pure.
 *
 * @param bin {@code due} and {@code in_progress} where it has none yet
 * @param told its answers by device; {@link org.careline.questionnaire.AnswerKey#SITE} = the site
 *     itself
 * @param known of the site or any of its devices
 */
public record SiteFacts(
    long siteId,
    String code,
    String region,
    String bin,
    Optional<Disposition> last,
    Map<Long, Told> told,
    List<Device> devices,
    Known known) {
  private static final String YES = "yes";
  private static final String NO = "no";

  /** Repairs the hotline was asked for in the period. */
  public enum Known {
    NOTHING,
    DONE,
    OPEN
  }

  /** By whom a fault is known. */
  public enum Source {
    TOLD,
    HOTLINE,
    BOTH
  }

  /** A device the site had in the round. */
  public record Device(long id, String name, Known known) {}

  /**
   * Answers by the meanings of their questions; null = not answered.
   *
   * @param agent number of whoever heard the fault, else the rating; null = not known
   */
  public record Told(
      String fault,
      String solved,
      String onPhone,
      String danger,
      String faultCode,
      String rating,
      String role,
      String agent) {
    static final Told NOTHING = new Told(null, null, null, null, null, null, null, null);

    /** A device that shows a code has a fault, also where only the site was asked for one. */
    private String deviceFault() {
      return fault != null ? fault : faultCode != null || YES.equals(onPhone) ? YES : null;
    }

    /** Null = not said. */
    private String settled() {
      return solved != null ? solved : YES.equals(onPhone) ? YES : null;
    }
  }

  public SiteFacts {
    told = Map.copyOf(told);
    devices = List.copyOf(devices);
  }

  private Told site() {
    return told.getOrDefault(0L, Told.NOTHING);
  }

  private Collection<Told> deviceAnswers() {
    return told.entrySet().stream()
        .filter(each -> each.getKey() != 0)
        .map(Map.Entry::getValue)
        .toList();
  }

  private List<Told> faulty() {
    return deviceAnswers().stream().filter(each -> YES.equals(each.deviceFault())).toList();
  }

  private boolean byRecord() {
    return bin.equals(Bin.ANSWERED_BY_RECORD.id());
  }

  /** It answered the question for faults, or was just served and answered by its record. */
  public boolean heard() {
    return site().fault() != null
        || deviceAnswers().stream().anyMatch(each -> each.deviceFault() != null)
        || byRecord();
  }

  private boolean toldFault() {
    return YES.equals(site().fault()) || !faulty().isEmpty();
  }

  /** Its own word; a fault nobody said to be solved is not. */
  private boolean toldUnresolved() {
    List<Told> faulty = faulty();
    String ofSite = site().settled();
    return YES.equals(site().fault()) && NO.equals(ofSite)
        || faulty.stream().anyMatch(each -> NO.equals(each.settled()))
        || ofSite == null
            && (faulty.isEmpty() || faulty.stream().anyMatch(each -> each.settled() == null));
  }

  /** What it told and what the hotline knew together: who has asked for a repair had a fault. */
  public FaultState state() {
    if (!heard()) {
      return FaultState.NOT_HEARD;
    }
    if (toldFault()) {
      return toldUnresolved() ? FaultState.UNRESOLVED : FaultState.RESOLVED;
    }
    return switch (known) {
      case OPEN -> FaultState.UNRESOLVED;
      case DONE -> FaultState.RESOLVED;
      case NOTHING -> danger() ? FaultState.HIDDEN_DANGER : FaultState.NONE;
    };
  }

  private boolean danger() {
    return told.values().stream().anyMatch(each -> YES.equals(each.danger()));
  }

  /** Empty = it had no fault. */
  public Optional<Source> source() {
    if (!state().fault()) {
      return Optional.empty();
    }
    return Optional.of(
        !toldFault() ? Source.HOTLINE : known == Known.NOTHING ? Source.TOLD : Source.BOTH);
  }

  /** The last of its faults went away in the call. */
  public boolean solvedOnPhone() {
    return state() == FaultState.RESOLVED
        && told.values().stream().anyMatch(each -> YES.equals(each.onPhone()));
  }

  /**
   * A site that told of no fault has told it of all its devices; one that named those with a fault
   * has told it of the others. With a single device it is the one. Which of several it was may not
   * have been said: then none of them was heard of.
   */
  public FaultState state(Device device) {
    Told own = told.getOrDefault(device.id(), Told.NOTHING);
    String fault = own.deviceFault();
    if (fault == null && site().fault() != null) {
      boolean only = devices.size() == 1;
      fault = NO.equals(site().fault()) || !faulty().isEmpty() ? NO : only ? YES : null;
    }
    if (fault == null && !byRecord()) {
      return FaultState.NOT_HEARD;
    }
    if (YES.equals(fault)) {
      String settled = own.settled() != null ? own.settled() : site().settled();
      return YES.equals(settled) ? FaultState.RESOLVED : FaultState.UNRESOLVED;
    }
    return switch (device.known()) {
      case OPEN -> FaultState.UNRESOLVED;
      case DONE -> FaultState.RESOLVED;
      case NOTHING ->
          YES.equals(own.danger()) || devices.size() == 1 && danger()
              ? FaultState.HIDDEN_DANGER
              : FaultState.NONE;
    };
  }

  /** It went away in the call. */
  public boolean solvedOnPhone(Device device) {
    return state(device) == FaultState.RESOLVED
        && YES.equals(told.getOrDefault(device.id(), Told.NOTHING).onPhone());
  }

  /** 1 to 5; of several the lowest. */
  public OptionalInt rating() {
    return told.values().stream()
        .map(Told::rating)
        .filter(rating -> rating != null && rating.matches("[1-5]"))
        .mapToInt(Integer::parseInt)
        .min();
  }

  public Content content() {
    OptionalInt rating = rating();
    return rating.isEmpty()
        ? Content.NO_ANSWER
        : rating.getAsInt() >= 4 ? Content.CONTENT : Content.NOT_CONTENT;
  }

  /** Of whoever answered, as the questionnaire's option has it; empty = not asked. */
  public Optional<String> role() {
    return Optional.ofNullable(site().role());
  }

  /** Number of the agent who heard what it answered. */
  public Optional<String> agent() {
    return told.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> each.getValue().agent())
        .filter(each -> each != null)
        .findFirst();
  }
}

package org.careline.matter;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What somebody has called about (来电事项), as MySQL has it. What is not known is null. Immutable.
 *
 * @param reference its number in another system
 * @param kind code of a {@link MatterKind}
 * @param device as told, or model and serial of the known one
 * @param number E.164 of who told us
 * @param assignedTo who goes, or answers
 * @param dueAt until when
 * @param lastAgent number of the agent who served it last
 * @param version rises with each change; who saves an older one is told
 */
public record Matter(
    long id,
    String reference,
    String kind,
    String kindEn,
    String kindZh,
    String customerCode,
    String customerName,
    Long siteId,
    String siteCode,
    String siteName,
    Long deviceId,
    String device,
    String number,
    String faultCode,
    String description,
    Result result,
    String resultNote,
    String assignedTo,
    Instant dueAt,
    Source source,
    Instant openedAt,
    String openedBy,
    Instant dispatchedAt,
    Instant doneAt,
    String doneBy,
    String lastAgent,
    int version) {

  /** Where it stands: follows from its times. */
  public enum State {
    OPEN,
    DISPATCHED,
    DONE;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<State> of(String key) {
      return find(values(), key);
    }
  }

  /** What was decided. */
  public enum Result {
    /** Solved on the phone: done with it. */
    SOLVED,
    /** Somebody goes there. */
    DISPATCH,
    /** Somebody answers later. */
    ANSWER;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Result> of(String key) {
      return find(values(), key);
    }
  }

  /** Where it came from. */
  public enum Source {
    CALL,
    CALLBACK,
    HAND,
    IMPORT;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Source of(String key) {
      return find(values(), key).orElseThrow();
    }
  }

  private static <E extends Enum<E>> Optional<E> find(E[] values, String key) {
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(key)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  public State state() {
    return doneAt != null ? State.DONE : dispatchedAt != null ? State.DISPATCHED : State.OPEN;
  }

  /** The name by which files know it: its reference, else M and its id. */
  public String name() {
    return reference == null ? "M" + id : reference;
  }
}

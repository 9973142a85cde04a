package org.careline.task;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.careline.call.CallEntry;
import org.careline.call.CallId;

/**
 * Something a call has left to be done, as MySQL has it. Immutable.
 *
 * @param id kind and call: a call raises a task of a kind once
 * @param e164 whom to call
 * @param note why, in words of the engine or of a person
 * @param dueAt when it should be done; of a promise the time the caller was told
 * @param joinedAt since when the caller waits, of those the engine calls by itself
 * @param nextCallAt the engine calls by itself from then on; empty = a person does
 * @param tries calls that may have rung at his phone
 * @param assignedTo login of the one who must see it, or who has taken it
 * @param lastReason why the last call for it was made by that agent and then; empty = by hand, or
 *     none yet
 * @param recorded there is something to listen to (a voicemail)
 */
public record Task(
    String id,
    Kind kind,
    CallId call,
    Optional<String> e164,
    Optional<String> customer,
    Optional<String> site,
    Optional<String> line,
    String tier,
    String note,
    Instant createdAt,
    Instant dueAt,
    Optional<Instant> joinedAt,
    Optional<Instant> nextCallAt,
    int tries,
    Optional<String> assignedTo,
    State state,
    Optional<Result> result,
    String resultNote,
    Optional<Instant> closedAt,
    Optional<String> closedBy,
    Optional<CallEntry.Reason> lastReason,
    boolean recorded) {

  /** Why there is something to do. The key never changes. */
  public enum Kind {
    /** A message is to be heard. */
    VOICEMAIL,
    /** A caller of a chosen tier has left the queue. */
    ABANDONED,
    /** The account manager could not be reached for his customer: he must acknowledge it. */
    UNREACHED_MANAGER,
    /** The caller has said after the talk that he is not content. */
    DISSATISFIED,
    /** A site has told of danger: somebody must act at once. */
    DANGER,
    /** A site has our device no more: its account manager must know. */
    DEVICE_REMOVED,
    /** The line closed while he waited; the engine calls when it opens. */
    CLOSING,
    /** He was promised a callback; the engine calls. */
    PROMISE;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Kind> of(String key) {
      return find(values(), key);
    }

    /** Whether a caller who rings back and is answered has what he wanted. */
    public boolean endsWhenHeCalls() {
      return switch (this) {
        case ABANDONED, CLOSING, PROMISE -> true;
        case VOICEMAIL, UNREACHED_MANAGER, DISSATISFIED, DANGER, DEVICE_REMOVED -> false;
      };
    }
  }

  /** Where it stands. */
  public enum State {
    OPEN,
    TAKEN,
    DONE,
    /** Nobody was reached in time, or as often as was to be tried. */
    EXPIRED;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<State> of(String key) {
      return find(values(), key);
    }

    public boolean closed() {
      return this == DONE || this == EXPIRED;
    }
  }

  /** How it ended. */
  public enum Result {
    /** Somebody has spoken to him. */
    REACHED,
    /** He rang us himself and was answered. */
    CALLED_IN,
    /** Done without a call. */
    HANDLED,
    /** Seen by the one it was for. */
    ACKNOWLEDGED,
    WRONG_NUMBER,
    /** Not reached, as often as was to be tried. */
    NOT_REACHED,
    /** Its time was over. */
    TOO_LATE;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Result> of(String key) {
      return find(values(), key);
    }

    /** What has come to this is done; else it has expired. */
    public State state() {
      return switch (this) {
        case REACHED, CALLED_IN, HANDLED, ACKNOWLEDGED, WRONG_NUMBER -> State.DONE;
        case NOT_REACHED, TOO_LATE -> State.EXPIRED;
      };
    }
  }

  /** The one id of a call's task of this kind; of a site where a call may be about several. */
  public static String id(Kind kind, CallId call) {
    return kind.key() + "-" + call;
  }

  private static <E extends Enum<E>> Optional<E> find(E[] values, String key) {
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(key)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}

package org.careline.call;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What happens in a talk and changes no state of the call, but belongs to its story. */
public enum TalkNote {
  CONSULTED,
  CONSULT_ANSWERED,
  CONSULT_ENDED,
  CONSULT_FAILED,
  CONFERENCE,
  RECORDING_PAUSED,
  RECORDING_GOES_ON;

  private static final String PREFIX = "talk_";

  /** The name in the history; never translated, never renamed. */
  public String kind() {
    return PREFIX + name().toLowerCase(Locale.ROOT);
  }

  public static Optional<TalkNote> of(String kind) {
    return Arrays.stream(values()).filter(note -> note.kind().equals(kind)).findFirst();
  }

  /** Lines of the history that begin so are no events, whatever else their version knows. */
  static boolean isNote(String kind) {
    return kind.startsWith(PREFIX);
  }
}

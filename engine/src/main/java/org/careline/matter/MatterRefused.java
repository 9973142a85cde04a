package org.careline.matter;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** What was asked of a matter cannot be done. The id is stable. */
public final class MatterRefused extends Refusal {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  public enum Why {
    /** The request is wrong in itself. */
    INVALID,
    /** There is no such thing. */
    MISSING,
    /** The request is right, the moment is not. */
    CONFLICT
  }

  private final Why why;
  private final String id;

  private MatterRefused(Why why, String id, Sentence reason) {
    super(reason);
    this.why = why;
    this.id = id;
  }

  static MatterRefused invalid(Sentence reason) {
    return new MatterRefused(Why.INVALID, "invalid", reason);
  }

  static MatterRefused missing(Sentence reason) {
    return new MatterRefused(Why.MISSING, "not_found", reason);
  }

  static MatterRefused conflict(String id, Sentence reason) {
    return new MatterRefused(Why.CONFLICT, id, reason);
  }

  public Why why() {
    return why;
  }

  public String id() {
    return id;
  }
}
